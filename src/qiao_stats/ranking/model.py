"""An election by ranked ballots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qiao_stats.errors import StatsError

#: One ballot: groups of candidates (by number from 0), the best first; those of a group stand equal, those on no group
#: stand equal below all others.
Order = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class RankedElection:
    """Candidates in the order of the paper, and how many ballots carry each order.

    The order of the paper breaks ties: of two that stand equal the one named first is ahead. ``meta`` keeps the header
    of the file.
    """

    candidates: tuple[str, ...]
    ballots: Mapping[Order, int]
    meta: Mapping[str, str] = field(default_factory=dict)

    @property
    def voters(self) -> int:
        """How many ballots there are, blank ones included."""
        return sum(self.ballots.values())


def check_ranked(election: RankedElection) -> None:
    """Refuse what no rule can honestly count. Raises `StatsError` naming the row of the order."""
    if not election.candidates:
        raise StatsError("there is nothing to choose from", column="candidates")
    size = len(election.candidates)
    for row, (order, times) in enumerate(election.ballots.items()):
        named = [candidate for group in order for candidate in group]
        if times < 1:
            raise StatsError("an order must stand on one ballot or more, not %(times)s", row=row, times=times)
        if any(not group for group in order):
            raise StatsError("an order has an empty place", row=row)
        if any(not 0 <= candidate < size for candidate in named):
            raise StatsError("an order names a candidate that does not stand", row=row)
        if len(set(named)) != len(named):
            raise StatsError("an order names a candidate twice", row=row)
