"""An election over a budget, and its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from qiao_stats.errors import StatsError


class VoteType(StrEnum):
    """How voters say what they want."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"


class Rule(StrEnum):
    """How a budget is shared."""

    EQUAL_SHARES = "equal-shares"
    GREEDY = "greedy"
    PHRAGMEN = "phragmen"


class Satisfaction(StrEnum):
    """What a chosen project is worth to a voter who wanted it: its cost, one, the points given, or the Borda score."""

    COST = "cost"
    CARDINALITY = "cardinality"
    ADDITIVE_CARDINAL = "additive_cardinal"
    ADDITIVE_BORDA = "additive_borda"


class Completion(StrEnum):
    """What is done with money that equal shares leave over."""

    NONE = "none"
    GREEDY = "greedy"
    ADD1 = "add1"
    ADD1_GREEDY = "add1+greedy"


@dataclass(frozen=True, slots=True)
class Project:
    """Something that costs money. ``meta`` keeps the further columns of its file."""

    id: str
    cost: Fraction
    name: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ballot:
    """One voter's wish: project ids in order of preference (any order where order means nothing).

    ``points`` stand beside them in cumulative and scoring elections, and are empty otherwise.
    """

    voter: str
    projects: tuple[str, ...]
    points: tuple[Fraction, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Election:
    """Projects, ballots and the money there is. All amounts are exact, in one currency."""

    projects: tuple[Project, ...]
    ballots: tuple[Ballot, ...]
    budget: Fraction
    vote_type: VoteType
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome: project ids in the order in which the rule took them (Phragmén's: by id), and what they cost.

    ``votes`` counts, for every project, the ballots that name it.
    """

    selected: tuple[str, ...]
    cost: Fraction
    budget: Fraction
    rule: Rule
    satisfaction: Satisfaction
    completion: Completion
    votes: Mapping[str, int]

    @property
    def share(self) -> Fraction:
        """The part of the budget that is used, 0 to 1."""
        return self.cost / self.budget


def check_election(election: Election) -> None:
    """Refuse what no rule can honestly count. Raises `StatsError` naming the project or the row of the ballot."""
    if election.budget <= 0:
        raise StatsError(
            "the budget must be more than nothing, but is %(budget)s", column="budget", budget=election.budget
        )
    known: set[str] = set()
    for row, project in enumerate(election.projects):
        if project.cost <= 0:
            raise StatsError(
                "the cost of project %(project)s must be more than nothing", row=row, column="cost", project=project.id
            )
        if project.id in known:
            raise StatsError("project %(project)s is there twice", row=row, column="project_id", project=project.id)
        known.add(project.id)
    pointed = election.vote_type in {VoteType.CUMULATIVE, VoteType.SCORING}
    voters: set[str] = set()
    if not pointed and len({ballot.voter for ballot in election.ballots}) == len(election.ballots):
        # Without points, what one ballot may say is the same for all that say it: each different one is looked at once.
        seen = {ballot.projects for ballot in election.ballots}
        if all(known.issuperset(named) and len(set(named)) == len(named) for named in seen) and not any(
            ballot.points for ballot in election.ballots
        ):
            return
    for row, ballot in enumerate(election.ballots):
        if ballot.voter in voters:
            raise StatsError("voter %(voter)s is there twice", row=row, column="voter_id", voter=ballot.voter)
        voters.add(ballot.voter)
        if not known.issuperset(ballot.projects):
            missing = next(project for project in ballot.projects if project not in known)
            raise StatsError("there is no project %(project)s", row=row, column="vote", project=missing)
        if len(set(ballot.projects)) != len(ballot.projects):
            raise StatsError("voter %(voter)s names a project twice", row=row, column="vote", voter=ballot.voter)
        if pointed and len(ballot.points) != len(ballot.projects):
            raise StatsError(
                "voter %(voter)s needs points for every project", row=row, column="points", voter=ballot.voter
            )
        if any(points < 0 for points in ballot.points):
            raise StatsError("voter %(voter)s gives points below nothing", row=row, column="points", voter=ballot.voter)
