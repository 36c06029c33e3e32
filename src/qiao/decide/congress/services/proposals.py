"""A delegate's proposal as its makers and seconders move it: drafted, seconded, handed in, split, taken back."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base.access import Actor, Refused, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.jobs import defer
from qiao.base.lineage import link
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.base.redaction import require_clean
from qiao.decide.congress.choices import ProposalState as P
from qiao.decide.congress.choices import Rating, TermState
from qiao.decide.congress.models import Congress, Delegate, DelegateProposal, Proposer, Second
from qiao.decide.congress.rules import settings as rule
from qiao.decide.congress.rules.states import PROPOSAL_NEXT, require_step
from qiao.decide.congress.services.steps import REVIEW, clock, held_congress, note, require_seat
from qiao.org.settings.queries import value_of


def draft_proposal(
    *, actor: Actor, now: datetime, congress_code: str, title: str, text: str, language: str, shielded: bool = False
) -> DelegateProposal:
    """Keep a delegate's draft. ``shielded``: nobody but the proposal committee will see who made it.

    Raises Refused for whoever is no delegate, Problem without title or text, Problems for personal data in them.
    """
    with atomic():
        congress = held_congress(congress_code, actor=actor)
        seat = require_seat(congress, actor)
        if congress.state != TermState.IN_TERM:
            raise Problem("Proposals are made while the congress is in term.")
        if not title.strip() or not text.strip():
            raise Problem("Write a title and what is proposed.")
        require_clean({"title": title, "text": text})
        known = DelegateProposal.objects.filter(
            congress=congress, state=P.DRAFT, title=title.strip()[:120], text=text.strip(), proposers__delegate=seat
        ).first()
        if known is not None:
            return known
        made = _made(congress, seat, now, title=title, text=text, language=language, shielded=shielded)
        note(
            congress,
            actor=shielded_actor(actor, made),
            now=now,
            thing="delegate_proposal",
            deed="draft",
            code=made.code,
        )
    return made


def edit_proposal(*, actor: Actor, now: datetime, code: str, title: str, text: str) -> DelegateProposal:
    """Change a draft or one that was returned. What was seconded goes back: seconders seconded another text."""
    with atomic():
        proposal = own_proposal(code, actor)
        if proposal.state not in (P.DRAFT, P.SECONDED, P.RETURNED):
            raise Problem("A proposal that is handed in is no longer changed.")
        if not title.strip() or not text.strip():
            raise Problem("Write a title and what is proposed.")
        require_clean({"title": title, "text": text})
        if (proposal.title, proposal.text) == (title.strip()[:120], text.strip()):
            return proposal
        proposal.title, proposal.text, proposal.state = title.strip()[:120], text.strip(), P.DRAFT
        proposal.seconds.all().delete()
        proposal.save()
        note(
            proposal.congress,
            actor=shielded_actor(actor, proposal),
            now=now,
            thing="delegate_proposal",
            deed="change",
            code=code,
        )
    return proposal


def second_proposal(*, actor: Actor, now: datetime, code: str) -> DelegateProposal:
    """Second a draft, once, never one's own. With enough seconders it can be handed in, and its proposer is told."""
    with atomic():
        proposal = held_proposal(code)
        seat = require_seat(proposal.congress, actor)
        if proposal.state not in (P.DRAFT, P.SECONDED):
            raise Problem("This proposal is handed in: no more seconders are needed.")
        if proposal.proposers.filter(delegate=seat).exists():
            raise Problem("You make this proposal: others second it.")
        Second.objects.get_or_create(proposal=proposal, delegate=seat)
        if proposal.state == P.DRAFT and proposal.seconds.count() >= proposal.needed:
            proposal.state = P.SECONDED
            proposal.save(update_fields=["state"])
            tell_makers(proposal)
            note(
                proposal.congress,
                actor=shielded_actor(actor, proposal),
                now=now,
                thing="delegate_proposal",
                deed="second",
                code=code,
            )
    return proposal


