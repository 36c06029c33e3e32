"""Organisations and seats, for evaluations and the pages."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.records import Door
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


def organisations() -> QuerySet[Organisation]:
    """All of them with those who run evaluations there now, by number."""
    leads = Seat.objects.filter(until__isnull=True, duty=Duty.LEAD).select_related("account").order_by("pk")
    return (
        Organisation.objects.select_related("unit").prefetch_related(Prefetch("seats", leads, "leads")).order_by("pk")
    )


def units_to_admit_in(actor: Actor) -> QuerySet[Unit]:
    """The units in which this actor grants roles, the highest of each branch."""
    return Unit.objects.filter(path__in=actor.paths("role.grant")).order_by("path")


def seats(organisation: Organisation) -> QuerySet[Seat]:
    """Everybody with a seat there, those who left last."""
    return organisation.seats.select_related("account").order_by("until", "duty", "pk")


def desk_doors(*, actor: Actor) -> list[Door]:
    """One's own organisation for its people; all of them for whoever admits one."""
    doors = []
    if actor.may("evaluation.run") and own_seat(actor) is not None:
        doors.append(Door("judge", _("Our people"), reverse("evaluators:people")))
    if actor.may("role.grant"):
        doors.append(Door("judge", _("Who judges from outside"), reverse("evaluators:index")))
    return doors
