"""The yearly table of a unit: computed rows, the year before beside them, as a page shows and a file holds them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.org.units.models import Unit
from qiao.org.yearbook.choices import TableAxis
from qiao.org.yearbook.models import Edition, YearRow
from qiao.org.yearbook.rules import FIGURES, Figure


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: ``value`` None where it is a small cell or hidden with one; ``before``: the year before, if known."""

    figure: Figure
    value: int | None
    before: int | None = None
    compared: bool = False

    @property
    def change(self) -> int | None:
        """How many more than the year before; None where either is hidden or unknown."""
        return self.value - self.before if self.value is not None and self.before is not None else None


@dataclass(frozen=True, slots=True)
class Block:
    """The figures of one kind for the whole unit."""

    key: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: a unit below, or a sector union (None: no sector link)."""

    unit: Unit | None
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TablePage:
    """What the page of a unit and a year shows; ``blocks`` empty where the unit is not in the edition.

    ``compared``: the year before is known.
    """

    edition: Edition
    unit: Unit
    axis: str
    blocks: tuple[Block, ...]
    columns: tuple[Figure, ...]
    lines: tuple[Line, ...]
    overdue_rate: float | None
    women_share: float | None
    compared: bool


#: What the rows below show: the columns that compare units; the whole unit shows all.
_COLUMNS = ("unions", "employers", "members", "women", "full_time", "part_time", "chairs_vacant", "overdue")


def editions() -> list[Edition]:
    """All editions, the latest year first."""
    return list(Edition.objects.order_by("-year"))


def edition_of(year: int) -> Edition:
    """The edition of a year; raises Edition.DoesNotExist."""
    return Edition.objects.get(year=year)


def years_to_freeze(this_year: int) -> list[int]:
    """Years that are over and not frozen, in order."""
    return list(
        Edition.objects.filter(year__lt=this_year, frozen__isnull=True).order_by("year").values_list("year", flat=True)
    )


def table_page(edition: Edition, unit: Unit, axis: str) -> TablePage:
    """The table of a unit in an edition, by place or by sector: four queries."""
    former = Edition.objects.filter(year=edition.year - 1).order_by("pk").first()
    own = YearRow.objects.filter(edition=edition, unit=unit, axis=TableAxis.PLACE).order_by("pk").first()
    before = (
        YearRow.objects.filter(edition=former, unit=unit, axis=TableAxis.PLACE).order_by("pk").first()
        if former
        else None
    )
    cells = {figure.key: _cell(figure, own, before) for figure in FIGURES} if own else {}
    groups = _groups()
    blocks = tuple(
        Block(key, label, tuple(cell for cell in cells.values() if cell.figure.group == key and _worth(cell)))
        for key, label in groups.items()
        if cells
    )
    columns = tuple(figure for figure in FIGURES if figure.key in _COLUMNS)
    return TablePage(
        edition=edition,
        unit=unit,
        axis=axis,
        blocks=blocks,
        columns=columns,
        lines=tuple(_lines(edition, unit, axis, columns)),
        overdue_rate=_rate(own.figures) if own else None,
        women_share=_share(cells),
        compared=before is not None,
    )


def _worth(cell: Cell) -> bool:
    """Kinds of ownership nobody has are left out; every other figure is shown, also where it is 0."""
    return cell.figure.group != "ownership" or bool(cell.value or cell.before)


def _cell(figure: Figure, row: YearRow, before: YearRow | None = None) -> Cell:
    return Cell(figure, _value(row, figure.key), _value(before, figure.key) if before else None, before is not None)


def _value(row: YearRow, key: str) -> int | None:
    return None if key in row.hidden else int(row.figures.get(key, 0))


def _lines(edition: Edition, unit: Unit, axis: str, columns: tuple[Figure, ...]) -> Iterator[Line]:
    rows = YearRow.objects.filter(edition=edition, axis=axis)
    if axis == TableAxis.SECTOR:
        for row in rows.filter(unit=unit).select_related("group").order_by("group__label"):
            label = pick(row.group.name) if row.group else _("Without a sector link")
            yield Line(row.group, label, tuple(_cell(figure, row) for figure in columns))
        return
    for row in rows.filter(unit__parent=unit).select_related("unit").order_by("unit__kind", "unit__label")[:500]:
        yield Line(row.unit, pick(row.unit.name), tuple(_cell(figure, row) for figure in columns))


def _rate(figures: Mapping[str, int]) -> float | None:
    active = figures.get("unions", 0) + figures.get("hubs", 0)
    return figures.get("overdue", 0) / active if active else None


def _share(cells: Mapping[str, Cell]) -> float | None:
    """Women among those who said their sex; None where either is hidden or nobody said it."""
    if not cells or cells["women"].value is None or not cells["said"].value:
        return None
    return cells["women"].value / cells["said"].value


def _groups() -> dict[str, str]:
    return {
        "unions": _("Unions"),
        "members": _("Members"),
        "staff": _("Officers"),
        "democracy": _("Democracy"),
        "ownership": _("Base unions by ownership"),
    }


def edition_lines(edition: Edition) -> Iterator[str]:
    """The edition as public text, line by line (CSV, UTF-8, LF): what is hashed when it is frozen.

    Rows in the order of the units; keys as columns, so that no language changes the text; hidden cells as "x".
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")

    def line(values: list[object]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(values)
        return buffer.getvalue()

    keys = [figure.key for figure in FIGURES]
    yield line(["year", "as_of", "unit", "axis", "group", *keys])
    rows = (
        YearRow.objects.filter(edition=edition)
        .order_by("unit_id", "axis", "group_id")
        .values_list("label", "axis", "group_label", "figures", "hidden")
    )
    # Labels as they were then: a unit that moves later gets another one, and the text would change.
    for unit, axis, group, figures, hidden in rows.iterator():
        cells = ["x" if key in hidden else figures.get(key, 0) for key in keys]
        yield line([edition.year, edition.as_of.isoformat(), unit, axis, group, *cells])
