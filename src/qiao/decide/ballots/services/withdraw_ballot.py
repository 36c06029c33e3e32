"""Withdrawing a planned budget vote."""

from __future__ import annotations

from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized, pick
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import BallotState
from qiao.decide.ballots.models import Ballot
from qiao.decide.consultations.choices import ConsultationState
from qiao.decide.consultations.models import ConsultedProposal
from qiao.decide.proposals.services import leave_ballot


def withdraw_ballot(*, actor: Actor, now: datetime, code: str, reason: Localized) -> Ballot:
    """Withdraw a vote that has not opened; its proposals leave it and may come on another. The reason is public.

    Raises Refused without ``ballot.run``, Problem without a reason or once the vote has opened: votes that were asked
    for are counted.
    """
    with atomic():
        ballot = Ballot.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "ballot.run", ballot.unit.path)
        if ballot.state == BallotState.WITHDRAWN:
            return ballot
        if not rules.may_change(ballot.state, BallotState.WITHDRAWN):
            raise Problem("A vote that has opened is counted: it cannot be withdrawn.")
        if not pick(reason):
            raise Problem("Say why the vote is withdrawn: the reason is published.")
        ballot.state, ballot.reason = BallotState.WITHDRAWN, reason
        ballot.save(update_fields=["state", "reason"])
        codes = list(ballot.items.values_list("proposal_code", flat=True))
        consulted = _put_to_members(codes)
        for proposal_code in codes:
            leave_ballot(actor=actor, now=now, code=proposal_code, consulted=proposal_code in consulted)
        log.append(kind="ballot.withdrawn", code=code, content={"reason": reason}, now=now)
        audit.record(actor=actor, now=now, action="ballot.withdraw", code=code, unit_path=ballot.unit.path)
    return ballot


def _put_to_members(codes: list[str]) -> set[str]:
    """Which of the proposals members have been asked about in a consultation that opened."""
    opened = (ConsultationState.OPEN, ConsultationState.CLOSED, ConsultationState.ANSWERED)
    asked = ConsultedProposal.objects.filter(proposal_code__in=codes, consultation__state__in=opened)
    return set(asked.values_list("proposal_code", flat=True))
