"""Telephone interviews: lists, the next person, the log of calls. What was answered is never seen again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused, require, require_other
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked, CallOutcome, Delivery, Mode
from qiao.hear.surveys.models import Call, Invitation, Round
from qiao.hear.surveys.services.answers import take_answer
from qiao.hear.surveys.services.rounds.locking import locked
from qiao.hear.surveys.services.rounds.marking import mark_mode
from qiao.org.access.queries import actor_for
from qiao.org.people.choices import ContactKind, ContactState
from qiao.org.people.models import Account, Contact, Person
from qiao.org.people.services import note_look

INTERVIEW = "round.interview"
#: Calls after which a person is left in peace.
MOST_ATTEMPTS = 5


def hand_out_calls(*, actor: Actor, now: datetime, code: str, interviewers: Sequence[Account], number: int) -> int:
    """Share ``number`` people who have not answered and left a telephone number out among interviewers; how many.

    Whoever has a number in the register is called on it; that needs no code, the call counts as this person's single
    use. The same people are not handed out twice. Raises Refused without ``round.draw``, Problem for somebody who may
    not interview here, who planned or drew the round, or where nobody can be called.
    """
    with atomic():
        survey = locked(code)
        require(actor, "round.draw", survey.unit.path)
        if not rules.takes_answers(survey, now) or survey.asked not in {Asked.CENSUS, Asked.SAMPLE}:
            raise Problem("People are called while the round is open.")
        if not interviewers:
            raise Problem("Choose who calls.")
        for account in interviewers:
            if not actor_for(account, localdate(now)).may(INTERVIEW, survey.unit.path):
                raise Problem("%(name)s may not interview here.", name=account.display_name)
            if account.pk in {survey.planned_by_id, survey.drawn_by_id}:
                raise Problem("Who planned or drew the round does not interview in it.")
        reached = Contact.objects.filter(kind=ContactKind.MOBILE).exclude(state=ContactState.STALE)
        waiting = list(
            Invitation.objects.filter(round=survey, answered=False, call__isnull=True, person_id__gt=0)
            .filter(person_id__in=reached.values("person_id"))
            .order_by("delivery", "pk")
            .values_list("pk", flat=True)[:number]
        )  # fmt: skip
        if not waiting:
            raise Problem("Nobody is left who has not answered and can be called.")
        Call.objects.bulk_create(
            Call(invitation_id=pk, interviewer=interviewers[place % len(interviewers)])
            for place, pk in enumerate(waiting)
        )
        mark_mode(survey, waiting, Mode.PHONE)
        audit.record(
            actor=actor, now=now, action="round.calls", code=code, unit_path=survey.unit.path,
            detail={"people": len(waiting), "interviewers": len(interviewers)},
        )  # fmt: skip
    return len(waiting)


def next_call(*, actor: Actor, now: datetime, code: str) -> Call | None:
    """The next person on the actor's own list who has not answered: appointments that are due, then who was called
    least. Raises Refused without ``round.interview`` at the round's unit."""
    survey = Round.objects.select_related("unit").get(code=code)
    require(actor, INTERVIEW, survey.unit.path)
    mine = _open_calls(actor, survey)
    due = mine.filter(outcome=CallOutcome.APPOINTMENT, appointment__lte=now).order_by("appointment", "pk").first()
    fresh = mine.filter(
        Q(outcome=CallOutcome.NONE) | Q(outcome=CallOutcome.NO_ANSWER, last_day__lt=localdate(now)),
        attempts__lt=MOST_ATTEMPTS,
    )  # fmt: skip
    return due or fresh.order_by("attempts", "pk").first()


def call_of(*, actor: Actor, now: datetime, code: str, call_id: int) -> Call:
    """A call of the actor's own list whose person has not answered. Raises Refused for any other, Problem when done."""
    survey = Round.objects.select_related("unit").get(code=code)
    require(actor, INTERVIEW, survey.unit.path)
    call = Call.objects.select_related("invitation").filter(pk=call_id, invitation__round=survey).first()
    if call is None or call.interviewer_id != actor.account_id:
        raise Refused("this person is not on your list")
    if call.invitation.answered:
        raise Problem("This person has answered already: the first answer stays.")
    if not rules.takes_answers(survey, now):
        raise Problem("Answers are taken only while the round is open.")
    return call


@dataclass(frozen=True, slots=True)
class Called:
    """Whom to call: the name to ask for and the number."""

    name: str
    number: str


def person_called(*, actor: Actor, now: datetime, call: Call) -> Called:
    """The name and number of a person on the actor's own list; the person sees under "who looked" that it was opened.

    Raises Refused for a person on somebody else's list.
    """
    if call.interviewer_id != actor.account_id or call.invitation.person_id is None:
        raise Refused("this person is not on your list")
    person = Person.objects.get(pk=call.invitation.person_id)
    contact = Contact.objects.filter(person=person, kind=ContactKind.MOBILE).exclude(state=ContactState.STALE).first()
    path = call.invitation.round.unit.path
    note_look(actor=actor, now=now, person=person, record="contact", action=INTERVIEW, unit_path=path)
    return Called(person.name, str(contact.value) if contact else "")


def log_call(
    *, actor: Actor, now: datetime, code: str, call_id: int, outcome: str, appointment: datetime | None = None
) -> Call:
    """Note how a call ended that brought no answer. A wrong number leaves the base of the response rate.

    Raises Refused for a person on somebody else's list, Problem for an appointment in the past or after the close.
    """
    if outcome not in CallOutcome.values or outcome == CallOutcome.NONE:
        raise Problem("Say how the call ended.")
    with atomic():
        call = call_of(actor=actor, now=now, code=code, call_id=call_id)
        call = Call.objects.select_for_update(of=("self",)).select_related("invitation__round").get(pk=call.pk)
        wrong = appointment is None or not now < appointment < call.invitation.round.closes
        if outcome == CallOutcome.APPOINTMENT and wrong:
            raise Problem("The appointment lies after now and before the round closes.")
        call.appointment = appointment if outcome == CallOutcome.APPOINTMENT else None
        call.outcome, call.attempts, call.last_day = outcome, call.attempts + 1, localdate(now)
        call.save(update_fields=["outcome", "attempts", "last_day", "appointment"])
        if outcome == CallOutcome.WRONG_NUMBER:
            Invitation.objects.filter(pk=call.invitation_id, answered=False).update(delivery=Delivery.UNDELIVERABLE)
            Contact.objects.filter(person_id=call.invitation.person_id or 0, kind=ContactKind.MOBILE).update(
                state=ContactState.STALE
            )
    return call


def take_interview(*, actor: Actor, now: datetime, code: str, call_id: int, values: Mapping[str, object]) -> str | None:
    """Store the answers of a person on the actor's list; the receipt's number, or None where an answer came before.

    The call itself is not written to: nothing tells which answer was given by telephone to whom. Raises Refused for a
    person on somebody else's list, Problem for who planned or drew the round.
    """
    call = call_of(actor=actor, now=now, code=code, call_id=call_id)
    survey = call.invitation.round
    require_other(actor, survey.planned_by_id, survey.drawn_by_id)
    return take_answer(now=now, round_id=survey.pk, values=values, person_id=call.invitation.person_id)


def _open_calls(actor: Actor, survey: Round) -> QuerySet[Call]:
    return Call.objects.select_related("invitation__round__unit").filter(
        interviewer_id=actor.account_id, invitation__round=survey, invitation__answered=False
    )
