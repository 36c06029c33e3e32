"""The second person's confirmation, which writes all rows or none."""

# ruff: noqa: S608 - names of tables and columns come from the models, values are always parameters
from __future__ import annotations

import io
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require_other
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES
from qiao.base.problems import Problem
from qiao.base.vault import seal_many
from qiao.base.vault.fields import context_text
from qiao.org.membership.choices import BatchState, ChunkKind, Standing, Verdict
from qiao.org.membership.models import Hold, ImportBatch, ImportChunk, ImportRow, Membership, Twin
from qiao.org.membership.queries.imports import verdicts
from qiao.org.membership.rules.twins import SAME
from qiao.org.membership.services.imports.chunks import read_chunks
from qiao.org.membership.services.imports.duplicates import mark_duplicates
from qiao.org.membership.services.imports.staging import locked_batch, require_step, require_untied_rows
from qiao.org.people.choices import CheckWay, ContactKind, ContactState, Source
from qiao.org.people.models import Contact, IdentityCheck, Person
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit

_ROW, _MEMBER, _PERSON, _HOLD, _TWIN, _CONTACT, _IDENTITY = (
    model._meta.db_table for model in (ImportRow, Membership, Person, Hold, Twin, Contact, IdentityCheck)
)
#: Rows that become persons: with standing, in the hub for now, or waiting.
_TAKEN = "batch_id = %(batch)s AND verdict IN ('ready', 'held', 'duplicate')"
#: Of these, rows with standing now; an undecided perhaps-duplicate and whoever has not consented have none.
_STANDING = "(verdict IN ('ready', 'held') OR other_person) AND hold <> 'consent'"


def confirm_batch(*, actor: Actor, now: datetime, code: str) -> ImportBatch:
    """Take over the rows of a batch as its second person, all in one transaction; confirming again changes nothing.

    Ready rows become members. Whose employer nobody knows stands in the hub until it is named; who has not consented,
    or may be in the register already, is kept without standing until somebody has asked or decided: each has a task.
    What happened since the preview counts: a namesake admitted meanwhile becomes a perhaps-duplicate, a unit closed or
    moved away a fault.

    Raises Refused without ``member.admit``, Problem for whoever uploaded it, or declared a tie to an employer whose
    union or workers stand in it.
    """
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state == BatchState.CONFIRMED:
            return batch
        require_step(batch, BatchState.CONFIRMED)
        require_other(
            actor,
            batch.uploaded_by_id,
            person=True,
            said=Problem(
                "You uploaded this table: a second person confirms it.",
                hint="Ask another officer who admits members here; it stands on their desk.",
            ),
        )
        require_untied_rows(actor, batch)
        _lock_units(batch)
        _leave_out_lost_units(batch)
        mark_duplicates(batch)
        batch.report = {**verdicts(batch), **_write(batch, actor, now)}
        # What was taken over needs no staging any more; faulty rows stay readable until they expire.
        batch.rows.exclude(verdict=Verdict.FAULT)._raw_delete("default")
        ImportChunk.objects.filter(batch=batch).delete()
        batch.state, batch.confirmed_by_id, batch.confirmed = BatchState.CONFIRMED, actor.account_id, now
        batch.save(update_fields=["report", "state", "confirmed_by", "confirmed"])
        audit.record(
            actor=actor, now=now, action="import.confirm", code=code, unit_path=batch.unit.path, detail=batch.report
        )
    return batch


def _lock_units(batch: ImportBatch) -> None:
    """Hold the units concerned, in one order: whoever admits somebody there by hand waits."""
    keys = batch.rows.exclude(verdict=Verdict.FAULT).order_by().values("unit_id").distinct()
    list(Unit.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))


def _leave_out_lost_units(batch: ImportBatch) -> None:
    good = Unit.objects.filter(path__startswith=batch.unit.path).exclude(state=UnitState.CLOSED).values("pk")
    fault = Problem("The unit was closed or moved away meanwhile.")
    # Who is held for an employer may stand in the hub above the batch's own unit.
    batch.rows.exclude(verdict=Verdict.FAULT).exclude(hold="employer").exclude(unit_id__in=good).update(
        verdict=Verdict.FAULT, name="", faults=[{"message": fault.message, "hint": None, "params": {}, "column": None}]
    )


