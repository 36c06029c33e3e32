"""What a paper may say: the marks of one voter brought into the form in which papers lie in the box."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from qiao.base.problems import Place, Problem
from qiao.decide.ballots.choices import RANKED_RULES, Rule


class Marks(NamedTuple):
    """What one paper says: codes, and beside them their ranks where the rule asks for an order."""

    marks: list[str]
    ranks: list[int]

    @property
    def blank(self) -> bool:
        """Whether it chooses nothing."""
        return not self.marks


def most_of(rule: str, most: int | None, listed: int) -> int:
    """How many of the listed projects one paper may name."""
    return min(most or listed, listed) if Rule(rule) in RANKED_RULES or Rule(rule) == Rule.LIMITED else listed


def mark_paper(
    *,
    rule: str,
    most: int | None,
    listed: Sequence[str],
    chosen: Collection[str] = (),
    ranks: Mapping[str, int] | None = None,
    may_be_blank: bool = False,
) -> Marks:
    """The marks of one voter, in one form only, so that no two papers that mean the same can be told apart.

    ``listed`` are the codes in the order of the ballot. Ranks are closed up (2, 2, 7 becomes 1, 1, 2). Raises Problem
    for a project that is not listed, too many of them, or none.
    """
    named = dict(ranks or {}) if Rule(rule) in RANKED_RULES else dict.fromkeys(chosen, 1)
    unknown = sorted(set(named) - set(listed))
    if unknown:
        raise Problem("This project is not on the ballot paper.", place=Place(source=unknown[0]))
    if not named:
        if may_be_blank:
            return Marks([], [])
        raise Problem("Choose at least one project.")
    allowed = most_of(rule, most, len(listed))
    if len(named) > allowed:
        raise Problem(
            "The paper names %(number)d projects; it may name %(most)d at most.", number=len(named), most=allowed
        )
    if Rule(rule) not in RANKED_RULES:
        return Marks([code for code in listed if code in named], [])
    if any(rank < 1 for rank in named.values()):
        raise Problem("Numbers begin with 1, which is the best.")
    places = {rank: place for place, rank in enumerate(sorted(set(named.values())), 1)}
    order = sorted(named, key=lambda code: (named[code], listed.index(code)))
    return Marks(order, [places[named[code]] for code in order])
