"""Days that count, and the steps of a duty."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from qiao.deliver.contacts.choices import LOGGED
from qiao.deliver.contacts.choices import DutyState as S
from qiao.deliver.contacts.models import Duty


def days_of(duty: Duty) -> list[date]:
    """The calendar days a duty touches."""
    first, last = timezone.localdate(duty.starts), timezone.localdate(duty.ends)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def counted_days(duty: Duty, *, issues: int) -> list[date]:
    """The days that count for the officer: the place says they were there, and either something was raised or the
    place confirms that nothing was (a visit for show counts for nothing)."""
    if duty.state not in LOGGED or duty.present is not True or not (issues or duty.none_raised):
        return []
    return days_of(duty)


def steps(duty: Duty) -> list[tuple[str, bool, bool]]:
    """The states as steps (label, done, current)."""
    if duty.state == S.CANCELLED:
        line = [S.PLANNED, S.CANCELLED]
    elif duty.none_raised:
        line = [S.PLANNED, S.CONFIRMED, S.DONE, S.CLOSED]
    else:
        line = [S.PLANNED, S.CONFIRMED, S.DONE, S.HANDED_OVER, S.ANSWERED_BACK, S.CLOSED]
    if duty.state == S.OVERDUE:
        line[1] = S.OVERDUE
    here = line.index(S(duty.state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(line)]