def _write(batch: ImportBatch, actor: Actor, now: datetime) -> dict[str, int]:
    """Persons, standings, contacts, identity marks, holds and pairs, table by table; how many of each."""
    today = timezone.localdate(now)
    given: dict[str, int | str | date | None] = {
        "batch": batch.pk, "language": LANGUAGES[0], "active": Standing.ACTIVE.value, "left": Standing.LEFT.value,
        "today": today, "now": now, "by": actor.account_id, "number": CheckWay.NUMBER.value,
    }  # fmt: skip
    rest = {
        "people": _rest(Person, "name", "language"),
        "members": _rest(Membership, "person", "unit", "employer", "state", "employment", "since", "until", "batch"),
        "identity": _rest(IdentityCheck, "person", "way", "found_by", "last_four", "checked", "checked_by"),
    }
    with connection.cursor() as cursor:
        people = _run(
            cursor,
            f"INSERT INTO {_PERSON} (id, name, language{rest['people'][0]}) SELECT DISTINCT ON (person_number)"
            f" person_number, name, %(language)s{rest['people'][1]} FROM {_ROW} WHERE {_TAKEN}"
            " ORDER BY person_number, same_as_row IS NOT NULL",
            given,
        )
        admitted = _run(
            cursor,
            f"INSERT INTO {_MEMBER} (person_id, unit_id, employer_id, state, employment, since, until, batch_id"
            f"{rest['members'][0]}) SELECT person_number, unit_id, employer_id,"
            " CASE WHEN until IS NULL THEN %(active)s ELSE %(left)s END, employment, since, until, %(batch)s"
            f"{rest['members'][1]} FROM {_ROW} WHERE {_TAKEN} AND ({_STANDING} OR until IS NOT NULL)",
            given,
        )
        _run(
            cursor,
            f"INSERT INTO {_IDENTITY} (person_id, way, found_by, last_four, checked, checked_by_id"
            f"{rest['identity'][0]})"
            " SELECT DISTINCT ON (person_number) person_number, %(number)s, identity_mark, identity_tail,"
            f" %(today)s, %(by)s{rest['identity'][1]} FROM {_ROW} WHERE {_TAKEN} AND identity_mark IS NOT NULL"
            " ORDER BY person_number",
            given,
        )
        contacts = _write_contacts(cursor, batch, now)
        held = _run(
            cursor,
            f"INSERT INTO {_HOLD} (batch_id, person_id, unit_id, reason, state, employment, since, employer_text)"
            " SELECT %(batch)s, person_number, unit_id, why, 'open', employment, since, employer_text FROM ("
            f"   SELECT *, hold AS why FROM {_ROW} WHERE {_TAKEN} AND hold <> '' AND until IS NULL"
            f"   UNION ALL SELECT *, 'twin' FROM {_ROW} WHERE {_TAKEN} AND verdict = 'duplicate' AND NOT other_person"
            "   AND until IS NULL) r ON CONFLICT DO NOTHING",
            given,
        )
        weights = " ".join(f"WHEN '{sign.value}' THEN {weight}" for sign, weight in SAME.items())
        twins = _run(
            cursor,
            f"INSERT INTO {_TWIN} (left_id, right_id, left_unit_id, right_unit_id, state, score, signs, batch_id,"
            " found, reason, trace) SELECT other, person_number, coalesce((SELECT m.unit_id"
            f" FROM {_MEMBER} m WHERE m.person_id = other ORDER BY m.until IS NULL DESC, m.since DESC LIMIT 1),"
            f" (SELECT h.unit_id FROM {_HOLD} h WHERE h.person_id = other LIMIT 1)), unit_id, 'open', least(100,"
            f" (SELECT sum(CASE s {weights} END) FROM unnest(twin_signs) s)),"
            " (SELECT jsonb_object_agg(s, 'same') FROM unnest(twin_signs) s), %(batch)s, %(now)s, '', '{}' FROM ("
            f"   SELECT r.*, coalesce(r.twin_number, f.person_number) AS other FROM {_ROW} r"
            f"   LEFT JOIN {_ROW} f ON f.batch_id = r.batch_id AND f.row = r.twin_row AND f.verdict <> 'fault'"
            "   WHERE r.batch_id = %(batch)s AND r.verdict = 'duplicate' AND NOT r.other_person"
            "   AND coalesce(r.twin_number, f.person_number) <> r.person_number) d WHERE other < person_number"
            " ON CONFLICT DO NOTHING",
            given,
        )
    return {"admitted": admitted, "people": people, "holds": held, "twins": twins, "contacts": contacts}


