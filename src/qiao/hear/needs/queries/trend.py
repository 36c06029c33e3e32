"""How a need moved from round to round, where rounds can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.figures import IntervalRow, described, interval_chart, points_text
from qiao.hear.needs.models import Need
from qiao.hear.surveys.queries import find_round, published_rounds
from qiao.hear.surveys.queries.bank import comparable
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

    Rounds are compared where the question bank says that both asked the same; elsewhere the series breaks and the
    break is marked. The p value is adjusted over all needs of the two rounds that can be compared. Standard errors are
    the published ones, of older results those of the intervals.
    """
    survey = find_round(need.source_code)
    question, _sep, option = need.item.partition(":")
    if survey is None or not option:
        return None
    rounds = list(published_rounds().filter(unit=survey.unit, invited__gt=0, published__lte=survey.published))
    shown: list[RoundPoint] = []
    usable: list[tuple[Any, str]] = []
    for one in sorted(rounds, key=lambda row: (row.published, row.pk)):
        name = _name_in(one, survey, question)
        asked = _question(one.results, name)
        cell = _cell(one.results, asked, option, need.group_key) if asked else None
        if cell is None:
            continue
        broken = _broken(usable[-1], (one, name)) if usable else ""
        shown.append(
            RoundPoint(one.code, str(one), localdate(one.published), cell.share, cell.lower, cell.upper, cell.n, broken)
        )
        usable.append((one, name))
    if len(shown) < 2:
        return None
    moved = None if shown[-1].broken else _adjusted(need, usable[-2][0], usable[-1][0], question, option)
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
    points = points_text(moved.difference, moved.lower, moved.upper)
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


def _name_in(one: Any, survey: Any, question: str) -> str:
    """What the question of ``survey`` is called in another round; its own where the bank does not know it."""
    if one.code == survey.code:
        return question
    return next((same.key_a for same in comparable(one.code, survey.code) if same.key_b == question), question)


def _broken(first: tuple[Any, str], second: tuple[Any, str]) -> str:
    """Why two rounds, each with its name of the question, make no series; "" where they do."""
    found = [
        one for one in comparable(first[0].code, second[0].code) if (one.key_a, one.key_b) == (first[1], second[1])
    ]
    if not found:
        return _("The question bank does not know these as one question: no comparison with the round before.")
    if found[0].same:
        return ""
    if found[0].broken == "options":
        return _("The answers to choose from were changed: no comparison with the round before.")
    if found[0].broken == "kind":
        return _("The question was asked in another form: no comparison with the round before.")
    return _("The words of the question were changed: no comparison with the round before.")


def _adjusted(need: Need, first: Any, second: Any, question: str, option: str) -> Change | None:
    """The change of this need, its p value adjusted over all needs that both rounds asked for in the same words."""
    changes: list[Change] = []
    place = -1
    for same in comparable(first.code, second.code):
        asked, other = _question(first.results, same.key_a), _question(second.results, same.key_b)
        if not same.same or asked is None or other is None or not asked.get("need"):
            continue
        for row in asked["options"]:
            earlier = _cell(first.results, asked, row["name"], need.group_key)
            later = _cell(second.results, other, row["name"], need.group_key)
            if earlier is None or later is None:
                continue
            if (same.key_b, row["name"]) == (question, option):
                place = len(changes)
            changes.append(change(row["name"], _point(first.code, earlier), _point(second.code, later)))
    return adjust_changes(changes)[place] if place >= 0 else None


@dataclass(frozen=True, slots=True)
class _Cell:
    """One published share with its interval, answers, and standard error (None: results from before it was kept)."""

    share: float
    lower: float
    upper: float
    n: int
    se: float | None


def _point(name: str, cell: _Cell) -> Point:
    se = cell.se if cell.se is not None else (cell.upper - cell.lower) / (2 * _NORMAL)
    return Point(name, cell.share, max(se, 1e-9), float(max(cell.n - 1, 1)))


def _question(results: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    return next((one for one in results.get("questions", []) if one["name"] == name), None)


def _cell(results: Mapping[str, Any], asked: Mapping[str, Any], option: str, group: str) -> _Cell | None:
    """The figure of one answer in one group ("" for all); None where it was not asked or is hidden."""
    groups: Sequence[str] = ["", *(str(one["key"]) for one in results.get("groups", []))]
    row = next((one for one in asked["options"] if one["name"] == option), None)
    if row is None or group not in groups:
        return None
    place = groups.index(group)
    share, lower, upper, n = row["cells"][place][:4]
    if share is None or lower is None or upper is None:
        return None
    errors = row.get("se") or []
    se = errors[place] if place < len(errors) else None
    return _Cell(float(share), float(lower), float(upper), int(n or 0), None if se is None else float(se))
