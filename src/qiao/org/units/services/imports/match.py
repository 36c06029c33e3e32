"""Saying which column is what, reading every row by it, and finding what cannot be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.units.choices import BatchState, UnitKind
from qiao.org.units.models import UnitBatch, UnitColumn, UnitRow
from qiao.org.units.rules.columns import (
    Field,
    normal_header,
    plain,
    read_day,
    read_kind,
    read_labels,
    read_name,
    read_number,
)
from qiao.org.units.services.found import is_label
from qiao.org.units.services.imports.check import Row, check_rows
from qiao.org.units.services.imports.upload import locked_batch

_CHUNK = 5000


def match_units(*, actor: Actor, now: datetime, code: str, mapping: Mapping[str, str]) -> UnitBatch:
    """Take each column for the field named ("" leaves it out), read all rows, find the faults, remember the columns.

    Rows with a fault are listed and left out, the rest is staged for the second person. May be done again until it is
    confirmed. Raises Refused without ``unit.found``, Problem where a needed column is missing or a field has two.
    """
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state not in (BatchState.MATCHING, BatchState.STAGED):
            raise Problem("This import is confirmed or undone already.")
        places = _places(batch, mapping)
        rows = _read_all(batch, places, localdate(now))
        check_rows(batch.unit, rows, places)
        _write(batch, rows)
        UnitColumn.objects.bulk_create(
            [
                UnitColumn(unit_id=batch.unit_id, header=normal_header(column["header"]),
                           field=mapping.get(column["header"], ""))
                for column in {normal_header(column["header"]): column for column in batch.columns}.values()
            ],
            update_conflicts=True, unique_fields=["unit", "header"], update_fields=["field"],
        )  # fmt: skip
        batch.columns = [{**column, "field": mapping.get(column["header"], "")} for column in batch.columns]
        batch.rows_good = sum(not row.faults for row in rows)
        batch.state = BatchState.STAGED
        batch.save(update_fields=["columns", "rows_good", "state"])
        audit.record(actor=actor, now=now, action="unit.import_match", code=code, unit_path=batch.unit.path,
                     detail={"good": batch.rows_good, "rows": batch.rows_total})  # fmt: skip
    return batch


def _places(batch: UnitBatch, mapping: Mapping[str, str]) -> dict[Field, tuple[int, str]]:
    places: dict[Field, tuple[int, str]] = {}
    for index, column in enumerate(batch.columns):
        named = mapping.get(column["header"], "")
        if not named:
            continue
        if named not in Field.values:
            raise Problem("There is no such field: %(field)s.", field=named)
        if Field(named) in places:
            raise Problem(
                "Two columns are taken for “%(field)s”: “%(first)s” and “%(second)s”.",
                hint="Leave one of them out.",
                field=Field(named).label,
                first=places[Field(named)][1],
                second=column["header"],
            )
        places[Field(named)] = (index, column["header"])
    for needed in (Field.LABEL, Field.NAME, Field.KIND, Field.FOUNDED):
        if needed not in places:
            raise Problem("Say which column holds “%(field)s”.", field=needed.label)
    return places


def _read_all(batch: UnitBatch, places: Mapping[Field, tuple[int, str]], today: date) -> list[Row]:
    return [
        _read(key, number, cells, places, today)
        for key, number, cells in batch.rows.order_by("row")
        .values_list("pk", "row", "cells")
        .iterator(chunk_size=_CHUNK)
    ]


def _read(key: int, number: int, cells: list[str], places: Mapping[Field, tuple[int, str]], today: date) -> Row:
    row = Row(key, number)

    def cell(of: Field) -> tuple[str, str]:
        index, header = places.get(of, (-1, ""))
        return (cells[index] if index >= 0 else ""), header

    text, header = cell(Field.LABEL)
    row.label = plain(text)
    if not is_label(row.label):
        row.faults.append((Problem("“%(label)s” is no label.",
                                   hint="Use at most 32 letters A–Z, digits and hyphens, such as EBF-D03-H14.",
                                   label=row.label[:60]), header))  # fmt: skip
    row.above = plain(cell(Field.ABOVE)[0])
    row.sectors = read_labels(cell(Field.SECTOR)[0])
    employers = members = None
    for of in (Field.NAME, Field.NAME_EN, Field.KIND, Field.FOUNDED, Field.EMPLOYERS, Field.HEADCOUNT, Field.MEMBERS):
        text, header = cell(of)
        try:
            if of == Field.NAME:
                row.name["zh-hans"] = read_name(text)
                if not row.name["zh-hans"]:
                    raise Problem("The name of the unit is missing.", hint="Write its name.")
            elif of == Field.NAME_EN:
                if name := read_name(text):
                    row.name["en"] = name
            elif of == Field.KIND:
                row.kind = read_kind(text)
            elif of == Field.FOUNDED:
                row.founded = read_day(text, today=today)
            elif of == Field.EMPLOYERS:
                employers = read_number(text)
            elif of == Field.HEADCOUNT:
                row.headcount = read_number(text)
            else:
                members = read_number(text)
        except Problem as problem:
            row.faults.append((problem, header))
    if row.kind == UnitKind.BASE and employers is not None and employers > 1:
        row.faults.append((Problem("%(number)d employers are named, but a base union belongs to one.",
                                   hint="Is it one union for all of them? Then choose “Joint base union”. Otherwise "
                                   "name one employer.", number=employers), cell(Field.EMPLOYERS)[1]))  # fmt: skip
    if row.headcount is not None and members is not None and members > row.headcount:
        row.faults.append((Problem("There are more members (%(members)d) than employees (%(headcount)d): check both "
                                   "numbers.", members=members, headcount=row.headcount),
                           cell(Field.MEMBERS)[1]))  # fmt: skip
    return row


def _write(batch: UnitBatch, rows: list[Row]) -> None:
    """Write what was read and found back in one UPDATE."""
    table = UnitRow._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS unit_reading")
        cursor.execute("CREATE TEMPORARY TABLE unit_reading (id bigint, read jsonb, faults jsonb) ON COMMIT DROP")
        with cursor.copy("COPY unit_reading FROM STDIN") as copy:
            for row in rows:
                faults = [
                    {"message": fault.message, "hint": fault.hint, "params": _plain_params(fault), "column": header}
                    for fault, header in row.faults
                ]
                copy.write_row((row.key, json.dumps({} if faults else row.as_read()), json.dumps(faults)))
        cursor.execute(
            f"UPDATE {table} r SET read = s.read, faults = s.faults, good = s.faults = '[]'::jsonb"  # noqa: S608
            " FROM unit_reading s WHERE s.id = r.id AND r.batch_id = %s",
            [batch.pk],
        )


def _plain_params(fault: Problem) -> dict[str, object]:
    return {key: value if isinstance(value, int) else str(value) for key, value in fault.params.items()}