def _write_contacts(cursor: CursorWrapper, batch: ImportBatch, now: datetime) -> int:
    """Open the staged contacts and seal each for its person; no plain text touches the database.

    While one chunk is written the next is sealed; only these two are in memory.
    """
    today = timezone.localdate(now).isoformat()
    columns, defaults = _rest(Contact, "person", "kind", "value", "found_by", "state", "source", "entered")
    # What the model has as defaults stands in each row of the COPY too.
    rest = [name.strip() for name in columns.split(",") if name.strip()]
    given = [value.strip().strip("'") for value in defaults.split(",") if value.strip()]
    same = {"state": ContactState.UNCONFIRMED.value, "source": Source.IMPORT.value, "entered": today}
    same |= dict(zip(rest, given, strict=True))
    total = 0
    with ThreadPoolExecutor(max_workers=1) as sealing:
        waiting: Future[pa.Table] | None = None
        for _number, rows in read_chunks(batch, ChunkKind.CONTACTS):
            task = sealing.submit(_sealed, rows, _taken_marks(cursor, batch, rows), same)
            total += _copy_contacts(cursor, waiting.result()) if waiting else 0
            waiting = task
        total += _copy_contacts(cursor, waiting.result()) if waiting else 0
    return total


def _taken_marks(cursor: CursorWrapper, batch: ImportBatch, rows: pa.RecordBatch) -> pa.Table:
    """Row, person and marks of the rows taken over in the span of a chunk, by their row."""
    numbers = rows.column(0).to_numpy()
    stream = io.BytesIO()
    with cursor.copy(
        f"COPY (SELECT row, person_number, mobile_mark, mail_mark FROM {_ROW} WHERE {_TAKEN}"
        " AND row BETWEEN %(first)s AND %(last)s ORDER BY row) TO STDOUT (FORMAT csv)",
        {"batch": batch.pk, "first": int(numbers.min()), "last": int(numbers.max())},
    ) as copy:
        for part in copy:
            stream.write(part)
    names = {"row": rows.schema.field(0).type, "person": pa.int64(), "mobile": pa.string(), "mail": pa.string()}
    if not stream.tell():
        return pa.schema(list(names.items())).empty_table()
    return pa_csv.read_csv(
        pa.BufferReader(stream.getvalue()),
        read_options=pa_csv.ReadOptions(column_names=list(names)),
        convert_options=pa_csv.ConvertOptions(column_types=names),
    )


def _sealed(rows: pa.RecordBatch, taken: pa.Table, same: Mapping[str, str]) -> pa.Table:
    """The rows of the table of contacts that a chunk gives; runs beside the database."""
    place = pc.index_in(rows.column(0), value_set=taken["row"])
    # Of two rows of one person the first brings the contacts: a later one was read for another number.
    fits = pc.equal(taken["person"].take(place).combine_chunks(), rows.column(1))
    kept = pc.indices_nonzero(pc.fill_null(fits, fill_value=False))
    rows, taken = rows.take(kept), taken.take(place.take(kept))
    field = Contact._meta.get_field("value")
    tables = []
    for kind in (ContactKind.MOBILE, ContactKind.MAIL):
        values = rows.column(rows.schema.get_field_index(kind.value))
        filled = pc.indices_nonzero(pc.not_equal(values, ""))
        people = rows.column(1).take(filled)
        contexts = [context_text(field, [person, kind.value]) for person in people.to_pylist()]
        sealed = seal_many(values.take(filled).to_pylist(), contexts)
        tables.append(
            pa.table(
                {
                    "person_id": people,
                    "kind": pa.array([kind.value] * len(sealed), pa.string()),
                    "value": pa.array(["\\x" + value.hex() for value in sealed], pa.string()),
                    "found_by": taken[kind.value].take(filled),
                    **{name: pa.array([value] * len(sealed), pa.string()) for name, value in same.items()},
                }
            )
        )
    return pa.concat_tables(tables)


def _copy_contacts(cursor: CursorWrapper, rows: pa.Table) -> int:
    stream = io.BytesIO()
    pa_csv.write_csv(rows, stream, pa_csv.WriteOptions(include_header=False, quoting_style="all_valid"))
    with cursor.copy(f"COPY {_CONTACT} ({', '.join(rows.column_names)}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(stream.getbuffer())
    return int(rows.num_rows)


def _rest(model: type[Model], *given: str) -> tuple[str, str]:
    """Columns not given that must hold something, and the defaults the model has for them, for an INSERT."""
    columns, values = "", ""
    for field in model._meta.concrete_fields:
        if field.name in given or field.primary_key or field.null:
            continue
        columns += f", {field.column}"
        default = field.get_default()
        if isinstance(default, str):
            values += ", '" + default.replace("'", "''") + "'"
        elif isinstance(default, bool | int):
            values += f", {str(default).lower()}"
        else:
            raise TypeError(f"{model.__name__}.{field.name} has no default an import could write")
    return columns, values


def _run(cursor: CursorWrapper, statement: str, given: dict[str, int | str | date | None]) -> int:
    cursor.execute(statement, given)
    return int(cursor.rowcount)
