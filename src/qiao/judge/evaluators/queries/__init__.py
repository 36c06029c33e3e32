"""Organisations and seats, for evaluations and the pages."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from qiao.base.access import Actor
from qiao.judge.evaluators.choices import Duty
from qiao.judge.evaluators.models import Organisation, Seat
from qiao.org.units.models import Unit


def seat_of(account_id: int | None) -> Seat | None:
    """The seat an account has now."""
    if account_id is None:
        return None
    return Seat.objects.select_related("organisation__unit").filter(account_id=account_id, until__isnull=True).first()


def own_seat(actor: Actor) -> Seat | None:
    """The seat of whoever acts."""
    return seat_of(actor.account_id)


def people_of(organisation_id: int) -> list[int]:
    """Accounts of everybody who ever had a seat there: none of them is asked what their organisation judges."""
    return list(Seat.objects.filter(organisation_id=organisation_id).values_list("account_id", flat=True).distinct())


def organisations() -> QuerySet[Organisation]:
    """All of them with those who run evaluations there now, by number."""
    leads = Seat.objects.filter(until__isnull=True, duty=Duty.LEAD).select_related("account").order_by("pk")
    return (
        Organisation.objects.select_related("unit").prefetch_related(Prefetch("seats", leads, "leads")).order_by("pk")
    )


def organisations_at(unit: Unit) -> QuerySet[Organisation]:
    """Those that may judge in a unit: admitted there or above."""
    above = [unit.path[:end] for end in range(5, len(unit.path) + 1, 5)]
    return Organisation.objects.filter(unit__path__in=above).order_by("pk")


def seats(organisation: Organisation) -> QuerySet[Seat]:
    """Everybody with a seat there, those who left last."""
    return organisation.seats.select_related("account").order_by("until", "duty", "pk")
