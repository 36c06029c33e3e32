"""Instant run-off and Schulze's method, exact and with every step kept.

Sources: Tideman, "Collective Decisions and Voting" (2006), chapter 12, for instant run-off; Schulze, "A new monotonic,
clone-independent, reversal symmetric, and Condorcet-consistent single-winner election method", Social Choice and
Welfare 36 (2011), for the other, with winning votes as the strength of a link. Ties break by the order of the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from qiao_stats.errors import StatsError
from qiao_stats.ranking.model import RankedElection, check_ranked

Counts = NDArray[np.int64]


class RankedRule(StrEnum):
    """How ranked ballots are counted."""

    INSTANT_RUNOFF = "instant-runoff"
    SCHULZE = "schulze"


@dataclass(frozen=True, slots=True)
class Round:
    """One round of an instant run-off: the votes of those still in, ballots that name none of them, who leaves.

    ``out`` is None in the last round. ``tied`` names the others who had as few votes.
    """

    votes: dict[int, Fraction]
    exhausted: Fraction
    out: int | None
    tied: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedResult:
    """The outcome: candidates by number, the winner first. ``tied`` are pairs parted only by the paper's order."""

    rule: RankedRule
    order: tuple[int, ...]
    rounds: tuple[Round, ...]
    beats: Counts | None
    paths: Counts | None
    tied: tuple[tuple[int, int], ...]

    @property
    def winner(self) -> int:
        """The first of the order."""
        return self.order[0]


def count_ranked(election: RankedElection, rule: RankedRule) -> RankedResult:
    """Count an election by one of the rules. Raises `StatsError` for one that cannot be counted."""
    return instant_runoff(election) if rule is RankedRule.INSTANT_RUNOFF else schulze(election)


def instant_runoff(election: RankedElection) -> RankedResult:
    """Count by instant run-off until two or fewer are left; who leaves last stands highest.

    A ballot counts for the highest it names of those still in; where it puts several of them equal, each has an equal
    part of it. The one with the fewest votes leaves, of several the one furthest down the paper. Rounds go on to the
    last two, so that they part the whole order; a majority on the way is a majority at the end.
    """
    check_ranked(election)
    inside = list(range(len(election.candidates)))
    rounds: list[Round] = []
    leaving: list[int] = []
    while True:
        votes, exhausted = _first_choices(election, set(inside))
        if len(inside) == 1:
            rounds.append(Round(votes, exhausted, None))
            break
        fewest = min(votes.values())
        equal = [candidate for candidate in inside if votes[candidate] == fewest]
        out = equal[-1]
        rounds.append(Round(votes, exhausted, out, tuple(equal[:-1])))
        inside.remove(out)
        leaving.append(out)
    order = (inside[0], *reversed(leaving))
    tied = tuple((other, one.out) for one in rounds if one.out is not None for other in one.tied)
    return RankedResult(RankedRule.INSTANT_RUNOFF, order, tuple(rounds), None, None, tied)


def schulze(election: RankedElection) -> RankedResult:
    """Count by Schulze's method: one is ahead of another whose strongest path back to it is weaker.

    That relation is transitive, so the number of candidates somebody is ahead of sorts them; equal numbers are ties,
    which the order of the paper breaks.
    """
    check_ranked(election)
    beats = pairwise(election)
    paths = strongest_paths(beats)
    ahead = paths > paths.T
    size = len(election.candidates)
    wins = ahead.sum(axis=1)
    order = tuple(sorted(range(size), key=lambda one: (-int(wins[one]), one)))
    tied = tuple(
        (one, other)
        for place, one in enumerate(order)
        for other in order[place + 1 :]
        if wins[one] == wins[other] and not ahead[one, other]
    )
    return RankedResult(RankedRule.SCHULZE, order, (), beats, paths, tied)


def pairwise(election: RankedElection) -> Counts:
    """How many ballots put the candidate of the row above the one of the column, shape (candidates, candidates)."""
    size = len(election.candidates)
    if election.voters >= 2**62:
        raise StatsError("there are too many ballots to count")
    places = np.full((len(election.ballots), size), size, dtype=np.int32)
    for row, order in enumerate(election.ballots):
        for place, group in enumerate(order):
            for candidate in group:
                places[row, candidate] = place
    times = np.fromiter(election.ballots.values(), dtype=np.int64, count=len(election.ballots))
    table = np.zeros((size, size), dtype=np.int64)
    for candidate in range(size):
        table[candidate] = times @ (places[:, [candidate]] < places)
    return table


def strongest_paths(beats: Counts) -> Counts:
    """The strength of the strongest path from row to column, by Floyd's and Warshall's algorithm; 0 on the diagonal."""
    paths: Counts = np.where(beats > beats.T, beats, 0)
    for middle in range(len(paths)):
        paths = np.maximum(paths, np.minimum(paths[:, [middle]], paths[[middle], :]))
    np.fill_diagonal(paths, 0)
    return paths


def _first_choices(election: RankedElection, inside: set[int]) -> tuple[dict[int, Fraction], Fraction]:
    """What those still in have, and the ballots that name none of them."""
    whole = dict.fromkeys(sorted(inside), 0)
    parts: dict[int, Fraction] = {}
    exhausted = 0
    for order, times in election.ballots.items():
        for group in order:
            here = [candidate for candidate in group if candidate in inside]
            if len(here) == 1:
                whole[here[0]] += times
                break
            if here:
                for candidate in here:
                    parts[candidate] = parts.get(candidate, Fraction(0)) + Fraction(times, len(here))
                break
        else:
            exhausted += times
    return {one: votes + parts.get(one, Fraction(0)) for one, votes in whole.items()}, Fraction(exhausted)
