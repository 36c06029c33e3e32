"""Applications of a unit, and one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from django.utils.timezone import localdate

from qiao.base import deadlines
from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.org.access.queries import handling_unit
from qiao.org.joining.choices import OPEN, State
from qiao.org.joining.models import Application
from qiao.org.joining.queries.routing import Route
from qiao.org.joining.rules import DECIDE_WITHIN, IDENTITY_CHECK
from qiao.org.membership.models import Membership
from qiao.org.membership.queries import membership_of
from qiao.org.settings.queries import calendar_of, span_of, value_of
from qiao.org.units.models import Unit


def application_by_code(code: str) -> Application | None:
    """One application, for officers."""
    return (
        Application.objects.select_related("unit", "employer", "place", "entered_by", "decided_by", "membership")
        .filter(code=code)
        .first()
    )


def application_by_receipt(receipt: str) -> Application | None:
    """One application, for whoever holds its receipt."""
    return Application.objects.select_related("unit").filter(receipt=receipt).first()


def is_handed_in(nonce: str) -> bool:
    """Whether this form has become an application already."""
    return Application.objects.filter(nonce=nonce).exists()


def open_at(unit: Unit) -> list[Application]:
    """What waits at a unit itself, the most urgent first; what the worker is to confirm or answer stands last."""
    states = [*OPEN, State.RETURNED, State.UNCONFIRMED]
    rows = (
        Application.objects.filter(unit=unit, state__in=states).select_related("employer").order_by("due", "pk")[:500]
    )
    return sorted(rows, key=lambda row: (row.state not in OPEN, row.due, row.pk))


def decided_at(unit: Unit) -> list[Application]:
    """The last hundred decisions of a unit."""
    states = [State.ACTIVE, State.REFUSED]
    return list(
        Application.objects.filter(unit=unit, state__in=states).select_related("decided_by").order_by("-decided")[:100]
    )


def handled_elsewhere(application: Application, now: datetime) -> Unit | None:
    """The unit above on whose desk an open application stands, as nobody at its own unit may decide; else None.

    Nobody holds the role there, or all who do entered it or declared a tie to the employer (S12).
    """
    if application.state not in OPEN:
        return None
    found = handling_unit(
        "joining.review", application.unit.path, on=localdate(now), employer_id=application.employer_id,
        but=[application.entered_by_id] if application.entered_by_id else (),
    )  # fmt: skip
    return found if found is not None and found.pk != application.unit_id else None


def progress_of(application: Application, now: datetime) -> deadlines.Progress:
    """How far the clock of an application has run; while it waits for the worker it stands still."""
    return deadlines.progress(application.applied, application.due, now, paused=application.paused)


def asks_identity(unit: Unit | None, now: datetime) -> bool:
    """Whether the identity number is asked for at all (by consent) where a worker joins."""
    return value_of(IDENTITY_CHECK, path=unit.path if unit else "", on=localdate(now))


def promised(route: Route | None, now: datetime) -> date | None:
    """The day an answer is promised for at a unit; None where none takes anybody in."""
    if route is None:
        return None
    day = localdate(now)
    try:
        span = span_of(DECIDE_WITHIN, path=route.unit.path, on=day)
    except Problem:
        return None
    return localdate(deadlines.due(now, span, calendar_of(route.unit.path, day)))


def own_standing(actor: Actor) -> Membership | None:
    """The standing of whoever is signed in: they need not join."""
    return membership_of(actor.person_id) if actor.person_id else None


@dataclass(frozen=True, slots=True)
class Deciding:
    """How long a unit with all below it took to decide in a year: number, median days, how many late."""

    number: int
    days: float | None
    late: int


def deciding(path: str, since: date) -> Deciding:
    """Decisions since a day; one query."""
    rows = Application.objects.filter(
        unit__path__startswith=path, state__in=[State.ACTIVE, State.REFUSED], decided__date__gte=since
    ).values_list("applied", "decided", "due")[:5000]
    taken = [(applied, decided, due) for applied, decided, due in rows if decided is not None]
    spans = [(decided - applied).total_seconds() / 86400 for applied, decided, _due in taken]
    return Deciding(len(spans), median(spans) if spans else None, sum(decided > due for _a, decided, due in taken))
