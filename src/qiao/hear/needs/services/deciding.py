"""Adopting candidates or not, and telling who asked."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import Actor, require, require_other
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.hear.needs.choices import CandidateState
from qiao.hear.needs.models import Candidate, Follower
from qiao.hear.needs.rules import forming
from qiao.hear.needs.services.candidates import locked_candidate
from qiao.org.people.services import tell


def adopt_candidate(*, actor: Actor, now: datetime, code: str, reason: Localized | None = None) -> Candidate:
    """Adopt a candidate the users were heard on. Twice is harmless.

    Raises Refused without ``candidate.decide`` there, Problem for who raised or scored it, or before that.
    """
    return _decide(actor, now, code, CandidateState.ADOPTED, reason or {})


def reject_candidate(*, actor: Actor, now: datetime, code: str, reason: Localized) -> Candidate:
    """Do not adopt a candidate, and say why: who asked is told. Twice is harmless. Raises as `adopt_candidate`."""
    if not reason:
        raise Problem("Say why: those who asked will read it.")
    return _decide(actor, now, code, CandidateState.REJECTED, reason)


def note_proposal(*, actor: Actor, now: datetime, code: str, proposal_code: str) -> Candidate:
    """Note the proposal an adopted candidate became; called by the app of proposals. Twice is harmless.

    Raises Problem where it is not adopted or became another one already.
    """
    with atomic():
        candidate = locked_candidate(code)
        if candidate.proposal_code == proposal_code:
            return candidate
        if candidate.state != CandidateState.ADOPTED or candidate.proposal_code:
            raise Problem("Only an adopted candidate becomes a proposal, and only one.")
        candidate.proposal_code = proposal_code
        candidate.save(update_fields=["proposal_code"])
        link(source=candidate.code, target=proposal_code, now=now)
        audit.record(
            actor=actor, now=now, action="candidate.proposed", code=code, unit_path=candidate.sheet.unit.path,
            detail={"proposal": proposal_code},
        )  # fmt: skip
    return candidate


def _decide(actor: Actor, now: datetime, code: str, wanted: CandidateState, reason: Localized) -> Candidate:
    require_clean({"reason": reason})
    with atomic():
        candidate = locked_candidate(code)
        path = candidate.sheet.unit.path
        require(actor, "candidate.decide", path)
        if candidate.state == wanted:
            return candidate
        if not forming.may_decide(candidate):
            raise Problem("A candidate is decided after the panel scored it and the users were heard.")
        scorers = candidate.sheet.scorers.values_list("account_id", flat=True)
        require_other(actor, candidate.proposer_id, *scorers)
        candidate.state, candidate.reason, candidate.decided = wanted, reason, now
        candidate.decided_by = actor.account_id
        candidate.save(update_fields=["state", "reason", "decided", "decided_by"])
        audit.record(
            actor=actor, now=now, action=f"candidate.{wanted.value}", code=code, unit_path=path,
            detail={"score": candidate.score},
        )  # fmt: skip
        _tell(candidate, now)
    return candidate


def _tell(candidate: Candidate, now: datetime) -> None:
    """The proposer and everybody who follows one of its needs."""
    template = (
        noop("“%(what)s” is adopted: it becomes a proposal.")
        if candidate.state == CandidateState.ADOPTED
        else noop("“%(what)s” is not adopted. The reason: %(reason)s")
    )
    text = in_every_language(template, what=candidate.title, reason=candidate.reason)
    followers = Follower.objects.filter(need__in=candidate.served.values("need")).values_list("account_id", flat=True)
    for account in sorted({*followers, *([candidate.proposer_id] if candidate.proposer_id else [])}):
        tell(
            now=now, subject=candidate.title, text=text, account_id=account,
            url=reverse("needs:candidate", args=[candidate.code]), once=f"candidate:{candidate.code}:{account}",
        )  # fmt: skip
