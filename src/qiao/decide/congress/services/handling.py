"""A proposal with the committee and the office that replies: reviewed, assigned, in hand, replied to."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor, require_untied
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.decide.congress.choices import ProposalState as P
from qiao.decide.congress.choices import ReviewWord
from qiao.decide.congress.models import DelegateProposal
from qiao.decide.congress.rules import settings as rule
from qiao.decide.congress.rules.states import PROPOSAL_NEXT, require_step
from qiao.decide.congress.services.proposals import held_proposal, tell_makers
from qiao.decide.congress.services.steps import clock, note

_VERDICTS = {ReviewWord.FILE: P.FILED, ReviewWord.SUGGEST: P.AS_SUGGESTION, ReviewWord.RETURN: P.RETURNED}


def review_proposal(*, actor: Actor, now: datetime, code: str, word: ReviewWord, reason: str = "") -> DelegateProposal:
    """The committee files a proposal, passes it on as a suggestion, or returns it with a written reason.

    Raises Problem for its own maker, a declared tie to the employer, or no reason where one is owed; Refused without
    ``congress.review``.
    """
    with atomic():
        proposal = held_proposal(code, actor=actor)
        word = ReviewWord(word)
        require_step(PROPOSAL_NEXT, P(proposal.state), _VERDICTS[word])
        _require_not_maker(proposal, actor)
        require_untied(actor, proposal.congress.unit.path)
        if word != ReviewWord.FILE and not reason.strip():
            raise Problem("Write the reason: the proposer reads it.")
        require_clean({"reason": reason})
        proposal.state, proposal.verdict, proposal.reason = _VERDICTS[word], word, reason.strip()
        proposal.reviewed, proposal.reviewed_by_id = now, actor.account_id
        proposal.save()
        if word == ReviewWord.FILE:
            log.append(kind="congress.proposal_filed", code=code, content={"title": proposal.title}, now=now)
        note(
            proposal.congress,
            actor=actor,
            now=now,
            thing="delegate_proposal",
            deed="review",
            code=code,
            word=word.value,
        )
        tell_makers(proposal)
    return proposal


def assign_proposal(*, actor: Actor, now: datetime, code: str, handler: str) -> DelegateProposal:
    """Give a filed proposal to the office that replies; its clock starts. Raises Problem without an office's name."""
    with atomic():
        proposal = held_proposal(code, actor=actor)
        require_step(PROPOSAL_NEXT, P(proposal.state), P.ASSIGNED)
        _require_not_maker(proposal, actor)
        if not handler.strip():
            raise Problem("Write which office replies.")
        proposal.state, proposal.handler, proposal.assigned = P.ASSIGNED, handler.strip()[:120], now
        proposal.due, proposal.due_rule = clock(rule.REPLY_WITHIN, path=proposal.congress.unit.path, now=now)
        proposal.save()
        note(proposal.congress, actor=actor, now=now, thing="delegate_proposal", deed="assign", code=code)
        tell_makers(proposal)
    return proposal


def take_in_hand(*, actor: Actor, now: datetime, code: str) -> DelegateProposal:
    """Write down that the office has it in hand."""
    with atomic():
        proposal = held_proposal(code, actor=actor)
        require_step(PROPOSAL_NEXT, P(proposal.state), P.IN_HAND)
        proposal.state = P.IN_HAND
        proposal.save(update_fields=["state"])
        note(proposal.congress, actor=actor, now=now, thing="delegate_proposal", deed="take", code=code)
        tell_makers(proposal)
    return proposal


def reply_proposal(*, actor: Actor, now: datetime, code: str, reply: str, signed_by: str) -> DelegateProposal:
    """Enter the office's reply as it came on paper, signed by the leader in charge. The proposer rates it.

    Raises Problem without reply or signature, or from who made the proposal.
    """
    with atomic():
        proposal = held_proposal(code, actor=actor)
        _require_not_maker(proposal, actor)
        keep_reply(proposal, now=now, reply=reply, signed_by=signed_by)
        note(proposal.congress, actor=actor, now=now, thing="delegate_proposal", deed="reply", code=code)
    return proposal


def keep_reply(proposal: DelegateProposal, *, now: datetime, reply: str, signed_by: str) -> None:
    """Keep a reply, from paper or by a one-time link; in the caller's transaction, the row held."""
    require_step(PROPOSAL_NEXT, P(proposal.state), P.REPLIED)
    if not reply.strip() or not signed_by.strip():
        raise Problem("Write the reply, and name and post of the leader who signs it.")
    require_clean({"text": reply})
    proposal.reply, proposal.signed_by = reply.strip()[:4000], signed_by.strip()[:80]
    proposal.late = proposal.late or (proposal.due is not None and now > proposal.due)
    proposal.state, proposal.replied = P.REPLIED, now
    proposal.rate_by, _origin = clock(rule.RATE_WITHIN, path=proposal.congress.unit.path, now=now)
    proposal.save()
    tell_makers(proposal)


def close_unrated(*, now: datetime) -> int:
    """Close proposals whose proposer said nothing of the reply in time; they count as not rated. How many."""
    with atomic():
        silent = DelegateProposal.objects.filter(state=P.REPLIED, rating="", rate_by__lt=now)
        return silent.update(state=P.CLOSED, closed=now)


def _require_not_maker(proposal: DelegateProposal, actor: Actor) -> None:
    makers = proposal.proposers.order_by("pk").values_list("delegate__person_id", flat=True)
    if actor.concerns(*makers):
        raise Problem("You make this proposal: somebody else handles it.")
