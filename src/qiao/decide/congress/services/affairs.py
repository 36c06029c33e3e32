"""Open affairs: due, shown, asked about, answered; one-time links for the employer; the ladder after a breach."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from qiao.base.access import Actor, Refused, require, require_untied
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.jobs import defer
from qiao.base.ledger import log
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.base.redaction import require_clean
from qiao.decide.congress.choices import AffairState, BreachGround, BreachState, Matter, TermState
from qiao.decide.congress.models import Affair, Breach, DelegateProposal, Question, ReplyLink
from qiao.decide.congress.rules import settings as rule
from qiao.decide.congress.rules.states import BREACH_NEXT, PROPOSAL_HANDLED, require_step
from qiao.decide.congress.services.handling import keep_reply
from qiao.decide.congress.services.steps import RUN, clock, held_congress, note, seat_of
from qiao.org.settings.queries import value_of

#: How long a one-time link holds, in days.
LINK_LASTS = 30
#: How many open questions one person may have on one item.
MOST_QUESTIONS = 5


def register_affair(
    *, actor: Actor, now: datetime, congress_code: str, matter: Matter, title: Localized, due: datetime
) -> Affair:
    """Put down what the employer has to show, and by when.

    Raises Problem without a title, or for a day that has been.
    """
    with atomic():
        congress = held_congress(congress_code, actor=actor, action=RUN)
        if congress.state == TermState.ENDED:
            raise Problem("This term is over: register it with the congress in term.")
        if not title or due <= now:
            raise Problem("Say what is to be shown, and a day to come.")
        require_clean({"title": title})
        known = congress.affairs.filter(matter=matter, title=title, due=due).first()
        if known is not None:
            return known
        affair = Affair.objects.create(
            code=next_code("OA"), congress=congress, matter=Matter(matter), title=title, registered=now, due=due
        )
        note(congress, actor=actor, now=now, thing="affair", deed="register", code=affair.code)
    return affair


def show_affair(
    *, actor: Actor, now: datetime, code: str, text: str, shown_by: str, shown_until: datetime | None = None,
    paper_sha256: str = "",
) -> Affair:  # fmt: skip
    """Show what the employer handed over on paper; its hash enters the ledger, and it stays shown for the time set.

    Raises Problem without a text or who shows it, for a time shorter than the rule, or what is shown already.
    """
    with atomic():
        affair = _held(code, actor=actor)
        _show(affair, now, text=text, shown_by=shown_by, shown_until=shown_until, paper=paper_sha256)
        note(affair.congress, actor=actor, now=now, thing="affair", deed="show", code=code)
    return affair


def ask_question(*, actor: Actor, now: datetime, code: str, text: str) -> Receipt:
    """A worker of the unit or a delegate asks about what is shown; nobody learns who. The answer has a clock.

    Raises Refused for whoever is neither member nor delegate here, Problem for what is not shown now, no text, too
    many questions of one person; Problems for personal data.
    """
    with atomic():
        affair = _held(code)
        path = affair.congress.unit.path
        member = actor.person_id is not None and any(own.startswith(path) for own in actor.member_paths)
        if not member and seat_of(affair.congress, actor) is None:
            raise Refused("members and delegates of this unit ask")
        if affair.shown_until is None or now > affair.shown_until:
            raise Problem("Questions are asked while it is shown.")
        if not text.strip():
            raise Problem("Write your question.")
        require_clean({"text": text})
        if affair.questions.filter(person_id=actor.person_id or 0, answered__isnull=True).count() >= MOST_QUESTIONS:
            raise Problem("You have %(most)d questions waiting here: they are answered first.", most=MOST_QUESTIONS)
        due, origin = clock(rule.ANSWER_WITHIN, path=path, now=now)
        receipt = give_receipt(kind="congress_question", code=code, now=now, content=text, promised=localdate(due))
        Question.objects.create(
            affair=affair, person_id=actor.person_id, text=text.strip()[:2000], receipt=receipt.number, asked=now,
            due=due, due_rule=origin,
        )  # fmt: skip
        affair.state = AffairState.QUESTIONED
        affair.save(update_fields=["state"])
    return receipt


def answer_question(*, actor: Actor, now: datetime, question_id: int, answer: str, answered_by: str) -> Question:
    """Enter the employer's answer as it came on paper. The asker is told. Raises Problem for one answered already."""
    with atomic():
        question = _question(question_id)
        require(actor, RUN, question.affair.congress.unit.path)
        if actor.concerns(question.person_id):
            raise Problem("You asked this question: somebody else enters the answer.")
        _answer(question, now, answer=answer, answered_by=answered_by)
        note(question.affair.congress, actor=actor, now=now, thing="affair", deed="answer", code=question.affair.code)
    return question


