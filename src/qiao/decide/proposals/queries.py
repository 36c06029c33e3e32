"""Reads of proposals."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage, Station
from qiao.base.records import DeskItem
from qiao.decide.proposals.choices import ProposalState
from qiao.decide.proposals.models import Proposal, ServedNeed
from qiao.decide.proposals.rules import is_open, next_step
from qiao.hear.needs import queries as needs
from qiao.org.units.models import Unit
from qiao.org.units.queries import upper_units

PER_PAGE = 30


def proposal_by_code(code: str) -> Proposal:
    """The proposal with this code, its unit and needs loaded; raises Proposal.DoesNotExist."""
    return _loaded().get(code=code)


def proposals_by_codes(codes: Iterable[str]) -> list[Proposal]:
    """The proposals with these codes, in the order given; unknown codes are left out."""
    wanted = list(dict.fromkeys(codes))
    found = {proposal.code: proposal for proposal in _loaded().filter(code__in=wanted)}
    return [found[code] for code in wanted if code in found]


def proposals_of_need(need_code: str) -> QuerySet[Proposal]:
    """Proposals that serve a need, oldest first."""
    return _loaded().filter(needs__need_code=need_code).order_by("raised", "pk")


def all_proposals(state: str = "") -> QuerySet[Proposal]:
    """Every proposal, newest first; of one state where it is a known one."""
    found = _loaded().order_by("-raised", "-pk")
    return found.filter(state=state) if state in ProposalState.values else found


def open_proposals(paths: Iterable[str]) -> QuerySet[Proposal]:
    """Proposals not decided on, of units in these subtrees or above them: what an officer there may take further."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(unit__path__startswith=path)
        condition |= Q(unit__path__in=[path[:end] for end in range(5, len(path), 5)])
    return (
        _loaded()
        .filter(condition, state__in=[state for state in ProposalState if is_open(state)])
        .order_by("-raised", "-pk")
    )


def _loaded() -> QuerySet[Proposal]:
    return Proposal.objects.select_related("unit").prefetch_related(
        Prefetch("needs", queryset=ServedNeed.objects.order_by("pk"))
    )


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One proposal on the board with the needs it serves."""

    proposal: Proposal
    needs: tuple[Station, ...]


def with_needs(proposals: Iterable[Proposal]) -> list[BoardRow]:
    """Proposals with their needs as the needs' own app describes them: one question for all."""
    listed = list(proposals)
    codes = {need.need_code for proposal in listed for need in proposal.needs.all()}
    known = {station.code: station for station in needs.stations(codes)} if codes else {}
    return [
        BoardRow(
            proposal,
            tuple(known[need.need_code] for need in proposal.needs.all() if need.need_code in known),
        )
        for proposal in listed
    ]


@dataclass(frozen=True, slots=True)
class NeedOption:
    """One published need a proposal may serve."""

    code: str
    title: str
    unit_path: str


def need_options(actor: Actor) -> list[NeedOption]:
    """Published needs of the units in which the actor may raise proposals, and of those above and below them."""
    paths = actor.paths("proposal.raise")
    return [
        NeedOption(need.code, pick(need.title), need.unit.path)
        for need in needs.published_needs().select_related("unit")
        if any(need.unit.path.startswith(path) or path.startswith(need.unit.path) for path in paths)
    ]


def unit_options(actor: Actor) -> QuerySet[Unit]:
    """Units for which the actor may raise proposals."""
    return upper_units(actor.paths("proposal.raise"))


def stations(codes: Collection[str]) -> list[Station]:
    """Proposals among these codes as stations of a thread."""
    own = [code for code in codes if code.startswith("P-")]
    if not own:
        return []
    return [
        Station(
            code=proposal.code,
            stage=Stage.DECIDE,
            kind=_("Proposal"),
            title=pick(proposal.title),
            url=reverse("proposals:proposal", args=[proposal.code]),
            state=str(proposal.get_state_display()),
            at=proposal.raised,
            finished=not is_open(proposal.state),
            awaits=next_step(proposal.state),
            weight=1,
        )
        for proposal in Proposal.objects.filter(code__in=own).order_by("raised", "pk")
    ]


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:  # noqa: ARG001 - the shell asks all apps alike
    """Proposals nobody has put to members yet, for those who run consultations."""
    condition = Q(pk__in=[])
    for path in actor.paths("consultation.run"):
        condition |= Q(unit__path__startswith=path)
    waiting = (
        Proposal.objects.filter(condition, state=ProposalState.RAISED)
        .select_related("unit")
        .order_by("raised", "pk")[:20]
    )
    return [
        DeskItem(
            due=None,
            title=_("Proposal: %(title)s") % {"title": pick(proposal.title)},
            stage=Stage.DECIDE,
            unit=pick(proposal.unit.name),
            next_step=_("Put it to members"),
            url=reverse("proposals:proposal", args=[proposal.code]),
        )
        for proposal in waiting
    ]
