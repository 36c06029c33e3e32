"""Reads of decisions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import Actor
from qiao.base.i18n import LANGUAGES, pick
from qiao.base.lineage import Stage, Station, targets_of
from qiao.base.models import LedgerLeaf
from qiao.base.records import DeskItem
from qiao.decide.ballots.choices import BallotState
from qiao.decide.ballots.models import Ballot
from qiao.decide.ballots.queries import Winner, losers, winners
from qiao.decide.consultations.choices import ConsultationState
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.queries.following import stations_after
from qiao.decide.decisions.choices import Fate
from qiao.decide.decisions.models import DecidedProposal, Decision
from qiao.decide.proposals.models import Proposal
from qiao.decide.proposals.queries import proposals_by_codes, with_needs
from qiao.decide.proposals.rules import is_open
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.people.models import Account

PER_PAGE = 30


def decision_by_code(code: str) -> Decision:
    """The decision with this code and its unit; raises Decision.DoesNotExist."""
    return Decision.objects.select_related("unit").get(code=code)


def proposals_of_decision(code: str) -> list[str]:
    """Codes of the proposals the decision adopted, in its order."""
    rows = DecidedProposal.objects.filter(decision__code=code, fate=Fate.ADOPTED).order_by("position")
    return list(rows.values_list("proposal_code", flat=True))


def decisions_awaiting_projects(path: str) -> QuerySet[Decision]:
    """Decisions of units in the subtree at ``path`` that adopted something, oldest first.

    Which of the adopted proposals have a project is known a stage further on: the caller takes these out.
    """
    return (
        Decision.objects.filter(unit__path__startswith=path, proposals__fate=Fate.ADOPTED)
        .select_related("unit")
        .distinct()
        .order_by("taken", "pk")
    )


def register(*, search: str = "", year: int | None = None) -> QuerySet[Decision]:
    """The register, newest first, with ``taken_up`` and ``not_taken_up`` counted; words are looked for everywhere."""
    found = Decision.objects.select_related("unit").annotate(
        taken_up=Count("proposals", filter=Q(proposals__fate=Fate.ADOPTED)),
        not_taken_up=Count("proposals", filter=Q(proposals__fate=Fate.REJECTED)),
    )
    if year is not None:
        found = found.filter(taken__year=year)
    for word in search.split()[:8]:
        condition = Q(code__iexact=word)
        for language in LANGUAGES:
            condition |= Q(**{f"title__{language}__icontains": word}) | Q(**{f"text__{language}__icontains": word})
        found = found.filter(condition)
    return found.order_by("-taken", "-pk")


def years() -> list[int]:
    """Years in which decisions were taken, newest first."""
    return [day.year for day in Decision.objects.dates("taken", "year", order="DESC")]


@dataclass(frozen=True, slots=True)
class Fates:
    """The proposals of a decision, and the needs the adopted ones serve."""

    adopted: tuple[DecidedProposal, ...]
    rejected: tuple[DecidedProposal, ...]
    needs: tuple[Station, ...]


def fates(decision: Decision) -> Fates:
    """What the decision says of each proposal; needs in the order of the proposals, each once."""
    rows = list(decision.proposals.select_related("responsible_unit", "responsible").order_by("position"))
    adopted = tuple(row for row in rows if row.fate == Fate.ADOPTED)
    served = {
        need.code: need
        for board_row in with_needs(proposals_by_codes(row.proposal_code for row in adopted))
        for need in board_row.needs
    }
    return Fates(adopted, tuple(row for row in rows if row.fate == Fate.REJECTED), tuple(served.values()))


def projects_born(decision: Decision) -> list[str]:
    """Codes of the projects that came out of the decision, oldest first; their own stage knows the rest."""
    return [code for code in targets_of(decision.code) if code.startswith("W-")]


def ledger_entry(code: str) -> int | None:
    """The index of the decision's entry in the ledger."""
    return LedgerLeaf.objects.filter(code=code, kind="decision.taken").values_list("index", flat=True).first()


