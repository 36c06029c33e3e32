"""Published results as pages and documents show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qiao.base.figures import IntervalRow, described, interval_chart, share_text
from qiao.base.i18n import pick
from qiao.hear.surveys.choices import StratumBy
from qiao.hear.surveys.models import Round

#: Columns that a page of paper holds well.
_NARROW = 5


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One figure: in words, or hidden. ``n``: how many answers it rests on, None where that is hidden too."""

    text: str
    n: int | None


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One answer of a question (or mean, median) over all, or over the groups of a table."""

    label: str
    cells: tuple[ShownCell, ...]
    n: int | None = None


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A question by one grouping: a row for each group, a column for each answer, and how many answered in each."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]


def grid_of(table: ShownTable) -> tuple[list[str], list[list[str]]]:
    """A table for paper, as head and lines: groups stand beside each other where that is narrower."""
    numbers = ["–" if row.n is None else f"{row.n:,}" for row in table.rows]
    if len(table.columns) <= len(table.rows) or len(table.columns) <= _NARROW:
        head = [_("Group"), _("Answers"), *table.columns]
        lines = [
            [row.label, number, *(cell.text for cell in row.cells)]
            for row, number in zip(table.rows, numbers, strict=True)
        ]
        return head, lines
    head = [_("Answer"), *(row.label for row in table.rows)]
    lines = [[_("Answers"), *numbers]]
    lines += [[column, *(row.cells[k].text for row in table.rows)] for k, column in enumerate(table.columns)]
    return head, lines


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question with its figure (SVG), its figures over all and its tables by group.

    ``kind``: choice, rank, amount or entries; ``n`` None: too few were asked to say how many.
    """

    name: str
    label: str
    kind: str
    n: int | None
    need: bool
    several: bool
    svg: str
    said: str
    rows: tuple[ShownRow, ...]
    tables: tuple[ShownTable, ...]
    hidden: bool
    threshold: int


def shown_results(survey: Round) -> list[ShownQuestion]:
    """Every question of a round's published results, questions on needs first; none before they are out."""
    results = survey.results
    questions = sorted(results.get("questions", []), key=lambda question: not question["need"])
    groups = _grouped(survey, results)
    return [
        *(_question(question, groups) for question in questions),
        *(_amount(amount, groups) for amount in results.get("numbers", [])),
    ]


def is_shown(results: Mapping[str, Any], question: str, option: str, group: str = "") -> bool:
    """Whether a share is among the published ones: what is hidden is published nowhere else either."""
    asked = next((one for one in results.get("questions", []) if one["name"] == question), None)
    row = next((one for one in asked["options"] if one["name"] == option), None) if asked else None
    keys = ["", *(str(one["key"]) for one in results.get("groups", []))]
    return row is not None and group in keys and row["cells"][keys.index(group)][0] is not None


#: A grouping of tables: what it is called, its prefix, the places of its groups among the cells, their names.
_Grouped = tuple[str, str, list[int], list[str]]


def _grouped(survey: Round, results: Mapping[str, Any]) -> list[_Grouped]:
    found: dict[str, _Grouped] = {}
    labels = {question["name"]: pick(question["label"]) for question in results.get("questions", [])}
    for place, group in enumerate(results.get("groups", []), start=1):
        prefix = str(group["key"]).partition(":")[0]
        if prefix == "stratum":
            title = str(StratumBy(survey.stratum_by).label)
        elif prefix == "employment":
            title = str(StratumBy.EMPLOYMENT.label)
        else:
            title = labels.get(prefix, prefix)
        own = found.setdefault(prefix, (title, prefix, [], []))
        own[2].append(place)
        own[3].append(pick(group["label"]) or str(group["key"]))
    return list(found.values())


def _question(question: Mapping[str, Any], groups: Sequence[_Grouped]) -> ShownQuestion:
    label = pick(question["label"]) or question["name"]
    options = question["options"]
    if question["need"]:
        options = sorted(options, key=lambda option: -(option["cells"][0][0] or 0))
    names = [pick(option["label"]) or option["name"] for option in options]
    known = [(name, option) for name, option in zip(names, options, strict=True) if option["cells"][0][0] is not None]
    rows = [IntervalRow(name, *option["cells"][0][:3]) for name, option in known]
    ranked = question["kind"] == "rank"
    return ShownQuestion(
        name=question["name"],
        label=label,
        kind=question["kind"],
        n=question["n"],
        need=question["need"],
        several=not question["single"],
        svg=interval_chart(rows, title=label, description=described(rows)) if rows else "",
        said=described(rows),
        rows=tuple(
            ShownRow(
                name,
                (_cell(option["cells"][0]), *([_amount_cell(option["mean_place"][0])] if ranked else [])),
            )
            for name, option in zip(names, options, strict=True)
        ),
        tables=tuple(
            ShownTable(
                title,
                tuple(names),
                tuple(
                    ShownRow(
                        group, tuple(_cell(option["cells"][place]) for option in options), question["bases"][place]
                    )
                    for place, group in zip(places, titles, strict=True)
                ),
            )
            for title, prefix, places, titles in groups
            if prefix in question["by"]
        ),
        hidden=any(cell[0] is None for option in options for cell in _told(option["cells"], question, groups)),
        threshold=question["threshold"],
    )


def _amount(amount: Mapping[str, Any], groups: Sequence[_Grouped]) -> ShownQuestion:
    label = pick(amount["label"]) or amount["name"]
    columns = (_("Mean"), _("Median"))

    def row(name: str, place: int) -> ShownRow:
        cells = (_amount_cell(amount["cells"][place]), _amount_cell(amount["medians"][place]))
        return ShownRow(name, cells, amount["bases"][place])

    names, values = [_("Everybody")], [amount["cells"][0]]
    for _title, prefix, places, titles in groups:
        if prefix in amount["by"]:
            names += titles
            values += [amount["cells"][place] for place in places]
    rows = [
        IntervalRow(name, cell[0], cell[1], cell[2], _amount_cell(cell).text, strong=not number)
        for number, (name, cell) in enumerate(zip(names, values, strict=True))
        if cell[0] is not None
    ]
    return ShownQuestion(
        name=amount["name"],
        label=label,
        kind=amount["kind"],
        n=amount["n"],
        need=False,
        several=False,
        svg=interval_chart(rows, title=label, description=described(rows), share=False) if rows else "",
        said=described(rows),
        rows=(row(_("Everybody"), 0),),
        tables=tuple(
            ShownTable(title, columns, tuple(row(name, place) for place, name in zip(places, titles, strict=True)))
            for title, prefix, places, titles in groups
            if prefix in amount["by"]
        ),
        hidden=any(cell[0] is None for cell in _told(amount["cells"], amount, groups)),
        threshold=amount["threshold"],
    )


def _told(cells: Sequence[Any], question: Mapping[str, Any], groups: Sequence[_Grouped]) -> list[Any]:
    """The cells of a question over all and by the groupings it is told by."""
    places = [place for _title, prefix, own, _names in groups if prefix in question["by"] for place in own]
    return [cells[0], *(cells[place] for place in places)]


def _cell(cell: Sequence[Any]) -> ShownCell:
    share, lower, upper, n = cell
    return ShownCell(_("hidden") if share is None else share_text(share, lower, upper), n)


def _amount_cell(cell: Sequence[Any]) -> ShownCell:
    value, lower, upper = cell[:3]
    if value is None:
        return ShownCell(_("hidden"), None)
    if lower is None or upper is None:
        return ShownCell(f"{value:,.4g}", None)
    return ShownCell(f"{value:,.4g} ({lower:,.4g} – {upper:,.4g})", None)
