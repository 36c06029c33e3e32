"""Sharing a budget among projects by the members' ballots, in exact arithmetic, with pabutools.

Sources: Peters, Pierczyński and Skowron, "Proportional participatory budgeting with additive utilities" (NeurIPS 2021)
for the method of equal shares; Brill, Freeman, Janson and Lackner (AAAI 2017) for sequential Phragmén; Rey et al.,
"pabutools" for the implementation. Ties break by the project's id, compared as text.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from qiao_stats.errors import StatsError
from qiao_stats.share.model import Completion, Election, Result, Rule, Satisfaction, VoteType, check_election

_DEFAULT = {
    VoteType.APPROVAL: Satisfaction.COST,
    VoteType.CHOOSE_1: Satisfaction.COST,
    VoteType.CUMULATIVE: Satisfaction.ADDITIVE_CARDINAL,
    VoteType.SCORING: Satisfaction.ADDITIVE_CARDINAL,
    VoteType.ORDINAL: Satisfaction.ADDITIVE_BORDA,
}
_MEANT_FOR = {
    Satisfaction.ADDITIVE_CARDINAL: {VoteType.CUMULATIVE, VoteType.SCORING},
    Satisfaction.ADDITIVE_BORDA: {VoteType.ORDINAL},
}
_FRAMES_PER_PROJECT = 4


def default_satisfaction(vote_type: VoteType) -> Satisfaction:
    """The measure in practice: cost for approvals (as in the cities that use equal shares), points, or Borda scores."""
    return _DEFAULT[vote_type]


def share_budget(
    election: Election,
    rule: Rule,
    *,
    satisfaction: Satisfaction | None = None,
    completion: Completion = Completion.NONE,
    increment: Fraction = Fraction(1),
) -> Result:
    """Choose projects within the budget.

    Greedy takes, in turn, the affordable project of the most satisfaction for its cost. Equal shares give every voter
    budget ÷ voters and take, in turn, the project whose supporters can pay for it at the least price per satisfaction.
    ``completion`` says what equal shares do with what is left: nothing; add the greedy choice; raise every voter's
    share by ``increment`` until that would overspend (add1); or both. ``satisfaction`` is `default_satisfaction`
    unless given.

    Raises `StatsError` for an election that cannot be counted, or a measure or rule that does not fit its ballots.
    """
    check_election(election)
    measure = satisfaction or default_satisfaction(election.vote_type)
    _check_fit(election, rule, measure, completion, increment)
    votes = Counter(project for ballot in election.ballots for project in ballot.projects)
    counted = {project.id: votes[project.id] for project in election.projects}
    chosen: tuple[str, ...] = ()
    if election.ballots and election.projects:
        with _deep_enough(len(election.projects)):
            chosen = _choose(election, rule, measure, completion, increment)
    costs = {project.id: project.cost for project in election.projects}
    total = sum((costs[project] for project in chosen), Fraction(0))
    return Result(chosen, total, election.budget, rule, measure, completion, counted)


def _check_fit(
    election: Election, rule: Rule, measure: Satisfaction, completion: Completion, increment: Fraction
) -> None:
    fits = _MEANT_FOR.get(measure)
    if fits and election.vote_type not in fits:
        raise StatsError(
            "the satisfaction %(measure)s does not fit ballots of type %(type)s",
            column="satisfaction",
            measure=measure.value,
            type=election.vote_type.value,
        )
    if rule is Rule.PHRAGMEN and election.vote_type not in {VoteType.APPROVAL, VoteType.CHOOSE_1}:
        raise StatsError("Phragmén's rule counts approvals only", column="rule")
    if completion is not Completion.NONE and rule is not Rule.EQUAL_SHARES:
        raise StatsError("only equal shares leave money over to complete with", column="completion")
    if increment <= 0:
        raise StatsError("the increment must be more than nothing", column="increment")


def _choose(
    election: Election, rule: Rule, measure: Satisfaction, completion: Completion, increment: Fraction
) -> tuple[str, ...]:
    from pabutools.rules import (
        completion_by_rule_combination,
        greedy_utilitarian_welfare,
        method_of_equal_shares,
        sequential_phragmen,
    )

    instance, profile = _as_pabutools(election)
    if rule is Rule.PHRAGMEN:
        chosen = sequential_phragmen(instance, profile)
    else:
        sat = _measure(measure)
        # All our measures are additive; pabutools knows it of all but Borda's, and is far slower where it does not.
        greedily = {"sat_class": sat, "is_sat_additive": True}
        if rule is Rule.GREEDY:
            chosen = greedy_utilitarian_welfare(instance, profile, **greedily)
        else:
            shares: dict[str, Any] = {"sat_class": sat}
            if completion in {Completion.ADD1, Completion.ADD1_GREEDY}:
                shares["voter_budget_increment"] = _exact(increment)
            if completion in {Completion.GREEDY, Completion.ADD1_GREEDY}:
                chosen = completion_by_rule_combination(
                    instance,
                    profile,
                    [method_of_equal_shares, greedy_utilitarian_welfare],
                    [shares, greedily],
                )
            else:
                chosen = method_of_equal_shares(instance, profile, **shares)
    return tuple(str(project.name) for project in chosen)


def _measure(measure: Satisfaction) -> Callable[..., Any]:
    from pabutools import election as pb

    measures: dict[Satisfaction, Callable[..., Any]] = {
        Satisfaction.COST: pb.Cost_Sat,
        Satisfaction.CARDINALITY: pb.Cardinality_Sat,
        Satisfaction.ADDITIVE_CARDINAL: pb.Additive_Cardinal_Sat,
        Satisfaction.ADDITIVE_BORDA: pb.Additive_Borda_Sat,
    }
    return measures[measure]


def _exact(value: Fraction) -> Any:
    from pabutools.fractions import frac

    return frac(value.numerator, value.denominator)


def _as_pabutools(election: Election) -> tuple[Any, Any]:
    """The election in pabutools' own classes."""
    from pabutools import election as pb

    projects = {project.id: pb.Project(project.id, _exact(project.cost)) for project in election.projects}
    instance = pb.Instance(projects.values(), budget_limit=_exact(election.budget))
    if election.vote_type in {VoteType.APPROVAL, VoteType.CHOOSE_1}:
        # Equal ballots are counted together: the outcome is the same, and most elections have few different ones.
        whole = pb.ApprovalMultiProfile(instance=instance)
        said = Counter(frozenset(ballot.projects) for ballot in election.ballots)
        for names in sorted(said, key=sorted):
            whole[pb.FrozenApprovalBallot(projects[name] for name in names)] = said[names]
        return instance, whole
    if election.vote_type is VoteType.ORDINAL:
        profile = pb.OrdinalProfile(
            pb.OrdinalBallot([projects[name] for name in ballot.projects]) for ballot in election.ballots
        )
    else:
        made, kind = (
            (pb.CumulativeBallot, pb.CumulativeProfile)
            if election.vote_type is VoteType.CUMULATIVE
            else (pb.CardinalBallot, pb.CardinalProfile)
        )
        profile = kind(
            made({projects[name]: _exact(points) for name, points in zip(ballot.projects, ballot.points, strict=True)})
            for ballot in election.ballots
        )
    return instance, profile.as_multiprofile()


@contextmanager
def _deep_enough(projects: int) -> Iterator[None]:
    """pabutools calls itself once for every project it takes: make room for large ballots, and give it back."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, before + _FRAMES_PER_PROJECT * projects))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