def join_proposal(*, actor: Actor, now: datetime, code: str) -> DelegateProposal:
    """Make a draft together with who wrote it. Raises Problem where as many as the rule allows make it already."""
    with atomic():
        proposal = held_proposal(code)
        seat = require_seat(proposal.congress, actor)
        if proposal.state not in (P.DRAFT, P.SECONDED):
            raise Problem("A proposal that is handed in is no longer changed.")
        if proposal.proposers.filter(delegate=seat).exists():
            return proposal
        most = value_of(rule.JOINT_MAX, path=proposal.congress.unit.path, on=localdate(now))
        if proposal.proposers.count() >= most:
            raise Problem("At most %(most)d delegates make one proposal together: second it instead.", most=most)
        proposal.seconds.filter(delegate=seat).delete()
        Proposer.objects.create(proposal=proposal, delegate=seat)
        if proposal.seconds.count() < proposal.needed:
            proposal.state = P.DRAFT
            proposal.save(update_fields=["state"])
    return proposal


def submit_proposal(*, actor: Actor, now: datetime, code: str) -> Receipt:
    """Hand a proposal in; its receipt tells what becomes of it. Raises Problem while seconders are missing."""
    with atomic():
        proposal = own_proposal(code, actor)
        if proposal.state == P.SUBMITTED:
            return Receipt.objects.get(number=proposal.receipt)
        seconds = proposal.seconds.count()
        if seconds < proposal.needed:
            raise Problem(
                "%(seconds)d of %(needed)d seconders: it stays a draft until there are enough.",
                seconds=seconds, needed=proposal.needed,
            )  # fmt: skip
        require_step(PROPOSAL_NEXT, P(proposal.state), P.SUBMITTED)
        due, _origin = clock(rule.REVIEW_WITHIN, path=proposal.congress.unit.path, now=now)
        proposal.state, proposal.submitted, proposal.review_due = P.SUBMITTED, now, due
        if proposal.receipt:
            receipt = Receipt.objects.get(number=proposal.receipt)
        else:
            receipt = give_receipt(kind="congress_proposal", code=code, now=now, content=proposal.text,
                                   promised=localdate(due))  # fmt: skip
            proposal.receipt = receipt.number
        proposal.save()
        note(
            proposal.congress,
            actor=shielded_actor(actor, proposal),
            now=now,
            thing="delegate_proposal",
            deed="submit",
            code=code,
        )
    return receipt


def withdraw_proposal(*, actor: Actor, now: datetime, code: str) -> DelegateProposal:
    """Take a proposal back before it is filed."""
    with atomic():
        proposal = own_proposal(code, actor)
        require_step(PROPOSAL_NEXT, P(proposal.state), P.WITHDRAWN)
        proposal.state = P.WITHDRAWN
        proposal.save(update_fields=["state"])
        note(
            proposal.congress,
            actor=shielded_actor(actor, proposal),
            now=now,
            thing="delegate_proposal",
            deed="withdraw",
            code=code,
        )
    return proposal


def split_proposal(
    *, actor: Actor, now: datetime, code: str, first: tuple[str, str], second: tuple[str, str]
) -> tuple[DelegateProposal, DelegateProposal]:
    """Split a proposal with two matters into two, each (title, text); both keep proposers and seconders.

    Raises Problem for one that is filed, or without both texts.
    """
    with atomic():
        whole = own_proposal(code, actor)
        require_step(PROPOSAL_NEXT, P(whole.state), P.SPLIT)
        parts = []
        for title, text in (first, second):
            if not title.strip() or not text.strip():
                raise Problem("Write a title and what is proposed.")
            require_clean({"title": title, "text": text})
            lead = whole.proposers.select_related("delegate").get(first=True)
            part = _made(whole.congress, lead.delegate, now, title=title, text=text, language=whole.language,
                         shielded=whole.shielded)  # fmt: skip
            Proposer.objects.bulk_create(
                Proposer(proposal=part, delegate_id=key)
                for key in whole.proposers.filter(first=False).values_list("delegate_id", flat=True)
            )
            Second.objects.bulk_create(
                Second(proposal=part, delegate_id=key) for key in whole.seconds.values_list("delegate_id", flat=True)
            )
            if part.seconds.count() >= part.needed:
                part.state = P.SECONDED
                part.save(update_fields=["state"])
            link(source=whole.code, target=part.code, now=now)
            parts.append(part)
        whole.state = P.SPLIT
        whole.save(update_fields=["state"])
        note(
            whole.congress,
            actor=shielded_actor(actor, whole),
            now=now,
            thing="delegate_proposal",
            deed="split",
            code=code,
        )
    return parts[0], parts[1]


