"""Saying which column is what, and reading every row by it. What is not sure is a fault, no guess."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.units.choices import UnitKind, UnitState
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import BatchState, EmployerState, Field, Verdict
from qiao.org.workplaces.models import Employer, EmployerBatch, EmployerColumn, EmployerRow
from qiao.org.workplaces.rules import normal_reg_code
from qiao.org.workplaces.rules.cells import read_day, read_workers
from qiao.org.workplaces.rules.headers import normal_header, ownership_named, sector_named
from qiao.org.workplaces.services.employers import check_opened, clean_employer_name, clean_office
from qiao.org.workplaces.services.imports.upload import locked_batch, require_step


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows are matched against."""

    places: Mapping[str, int]
    own_place: int | None
    by_code: Mapping[str, tuple[int, bool]]
    by_name: Mapping[tuple[str, int], int]
    today: date


def match_columns(
    *, actor: Actor, now: datetime, code: str, mapping: Mapping[str, str], counted: date
) -> EmployerBatch:
    """Take each column for the field named ("" leaves it out), read all rows, and remember it for the unit.

    ``counted`` is the day all headcounts of the table are of. An employer is known by its unified social credit code,
    else by its name in the same place. May be done again until the batch is handed over.

    Raises Refused without ``employer.import``, Problem where the name has no column, a field has two, or the day is to
    come.
    """
    with atomic():
        batch = locked_batch(actor, code)
        require_step(batch, BatchState.MATCHED)
        today = timezone.localdate(now)
        if counted > today or counted.year < 2000:
            raise Problem("The day of the headcounts cannot be meant: %(day)s.", day=counted)
        places = _places(batch, mapping)
        rows = list(batch.rows.order_by("row"))
        known = _known(batch, rows, places, today)
        _read(rows, places, known)
        _twice(rows)
        EmployerRow.objects.bulk_update(rows, ["verdict", "read", "known_id", "faults"], batch_size=1000)
        EmployerColumn.objects.bulk_create(
            [
                EmployerColumn(unit_id=batch.unit_id, header=header, field=mapping.get(spelt, ""))
                for header, spelt in {normal_header(c["header"]): c["header"] for c in batch.columns}.items()
            ],
            update_conflicts=True, unique_fields=["unit", "header"], update_fields=["field"],
        )  # fmt: skip
        batch.mapping = {column["header"]: mapping.get(column["header"], "") for column in batch.columns}
        batch.counted, batch.state = counted, BatchState.MATCHED
        counts = Counter(row.verdict for row in rows)
        batch.report = {verdict.value: counts.get(verdict.value, 0) for verdict in Verdict}
        batch.save(update_fields=["mapping", "counted", "state", "report"])
        audit.record(
            actor=actor, now=now, action="employers.match", code=code, unit_path=batch.unit.path, detail=batch.report
        )
    return batch


def _places(batch: EmployerBatch, mapping: Mapping[str, str]) -> dict[Field, tuple[int, str]]:
    places: dict[Field, tuple[int, str]] = {}
    for index, column in enumerate(batch.columns):
        name = mapping.get(column["header"], "")
        if not name:
            continue
        if name not in Field.values:
            raise Problem("There is no such field: %(field)s.", field=name)
        if Field(name) in places:
            raise Problem(
                "Two columns are taken for “%(field)s”: “%(first)s” and “%(second)s”.",
                hint="Leave one of them out.",
                field=Field(name).label,
                first=places[Field(name)][1],
                second=column["header"],
            )
        places[Field(name)] = (index, column["header"])
    if Field.NAME not in places:
        raise Problem("Say which column holds the name of the employer.")
    return places


def _known(
    batch: EmployerBatch, rows: list[EmployerRow], places: Mapping[Field, tuple[int, str]], today: date
) -> _Known:
    units = (
        Unit.objects.filter(path__startswith=batch.unit.path)
        .exclude(kind__in=[UnitKind.BASE, UnitKind.JOINT_BASE, UnitKind.SECTOR])
        .exclude(state=UnitState.CLOSED)
    )
    named: dict[str, set[int]] = {}
    for key, label, name in units.order_by("pk").values_list("pk", "label", "name"):
        for spelling in {label.lower(), *(_plain(text).lower() for text in name.values())}:
            named.setdefault(spelling, set()).add(key)
    codes, names = set(), set()
    for row in rows:
        if Field.REG_CODE in places:
            codes.add("".join(_plain(row.cells[places[Field.REG_CODE][0]]).split()).replace("-", "").upper())
        names.add(_plain(row.cells[places[Field.NAME][0]]))
    found = Employer.objects.order_by("pk")
    return _Known(
        places={spelling: min(keys) for spelling, keys in named.items() if len(keys) == 1},
        own_place=batch.unit_id if batch.unit.kind == UnitKind.HUB else None,
        by_code={
            reg: (key, path.startswith(batch.unit.path))
            for reg, key, path in found.filter(reg_code__in=codes).values_list("reg_code", "pk", "place__path")
            if reg
        },
        by_name={
            (name, place): key
            for name, place, key in found.filter(
                name__in=names, place__path__startswith=batch.unit.path, state=EmployerState.OPEN
            ).values_list("name", "place_id", "pk")
        },
        today=today,
    )


