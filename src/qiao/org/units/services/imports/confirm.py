"""The second person's confirmation, which founds all good units or none, and undoing it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, connection
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.units.choices import Axis, BatchState, Relation, UnitKind, UnitState
from qiao.org.units.models import Headcount, Unit, UnitBatch, UnitLink, UnitName
from qiao.org.units.services.imports.check import Row, check_rows
from qiao.org.units.services.imports.upload import locked_batch
from qiao.org.units.services.paths import lock_tree, path_segment


def confirm_units(*, actor: Actor, now: datetime, code: str) -> UnitBatch:
    """Found the good units of a batch as its second person, in one transaction; confirming again changes nothing.

    What happened since the preview counts: a label taken meanwhile, a unit above that closed or moved away. Such rows
    are left out, with what stands below them, and stand in the report.

    Raises Refused without ``unit.found``; Problem for the system, for whoever uploaded it or declared a tie, and where
    nothing is left.
    """
    with atomic():
        lock_tree()
        batch = locked_batch(actor, code)
        if batch.state == BatchState.CONFIRMED:
            return batch
        if batch.state != BatchState.STAGED:
            raise Problem("The import stands at “%(state)s”: this step is not open.",
                          state=BatchState(batch.state).label)  # fmt: skip
        require_other(
            actor,
            batch.uploaded_by_id,
            person=True,
            said=Problem("You uploaded this table: a second person confirms it."),
        )
        require_untied(actor, batch.unit.path)
        rows = [
            _row(pk, number, read)
            for pk, number, read in batch.rows.filter(good=True).order_by("row").values_list("pk", "row", "read")
        ]
        check_rows(batch.unit, rows)
        late = [row.key for row in rows if row.faults]
        if late:
            changed = Problem("Since the preview this unit, or the one above it, has changed.")
            note: dict[str, object] = {"message": changed.message, "hint": None, "params": {}, "column": ""}
            batch.rows.filter(pk__in=late).update(good=False, faults=[note], read={})
        good = [row for row in rows if not row.faults]
        if not good:
            raise Problem("No row of this table can be taken.", hint="Mend the faults listed and upload it again.")
        _found(batch, good, actor, now)
        batch.rows.filter(good=True).delete()
        batch.state, batch.confirmed_by_id, batch.confirmed = BatchState.CONFIRMED, actor.account_id, now
        batch.rows_good = len(good)
        batch.save(update_fields=["state", "confirmed_by_id", "confirmed", "rows_good"])
        audit.record(actor=actor, now=now, action="unit.import_confirm", code=code, unit_path=batch.unit.path,
                     detail={"founded": len(good), "late": len(late)})  # fmt: skip
    return batch


def undo_units(*, actor: Actor, now: datetime, code: str) -> UnitBatch:
    """Take a confirmed batch back as one: its units are deleted as if they had never been. Twice changes nothing.

    Raises Refused without ``unit.found``, Problem where anything refers to one of them since (members, officers, units
    below, a move, another name): then nothing is deleted, and units are closed one by one.
    """
    try:
        with atomic():
            lock_tree()
            batch = locked_batch(actor, code)
            if batch.state == BatchState.UNDONE:
                return batch
            if batch.state != BatchState.CONFIRMED:
                raise Problem("The import stands at “%(state)s”: this step is not open.",
                              state=BatchState(batch.state).label)  # fmt: skip
            require_untied(actor, batch.unit.path)
            removed = _remove(batch)
            batch.state, batch.undone = BatchState.UNDONE, now
            batch.save(update_fields=["state", "undone"])
            batch.rows.all().delete()
            audit.record(actor=actor, now=now, action="unit.import_undo", code=code, unit_path=batch.unit.path,
                         detail={"removed": removed})  # fmt: skip
    except IntegrityError:
        raise _lived_in() from None
    return batch


def _row(pk: int, number: int, read: dict[str, object]) -> Row:
    return Row(
        pk, number, label=str(read["label"]), name=dict(read["name"]),  # type: ignore[call-overload]
        kind=UnitKind(str(read["kind"])), above=str(read["above"]), founded=date.fromisoformat(str(read["founded"])),
        sectors=list(read["sectors"]), headcount=read["headcount"],  # type: ignore[arg-type,call-overload]
    )  # fmt: skip


def _found(batch: UnitBatch, rows: list[Row], actor: Actor, now: datetime) -> None:
    """Write units, links and names by COPY; keys come from the sequence, paths from the unit above."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('units_unit', 'id')) FROM generate_series(1, %s)", [len(rows)]
        )
        keys = {row.label.upper(): key for row, (key,) in zip(rows, cursor.fetchall(), strict=True)}
        wanted = sorted({label.upper() for row in rows for label in (row.above, *row.sectors)} - set(keys))
        cursor.execute("SELECT upper(label), id, path, founded FROM units_unit WHERE upper(label) = ANY(%s)", [wanted])
        outside = {label: (key, path, founded) for label, key, path, founded in cursor.fetchall()}
    mine = {row.label.upper(): row for row in rows}
    paths: dict[str, str] = {}

    def path_of(label: str) -> str:
        line = []
        while label in mine and label not in paths:
            line.append(label)
            label = mine[label].above.upper()
        path = paths[label] if label in paths else outside[label][1]
        for one in reversed(line):
            path = paths[one] = path + path_segment(keys[one])
        return path

    def key_of(label: str) -> int:
        return keys[label] if label in keys else int(outside[label][0])

    def founded_of(label: str) -> date:
        return mine[label].founded if label in mine else outside[label][2]

    _copy(
        Unit, ("id", "path", "parent_id", "label", "kind", "state", "name", "founded", "batch_id"),
        (
            (keys[label], path_of(label), key_of(row.above.upper()), row.label, row.kind.value,
             UnitState.ACTIVE.value, json.dumps(row.name, ensure_ascii=False), row.founded, batch.pk)
            for label, row in mine.items()
        ),
    )  # fmt: skip
    place, leads = Axis.PLACE.value, Relation.LEADS.value
    _copy(
        UnitLink, ("unit_id", "above_id", "axis", "relation", "since"),
        ((keys[label], key_of(row.above.upper()), place, leads, row.founded) for label, row in mine.items()),
    )  # fmt: skip
    _copy(
        UnitLink, ("unit_id", "above_id", "axis", "relation", "since"),
        (
            (keys[label], key_of(over), Axis.SECTOR.value, Relation.GUIDES.value,
             max(row.founded, founded_of(over)))
            for label, row in mine.items()
            for over in sorted({one.upper() for one in row.sectors})
        ),
    )  # fmt: skip
    _copy(
        UnitName, ("unit_id", "name", "label", "kind", "since"),
        (
            (keys[label], json.dumps(row.name, ensure_ascii=False), row.label, row.kind.value, row.founded)
            for label, row in mine.items()
        ),
    )  # fmt: skip
    today = localdate(now)
    _copy(
        Headcount, ("unit_id", "day", "employees", "source", "entered", "entered_by_id", "entered_by"),
        (
            (keys[label], today, row.headcount, batch.code, now, actor.account_id, actor.name)
            for label, row in mine.items()
            if row.headcount is not None
        ),
    )  # fmt: skip


