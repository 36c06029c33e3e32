"""What every change of an application shares: its lock, its clock, its audit row, its contact."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from qiao.base import audit, deadlines
from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.org.joining.choices import State
from qiao.org.joining.models import Application
from qiao.org.joining.rules import DECIDE_WITHIN, may_become
from qiao.org.settings.queries import calendar_of, ruling
from qiao.org.units.models import Unit


def locked(code: str) -> Application:
    """The application, held until the transaction ends; raises Application.DoesNotExist."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("unit", "employer", "place", "person")
        .get(code=code)
    )


def clock(unit: Unit, now: datetime) -> tuple[datetime, str]:
    """The promised moment at a unit, and the rule it comes from."""
    day = timezone.localdate(now)
    ruled = ruling(DECIDE_WITHIN, path=unit.path, on=day)
    return deadlines.due(now, DECIDE_WITHIN.span(ruled.value), calendar_of(unit.path, day)), ruled.origin


def expect(application: Application, to: State) -> None:
    """Raise Problem where the application cannot become ``to`` any more."""
    if not may_become(application.state, to):
        raise Problem(
            "This has been done already: the application is “%(state)s” now.", state=str(State(application.state).label)
        )


def written(*, actor: Actor, now: datetime, action: str, application: Application, **detail: object) -> None:
    """The audit row of a change; never a name or a contact."""
    audit.record(
        actor=actor, now=now, action=action, code=application.code, unit_path=application.unit.path, detail=detail
    )
