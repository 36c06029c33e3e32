"""Sheets as pages and files show them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.judge.allocation.choices import PUBLIC_STATES, Level
from qiao.judge.allocation.models import Sheet, SheetLine
from qiao.judge.allocation.rules.settings import LABELS
from qiao.judge.allocation.rules.sheet import INPUTS, STEP
from qiao.org.units.choices import WORKING, UnitKind
from qiao.org.units.models import Unit
from qiao.org.yearbook.choices import InputState
from qiao.org.yearbook.models import AllocationInput
from qiao.org.yearbook.queries.inputs import BaseShare, base_share

#: Lines of one page; the file holds all.
SHOWN = 100
#: Kinds of units with units below them to divide among.
UPPER = (UnitKind.FEDERATION, UnitKind.DISTRICT, UnitKind.HUB, UnitKind.INDUSTRY)
#: What reads and acts on sheets that are not public yet.
OFFICE = ("allocation.compute", "allocation.decide", "allocation.audit")


@dataclass(frozen=True, slots=True)
class Weight:
    """One input with its weight, and what part of the budget would go elsewhere if the weight moved by ``step``."""

    key: str
    label: str
    weight: float
    down: float | None
    up: float | None
    missing: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line as shown; amounts in yuan. ``per_member`` is the amount for each member."""

    line: SheetLine
    name: str
    amount: Decimal
    before: Decimal | None
    least: Decimal
    most: Decimal
    paid: Decimal | None
    per_member: Decimal
    width: int
    inputs: tuple[tuple[str, float | None, float], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of a sheet shows."""

    sheet: Sheet
    budget: Decimal
    rows: tuple[Row, ...]
    total: int
    weights: tuple[Weight, ...]
    points: int
    base_share: BaseShare | None
    contested: int


def amounts(cents: int | None) -> Decimal | None:
    """Cents as yuan."""
    return None if cents is None else Decimal(cents) / 100


def sheet_by_code(code: str, actor: Actor) -> Sheet:
    """The sheet; raises Sheet.DoesNotExist where there is none or it is not public and the actor has no part in it."""
    sheet = Sheet.objects.select_related("unit", "computed_by", "decided_by", "paid_by", "audited_by").get(code=code)
    if sheet.state not in PUBLIC_STATES and not any(actor.may(action, sheet.unit.path) for action in OFFICE):
        raise Sheet.DoesNotExist
    return sheet


def sheets_for(actor: Actor) -> list[Sheet]:
    """Public sheets and those one has a part in, newest first; 200 at most."""
    condition = Q(state__in=PUBLIC_STATES)
    for action in OFFICE:
        for path in actor.paths(action):
            condition |= Q(unit__path__startswith=path)
    return list(Sheet.objects.filter(condition).select_related("unit").order_by("-year", "-pk")[:200])


def units_to_divide(actor: Actor) -> list[Unit]:
    """Units among whose parts the actor may divide a budget: at the top of their own grants first; 500 at most."""
    condition = Q(pk__in=[])
    for path in actor.paths("allocation.compute"):
        condition |= Q(path__startswith=path)
    return list(Unit.objects.filter(condition, kind__in=UPPER, state__in=WORKING).order_by("path")[:500])


def contested_of(sheet: Sheet) -> int:
    """How many of the entered inputs of the sheet's units are contested now."""
    keys = SheetLine.objects.filter(sheet=sheet).values("unit_id")
    return AllocationInput.objects.filter(
        unit_id__in=keys, kind__in=["aid_files", "remoteness", "per_member"], state=InputState.CONTESTED
    ).count()


def sheet_page(sheet: Sheet, *, find: str = "") -> Page:
    """The page; the lines with the largest amounts first, or those whose label or name holds ``find``."""
    lines = SheetLine.objects.filter(sheet=sheet).select_related("unit")
    if find:
        lines = lines.filter(Q(label__iexact=find) | Q(unit__name__icontains=find))
    ordered = list(lines.order_by("-amount", "position")[:SHOWN])
    moves = {(move["input"], move["moved"]): move["shifted"] for move in sheet.figures.get("moves", [])}
    missing = sheet.figures.get("missing", {})
    greatest = max((line.amount / line.members for line in ordered), default=1) or 1
    return Page(
        sheet=sheet,
        budget=Decimal(sheet.budget) / 100,
        rows=tuple(_row(line, greatest) for line in ordered),
        total=lines.count(),
        weights=tuple(
            Weight(
                key, str(LABELS[key]), float(sheet.weights.get(key, 0)), moves.get((key, -STEP)),
                moves.get((key, STEP)), missing.get(key, 0),
            )
            for key in INPUTS
        ),
        points=round(100 * STEP),
        base_share=base_share(sheet.unit),
        contested=contested_of(sheet),
    )  # fmt: skip


def _row(line: SheetLine, greatest: float) -> Row:
    yuan = Decimal(line.amount) / 100
    return Row(
        line=line,
        name=pick(line.unit.name),
        amount=yuan,
        before=amounts(line.before),
        least=Decimal(line.least) / 100,
        most=Decimal(line.most) / 100,
        paid=amounts(line.paid),
        per_member=yuan / line.members,
        width=round(100 * line.amount / line.members / greatest),
        inputs=tuple((str(LABELS[key]), line.inputs.get(key), line.ranks[place]) for place, key in enumerate(INPUTS)),
    )


def levels_below(unit: Unit) -> list[tuple[str, str]]:
    """Levels there can be below a unit, as choices."""
    order = list(Level)
    first = {UnitKind.FEDERATION: 0, UnitKind.DISTRICT: 1, UnitKind.INDUSTRY: 1}.get(UnitKind(unit.kind), 2)
    return [(level.value, str(level.label)) for level in order[first:]]
