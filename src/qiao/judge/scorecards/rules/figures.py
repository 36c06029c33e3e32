"""Shares with their margins, changes from year to year, and which cells are hidden."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from scipy.stats import beta

from qiao_stats.trend import Point, change

#: Requests are complaints: below this number nothing is shown (handbook P7).
SMALLEST_CELL = 10
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A share ``part`` of ``of`` with its interval; all None where too few stand behind it."""

    part: int | None
    of: int | None
    share: float | None
    lower: float | None
    upper: float | None

    @property
    def hidden(self) -> bool:
        """Whether nothing is told."""
        return self.share is None


@dataclass(frozen=True, slots=True)
class Moved:
    """This year's figure beside the year before: the difference in points, its margin, whether it is more than chance.

    ``points`` is None where one of the two is hidden.
    """

    now: Figure
    before: Figure
    points: float | None
    margin: float | None
    p: float | None

    @property
    def sure(self) -> bool:
        """Whether chance alone would bring so large a change less than once in twenty times."""
        return self.p is not None and self.p < 1 - _CONFIDENCE


def figure(part: int, of: int, *, least: int = SMALLEST_CELL) -> Figure:
    """A share with the exact interval of Clopper and Pearson (1934); hidden below ``least``."""
    if of < least:
        return Figure(None, None, None, None, None)
    tail = (1 - _CONFIDENCE) / 2
    lower = float(beta.ppf(tail, part, of - part + 1)) if part else 0.0
    upper = float(beta.ppf(1 - tail, part + 1, of - part)) if part < of else 1.0
    return Figure(part, of, part / of, lower, upper)


def moved(now: tuple[int, int], before: tuple[int, int], *, least: int = SMALLEST_CELL) -> Moved:
    """The change between two years' shares, tested as two independent samples (:func:`qiao_stats.trend.change`)."""
    first, second = figure(*before, least=least), figure(*now, least=least)
    if first.hidden or second.hidden:
        return Moved(second, first, None, None, None)
    found = change("", _point("before", *before), _point("now", *now), confidence=_CONFIDENCE)
    margin = (found.upper - found.lower) / 2
    return Moved(
        second, first, 100 * found.difference, None if math.isnan(margin) else 100 * margin,
        None if math.isnan(found.p) else found.p,
    )  # fmt: skip


def _point(name: str, part: int, of: int) -> Point:
    # Agresti and Caffo (2000): one success and one failure more, so that 0 and 100 % have a margin too.
    share = (part + 1) / (of + 2)
    return Point(name, part / of, math.sqrt(share * (1 - share) / (of + 2)), of - 1)


def told_apart(cells: Mapping[str, int], *, least: int = SMALLEST_CELL) -> frozenset[str]:
    """Which of these counts must be hidden while their sum is shown: small ones, and one more where one alone is small.

    A single hidden cell could be computed back from the sum; the smallest of the rest goes with it.
    """
    hidden = {key for key, n in cells.items() if 0 < n < least}
    rest = sorted((n, key) for key, n in cells.items() if n >= least)
    if hidden and (len(hidden) == 1 or sum(cells[key] for key in hidden) < least) and rest:
        hidden.add(rest[0][1])
    return frozenset(hidden)
