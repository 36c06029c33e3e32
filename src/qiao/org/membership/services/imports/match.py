"""Saying which column is what, reading every row by it, and finding perhaps-duplicates."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.membership.choices import HOLDING, BatchState, Employment, Field, Verdict
from qiao.org.membership.models import ColumnMemory, ImportBatch, ImportRow, Membership
from qiao.org.membership.queries.imports import verdicts
from qiao.org.membership.rules import clean_name, normal_header, read_date, read_employment
from qiao.org.membership.rules.cells import plain
from qiao.org.membership.services.imports.staging import locked_batch, require_step
from qiao.org.people.models import Person
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit

_CHUNK = 5000


def match_columns(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    mapping: Mapping[str, str],
    employment: Employment | None = None,
    since: date | None = None,
) -> ImportBatch:
    """Take each column for the field named ("" leaves it out), read all rows, and remember it for the unit.

    ``employment`` and ``since`` hold for all rows where no column says it. May be done again until the batch is
    handed over.

    Raises Refused without ``member.admit``, Problem where the name has no column, a field has two, or employment or
    day come from nowhere or from both.
    """
    with atomic():
        batch = locked_batch(actor, code)
        require_step(batch, BatchState.MATCHED)
        reading = _reading(batch, mapping, employment, since, timezone.localdate(now))
        _read_rows(batch, reading)
        mark_duplicates(batch)
        ColumnMemory.objects.bulk_create(
            [
                ColumnMemory(unit_id=batch.unit_id, header=normal_header(header), field=mapping.get(header, ""))
                for header in {normal_header(column["header"]): column["header"] for column in batch.columns}.values()
            ],
            update_conflicts=True, unique_fields=["unit", "header"], update_fields=["field"],
        )  # fmt: skip
        batch.mapping = {column["header"]: mapping.get(column["header"], "") for column in batch.columns}
        batch.defaults = {
            "employment": employment.value if employment else "", "since": since.isoformat() if since else "",
        }  # fmt: skip
        batch.state, batch.report = BatchState.MATCHED, verdicts(batch)
        batch.save(update_fields=["mapping", "defaults", "state", "report"])
        audit.record(
            actor=actor, now=now, action="import.match", code=code, unit_path=batch.unit.path, detail=batch.report
        )
    return batch


def decide_duplicates(
    *, actor: Actor, now: datetime, code: str, shown: Collection[int], others: Collection[int]
) -> ImportBatch:
    """Of the perhaps-duplicates in the rows ``shown``, those in ``others`` are other persons and will be admitted.

    Raises Refused without ``member.admit``, Problem once the batch is handed over.
    """
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state != BatchState.MATCHED:
            raise Problem("This import is handed over: nothing in it can be changed any more.")
        rows = batch.rows.filter(verdict=Verdict.DUPLICATE, row__in=shown)
        rows.filter(row__in=others).update(other_person=True)
        rows.exclude(row__in=others).update(other_person=False)
        batch.report = verdicts(batch)
        batch.save(update_fields=["report"])
        audit.record(
            actor=actor, now=now, action="import.duplicates", code=code, unit_path=batch.unit.path, detail=batch.report
        )
    return batch


@dataclass(frozen=True, slots=True)
class _Reading:
    """How rows are read: places of the columns, what holds for all, which unit a cell means."""

    places: Mapping[Field, tuple[int, str]]
    employment: Employment | None
    since: date | None
    today: date
    units: Mapping[str, int]
    own_unit: int


def _reading(
    batch: ImportBatch, mapping: Mapping[str, str], employment: Employment | None, since: date | None, today: date
) -> _Reading:
    places: dict[Field, tuple[int, str]] = {}
    for index, column in enumerate(batch.columns):
        field = mapping.get(column["header"], "")
        if not field:
            continue
        if field not in Field.values:
            raise Problem("There is no such field: %(field)s.", field=field)
        if Field(field) in places:
            raise Problem(
                "Two columns are taken for “%(field)s”: “%(first)s” and “%(second)s”.",
                hint="Leave one of them out.",
                field=Field(field).label,
                first=places[Field(field)][1],
                second=column["header"],
            )
        places[Field(field)] = (index, column["header"])
    if Field.NAME not in places:
        raise Problem("Say which column holds the name.")
    if (Field.EMPLOYMENT in places) == (employment is not None):
        raise Problem("The kind of employment comes either from a column or is the same for all rows: choose one.")
    if (Field.SINCE in places) == (since is not None):
        raise Problem("The day of joining comes either from a column or is the same for all rows: choose one.")
    if since is not None and since > today:
        raise Problem("This day has not come yet: %(day)s.", day=since.isoformat())
    units = _units(batch, places[Field.UNIT][0]) if Field.UNIT in places else {}
    return _Reading(places, employment, since, today, units, batch.unit_id)


def _units(batch: ImportBatch, index: int) -> dict[str, int]:
    """Each different cell of the unit column, as compared, to the unit it means: by label, or by its whole name."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT cells[%s] FROM {ImportRow._meta.db_table} WHERE batch_id = %s",  # noqa: S608
            [index + 1, batch.pk],
        )
        cells = {plain(cell) for (cell,) in cursor.fetchall()}
    found: dict[str, set[int]] = {}
    open_units = Unit.objects.filter(path__startswith=batch.unit.path).exclude(state=UnitState.CLOSED)
    listed = list(cells)
    for start in range(0, len(listed), 1000):
        part = listed[start : start + 1000]
        spelt = {variant for cell in part for variant in (cell, cell.upper(), cell.lower())}
        rows = open_units.filter(Q(label__in=spelt) | Q(**{"name__zh-hans__in": part}) | Q(name__en__in=part))
        for key, label, name in rows.order_by("pk").values_list("pk", "label", "name"):
            for spelling in {label.lower(), *(text.lower() for text in name.values())}:
                found.setdefault(spelling, set()).add(key)
    # A name that two units bear means neither.
    return {spelling: min(keys) for spelling, keys in found.items() if len(keys) == 1}


