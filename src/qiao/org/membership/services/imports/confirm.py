"""The second person's confirmation, which writes all rows or none, and undoing it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, connection

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES
from qiao.base.problems import Problem
from qiao.org.membership.choices import BatchState, Standing, Verdict
from qiao.org.membership.models import ImportBatch, ImportRow, Membership
from qiao.org.membership.queries.imports import verdicts
from qiao.org.membership.services.imports.match import mark_duplicates
from qiao.org.membership.services.imports.staging import locked_batch, require_step
from qiao.org.people.models import Person
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit


def confirm_batch(*, actor: Actor, now: datetime, code: str) -> ImportBatch:
    """Admit the rows of a batch as its second person, all in one transaction; confirming again changes nothing.

    What happened since the preview counts: a namesake admitted meanwhile becomes a perhaps-duplicate, a unit closed or
    moved away a fault; both are left out and stand in the report.

    Raises Refused without ``member.admit``, Problem for whoever uploaded it.
    """
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state == BatchState.CONFIRMED:
            return batch
        require_step(batch, BatchState.CONFIRMED)
        if actor.account_id is None or actor.account_id == batch.uploaded_by_id:
            raise Problem(
                "You uploaded this table: a second person confirms it.",
                hint="Ask another officer who admits members here; it stands on their desk.",
            )
        _lock_units(batch)
        _leave_out_lost_units(batch)
        mark_duplicates(batch)
        admitted = _admit(batch)
        batch.report = {**verdicts(batch), "admitted": admitted}
        # What was admitted needs no staging any more; what was left out stays readable until the rows expire.
        batch.rows.filter(verdict=Verdict.READY).delete()
        batch.rows.filter(verdict=Verdict.DUPLICATE, other_person=True).delete()
        batch.state, batch.confirmed_by_id, batch.confirmed = BatchState.CONFIRMED, actor.account_id, now
        batch.save(update_fields=["report", "state", "confirmed_by", "confirmed"])
        audit.record(
            actor=actor, now=now, action="import.confirm", code=code, unit_path=batch.unit.path, detail=batch.report
        )
    return batch


def _lock_units(batch: ImportBatch) -> None:
    """Hold the units concerned, in one order: whoever admits somebody there by hand waits."""
    keys = batch.rows.filter(verdict__in=[Verdict.READY, Verdict.DUPLICATE]).order_by().values("unit_id").distinct()
    list(Unit.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))


def _leave_out_lost_units(batch: ImportBatch) -> None:
    good = Unit.objects.filter(path__startswith=batch.unit.path).exclude(state=UnitState.CLOSED).values("pk")
    fault = Problem("The unit was closed or moved away meanwhile.")
    batch.rows.filter(verdict__in=[Verdict.READY, Verdict.DUPLICATE]).exclude(unit_id__in=good).update(
        verdict=Verdict.FAULT, name="", faults=[{"message": fault.message, "hint": None, "params": {}, "column": None}]
    )


def _admit(batch: ImportBatch) -> int:
    """Persons and standings in one statement; keys come from the sequence, row by row."""
    row, member, person = (model._meta.db_table for model in (ImportRow, Membership, Person))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH taken AS MATERIALIZED (
                SELECT nextval(pg_get_serial_sequence('{person}', 'id')) AS number, name, employment, since, unit_id
                FROM (
                    SELECT * FROM {row} WHERE batch_id = %(batch)s
                    AND (verdict = 'ready' OR (verdict = 'duplicate' AND other_person)) ORDER BY row
                ) ordered
            ), people AS (
                INSERT INTO {person} (id, name, language) SELECT number, name, %(language)s FROM taken RETURNING id
            )
            INSERT INTO {member} (person_id, unit_id, state, employment, since, batch_id)
            SELECT number, unit_id, %(state)s, employment, since, %(batch)s FROM taken JOIN people ON id = number
            """,  # noqa: S608
            {"batch": batch.pk, "language": LANGUAGES[0], "state": Standing.ACTIVE.value},
        )
        return int(cursor.rowcount)


def undo_batch(*, actor: Actor, now: datetime, code: str) -> ImportBatch:
    """Take a confirmed batch back as one: its standings and persons are deleted. Twice changes nothing.

    Raises Refused without ``member.admit``, Problem where any of them has since got an account, answered, voted or
    moved: then nothing is deleted, and standings are ended one by one.
    """
    try:
        with atomic():
            batch = locked_batch(actor, code)
            if batch.state == BatchState.UNDONE:
                return batch
            require_step(batch, BatchState.UNDONE)
            removed = _remove(batch)
            batch.state, batch.ended = BatchState.UNDONE, now
            batch.report = {**batch.report, "removed": removed}
            batch.save(update_fields=["state", "ended", "report"])
            batch.rows.all().delete()
            audit.record(
                actor=actor, now=now, action="import.undo", code=code, unit_path=batch.unit.path,
                detail={"removed": removed},
            )  # fmt: skip
    except IntegrityError:
        raise Problem(
            "Some members of this import have taken part since, or have an account or another standing.",
            hint="It can no longer be undone as one: end their standing one by one.",
        ) from None
    return batch


def _remove(batch: ImportBatch) -> int:
    """Delete standings and persons; the database itself refuses where anything refers to them."""
    member, person = Membership._meta.db_table, Person._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            f"DELETE FROM {member} WHERE batch_id = %s RETURNING person_id",  # noqa: S608
            [batch.pk],
        )
        people = [key for (key,) in cursor.fetchall()]
        cursor.execute(f"DELETE FROM {person} WHERE id = ANY(%s)", [people])  # noqa: S608
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return len(people)
