"""The inputs of a sheet: what the platform counts, what was entered, and what is missing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from qiao.base.counts import SMALL
from qiao.hear.window.choices import OPEN
from qiao.hear.window.models import Request
from qiao.judge.allocation.models import SheetLine
from qiao.judge.allocation.rules.sheet import Line
from qiao.org.membership.queries import active_members
from qiao.org.units.models import Unit
from qiao.org.yearbook.models import AllocationInput
from qiao.org.yearbook.queries import sheet_of

#: Requests are complaints: fewer open ones than this are not told (handbook P7), so the input counts as missing.
FEWEST_CASES = 10


@dataclass(frozen=True, slots=True)
class Gathered:
    """One unit and its line; ``raised``: it has fewer members than may be told, and counts as having that many.

    ``sources``: column to day and source of an entered number, or to the day of a counted one.
    """

    unit: Unit
    line: Line
    raised: bool
    sources: Mapping[str, Mapping[str, str]]


def gather(unit: Unit, level: str, *, before_code: str = "") -> tuple[list[Gathered], dict[str, str]]:
    """The lines of all units of a level below ``unit`` that have members, and the days of the counted inputs.

    ``before_code``: the sheet whose amounts are those of the year before.
    """
    found = sheet_of(unit, level, limit=None)
    paths = [row.unit.path for row in found.rows]
    members = _below(paths, _members(unit))
    cases = _below(paths, _cases(unit))
    earlier = _amounts(before_code)
    days = {}
    if found.edition is not None:
        days["members_per_full_time_officer"] = found.edition.as_of.isoformat()
    if found.coverage_day is not None:
        days["coverage_gap"] = found.coverage_day.isoformat()
    result = []
    for row in found.rows:
        people = members[row.unit.path]
        if people == 0:
            continue
        open_cases = cases[row.unit.path]
        entered = {
            "aid_files_per_1000": row.aid_files,
            "remoteness_minutes": row.remoteness,
            "budget_per_member": row.per_member,
        }
        inputs: dict[str, float | None] = {
            "members_per_full_time_officer": _rounded(row.per_officer, 2),
            "open_cases_per_1000": (
                round(1000 * open_cases / people, 2) if open_cases >= FEWEST_CASES and people >= SMALL else None
            ),
            "coverage_gap": _rounded(row.gap, 4),
            **{key: float(held.value) if held else None for key, held in entered.items()},
        }
        result.append(
            Gathered(
                unit=row.unit,
                line=Line(row.unit.label, max(people, SMALL), inputs, earlier.get(row.unit.pk)),
                raised=people < SMALL,
                sources={key: _source(held) for key, held in entered.items() if held},
            )
        )
    return result, days


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _source(held: AllocationInput) -> dict[str, str]:
    return {"day": held.day.isoformat(), "source": held.source}


def _members(unit: Unit) -> list[tuple[str, int]]:
    rows = active_members(unit.path).order_by().values("unit__path").annotate(number=Count("pk"))
    return [(row["unit__path"], row["number"]) for row in rows]


def _cases(unit: Unit) -> list[tuple[str, int]]:
    """Open requests by the body that holds them: its load, not where the askers work."""
    held = Request.objects.filter(state__in=OPEN, body__path__startswith=unit.path).order_by()
    return [(row["body__path"], row["number"]) for row in held.values("body__path").annotate(number=Count("pk"))]


def _amounts(code: str) -> dict[int, int]:
    if not code:
        return {}
    rows = SheetLine.objects.filter(sheet__code=code).order_by("pk").values_list("unit_id", "amount", "paid")
    return {unit: amount if paid is None else paid for unit, amount, paid in rows}


def _below(paths: list[str], counts: list[tuple[str, int]]) -> dict[str, int]:
    """For each path the sum of what stands at it and below it."""
    ordered = sorted(counts)
    keys = [path for path, _number in ordered]
    sums = [0]
    for _path, number in ordered:
        sums.append(sums[-1] + number)
    return {path: sums[bisect_left(keys, path + "\U0010ffff")] - sums[bisect_left(keys, path)] for path in paths}
