"""How a need moved from round to round, where rounds can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.figures import IntervalRow, described, interval_chart, share_text
from qiao.hear.needs.models import Need
from qiao.hear.surveys.queries import find_round, published_rounds
from qiao_stats.needs import Sure, how_sure
from qiao_stats.trend import Change, Point, adjust_changes, change

#: Half the width of a 95 % interval in standard errors.
_NORMAL = 1.959963984540054


@dataclass(frozen=True, slots=True)
class RoundPoint:
    """One round in the chart: its code, day, figure in words, and why it cannot be compared with the one before."""

    code: str
    title: str
    day: date
    share: float
    lower: float
    upper: float
    n: int
    broken: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A need over rounds, oldest first; ``change`` since the round before, None across a break; the chart as SVG."""

    points: tuple[RoundPoint, ...]
    change: Change | None
    text: str
    svg: str


def trend_of(need: Need) -> Trend | None:
    """The rounds of the unit that asked for this need; None where there was only one, or it is no survey's.

    Rounds are compared where the question has the same name and the same answers. The p value is adjusted over all
    needs of the two rounds that can be compared. Standard errors are taken from the published intervals.
    """
    survey = find_round(need.source_code)
    question, _sep, option = need.item.partition(":")
    if survey is None or not option:
        return None
    rounds = list(published_rounds().filter(unit=survey.unit, invited__gt=0, published__lte=survey.published))
    shown: list[RoundPoint] = []
    before: frozenset[str] | None = None
    usable = []
    for one in sorted(rounds, key=lambda row: (row.published, row.pk)):
        asked = _question(one.results, question)
        cell = _cell(one.results, asked, option, need.group_key) if asked else None
        if cell is None:
            continue
        options = frozenset(str(row["name"]) for row in asked["options"]) if asked else frozenset()
        broken = ""
        if before is not None and options != before:
            broken = _("The answers to choose from were changed: no comparison with the round before.")
        before = options
        share, lower, upper, n = cell
        shown.append(RoundPoint(one.code, str(one), localdate(one.published), share, lower, upper, n, broken))
        usable.append(one)
    if len(shown) < 2:
        return None
    moved = None if shown[-1].broken else _adjusted(need, usable[-2], usable[-1], question, option)
    rows = [
        IntervalRow(
            f"{point.day:%Y-%m-%d}" + (f" {_('(not comparable with the one before)')}" if point.broken else ""),
            point.share, point.lower, point.upper, strong=number == len(shown) - 1,
        )
        for number, point in enumerate(shown)
    ]  # fmt: skip
    return Trend(
        tuple(shown), moved, change_text(moved),
        interval_chart(rows, title=_("The need over the rounds"), description=described(rows)),
    )  # fmt: skip


def change_text(moved: Change | None) -> str:
    """What changed since the round before, in words, with how sure it is."""
    if moved is None:
        return ""
    points = share_text(abs(moved.difference), moved.lower, moved.upper)
    sure = how_sure(moved.adjusted)
    if sure is Sure.NOT_SHOWN:
        return _("Since the last round no change is shown: the difference of %(points)s may be chance.") % {
            "points": points
        }
    if moved.difference > 0:
        text = _("Since the last round it is named more often: by %(points)s of those asked.")
    else:
        text = _("Since the last round it is named less often: by %(points)s of those asked.")
    return text % {"points": points}


def _adjusted(need: Need, first: Any, second: Any, question: str, option: str) -> Change | None:
    """The change of this need, its p value adjusted over all needs both rounds asked for."""
    own = (question, option)
    changes: list[Change] = []
    place = -1
    for asked in first.results.get("questions", []):
        other = _question(second.results, asked["name"])
        if not asked.get("need") or other is None:
            continue
        for row in asked["options"]:
            earlier = _cell(first.results, asked, row["name"], need.group_key)
            later = _cell(second.results, other, row["name"], need.group_key)
            if earlier is None or later is None:
                continue
            if (asked["name"], row["name"]) == own:
                place = len(changes)
            changes.append(change(row["name"], _point(first.code, earlier), _point(second.code, later)))
    return adjust_changes(changes)[place] if place >= 0 else None


def _point(name: str, cell: tuple[float, float, float, int]) -> Point:
    share, lower, upper, n = cell
    return Point(name, share, max(upper - lower, 1e-9) / (2 * _NORMAL), float(max(n - 1, 1)))


def _question(results: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    return next((one for one in results.get("questions", []) if one["name"] == name), None)


def _cell(
    results: Mapping[str, Any], asked: Mapping[str, Any], option: str, group: str
) -> tuple[float, float, float, int] | None:
    """Share, ends and n of one answer in one group ("" for all); None where it was not asked or is hidden."""
    groups: Sequence[str] = ["", *(str(one["key"]) for one in results.get("groups", []))]
    row = next((one for one in asked["options"] if one["name"] == option), None)
    if row is None or group not in groups:
        return None
    cell = row["cells"][groups.index(group)]
    if cell[0] is None or cell[1] is None or cell[2] is None:
        return None
    return float(cell[0]), float(cell[1]), float(cell[2]), int(cell[3] or 0)