def task_owners(paths: Collection[str], today: date) -> QuerySet[Account]:
    """Accounts that answer for projects in any of these subtrees, or above them, today."""
    condition = Q(pk__in=[])
    for path in paths:
        above = [path[:end] for end in range(5, len(path), 5)]
        condition |= Q(unit__path__startswith=path) | Q(unit__path__in=above)
    grants = RoleGrant.objects.filter(
        condition, Q(until__isnull=True) | Q(until__gt=today), role=Role.TASK_OWNER, since__lte=today
    )
    return Account.objects.filter(pk__in=grants.values("account_id"), is_active=True).order_by("display_name", "pk")


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of the programme: what was adopted, which needs it serves, who answers for it, where it stands now."""

    row: DecidedProposal
    needs: tuple[Station, ...]
    project: Station | None
    results: tuple[Station, ...]
    late: bool


def task_lines(rows: Sequence[DecidedProposal], *, today: date) -> list[TaskLine]:
    """Adopted proposals as tasks, with the project made of each and what was found of it later."""
    needs = {
        board_row.proposal.code: board_row.needs
        for board_row in with_needs(proposals_by_codes(row.proposal_code for row in rows))
    }
    born = {
        row.proposal_code: [code for code in targets_of(row.proposal_code) if code.startswith("W-")] for row in rows
    }
    later = {code: targets_of(code) for codes in born.values() for code in codes}
    known = {
        station.code: station
        for station in stations_after([*later, *(code for codes in later.values() for code in codes)])
    }
    lines = []
    for row in rows:
        projects = [known[code] for code in born[row.proposal_code] if code in known]
        results = [known[code] for project in projects for code in later[project.code] if code in known]
        project = projects[-1] if projects else None
        done = project is not None and project.finished
        lines.append(
            TaskLine(row, needs.get(row.proposal_code, ()), project, tuple(results),
                     bool(row.due and row.due < today and not done))
        )  # fmt: skip
    return lines


def programme(year: int) -> list[DecidedProposal]:
    """Everything adopted in decisions of a year, in the order of the decisions."""
    rows = DecidedProposal.objects.filter(fate=Fate.ADOPTED, decision__taken__year=year)
    return list(
        rows.select_related("decision__unit", "responsible_unit", "responsible").order_by(
            "decision__taken", "decision", "position"
        )
    )


@dataclass(frozen=True, slots=True)
class Ground:
    """What a decision can be taken on: an answered consultation and, where there was one, the counted vote after it."""

    consultation: Consultation
    ballot: Ballot | None
    winners: tuple[Winner, ...]
    proposals: tuple[Proposal, ...]
    losers: tuple[Proposal, ...]


def undecided(actor: Actor) -> list[tuple[Consultation, Ballot | None]]:
    """Consultations in the actor's subtrees that wait for a decision, each with its counted vote; oldest answer first.

    While a vote after a consultation is still to come or running, the decision waits for it.
    """
    condition = Q(pk__in=[])
    for path in actor.paths("decision.take"):
        condition |= Q(unit__path__startswith=path)
    waiting = list(
        Consultation.objects.filter(condition, state=ConsultationState.ANSWERED)
        .exclude(code__in=Decision.objects.values("consultation_code"))
        .select_related("unit")
        .order_by("answered", "pk")
    )
    votes = {
        ballot.consultation_code: ballot
        for ballot in Ballot.objects.filter(consultation_code__in=[row.code for row in waiting])
        .exclude(state=BallotState.WITHDRAWN)
        .exclude(code__in=Decision.objects.exclude(ballot_code="").values("ballot_code"))
        .order_by("planned", "pk")
    }
    return [
        (row, votes.get(row.code))
        for row in waiting
        if row.code not in votes or votes[row.code].state == BallotState.COUNTED
    ]


def ground(consultation_code: str, ballot_code: str = "") -> Ground:
    """Everything the form of a decision shows. Raises Consultation.DoesNotExist or Ballot.DoesNotExist."""
    ballot = Ballot.objects.select_related("unit").get(code=ballot_code) if ballot_code else None
    consultation = Consultation.objects.select_related("unit").get(
        code=consultation_code or (ballot.consultation_code if ballot else "")
    )
    if ballot is None:
        codes: Sequence[str] = list(consultation.proposals.order_by("pk").values_list("proposal_code", flat=True))
        open_ones = [proposal for proposal in proposals_by_codes(codes) if is_open(proposal.state)]
        return Ground(consultation, None, (), tuple(open_ones), ())
    bought = tuple(winners(ballot.code))
    return Ground(
        consultation,
        ballot,
        bought,
        tuple(proposals_by_codes(winner.proposal_code for winner in bought)),
        tuple(proposals_by_codes(losers(ballot.code))),
    )


def stations(codes: Collection[str]) -> list[Station]:
    """Decisions among these codes as stations of a thread: one query."""
    own = [code for code in codes if code.startswith("D-")]
    if not own:
        return []
    return [
        Station(
            code=decision.code,
            stage=Stage.DECIDE,
            kind=_("Decision"),
            title=pick(decision.title),
            url=reverse("decisions:decision", args=[decision.code]),
            state=_("Decided"),
            at=decision.taken,
            figure=ngettext("%(number)d proposal adopted", "%(number)d proposals adopted", decision.taken_up)
            % {"number": decision.taken_up},
            finished=True,
            weight=4,
        )
        for decision in Decision.objects.filter(code__in=own)
        .annotate(taken_up=Count("proposals", filter=Q(proposals__fate=Fate.ADOPTED)))
        .order_by("taken", "pk")
    ]


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:  # noqa: ARG001 - the shell tells every app the time
    """Consultations and votes that wait for a decision."""
    return [
        DeskItem(
            due=None,
            title=pick(ballot.title if ballot else consultation.title),
            stage=Stage.DECIDE,
            unit=pick(consultation.unit.name),
            next_step=_("Take the decision"),
            url=new_url(consultation.code, ballot.code if ballot else ""),
        )
        for consultation, ballot in undecided(actor)
    ]


def new_url(consultation_code: str, ballot_code: str) -> str:
    """Where the decision on a consultation, and a vote after it, is written."""
    return f"{reverse('decisions:new')}?consultation={consultation_code}" + (
        f"&ballot={ballot_code}" if ballot_code else ""
    )
