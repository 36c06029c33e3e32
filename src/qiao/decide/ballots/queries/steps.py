"""The steps of a ranked count as its pages tell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qiao.base.i18n import pick
from qiao.decide.ballots.models import Ballot, BallotItem


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round of a run-off: titles with votes, most first; who left; papers that named nobody left."""

    number: int
    votes: tuple[tuple[str, float], ...]
    out: str
    tied: tuple[str, ...]
    exhausted: float
    last: bool


@dataclass(frozen=True, slots=True)
class Duel:
    """Two projects against each other: the one that stands ahead in the order first."""

    ahead: str
    behind: str
    votes_ahead: int
    votes_behind: int
    no_preference: int
    path_ahead: int
    path_behind: int

    @property
    def by_paths(self) -> bool:
        """Whether the order of the two comes from chains of duels and not from their own."""
        return self.votes_ahead <= self.votes_behind and self.path_ahead > self.path_behind

    @property
    def equal(self) -> bool:
        """Whether nothing but the order of the paper parts them."""
        return self.path_ahead == self.path_behind


def rounds_of(ballot: Ballot, items: list[BallotItem]) -> tuple[RoundLine, ...]:
    """Every round of a run-off; empty for other rules and where counts are not shown."""
    titles = _titles(items)
    rounds = ballot.working.get("rounds", [])
    place = {code: number for number, code in enumerate(ballot.working.get("order", ()))}
    return tuple(
        RoundLine(
            number=number,
            votes=tuple(
                (titles[code], votes)
                for code, votes in sorted(each["votes"].items(), key=lambda one: (-one[1], place.get(one[0], 0)))
            ),
            out=titles.get(each["out"] or "", ""),
            tied=tuple(titles[code] for code in each["tied"]),
            exhausted=each["exhausted"],
            last=len(each["votes"]) == 1,
        )
        for number, each in enumerate(rounds, 1)
    )


def duels_of(ballot: Ballot, items: list[BallotItem], valid: int) -> tuple[Duel, ...]:
    """Every pair of a Schulze count in the final order; empty for other rules and where counts are not shown."""
    working = ballot.working
    if "beats" not in working:
        return ()
    titles, at = _titles(items), {code: number for number, code in enumerate(working["codes"])}
    beats, paths, order = working["beats"], working["paths"], working["order"]
    duels = []
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            a, b = at[one], at[other]
            duels.append(
                Duel(
                    titles[one], titles[other], beats[a][b], beats[b][a], valid - beats[a][b] - beats[b][a],
                    paths[a][b], paths[b][a],
                )
            )  # fmt: skip
    return tuple(duels)


def _titles(items: list[BallotItem]) -> Mapping[str, str]:
    return {item.proposal_code: pick(item.title) for item in items}