def _read_rows(batch: ImportBatch, reading: _Reading) -> None:
    """Read all rows into a table of this transaction, then write them back in one UPDATE."""
    table = ImportRow._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS import_reading")
        cursor.execute(
            "CREATE TEMPORARY TABLE import_reading (id bigint, verdict text, name text, employment text, since date,"
            " unit_id bigint, faults jsonb) ON COMMIT DROP"
        )
        after = 0
        while True:
            chunk = list(
                ImportRow.objects.filter(batch=batch, pk__gt=after).order_by("pk").values_list("pk", "cells")[:_CHUNK]
            )
            if not chunk:
                break
            with cursor.copy("COPY import_reading FROM STDIN") as copy:
                for key, cells in chunk:
                    copy.write_row((key, *_read(cells, reading)))
            after = chunk[-1][0]
        cursor.execute(
            f"UPDATE {table} r SET verdict = s.verdict, name = s.name, employment = s.employment, since = s.since,"  # noqa: S608
            " unit_id = s.unit_id, faults = s.faults, twin_number = NULL, twin_row = NULL, other_person = false"
            " FROM import_reading s WHERE r.id = s.id AND r.batch_id = %s",
            [batch.pk],
        )


def _read(cells: list[str], reading: _Reading) -> tuple[str, str, str, date | None, int | None, str]:
    """Verdict, name, employment, day, unit and faults of one row; a faulty row keeps nothing but its faults."""
    faults: list[dict[str, object]] = []
    name, employment, since, unit = "", reading.employment, reading.since, None
    for field, text, header in _cells(cells, reading):
        try:
            if field == Field.NAME:
                name = clean_name(text)
            elif field == Field.EMPLOYMENT:
                employment = read_employment(text)
            elif field == Field.SINCE:
                since = read_date(text, today=reading.today)
            else:
                unit = _unit(text, reading)
        except Problem as problem:
            faults.append(
                {"message": problem.message, "hint": problem.hint, "params": problem.params, "column": header}
            )
    if faults or employment is None:
        return Verdict.FAULT.value, "", "", None, None, json.dumps(faults, ensure_ascii=False)
    return Verdict.READY.value, name, employment.value, since, unit or reading.own_unit, "[]"


def _cells(cells: list[str], reading: _Reading) -> Iterator[tuple[Field, str, str]]:
    for field, (index, header) in reading.places.items():
        yield field, cells[index], header


def _unit(text: str, reading: _Reading) -> int:
    word = plain(text)
    if not word:
        raise Problem("The unit is missing.", hint="Write the label of the unit, as it stands on its page.")
    found = reading.units.get(word.lower())
    if found is None:
        raise Problem(
            "No open unit below yours is called “%(value)s”, or several are.",
            hint="Write the label of the unit, as it stands on its page.",
            value=word if len(word) <= 40 else f"{word[:39]}…",
        )
    return found


def mark_duplicates(batch: ImportBatch) -> None:
    """Turn ready rows into perhaps-duplicates: a member of that name in that unit, or an earlier row of the table."""
    row, member, person = (model._meta.db_table for model in (ImportRow, Membership, Person))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {row} r SET verdict = 'duplicate', twin_number = twin.person_id
            FROM (
                SELECT s.id, min(m.person_id) AS person_id FROM {row} s
                JOIN {person} p ON p.name = s.name
                JOIN {member} m ON m.person_id = p.id AND m.unit_id = s.unit_id
                WHERE s.batch_id = %s AND s.verdict = 'ready' AND m.until IS NULL AND m.state = ANY(%s)
                GROUP BY s.id
            ) twin WHERE twin.id = r.id
            """,  # noqa: S608
            [batch.pk, [state.value for state in HOLDING]],
        )
        cursor.execute(
            f"""
            UPDATE {row} r SET verdict = 'duplicate', twin_row = twin.first
            FROM (
                SELECT id, row, min(row) OVER (PARTITION BY name, unit_id) AS first FROM {row}
                WHERE batch_id = %s AND verdict IN ('ready', 'duplicate')
            ) twin WHERE twin.id = r.id AND r.verdict = 'ready' AND twin.row > twin.first
            """,  # noqa: S608
            [batch.pk],
        )
