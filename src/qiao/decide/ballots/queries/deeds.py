"""Rounds of practical deeds and where each idea went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from qiao.base import lineage
from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.decide.ballots.choices import BallotState, DeedState, IdeaState
from qiao.decide.ballots.models import Ballot, DeedRound, Idea
from qiao.decide.ballots.queries.reading import in_subtrees
from qiao.decide.ballots.rules import fell_short, report_due
from qiao.hear.needs.queries import published_needs
from qiao.org.membership.queries import active_members


@dataclass(frozen=True, slots=True)
class IdeaLine:
    """An idea with how many sources stand behind it, and what came out of it (codes of decision and project)."""

    idea: Idea
    sources: int
    later: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeedFigures:
    """A round in numbers; None where there is nothing to divide by yet."""

    ideas: int
    members: int
    per_thousand: float | None
    feasible: int
    listed: int
    projects: int
    turnout: float | None


def deed_round(code: str) -> DeedRound:
    """The round with this code and its unit; raises DeedRound.DoesNotExist."""
    return DeedRound.objects.select_related("unit").get(code=code)


def deed_rounds() -> QuerySet[DeedRound]:
    """Every round, newest first, with ``number``: how many ideas it has."""
    return DeedRound.objects.select_related("unit").annotate(number=Count("ideas")).order_by("-planned", "-pk")


def idea_by_code(code: str, round_code: str) -> Idea:
    """One idea of a round; raises Idea.DoesNotExist."""
    return Idea.objects.select_related("round__unit", "merged_into").get(code=code, round__code=round_code)


def idea_lines(round_: DeedRound) -> list[IdeaLine]:
    """The ideas that stand by themselves, in the order of filing, with what was merged into them."""
    own = list(
        round_.ideas.exclude(state=IdeaState.MERGED)
        .select_related("carried_from__round")
        .annotate(merged=Count("sources"))
        .order_by("filed", "pk")
    )
    return [IdeaLine(idea, idea.merged + 1, tuple(_later(idea))) for idea in own]


def sources_of_idea(idea: Idea) -> list[Idea]:
    """What was merged into an idea, each with its own words."""
    return list(idea.sources.order_by("filed", "pk"))


def _later(idea: Idea) -> list[str]:
    """Decision and projects that came out of an idea's proposal."""
    if idea.state != IdeaState.LISTED:
        return []
    found: list[str] = []
    edge = [idea.proposal_code]
    for _step in range(3):
        edge = [code for one in edge for code in lineage.targets_of(one) if code[:2] in ("D-", "W-")]
        found += [code for code in edge if code not in found]
    return found


def deed_figures(round_: DeedRound, lines: list[IdeaLine]) -> DeedFigures:
    """Ideas per thousand members, feasible, listed, projects, turnout."""
    ideas, members = round_.ideas.count(), active_members(round_.unit.path).count()
    ballot = Ballot.objects.filter(code=round_.ballot_code, state=BallotState.COUNTED).first()
    return DeedFigures(
        ideas=ideas,
        members=members,
        per_thousand=1000 * ideas / members if members else None,
        feasible=sum(bool(line.idea.proposal_code) for line in lines),
        listed=sum(line.idea.state == IdeaState.LISTED for line in lines),
        projects=len({code for line in lines for code in line.later if code.startswith("W-")}),
        turnout=(ballot.turnout or 0) / (ballot.roll_size or 1) if ballot else None,
    )


def later_rounds(round_: DeedRound) -> list[DeedRound]:
    """Rounds of the same unit that still take ideas carried over."""
    taking = [DeedState.PLANNED, DeedState.CALL, DeedState.CHECK]
    return list(DeedRound.objects.filter(unit=round_.unit, state__in=taking).exclude(pk=round_.pk))


def need_choices(actor: Actor) -> list[tuple[str, str]]:
    """Published needs a round of the actor's units may be about."""
    condition = Q(pk__in=[])
    for path in actor.paths("ballot.run"):
        condition |= Q(unit__path__startswith=path) | Q(unit__path__in=[path[:end] for end in range(5, len(path), 5)])
    return [(need.code, f"{pick(need.title)} · {need.code}") for need in published_needs().filter(condition)[:200]]


def is_void(ballot_code: str) -> bool:
    """Whether too few took part in this vote, by the rule its round fixed before the call."""
    about = DeedRound.objects.filter(Q(ballot_code=ballot_code) | Q(void_ballots__contains=[ballot_code])).first()
    ballot = Ballot.objects.filter(code=ballot_code, state=BallotState.COUNTED).first()
    return bool(about and ballot and fell_short(ballot.turnout, ballot.roll_size, about.min_turnout))


def reports_due(paths: Iterable[str]) -> list[tuple[DeedRound, datetime]]:
    """Rounds being carried out in these parts of the union, and when their next progress report is due."""
    found = DeedRound.objects.filter(in_subtrees(paths), state=DeedState.RUNNING, running_since__isnull=False)
    return [(round_, next_report(round_)) for round_ in found.select_related("unit")]


def next_report(round_: DeedRound) -> datetime:
    """When the next progress report of a round that is carried out is due."""
    return report_due(round_.running_since or round_.planned, round_.report_months, len(round_.reports))
