"""Retelling a count by equal shares: who paid what for each project bought, and where two stood equal.

The count itself is made by the kernel. This module walks through its list of purchases again, by its own arithmetic,
so that the result page can say in money why each project was bought, and so that a count which does not follow the
rule is noticed before anybody sees it.

The rule (Peters, Pierczyński, Skowron 2021): each of n voters has B / n. In every round a project whose supporters
together still have its cost is bought; they pay the same, except those who have less left, who pay all they have.
Bought is the project with the smallest price: the most a supporter pays, divided by what the project is worth to that
supporter (its cost), which is the part of the project a supporter has to carry. Where the rules of the vote say so,
what is left over then buys, of the projects that still fit, the one with the most votes, and so on.
Arithmetic is exact (fractions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

#: Voters with one and the same set of approvals always have the same left: they are reckoned together.
Supporters = tuple[frozenset[str], int]


@dataclass(frozen=True, slots=True)
class Paid:
    """How the voters who wanted a project paid for it: how many gave the full part, how many only what they had."""

    supporters: int
    most: Fraction
    full: int
    rest: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """One project bought. ``by_shares`` is False where it was bought from what was left over."""

    project: str
    paid: Paid | None
    tied_with: tuple[str, ...]
    by_shares: bool
    #: Whether no project left had a better claim: False means the list does not follow the rule.
    due: bool


def retell(
    *,
    budget: Fraction,
    costs: Mapping[str, Fraction],
    groups: Mapping[frozenset[str], int],
    bought: Sequence[str],
    by_shares: int,
) -> list[Purchase]:
    """Walk through ``bought`` (the kernel's order; the first ``by_shares`` of them by shares).

    ``costs`` maps each project to its cost, ``groups`` each set of approvals to how many voters gave it.
    """
    voters = sum(groups.values())
    left = dict.fromkeys(groups, budget / voters) if voters else {}
    told: list[Purchase] = []
    remaining = set(costs)
    votes = {name: sum(number for wanted, number in groups.items() if name in wanted) for name in costs}
    known: dict[str, Fraction] = {}
    purse = budget
    for place, project in enumerate(bought):
        purse -= costs[project]
        if place >= by_shares:
            fitting = {name for name in remaining if costs[name] <= purse + costs[project]}
            most = max((votes[name] for name in fitting), default=0)
            tied = tuple(sorted(name for name in fitting - {project} if votes[name] == votes[project]))
            due = project in fitting and votes[project] == most
            told.append(Purchase(project, None, tied, by_shares=False, due=due))
            remaining.discard(project)
            continue
        prices = _lowest_prices(costs, remaining, known, groups, left)
        own = _most(costs[project], _purses(project, groups, left))
        if own is None:
            told.append(Purchase(project, None, (), by_shares=True, due=False))
            continue
        price, lowest = own / costs[project], min(prices.values())
        tied = tuple(sorted(name for name, other in prices.items() if name != project and other == price))
        paid = _pay(project, own, groups, left)
        told.append(Purchase(project, paid, tied, by_shares=True, due=price == lowest))
        remaining.discard(project)
    return told


def _lowest_prices(
    costs: Mapping[str, Fraction],
    remaining: Iterable[str],
    known: dict[str, Fraction],
    groups: Mapping[frozenset[str], int],
    left: Mapping[frozenset[str], Fraction],
) -> dict[str, Fraction]:
    """Prices of the projects that can be bought, as many as it takes to be sure which are lowest.

    ``known`` keeps what each asked last: purses only shrink, so a price never falls, and a project whose last price is
    above the best one of this round need not be reckoned again.
    """
    found: dict[str, Fraction] = {}
    for name in sorted(remaining, key=lambda name: known.get(name, Fraction(0))):
        if found and known.get(name, Fraction(0)) > min(found.values()):
            break
        part = _most(costs[name], _purses(name, groups, left))
        if part is not None:
            found[name] = known[name] = part / costs[name]
    return found


def _purses(
    project: str, groups: Mapping[frozenset[str], int], left: Mapping[frozenset[str], Fraction]
) -> list[tuple[Fraction, int]]:
    return sorted((left[wanted], number) for wanted, number in groups.items() if project in wanted)


def _most(cost: Fraction, purses: Sequence[tuple[Fraction, int]]) -> Fraction | None:
    """The part x with Σ min(left, x) = cost, or None where the supporters have too little left."""
    paid, payers = Fraction(0), sum(number for _money, number in purses)
    for money, number in purses:
        part = (cost - paid) / payers
        if part <= money:
            return part
        paid += money * number
        payers -= number
    return None


def _pay(
    project: str, most: Fraction, groups: Mapping[frozenset[str], int], left: dict[frozenset[str], Fraction]
) -> Paid:
    full = rest = 0
    for wanted, number in groups.items():
        if project not in wanted:
            continue
        if left[wanted] >= most:
            full += number
        else:
            rest += number
        left[wanted] -= min(most, left[wanted])
    return Paid(full + rest, most, full, rest)