def make_link(
    *, actor: Actor, now: datetime, proposal: str = "", affair: str = "", question_id: int | None = None
) -> str:
    """A one-time link for the employer's office that owes this answer; an older one for the same matter ends.

    The secret is returned once and kept as a hash. Raises Problem where nothing is owed now.
    """
    with atomic():
        target: dict[str, object] = {}
        if proposal:
            row = DelegateProposal.objects.select_related("congress__unit").filter(code=proposal).first()
            if row is None:
                raise Problem("There is no proposal %(code)s.", code=proposal)
            congress, owed, target["proposal"] = row.congress, row.state in PROPOSAL_HANDLED, row
        elif question_id is not None:
            asked = _question(question_id)
            congress, owed, target["question"] = asked.affair.congress, asked.answered is None, asked
        else:
            shown = _held(affair)
            congress, owed, target["affair"] = shown.congress, shown.state == AffairState.DUE, shown
        require(actor, RUN, congress.unit.path)
        if not owed:
            raise Problem("No reply is owed now.")
        ReplyLink.objects.filter(**target, used__isnull=True, expires__gt=now).update(expires=now)
        secret = secrets.token_urlsafe(24)
        ReplyLink.objects.create(
            secret_hash=hash_of(secret), made=now, made_by_id=actor.account_id,
            expires=now + timedelta(days=LINK_LASTS), **target,
        )  # fmt: skip
        note(congress, actor=actor, now=now, thing="affair", deed="link", code=proposal or affair)
    return secret


def use_link(*, now: datetime, secret: str, text: str, signed_by: str) -> ReplyLink:
    """Answer by a one-time link: no account, one matter, once. Raises Problem for one used, ended or unknown."""
    with atomic():
        found = ReplyLink.objects.select_for_update(of=("self",)).filter(secret_hash=hash_of(secret)).first()
        if found is None or found.used is not None or found.expires <= now:
            raise Problem("This link has been used, or has ended. Ask the union for another.")
        if found.proposal_id is not None:
            proposal = DelegateProposal.objects.select_for_update(of=("self",)).select_related("congress__unit").get(
                pk=found.proposal_id
            )  # fmt: skip
            congress = proposal.congress
            keep_reply(proposal, now=now, reply=text, signed_by=signed_by)
        elif found.question_id is not None:
            question = _question(found.question_id)
            congress = question.affair.congress
            _answer(question, now, answer=text, answered_by=signed_by)
        else:
            affair = _held(Affair.objects.get(links=found).code)
            congress = affair.congress
            _show(affair, now, text=text, shown_by=signed_by, shown_until=None, paper="")
        found.used = now
        found.save(update_fields=["used"])
        note(congress, actor=Actor(name="employer's office"), now=now, thing="affair", deed="reply")
    return found


def hash_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def write_letter(*, actor: Actor, now: datetime, congress_code: str, ground: BreachGround, text: str) -> Breach:
    """Put down a breach and the union's letter on it: the time to mend starts. Raises Problem without what happened."""
    with atomic():
        congress = held_congress(congress_code, actor=actor, action=RUN)
        require_untied(actor, congress.unit.path)
        if not text.strip():
            raise Problem("Write what was not kept, and what the letter asks.")
        require_clean({"text": text})
        if congress.breaches.filter(ground=ground, state__in=[BreachState.LETTER, BreachState.PASSED_ON]).exists():
            raise Problem("A letter on this is under way already.")
        due, origin = clock(rule.BREACH_MEND, path=congress.unit.path, now=now)
        breach = Breach.objects.create(
            code=next_code("WB"), congress=congress, ground=BreachGround(ground), text=text.strip(), letter=now,
            due=due, due_rule=origin, by_id=actor.account_id,
        )  # fmt: skip
        note(congress, actor=actor, now=now, thing="breach", deed="write", code=breach.code)
    return breach


