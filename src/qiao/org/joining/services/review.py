"""The unit's side: take up, ask back, approve, refuse, pass on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from qiao.base import deadlines, jobs
from qiao.base.access import Actor, Refused, require, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.joining.choices import OPEN, Identity, State
from qiao.org.joining.models import Application
from qiao.org.joining.queries.twins import twins_of
from qiao.org.joining.services import records
from qiao.org.joining.services.persons import enter_person, open_sign_in
from qiao.org.membership.choices import Employment
from qiao.org.membership.models import Membership
from qiao.org.membership.services import admit_member
from qiao.org.people.models import Person
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in


def take_up(*, actor: Actor, now: datetime, code: str) -> Application:
    """Begin to look at an application; beginning twice changes nothing. Raises Refused without ``joining.review``."""
    with atomic():
        application = records.locked(code)
        require(actor, "joining.review", application.unit.path)
        if application.state == State.UNDER_REVIEW:
            return application
        records.expect(application, State.UNDER_REVIEW)
        require_untied(actor, application.unit.path, application.employer_id)
        if application.state == State.REFUSED:
            raise Problem("A refusal is taken up again only by an appeal.")
        application.state = State.UNDER_REVIEW
        application.save(update_fields=["state"])
        records.written(actor=actor, now=now, action="joining.under_review", application=application)
    return application


def note_identity(*, actor: Actor, now: datetime, code: str, identity: Identity) -> Application:
    """Write down how who the worker is was checked.

    Raises Refused without ``joining.review``, Problem where it is decided already or there is no number to check.
    """
    with atomic():
        application = records.locked(code)
        _decider(actor, application)
        if application.state not in OPEN:
            records.expect(application, State.ACTIVE)
        if identity == Identity.NUMBER and application.identity_number is None:
            raise Problem("The worker gave no number: look at a paper, or ask.")
        application.identity = identity
        application.save(update_fields=["identity"])
        records.written(actor=actor, now=now, action="joining.identity", application=application, result=identity.value)
    return application


def ask_back(*, actor: Actor, now: datetime, code: str, question: str) -> Application:
    """Return an application to the worker with a question; the clock stands still until the answer.

    Raises Refused without ``joining.review``, Problem without a question or after a decision.
    """
    if not question.strip():
        raise Problem("Write what the worker should mend or bring.")
    with atomic():
        application = records.locked(code)
        _decider(actor, application)
        if application.state == State.RETURNED and application.question == question.strip():
            return application
        records.expect(application, State.RETURNED)
        application.state, application.question, application.paused = State.RETURNED, question.strip(), now
        application.save(update_fields=["state", "question", "paused"])
        records.written(actor=actor, now=now, action="joining.returned", application=application)
        jobs.defer("joining.tell", code=code, what="returned")
    return application


def say_known(*, actor: Actor, now: datetime, code: str, person_id: int) -> Application:
    """The applicant is a member already: tell them through their contact, and through nothing else.

    Whoever only holds the receipt sees what they would see of a question back: nobody finds out here who is a member.

    Raises Refused without ``joining.review``, Problem where the person is not among those it may be, or where the
    contact given is not theirs: whoever wrote it may be somebody else who knows the identity number.
    """
    with atomic():
        application = records.locked(code)
        _decider(actor, application)
        twins = {twin.person_id: twin for twin in twins_of(application) if twin.person_id}
        if person_id not in twins:
            raise Problem("This person shares neither contact nor identity number with the application.")
        if not twins[person_id].by_contact and application.person_id != person_id:
            # Others know a worker's identity number, too, the employer above all, and may have written their own
            # contact beside it, or none: the answer, or the page of the receipt, would tell them who is a member.
            raise Problem(
                "The contact of this application is not this person's: whoever wrote it would learn who is a member.",
                hint="Ask in general words to come by, and clear it with the worker in person.",
            )
        if application.state == State.RETURNED and application.person_id == person_id:
            return application
        records.expect(application, State.RETURNED)
        application.state, application.paused, application.person_id = State.RETURNED, now, person_id
        application.question = ""
        application.save(update_fields=["state", "paused", "person", "question"])
        records.written(actor=actor, now=now, action="joining.known", application=application)
        jobs.defer("joining.tell", code=code, what="known")
    return application


def approve(
    *, actor: Actor, now: datetime, code: str, same_person: int | None = None, other_person: bool = False
) -> Application:
    """Take the worker in; approving twice gives one membership.

    ``same_person``: a former member of this number joins again. ``other_person``: whoever shares the contact is
    somebody else. With a shared identity number there is no other person.

    Raises Refused without ``joining.review`` or for one's own or self-entered application, Problem where it is decided
    otherwise, the identity is open, the unit is closed, or a twin is not cleared.
    """
    with atomic():
        application = records.locked(code)
        _decider(actor, application)
        if application.state == State.ACTIVE:
            return application
        records.expect(application, State.ACTIVE)
        if application.identity in (Identity.OPEN, Identity.DIFFERS):
            raise Problem("First write down how you checked who the worker is.")
        if not takes_in(application.unit):
            raise Problem("%(unit)s is closed.", unit=application.unit.label)
        person = _person_for(application, same_person, other_person=other_person)
        joined = enter_person(actor=actor, now=now, application=application, person=person)
        membership = admit_member(
            actor=actor, now=now, person=joined, unit=application.unit, employment=Employment(application.employment),
            since=timezone.localdate(now), employer_id=application.employer_id,
        )  # fmt: skip
        open_sign_in(actor=actor, now=now, application=application, person=joined)
        _decided(application, actor, now, State.ACTIVE)
        application.person, application.membership = joined, membership
        # The person's own record holds them now; two places would grow apart.
        application.contact, application.identity_number = None, None
        application.save()
        records.written(
            actor=actor, now=now, action="joining.approved", application=application, membership=membership.pk
        )
        jobs.defer("joining.welcome", membership_id=membership.pk)
    return application


def approve_many(
    *, actor: Actor, now: datetime, codes: Sequence[str]
) -> tuple[list[Application], list[tuple[str, Problem]]]:
    """Approve several workers' own applications, each by itself: what cannot be approved stays, with its reason.

    There is no way to make people members who have not applied. Raises Refused as `approve`, at the first.
    """
    done: list[Application] = []
    left: list[tuple[str, Problem]] = []
    for code in dict.fromkeys(codes):
        try:
            done.append(approve(actor=actor, now=now, code=code))
        except Problem as problem:
            left.append((code, problem))
    return done, left


def refuse(*, actor: Actor, now: datetime, code: str, reason: str) -> Application:
    """Refuse with a reason; the worker may appeal to another unit by the receipt. Refusing twice changes nothing.

    Raises Refused as `approve`, Problem without a reason or after another decision.
    """
    if len(reason.strip()) < 10:
        raise Problem("Write the reason so that the worker understands it and can answer it.")
    with atomic():
        application = records.locked(code)
        _decider(actor, application)
        if application.state == State.REFUSED:
            return application
        if application.state not in OPEN:
            records.expect(application, State.ACTIVE)
        _decided(application, actor, now, State.REFUSED)
        application.reason = reason.strip()
        application.save()
        records.written(actor=actor, now=now, action="joining.refused", application=application)
        jobs.defer("joining.tell", code=code, what="refused")
    return application


def pass_on(*, actor: Actor, now: datetime, code: str, to: Unit) -> Application:
    """Give an application to the unit it belongs to; the promised day stays. Giving it twice changes nothing.

    Raises Refused without ``joining.review`` at the present unit, Problem for a closed unit, after a decision, or
    against the worker's wish not to go through the workplace union.
    """
    with atomic():
        application = records.locked(code)
        require(actor, "joining.review", application.unit.path)
        if application.unit_id == to.pk:
            return application
        if application.state not in OPEN:
            records.expect(application, State.ACTIVE)
        if not takes_in(to):
            raise Problem("%(unit)s is closed.", unit=to.label)
        if application.bypass and to.kind in ("base", "joint_base"):
            raise Problem("The worker asked not to go through a workplace union.")
        former = application.unit.label
        application.unit = to
        application.save(update_fields=["unit"])
        records.written(actor=actor, now=now, action="joining.passed_on", application=application, former=former)
        jobs.defer("joining.tell", code=code, what="passed_on")
    return application


def reopen(*, actor: Actor, now: datetime, code: str) -> Application:
    """A refusal overturned on appeal: looked at again, by the unit above the one that refused.

    Called by the appeal. Reopening twice changes nothing.
    """
    with atomic():
        application = records.locked(code)
        if application.state != State.REFUSED:
            return application
        if application.unit.parent_id is not None:
            application.unit = Unit.objects.get(pk=application.unit.parent_id)
        application.state, application.reason = State.UNDER_REVIEW, ""
        application.decided, application.decided_by = None, None
        application.due, application.rule = records.clock(application.unit, now)
        application.save()
        records.written(actor=actor, now=now, action="joining.reopened", application=application)
        jobs.defer("joining.tell", code=code, what="passed_on")
    return application


def resume(application: Application, now: datetime) -> None:
    """Let the clock of a returned application run on: the promised day moves by the time it stood."""
    if application.paused is not None:
        application.due = deadlines.resumed(application.due, application.paused, now, deadlines.SpanUnit.DAYS)
        application.paused = None


def _decider(actor: Actor, application: Application) -> None:
    """Whoever decides holds the right here, is not the applicant, and has not entered the application."""
    require(actor, "joining.review", application.unit.path)
    require_untied(actor, application.unit.path, application.employer_id)
    if actor.concerns(application.person_id):
        raise Refused("nobody decides on their own application")
    require_other(
        actor,
        application.entered_by_id,
        said=Problem("You entered this application: another officer decides on it."),
    )


def _person_for(application: Application, same_person: int | None, *, other_person: bool) -> Person | None:
    """The former member who joins again, or None for somebody new; raises Problem while a twin is not cleared."""
    twins = [twin for twin in twins_of(application) if twin.person_id is not None]
    if same_person is None and application.person_id is not None:
        # Applied from their own account: nobody else can be meant.
        same_person = application.person_id
    if same_person is not None:
        if same_person != application.person_id and same_person not in {twin.person_id for twin in twins}:
            raise Problem("This person shares neither contact nor identity number with the application.")
        if Membership.objects.filter(person_id=same_person, until__isnull=True).exists():
            raise Problem("This person has standing already: tell them so instead of taking them in twice.")
        theirs = same_person == application.person_id or any(
            twin.by_contact for twin in twins if twin.person_id == same_person
        )
        if not theirs and application.identity not in (Identity.PAPER, Identity.KNOWN):
            # The number alone is known to others: with it nobody gets at a former member's record.
            raise Problem("The contact is not the one this person had: see the worker or a paper of theirs first.")
        return Person.objects.get(pk=same_person)
    if any(twin.by_identity for twin in twins):
        raise Problem("The register holds a person with this identity number: it is the same person.")
    if twins and not other_person:
        raise Problem("The register holds a person with this contact: say whether it is the same person.")
    return None


def _decided(application: Application, actor: Actor, now: datetime, state: State) -> None:
    application.state, application.decided, application.decided_by_id = state, now, actor.account_id
    application.paused = None
