"""What may stand below what, and what a unit's state lets happen."""

from __future__ import annotations

from collections.abc import Sequence

from qiao.org.units.choices import LIVING, UnitKind, UnitState
from qiao.org.units.models import Unit

#: Levels from the top; a unit stands below one of a smaller or the same number (a city's federation below a
#: province's), but nothing stands below a base union.
_LEVEL = {
    UnitKind.FEDERATION: 0,
    UnitKind.DISTRICT: 1,
    UnitKind.INDUSTRY: 1,
    UnitKind.SECTOR: 1,
    UnitKind.HUB: 2,
    UnitKind.BASE_FEDERATION: 3,
    UnitKind.BASE: 4,
    UnitKind.JOINT_BASE: 4,
}
#: What fits into a path: 24 levels of five signs.
DEEPEST = 24


def may_stand_below(kind: str, above: str) -> bool:
    """Whether a unit of one kind may stand directly below one of the other."""
    return _LEVEL[UnitKind(above)] < _LEVEL[UnitKind.BASE] and _LEVEL[UnitKind(kind)] >= _LEVEL[UnitKind(above)]


def kinds_below(kind: str) -> Sequence[UnitKind]:
    """The kinds that may be founded directly below a unit of this kind."""
    return [below for below in UnitKind if may_stand_below(below, kind)]


def guides(kind: str) -> bool:
    """Whether units of this kind lead or guide others on the sector axis."""
    return kind in (UnitKind.SECTOR, UnitKind.INDUSTRY)


def takes_in(unit: Unit) -> bool:
    """Whether the unit may receive units and members: it is approved, and not on its way to its end."""
    return unit.state in LIVING and unit.state not in (UnitState.MERGING, UnitState.DISSOLVING)