def _copy(model: type, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    table = model._meta.db_table  # type: ignore[attr-defined]
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _remove(batch: UnitBatch) -> int:
    """Delete the units with their first link and name; the database itself refuses where anything refers to them."""
    units = Unit.objects.filter(batch=batch)
    keys = list(units.order_by().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT 1 FROM units_unit u WHERE u.batch_id = %(batch)s AND u.state <> 'active')
                OR EXISTS (SELECT 1 FROM units_unitname n WHERE n.unit_id = ANY(%(keys)s)
                           GROUP BY n.unit_id HAVING count(*) > 1)
                OR EXISTS (SELECT 1 FROM units_unitlink l WHERE l.unit_id = ANY(%(keys)s) AND l.axis = 'place'
                           GROUP BY l.unit_id HAVING count(*) > 1)
            """,
            {"batch": batch.pk, "keys": keys},
        )
        if cursor.fetchone()[0]:
            raise _lived_in()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DELETE FROM units_unitlink WHERE unit_id = ANY(%s)", [keys])
        cursor.execute("DELETE FROM units_unitname WHERE unit_id = ANY(%s)", [keys])
        cursor.execute("DELETE FROM units_headcount WHERE unit_id = ANY(%s)", [keys])
        cursor.execute("DELETE FROM units_unitcolumn WHERE unit_id = ANY(%s)", [keys])
        cursor.execute("DELETE FROM units_unit WHERE id = ANY(%s)", [keys])
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return len(keys)


def _lived_in() -> Problem:
    return Problem(
        "Some units of this import have changed since, or have members, officers or units below.",
        hint="It can no longer be undone as one: close them one by one.",
    )
