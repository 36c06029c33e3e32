"""Reads of visits: the public rota, an officer's own log, what a place confirms."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from qiao.base.access import Actor
from qiao.deliver.contacts.choices import AHEAD, LOGGED, DutyState
from qiao.deliver.contacts.models import Duty, Issue
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit

PAGE = 30


def ahead(*, now: datetime, path: str = "") -> QuerySet[Duty]:
    """Visits to come that are open to whoever wishes to speak, soonest first; below ``path``, or everywhere."""
    return (
        Duty.objects.filter(
            state__in=[DutyState.PLANNED, DutyState.CONFIRMED],
            open_to_workers=True,
            ends__gte=now,
            place__path__startswith=path,
        )
        .select_related("officer", "unit", "place")
        .order_by("starts", "pk")
    )


def own_duties(actor: Actor) -> QuerySet[Duty]:
    """One's own log, newest first."""
    return Duty.objects.filter(officer=actor.account_id).select_related("unit", "place").order_by("-starts", "-pk")


def to_confirm(actor: Actor) -> QuerySet[Duty]:
    """Visits at the actor's units whose day is to be agreed, or whose presence is to be confirmed, soonest first."""
    condition = Q(pk__in=[])
    for path in actor.paths("contact.confirm"):
        condition |= Q(place__path__startswith=path)
    waiting = Q(state=DutyState.PLANNED) | Q(state__in=LOGGED, present__isnull=True)
    found = Duty.objects.filter(condition, waiting).exclude(officer__in=actor.own_accounts)
    found = found.exclude(actor.tied_to("place__path"))
    return found.select_related("officer", "unit", "place").order_by("starts", "pk")


def duty_for(actor: Actor, code: str) -> Duty:
    """A visit with its log, for the officer, the place, whoever answers an issue or reads the figures; raises
    Duty.DoesNotExist for everybody else. What is to come and open to workers everybody reads, without a log."""
    duty = Duty.objects.select_related("officer", "unit", "place", "confirmed_by", "attested_by").get(code=code)
    holders = duty.issues.exclude(holder=None).values_list("holder__path", flat=True)
    if (
        actor.system
        or actor.did(duty.officer_id)
        or actor.may("contact.confirm", duty.place.path)
        or actor.may("contact.read", duty.unit.path)
        or any(actor.may("contact.answer", path) for path in holders)
        or (duty.open_to_workers and duty.state in AHEAD)
    ):
        return duty
    raise Duty.DoesNotExist


def issues_of(duty: Duty) -> list[Issue]:
    """The issues of a visit in their order, with who holds them."""
    return list(duty.issues.select_related("holder", "answered_by").order_by("serial"))


def own_units(actor: Actor) -> QuerySet[Unit]:
    """Units in whose name the officer visits: those they hold the role in."""
    held = {grant.unit_id for grant in actor.grants if "contact.log" in grant.actions}
    return Unit.objects.filter(pk__in=held).exclude(state=UnitState.CLOSED).order_by("path")


def holder_options(duty: Duty) -> QuerySet[Unit]:
    """Units an issue may be handed to: the place itself and all above it."""
    path = duty.place.path
    above = [path[:end] for end in range(5, len(path) + 1, 5)]
    return Unit.objects.filter(path__in=above).exclude(state=UnitState.CLOSED).order_by("-path")
