"""Planning a visit, agreeing its day, calling it off."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, Refused, require, require_other, require_untied
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.problems import Problem
from qiao.deliver.contacts.choices import AHEAD, DutyState, System
from qiao.deliver.contacts.models import Duty
from qiao.deliver.contacts.rules import require_no_person
from qiao.deliver.contacts.rules.settings import LOG_WITHIN
from qiao.org.people.models import Account
from qiao.org.settings.queries import calendar_of, value_of
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in

#: The longest stay one entry holds; a longer one is entered in parts, so that no day is counted unseen.
LONGEST = timedelta(days=31)


def plan_duty(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    place: Unit,
    system: System,
    starts: datetime,
    ends: datetime,
    where: str = "",
    open_to_workers: bool = True,
) -> Duty:
    """Plan one's own visit to a unit. It may be entered afterwards as long as it could still be logged in time.

    Raises Refused without ``contact.log`` at ``unit`` (the officer's own), Problem for a visit to one's own unit, a
    closed place, a span that is none or too long, a visit too long ago, or days that overlap another of the officer's.
    """
    require(actor, "contact.log", unit.path)
    if actor.account_id is None:
        raise Refused("a log has an officer")
    if place.pk == unit.pk:
        raise Problem("A day at one's own office is none at the base: choose another unit.")
    if not takes_in(place):
        raise Problem("%(unit)s is closed.", unit=place.label)
    if not starts < ends <= starts + LONGEST:
        raise Problem("A visit ends after it begins, and within 31 days: enter a longer stay in parts.")
    require_no_person({"where": where})
    day = timezone.localdate(now)
    span = LOG_WITHIN.span(value_of(LOG_WITHIN, path=unit.path, on=day))
    log_due = due(ends, span, calendar_of(unit.path, day))
    if log_due < now:
        raise Problem("This visit is too long ago to be logged now: what is not logged in time does not count.")
    with atomic():
        # The account row is locked, so that two entries at once cannot overlap.
        officer = Account.objects.select_for_update().get(pk=actor.account_id)
        _require_free(officer, place, starts, ends)
        duty = Duty.objects.create(
            code=next_code("V"),
            officer=officer,
            unit=unit,
            place=place,
            where=where,
            system=system,
            starts=starts,
            ends=ends,
            open_to_workers=open_to_workers,
            planned=now,
            log_due=log_due,
        )
        audit.record(actor=actor, now=now, action="contact.plan", code=duty.code, unit_path=place.path)
    return duty


def _require_free(officer: Account, place: Unit, starts: datetime, ends: datetime) -> None:
    """Nobody is at two places on one day; two visits to one place on a day may not overlap either."""
    first = timezone.localtime(starts).replace(hour=0, minute=0, second=0, microsecond=0)
    last = timezone.localtime(ends).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    others = Duty.objects.filter(officer=officer, starts__lt=last, ends__gt=first).exclude(state=DutyState.CANCELLED)
    for other in others.order_by("pk"):
        if other.place_id != place.pk:
            raise Problem("On that day you are at another place (%(code)s): choose another day.", code=other.code)
        if other.starts < ends and other.ends > starts:
            raise Problem("Your visit %(code)s is at the same time.", code=other.code)


def confirm_duty(*, actor: Actor, now: datetime, code: str) -> Duty:
    """The place agrees to the day. Agreeing twice changes nothing.

    Raises Refused without ``contact.confirm`` at the place, Problem for one's own visit, or one that is over.
    """
    with atomic():
        duty = locked(code)
        require(actor, "contact.confirm", duty.place.path)
        refuse_own(actor, duty)
        if duty.state == DutyState.CONFIRMED:
            return duty
        if duty.state != DutyState.PLANNED:
            raise out_of_step(duty)
        duty.state, duty.confirmed_by_id = DutyState.CONFIRMED, actor.account_id
        duty.save(update_fields=["state", "confirmed_by"])
        audit.record(actor=actor, now=now, action="contact.confirm", code=code, unit_path=duty.place.path)
    return duty


def cancel_duty(*, actor: Actor, now: datetime, code: str, reason: str) -> Duty:
    """Call one's own visit off, with the reason the place reads.

    Raises Refused for another's visit, Problem without a reason, or once it is logged.
    """
    if not reason.strip():
        raise Problem("Say why the visit is called off.")
    require_no_person({"reason": reason})
    with atomic():
        duty = locked(code)
        require_own(actor, duty)
        if duty.state == DutyState.CANCELLED:
            return duty
        if duty.state not in AHEAD:
            raise out_of_step(duty)
        duty.state, duty.reason = DutyState.CANCELLED, reason
        duty.save(update_fields=["state", "reason"])
        audit.record(actor=actor, now=now, action="contact.cancel", code=code, unit_path=duty.place.path)
    return duty


def mark_overdue(*, actor: Actor, now: datetime) -> int:
    """Mark visits whose time for the log is over; returns how many. Run twice it changes nothing more.

    Raises Refused for everybody but the system.
    """
    if not actor.system:
        raise Refused("the clock is the system's")
    with atomic():
        rows = list(
            Duty.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(state__in=[DutyState.PLANNED, DutyState.CONFIRMED], log_due__lt=now)
            .select_related("place")
            .order_by("pk")[:1000]
        )
        Duty.objects.filter(pk__in=[duty.pk for duty in rows]).update(state=DutyState.OVERDUE)
        for duty in rows:
            audit.record(actor=actor, now=now, action="contact.overdue", code=duty.code, unit_path=duty.place.path)
    return len(rows)


def locked(code: str) -> Duty:
    """The duty with its row locked and its units loaded, for use inside a transaction."""
    return Duty.objects.select_for_update(of=("self",)).select_related("unit", "place").get(code=code)


def require_own(actor: Actor, duty: Duty) -> None:
    """Raise Refused unless it is the actor's own log."""
    if not actor.system and not actor.did(duty.officer_id):
        raise Refused("this log is another officer's")


def refuse_own(actor: Actor, duty: Duty) -> None:
    """Raise Problem where an officer would confirm their own days, or declared a tie to the place's employer."""
    require_other(actor, duty.officer_id, said=Problem("Your own days are confirmed by the place you visited."))
    require_untied(actor, duty.place.path)


def out_of_step(duty: Duty) -> Problem:
    """What is said where a duty is in another state than the act needs."""
    return Problem(
        "The visit is “%(state)s”: somebody may have acted on it meanwhile. Look at it again.",
        state=str(duty.get_state_display()),
    )
