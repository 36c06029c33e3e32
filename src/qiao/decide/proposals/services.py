"""Raising proposals, changing them while nobody has taken them up, moving them on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.decide.proposals.choices import ProposalState
from qiao.decide.proposals.models import Proposal, ServedNeed
from qiao.decide.proposals.queries import proposal_by_code
from qiao.decide.proposals.rules import ACTIONS, is_open, may_be_rejected_alone, may_be_revised, may_become
from qiao.hear.needs import queries as needs
from qiao.hear.needs.choices import Origin
from qiao.hear.needs.services import note_proposal, release_need, take_up_need
from qiao.org.units.models import Unit

#: What the column holds.
MOST = Decimal("999999999999.99")


def raise_proposal(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    text: Localized,
    cost: Decimal,
    need_codes: Sequence[str],
) -> Proposal:
    """Raise a proposal that serves one or more published needs.

    Raises Refused without ``proposal.raise`` at the unit, Problem for a missing title, text or need, a need that is
    not published, or a cost that is none.
    """
    require(actor, "proposal.raise", unit.path)
    codes = list(dict.fromkeys(need_codes))
    _check(title, text, cost)
    _check_needs(codes)
    return _raise(actor, now, unit, title, text, cost, codes)


def _raise(
    actor: Actor, now: datetime, unit: Unit, title: Localized, text: Localized, cost: Decimal, codes: Sequence[str]
) -> Proposal:
    with atomic():
        proposal = Proposal.objects.create(
            code=next_code("P"),
            unit=unit,
            title=title,
            text=text,
            cost=cost,
            raised=now,
            changed=now,
            raised_by=actor.account_id,
        )
        ServedNeed.objects.bulk_create([ServedNeed(proposal=proposal, need_code=code) for code in codes])
        for code in codes:
            link(source=code, target=proposal.code, now=now)
            take_up_need(actor=actor, now=now, code=code, action_code=proposal.code, what=title)
        audit.record(
            actor=actor,
            now=now,
            action="proposal.raise",
            code=proposal.code,
            unit_path=unit.path,
            detail={"needs": list(codes)},
        )
    return proposal


def raise_from_candidate(*, actor: Actor, now: datetime, candidate_code: str) -> Proposal:
    """Make the proposal of an adopted candidate, serving its needs. Twice is harmless.

    A candidate that a law or a unit above asked for may serve no member's need: its page says so, and the loop report
    counts its task as not traceable. Raises Refused without ``proposal.raise`` at its unit, Problem where it is not
    adopted, or serves no need though members are said to have asked.
    """
    candidate = needs.candidate_by_code(candidate_code)
    unit = candidate.sheet.unit
    require(actor, "proposal.raise", unit.path)
    with atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        candidate = needs.candidate_by_code(candidate_code)
        if candidate.proposal_code:
            return proposal_by_code(candidate.proposal_code)
        codes = [served.need.code for served in candidate.served.all()]
        _check(candidate.title, candidate.text, candidate.cost)
        if codes or candidate.origin == Origin.MEMBERS:
            _check_needs(codes)
        proposal = _raise(actor, now, unit, candidate.title, candidate.text, candidate.cost, codes)
        note_proposal(actor=actor, now=now, code=candidate_code, proposal_code=proposal.code)
    return proposal


def revise_proposal(
    *, actor: Actor, now: datetime, code: str, title: Localized, text: Localized, cost: Decimal
) -> Proposal:
    """Change title, text and cost of a proposal that has not been put to members yet.

    Raises Refused without ``proposal.raise`` at its unit, Problem once it has moved on.
    """
    unit_path = proposal_by_code(code).unit.path
    require(actor, "proposal.raise", unit_path)
    _check(title, text, cost)
    with atomic():
        proposal = Proposal.objects.select_for_update().get(code=code)
        if not may_be_revised(proposal.state):
            raise Problem(
                "The proposal has been put to members: its text stands. Raise another one and say what it changes."
            )
        proposal.title, proposal.text, proposal.cost, proposal.changed = title, text, cost, now
        proposal.save(update_fields=["title", "text", "cost", "changed"])
        audit.record(actor=actor, now=now, action="proposal.revise", code=code, unit_path=unit_path)
    return proposal


def set_state(
    *, actor: Actor, now: datetime, code: str, state: ProposalState | str, reason: Localized | None = None
) -> Proposal:
    """Move a proposal on; called by the services of later stages. Asking for the state it has changes nothing.

    Raises Refused unless the actor holds one of the acts that move proposals (the caller has asked at its own unit),
    Problem where the state does not follow or a proposal is to be rejected without a reason.
    """
    if not any(actor.may(action) for action in ACTIONS):
        raise Refused("moving proposals on is not yours")
    wanted = ProposalState(state)
    with atomic():
        proposal = Proposal.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        if proposal.state == wanted:
            return proposal
        if not may_become(proposal.state, wanted):
            raise Problem(
                "Proposal %(code)s is “%(state)s” and cannot become “%(wanted)s”.",
                code=code, state=str(proposal.get_state_display()), wanted=str(wanted.label),
            )  # fmt: skip
        if wanted == ProposalState.REJECTED and not reason:
            raise Problem("Say why the proposal is not taken up: those who asked will read it.")
        before, proposal.state, proposal.changed = proposal.state, wanted, now
        proposal.reason = reason or proposal.reason
        proposal.save(update_fields=["state", "reason", "changed"])
        audit.record(
            actor=actor,
            now=now,
            action="proposal.state",
            code=code,
            unit_path=proposal.unit.path,
            detail={"from": before, "to": str(wanted.value)},
        )
        if wanted == ProposalState.REJECTED:
            _give_back(proposal, actor=actor, now=now)
    return proposal


def leave_ballot(*, actor: Actor, now: datetime, code: str, consulted: bool) -> Proposal:
    """Take a proposal off a vote that was withdrawn: it stands where it stood before, free for another vote.

    ``consulted`` says whether members have discussed it. One that is not on a ballot is left alone. Raises Refused
    unless the actor may run votes (the caller has asked at its own unit).
    """
    if not actor.may("ballot.run"):
        raise Refused("taking proposals off a vote is not yours")
    with atomic():
        proposal = Proposal.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        if proposal.state != ProposalState.ON_BALLOT:
            return proposal
        proposal.state = ProposalState.CONSULTED if consulted else ProposalState.RAISED
        proposal.changed = now
        proposal.save(update_fields=["state", "changed"])
        audit.record(
            actor=actor,
            now=now,
            action="proposal.state",
            code=code,
            unit_path=proposal.unit.path,
            detail={"from": str(ProposalState.ON_BALLOT.value), "to": str(proposal.state)},
        )
    return proposal


def reject_proposal(*, actor: Actor, now: datetime, code: str, reason: Localized) -> Proposal:
    """Do not take a proposal up, with the reason its askers read.

    Raises Refused without ``decision.take`` there, Problem for one that members vote on: a decision follows the vote.
    """
    proposal = proposal_by_code(code)
    require(actor, "decision.take", proposal.unit.path)
    if is_open(proposal.state) and not may_be_rejected_alone(proposal.state):
        raise Problem("Members vote on this proposal: what becomes of it is decided after the count.")
    return set_state(actor=actor, now=now, code=code, state=ProposalState.REJECTED, reason=reason)


def _check(title: Localized, text: Localized, cost: Decimal) -> None:
    if not title:
        raise Problem("The proposal needs a title.")
    if not text:
        raise Problem("Say what the proposal would do.")
    if not cost.is_finite() or cost < 0 or cost > MOST:
        raise Problem("The cost must be an amount of money, 0 or more.")


def _give_back(proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """The needs it served wait again, unless another proposal that still stands serves them too."""
    for code in proposal.needs.order_by("pk").values_list("need_code", flat=True):
        others = Proposal.objects.filter(needs__need_code=code).exclude(state=ProposalState.REJECTED)
        other = others.order_by("raised", "pk").values_list("code", flat=True).first() or ""
        release_need(actor=actor, now=now, code=code, action_code=proposal.code, what=proposal.title, instead=other)


def _check_needs(codes: Sequence[str]) -> None:
    """A proposal without a need is refused: no project without a need."""
    if not codes:
        raise Problem("Choose at least one need the proposal serves: no project without a need.")
    published = {need.code for need in needs.published_needs().filter(code__in=codes)}
    for code in codes:
        if code not in published:
            raise Problem("%(code)s is no published need: choose one from the board of needs.", code=code)