def rate_proposal(*, actor: Actor, now: datetime, code: str, rating: Rating, rating_note: str = "") -> DelegateProposal:
    """The proposer rates the reply. Not satisfied: it is handled once more, with a new clock; then the congress hears.

    Raises Refused for anybody but its first maker, Problem before a reply or for a rating given already.
    """
    with atomic():
        proposal = own_proposal(code, actor)
        if proposal.state != P.REPLIED or proposal.rating:
            raise Problem("There is no reply to rate now.")
        require_clean({"text": rating_note})
        rating = Rating(rating)
        if rating == Rating.NOT and not proposal.handled_twice:
            proposal.first_rating, proposal.first_reply, proposal.first_replied = (
                rating,
                proposal.reply,
                proposal.replied,
            )
            proposal.handled_twice, proposal.reply, proposal.signed_by = True, "", ""
            proposal.state, proposal.assigned, proposal.replied, proposal.rate_by = P.RE_HANDLED, now, None, None
            proposal.due, proposal.due_rule = clock(rule.REPLY_WITHIN, path=proposal.congress.unit.path, now=now)
        else:
            proposal.rating = rating
            if rating != Rating.NOT:
                proposal.state, proposal.closed = P.CLOSED, now
        proposal.rating_note = rating_note.strip()[:1000]
        proposal.save()
        note(
            proposal.congress,
            actor=shielded_actor(actor, proposal),
            now=now,
            thing="delegate_proposal",
            deed="rate",
            code=code,
        )
    return proposal


def _made(
    congress: Congress, seat: Delegate, now: datetime, *, title: str, text: str, language: str, shielded: bool
) -> DelegateProposal:
    made = DelegateProposal.objects.create(
        code=next_code("DP"), congress=congress, title=title.strip()[:120], text=text.strip()[:4000], language=language,
        shielded=shielded, drafted=now,
        needed=value_of(rule.SECONDERS, path=congress.unit.path, on=localdate(now)),
    )  # fmt: skip
    Proposer.objects.create(proposal=made, delegate=seat, first=True)
    return made


def held_proposal(code: str, *, actor: Actor | None = None) -> DelegateProposal:
    """The row, locked; with ``actor``: who reviews and assigns."""
    found = (
        DelegateProposal.objects.select_for_update(of=("self",)).select_related("congress__unit").filter(code=code)
    ).first()
    if found is None:
        raise Problem("There is no proposal %(code)s.", code=code)
    if actor is not None:
        require(actor, REVIEW, found.congress.unit.path)
    return found


def own_proposal(code: str, actor: Actor) -> DelegateProposal:
    """The row, locked, for its first maker. Raises Refused for everybody else, however many roles they hold."""
    proposal = held_proposal(code)
    lead = proposal.proposers.select_related("delegate").filter(first=True).first()
    if lead is None or not actor.concerns(lead.delegate.person_id):
        raise Refused("only who made the proposal does this")
    return proposal


def shielded_actor(actor: Actor, proposal: DelegateProposal) -> Actor:
    """Who stands in the audit row: nobody, where the maker asked for a shield."""
    return Actor(name="delegate") if proposal.shielded else actor


def tell_makers(proposal: DelegateProposal) -> None:
    """Have its makers told, after commit."""
    defer("congress.tell_proposal", code=proposal.code, state=proposal.state)