def _read(rows: list[EmployerRow], places: Mapping[Field, tuple[int, str]], known: _Known) -> None:
    for row in rows:
        faults: list[dict[str, object]] = []
        row.read, row.known_id = {}, None

        def cell(field: Field, row: EmployerRow = row) -> str:
            return row.cells[places[field][0]] if field in places else ""

        def take(
            field: Field, reader: Callable[[str], Any],
            row: EmployerRow = row, faults: list[dict[str, object]] = faults, cell: Callable[[Field], str] = cell,
        ) -> Any:  # fmt: skip
            try:
                value = reader(cell(field))
            except Problem as problem:
                faults.append(_kept(problem, places[field][1] if field in places else None))
                return None
            row.read[field.value] = value.isoformat() if isinstance(value, date) else value
            return value

        name = take(Field.NAME, clean_employer_name)
        code = take(Field.REG_CODE, normal_reg_code)
        place = take(Field.PLACE, lambda text: _place(text, known))
        if code and code in known.by_code:
            row.known_id, inside = known.by_code[code]
            if not inside:
                faults.append(_kept(Problem("An employer with this code lies in another place."), None))
        elif name and place and not code:
            row.known_id = known.by_name.get((name, place))
        for field in (Field.DIRECT, Field.AGENCY, Field.PLATFORM):
            take(field, read_workers)
        opened = take(Field.OPENED, read_day)
        if opened is not None:
            try:
                check_opened(opened, known.today)
            except Problem as problem:
                faults.append(_kept(problem, places[Field.OPENED][1]))
        take(Field.OFFICE, clean_office)
        if row.known_id is None:
            take(Field.SECTOR, _sector)
            take(Field.OWNERSHIP, _ownership)
        row.faults = faults
        row.verdict = Verdict.FAULT if faults else Verdict.KNOWN if row.known_id else Verdict.NEW


def _place(text: str, known: _Known) -> int:
    written = _plain(text)
    if not written:
        if known.own_place is None:
            raise Problem("The place is missing.", hint="Write the label of the hub or district, such as EBF-D03-H14.")
        return known.own_place
    found = known.places.get(written.lower())
    if found is None:
        raise Problem(
            "“%(value)s” is no hub or district here.",
            hint="Write the label of the hub or district, such as EBF-D03-H14.",
            value=written[:60],
        )
    return found


def _sector(text: str) -> str:
    found = sector_named(text)
    if found is None:
        raise Problem(
            "“%(value)s” is no sector.", hint="Write one of S-A to S-H, or its name.", value=_plain(text)[:60]
        )
    return found.value


def _ownership(text: str) -> str:
    found = ownership_named(text)
    if found is None:
        raise Problem(
            "“%(value)s” is no kind of ownership.",
            hint="Write one of the kinds the template lists.",
            value=_plain(text)[:60],
        )
    return found.value


def _twice(rows: list[EmployerRow]) -> None:
    """Mark rows of one employer that stand in the table twice: neither is taken."""
    seen: dict[tuple[object, ...], list[EmployerRow]] = {}
    for row in rows:
        code, name, place = row.read.get("reg_code"), row.read.get("name"), row.read.get("place")
        keys: list[tuple[object, ...]] = [("code", code)] if code else [("name", name, place)] if name else []
        if row.known_id:
            keys.append(("known", row.known_id))
        for key in keys:
            seen.setdefault(key, []).append(row)
    for twins in seen.values():
        if len(twins) < 2:
            continue
        numbers = ", ".join(str(row.row) for row in twins)
        for row in twins:
            row.verdict = Verdict.FAULT
            if not any("same employer" in str(fault["message"]) for fault in row.faults):
                row.faults.append(
                    _kept(
                        Problem("Rows %(rows)s name the same employer.", hint="Keep the right one only.", rows=numbers),
                        None,
                    )
                )


def _kept(problem: Problem, column: str | None) -> dict[str, object]:
    """A fault as it is staged."""
    return {
        "message": problem.message,
        "hint": problem.hint,
        "params": {key: str(value) if not isinstance(value, int) else value for key, value in problem.params.items()},
        "column": column,
    }


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