def move_breach(*, actor: Actor, now: datetime, code: str, then: BreachState, outcome: str = "") -> Breach:
    """Say that a breach is mended, bring it before the authorities after its time, or close it with their answer.

    Raises Problem before the time to mend is over, or without a word on how it ended.
    """
    with atomic():
        breach = (
            Breach.objects.select_for_update(of=("self",)).select_related("congress__unit").filter(code=code).first()
        )
        if breach is None:
            raise Problem("There is no breach %(code)s.", code=code)
        path = breach.congress.unit.path
        require(actor, RUN, path)
        then = BreachState(then)
        require_step(BREACH_NEXT, BreachState(breach.state), then)
        if then == BreachState.PASSED_ON:
            if now < breach.due:
                raise Problem("The time to mend runs until %(day)s.", day=breach.due)
            breach.passed_on = now
            breach.due, breach.due_rule = clock(rule.BREACH_AUTHORITY, path=path, now=now)
        else:
            if not outcome.strip():
                raise Problem("Write how it ended.")
            breach.outcome, breach.ended = outcome.strip()[:1000], now
        breach.state = then
        breach.save()
        note(breach.congress, actor=actor, now=now, thing="breach", deed="change", code=code, state=then.value)
    return breach


def _held(code: str, *, actor: Actor | None = None) -> Affair:
    found = Affair.objects.select_for_update(of=("self",)).select_related("congress__unit").filter(code=code).first()
    if found is None:
        raise Problem("There is no item of open affairs %(code)s.", code=code)
    if actor is not None:
        require(actor, RUN, found.congress.unit.path)
    return found


def _question(key: int) -> Question:
    found = (
        Question.objects.select_for_update(of=("self",)).select_related("affair__congress__unit").filter(pk=key).first()
    )
    if found is None:
        raise Problem("There is no such question.")
    return found


def _show(affair: Affair, now: datetime, *, text: str, shown_by: str, shown_until: datetime | None, paper: str) -> None:
    if affair.state != AffairState.DUE:
        raise Problem("This is shown already. What changed is registered as a new item.")
    if not text.strip() or not shown_by.strip():
        raise Problem("Write what is shown, and who of the employer shows it.")
    require_clean({"text": text})
    days = value_of(rule.SHOWN_FOR, path=affair.congress.unit.path, on=localdate(now))
    until = shown_until or now + timedelta(days=days)
    if until < now + timedelta(days=days):
        raise Problem("It stays shown for at least %(days)d days.", days=days)
    affair.state, affair.shown, affair.shown_until = AffairState.SHOWN, now, until
    affair.text, affair.shown_by, affair.paper_sha256 = text.strip()[:10_000], shown_by.strip()[:120], paper
    affair.save()
    log.append(
        kind="congress.affair_shown", code=affair.code, now=now,
        content={"matter": affair.matter, "text": hashlib.sha256(affair.text.encode()).hexdigest(), "paper": paper},
    )  # fmt: skip
    defer("congress.tell_affair", code=affair.code)


def _answer(question: Question, now: datetime, *, answer: str, answered_by: str) -> None:
    if question.answered is not None:
        raise Problem("This question is answered already.")
    if not answer.strip() or not answered_by.strip():
        raise Problem("Write the answer, and who of the employer gives it.")
    require_clean({"text": answer})
    question.answer, question.answered_by, question.answered = answer.strip()[:4000], answered_by.strip()[:120], now
    question.save()
    affair = question.affair
    if not affair.questions.filter(answered__isnull=True).exists():
        affair.state = AffairState.ANSWERED
        affair.save(update_fields=["state"])
    defer("congress.tell_answer", question_id=question.pk)
