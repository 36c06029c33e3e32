"""Taking a confirmed import back as one, or saying exactly what stands in the way."""

# ruff: noqa: S608 - names of tables and columns come from the models, values are always parameters
from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from qiao.base import audit
from qiao.base.access import Actor, require_untied
from qiao.base.db import atomic
from qiao.base.problems import Place, Problem, Problems
from qiao.org.membership.choices import BatchState
from qiao.org.membership.models import Hold, ImportBatch, ImportChunk, ImportRow, Membership, Twin
from qiao.org.membership.services.imports.staging import locked_batch, require_step
from qiao.org.membership.services.relinking import references_to_person
from qiao.org.people.models import Contact, IdentityCheck, Person

#: So many persons are named at once.
_MOST_NAMED = 100


def undo_batch(*, actor: Actor, now: datetime, code: str) -> ImportBatch:
    """Take a confirmed batch back as one: its standings, holds and persons are deleted. Twice changes nothing.

    Raises Refused without ``member.admit``; Problems, one for each person, where any of them has since got an account,
    answered, voted, moved or been merged: then nothing is deleted, and standings are ended one by one.
    """
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state == BatchState.UNDONE:
            return batch
        require_step(batch, BatchState.UNDONE)
        require_untied(actor, batch.unit.path)
        removed = _remove(batch)
        batch.state, batch.ended = BatchState.UNDONE, now
        batch.report = {**batch.report, "removed": removed}
        batch.save(update_fields=["state", "ended", "report"])
        ImportRow.objects.filter(batch=batch).delete()
        ImportChunk.objects.filter(batch=batch).delete()
        audit.record(
            actor=actor, now=now, action="import.undo", code=code, unit_path=batch.unit.path,
            detail={"removed": removed},
        )  # fmt: skip
    return batch


def _remove(batch: ImportBatch) -> int:
    """Delete what the batch wrote, after looking through every table that refers to a person."""
    member, hold, twin = (model._meta.db_table for model in (Membership, Hold, Twin))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE undo_persons ON COMMIT DROP AS SELECT person_id AS id FROM {member}"
            f" WHERE batch_id = %s UNION SELECT person_id FROM {hold} WHERE batch_id = %s",
            [batch.pk, batch.pk],
        )
        cursor.execute("CREATE UNIQUE INDEX ON undo_persons (id)")
        cursor.execute("ANALYZE undo_persons")
        _refuse_changed(cursor, batch)
        for table in (member, hold, twin):
            cursor.execute(f"DELETE FROM {table} WHERE batch_id = %s", [batch.pk])
        for model in (Contact, IdentityCheck):
            cursor.execute(f"DELETE FROM {model._meta.db_table} t USING undo_persons u WHERE t.person_id = u.id")
        cursor.execute(f"DELETE FROM {Person._meta.db_table} p USING undo_persons u WHERE p.id = u.id")
        removed = int(cursor.rowcount)
        cursor.execute("DROP TABLE undo_persons")
    return removed


def _refuse_changed(cursor: CursorWrapper, batch: ImportBatch) -> None:
    """Raise Problems that name each person something else refers to by now, and what."""
    found: dict[int, list[str]] = {}
    own = {Membership._meta.db_table, Hold._meta.db_table, Twin._meta.db_table}
    brought = {Contact._meta.db_table, IdentityCheck._meta.db_table}
    for reference in references_to_person():
        if reference.table in brought:
            # What the person or an officer entered since is more than the table brought.
            extra = "" if reference.table != Contact._meta.db_table else " AND (t.source <> 'import')"
            if not extra:
                continue
        elif reference.table in own:
            extra = " AND t.batch_id IS DISTINCT FROM %(batch)s"
        else:
            extra = ""
        cursor.execute(
            f"SELECT DISTINCT u.id FROM undo_persons u JOIN {reference.table} t ON t.{reference.column} = u.id"
            f" WHERE true{extra} ORDER BY u.id LIMIT {_MOST_NAMED}",
            {"batch": batch.pk},
        )
        for (number,) in cursor.fetchall():
            found.setdefault(number, []).append(reference.label)
    cursor.execute(
        f"SELECT m.person_id FROM {Membership._meta.db_table} m WHERE m.batch_id = %(batch)s AND"
        f" (m.state <> 'active' AND m.until IS NULL) ORDER BY m.person_id LIMIT {_MOST_NAMED}",
        {"batch": batch.pk},
    )
    for (number,) in cursor.fetchall():
        found.setdefault(number, []).append("standing")
    cursor.execute(
        f"SELECT t.right_id FROM {Twin._meta.db_table} t WHERE t.batch_id = %(batch)s AND t.state = 'merged'"
        f" ORDER BY 1 LIMIT {_MOST_NAMED}",
        {"batch": batch.pk},
    )
    for (number,) in cursor.fetchall():
        found.setdefault(number, []).append("merge")
    if found:
        raise Problems(
            [
                Problem(
                    "Member number %(number)d has changed since: %(what)s.",
                    place=Place(batch.code),
                    number=number,
                    what=", ".join(sorted(set(what))),
                )
                for number, what in sorted(found.items())[:_MOST_NAMED]
            ]
            + [
                Problem(
                    "The import can no longer be undone as one; nothing was changed.",
                    hint="End the standing of those it concerns one by one.",
                )
            ]
        )
