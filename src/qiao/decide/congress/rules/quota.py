"""How many delegates, from which constituency, and who has to be among them. Whole numbers and exact fractions only.

A floor (women, front-line workers) is rounded up to a whole delegate, a ceiling (managers) down: a share the rule
demands is then truly reached, and one it forbids is never passed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from qiao.base.problems import Problem
from qiao.decide.congress.choices import Table


def exact(share: float) -> Fraction:
    """A share typed as a decimal, or the float of a third, as the fraction that was meant."""
    return Fraction(share).limit_denominator(10_000)


def at_least(share: float | Fraction, number: int) -> int:
    """The smallest whole number that is not below ``share`` of ``number``."""
    return math.ceil(_fraction(share) * number)


def at_most(share: float | Fraction, number: int) -> int:
    """The greatest whole number that is not above ``share`` of ``number``."""
    return math.floor(_fraction(share) * number)


def more_than(share: float | Fraction, number: int) -> int:
    """The smallest whole number above ``share`` of ``number``: of 30 more than half are 16, of 31 too."""
    return math.floor(_fraction(share) * number) + 1


def _fraction(share: float | Fraction) -> Fraction:
    return share if isinstance(share, Fraction) else exact(share)


def fewest_delegates(table: str, workers: int) -> int:
    """The fewest delegates so many workers elect by a table (SH-WC, ZJ-EM). Each full hundred or thousand counts.

    Raises Problem below 100 workers, for whom neither table says a number.
    """
    if workers < 100:
        raise Problem("The table begins at 100 workers: with fewer all of them meet.")
    if table == Table.SH:
        return 30 + 5 * ((min(workers, 3_000) - 100) // 100)
    if table == Table.ZJ:
        if workers < 1_000:
            return 40 + 7 * ((workers - 100) // 100)
        return 100 + 20 * ((workers - 1_000) // 1_000) if workers <= 5_000 else 200
    raise Problem("There is no table “%(table)s”.", table=table)


@dataclass(frozen=True, slots=True)
class Electorate:
    """The workers delegates are elected by; ``women`` and ``front_line`` of them."""

    workers: int
    women: int
    front_line: int

    def check(self) -> None:
        """Raise Problem where the numbers do not fit together."""
        if self.workers < 1:
            raise Problem("Write how many workers there are.")
        if not 0 <= self.women <= self.workers or not 0 <= self.front_line <= self.workers:
            raise Problem("There cannot be more women or front-line workers than workers (%(n)d).", n=self.workers)


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares in force: see the settings of the same names."""

    managers: float
    front_line: float
    women_part: float


@dataclass(frozen=True, slots=True)
class Demand:
    """One line of the quota table. ``ceiling``: at most ``demanded``, else at least."""

    key: str
    demanded: int
    elected: int
    seats: int
    ceiling: bool = False

    @property
    def missing(self) -> int:
        """How many are missing, or how many there are too many of."""
        gap = self.elected - self.demanded if self.ceiling else self.demanded - self.elected
        return max(gap, 0)

    @property
    def share(self) -> float | None:
        """Their share of the delegates elected so far."""
        return self.elected / self.seats if self.seats else None


def women_demanded(seats: int, electorate: Electorate, part: float) -> int:
    """The women among ``seats`` delegates: their share of the workers, as far as ``part`` says, rounded up."""
    return at_least(exact(part) * Fraction(electorate.women, electorate.workers), seats)


def front_line_demanded(seats: int, electorate: Electorate, share: float) -> int:
    """The front-line workers among them: the share in force, never more than their own share of the workers allows."""
    least = min(exact(share), Fraction(electorate.front_line, electorate.workers))
    return at_least(least, seats)


def demands(
    electorate: Electorate, shares: Shares, *, seats: int, elected: int, women: int, front_line: int, managers: int
) -> tuple[Demand, ...]:
    """The quota table: front-line workers, women, managers, of ``elected`` delegates for ``seats`` seats.

    The managers' ceiling counts those elected: an empty seat makes no room for a manager.
    """
    return (
        Demand("front_line", front_line_demanded(seats, electorate, shares.front_line), front_line, elected),
        Demand("women", women_demanded(seats, electorate, shares.women_part), women, elected),
        Demand("managers", at_most(shares.managers, elected), managers, elected, ceiling=True),
    )


def apportion(electors: Sequence[int], seats: int) -> list[int]:
    """Seats for constituencies by their electors: one for each, the rest by highest averages (Sainte-Laguë).

    Of equal averages the larger constituency, then the one listed first, gets the seat. More seats never take one
    away, and a larger constituency never has fewer. Raises Problem for fewer seats than constituencies, or none.
    """
    if not electors or min(electors) < 1:
        raise Problem("Every constituency needs electors.")
    if seats < len(electors):
        raise Problem(
            "There are more constituencies (%(places)d) than seats (%(seats)d): join small ones.",
            places=len(electors), seats=seats,
        )  # fmt: skip
    given = [1] * len(electors)
    for _seat in range(seats - len(electors)):
        best = max(
            range(len(electors)),
            key=lambda place: (Fraction(electors[place], 2 * given[place] + 1), electors[place], -place),
        )
        given[best] += 1
    return given
