"""Totals from outside the platform that weights are fitted to: a file becomes totals by variable and category.

Two shapes: a long table (variable, category, total), or a workbook with one sheet for each variable (category, total).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qiao.base.problems import Place, Problem, Problems
from qiao.base.tables import as_number

#: What stands beside an answer and so can be weighted by, with the words for it in a file.
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "stratum": ("stratum", "strata", "层", "分层"),
    "employment": ("employment", "kind of employment", "用工形式", "用工类型"),
}
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "variable": ("variable", "变量", "项目"),
    "category": ("category", "类别", "分类"),
    "total": ("total", "总数", "人数", "总计"),
}
#: How the words for variables and columns are told in a message: in both languages a file may use.
_TOLD = {
    name: f"{words[0]} ({next(word for word in words if not word.isascii())})"
    for name, words in {**VARIABLES, **_COLUMNS}.items()
}
#: Totals by variable and category.
Totals = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Page:
    """One table of a file: its title ("" in a CSV file), its header, and its rows with their row numbers."""

    place: Place
    title: str
    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]


def read_margins(
    pages: Sequence[Page], known: Mapping[str, Mapping[str, str]], register: Mapping[str, float]
) -> Totals:
    """The totals of a file by the keys of the round.

    ``known`` says for each variable which key a word for a category stands for (words as `plain` writes them);
    ``register`` is the sum of the register by variable. Raises Problems, each with sheet, row and column, for anything
    that cannot be told; then for a category without a total, and for variables that add up to different numbers.
    """
    faults: list[Problem] = []
    found: Totals = {}
    places: dict[str, Place] = {}
    for page in pages:
        _read(page, known, found, places, faults)
    if not found and not faults:
        faults.append(Problem("The file holds no totals.", place=pages[0].place if pages else Place()))
    if not faults:
        faults += _gaps(found, known, places) or _sums(found, register, places)
    if faults:
        raise Problems(faults)
    return found


def plain(text: str) -> str:
    """A word as it is compared: full-width forms made plain, without blanks around it, in small letters."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _columns(page: Page, faults: list[Problem]) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for name, words in _COLUMNS.items():
        for at, cell in enumerate(page.header):
            if plain(cell) in words:
                found.setdefault(name, at)
    wanted = ["category", "total"] if _variable(page.title) else ["variable", "category", "total"]
    missing = [name for name in wanted if name not in found]
    faults += [
        Problem(
            "The column %(name)s is missing.", place=Place(page.place.source, page.place.sheet, 1), name=_TOLD[name],
            hint="Give the columns variable, category, total; or one sheet for each variable, named after it, with the "
            "columns category, total.",
        )
        for name in missing
    ]  # fmt: skip
    return None if missing else found


def _variable(text: str) -> str:
    return next((name for name, words in VARIABLES.items() if plain(text) in words), "")


def _read(
    page: Page, known: Mapping[str, Mapping[str, str]], found: Totals, places: dict[str, Place], faults: list[Problem]
) -> None:
    columns = _columns(page, faults)
    if columns is None:
        return
    for number, cells in page.rows:
        told = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
        if not any(told.values()):
            continue

        def at(column: str, row: int = number) -> Place:
            return Place(page.place.source, page.place.sheet, row, page.header[columns[column]])

        variable = _variable(told["variable"]) if "variable" in columns else _variable(page.title)
        if variable not in known:
            where = at("variable") if "variable" in columns else page.place
            faults.append(
                Problem(
                    "“%(text)s” is nothing that this round can be weighted by.", place=where,
                    text=told.get("variable", page.title)[:60], hint="These are possible: %(known)s.",
                    known=", ".join(_TOLD[name] for name in known),
                )
            )  # fmt: skip
            continue
        key = known[variable].get(plain(told["category"]))
        if key is None:
            faults.append(
                Problem(
                    "%(variable)s has no category “%(text)s”.", place=at("category"), variable=_TOLD[variable],
                    text=told["category"][:60], hint="These are known: %(known)s.",
                    known=", ".join(dict.fromkeys(known[variable].values())),
                )
            )  # fmt: skip
            continue
        total = as_number(told["total"].replace(",", "").replace("，", ""))
        if total is None or total < 0:
            faults.append(
                Problem(
                    "“%(text)s” is no total: write a number of 0 or more.", place=at("total"), text=told["total"][:60]
                )
            )
        elif key in found.get(variable, {}):
            faults.append(Problem("“%(text)s” stands twice.", place=at("category"), text=told["category"][:60]))
        else:
            found.setdefault(variable, {})[key] = total
            places.setdefault(variable, Place(page.place.source, page.place.sheet, number))


def _gaps(found: Totals, known: Mapping[str, Mapping[str, str]], places: Mapping[str, Place]) -> list[Problem]:
    return [
        Problem(
            "%(variable)s has no total for %(key)s.", place=places[variable], variable=_TOLD[variable], key=key,
            hint="Give every category a total; 0 where there is nobody.",
        )
        for variable, totals in found.items()
        for key in dict.fromkeys(known[variable].values())
        if key not in totals
    ]  # fmt: skip


def _sums(found: Totals, register: Mapping[str, float], places: Mapping[str, Place]) -> list[Problem]:
    """Variables of one population add up to one number; one that the file does not give is the register's."""
    sums = {name: sum(found[name].values()) if name in found else number for name, number in register.items()}
    faults = [
        Problem("The totals of %(variable)s are all 0.", place=places[name], variable=_TOLD[name])
        for name in found
        if sums[name] <= 0
    ]
    first, *others = sums
    return faults or [
        Problem(
            "The totals of %(first)s add up to %(one)s, those of %(second)s to %(other)s.",
            place=places.get(other) or places[first], first=_TOLD[first], one=f"{sums[first]:.12g}",
            second=_TOLD[other], other=f"{sums[other]:.12g}",
            hint="Both are of the same people: give totals of both, or such as add up to the register's.",
        )
        for other in others
        if abs(sums[first] - sums[other]) > 1e-9 * max(sums[first], sums[other])
    ]  # fmt: skip
