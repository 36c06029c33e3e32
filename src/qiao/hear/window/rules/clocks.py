"""How long an answer may take, by class and place. A running clock keeps the rule it started under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from qiao.base.deadlines import Calendar, due
from qiao.hear.window.choices import TimeClass
from qiao.hear.window.rules import settings as own
from qiao.org.settings.queries import rulings
from qiao.org.settings.rules import Ruling, Setting
from qiao.org.settings.rules.calendar import CALENDAR

_CLASS: dict[str, Setting[int]] = {
    TimeClass.GENERAL: own.TIME_GENERAL,
    TimeClass.HARD: own.TIME_HARD,
    TimeClass.SPECIAL: own.TIME_SPECIAL,
}
_GOV: dict[str, Setting[int]] = {
    TimeClass.GENERAL: own.GOV_GENERAL,
    TimeClass.HARD: own.GOV_HARD,
    TimeClass.SPECIAL: own.TIME_SPECIAL,
}
#: Danger does not wait for the next working day.
_EVERY_DAY = Calendar(weekend=frozenset())


@dataclass(frozen=True, slots=True)
class Clock:
    """The promised moment, the day by which somebody has read it, and the setting the promise came from."""

    due: datetime
    ack_due: datetime
    rule: str


def clock_of(*, path: str, start: datetime, time_class: str, urgent: bool) -> Clock:
    """The clock of a request at the body with this path, by the settings in force on the day it starts. One query."""
    day = localdate(start)
    asked: list[Setting[Any]] = [
        own.GOV_LINE,
        own.URGENT,
        own.GOV_EMERGENCY,
        own.ACK,
        CALENDAR,
        _CLASS[time_class],
        _GOV[time_class],
    ]
    found = rulings(asked, path=path, on=day)
    joined = bool(found[own.GOV_LINE.key].value)
    calendar: Calendar = found[CALENDAR.key].value
    setting = _CLASS[time_class]
    if joined:
        setting = _GOV[time_class]
    if urgent:
        setting = own.GOV_EMERGENCY if joined else own.URGENT
    ruled: Ruling[int] = found[setting.key]
    promised = due(start, setting.span(ruled.value), _EVERY_DAY if urgent else calendar)
    ack = due(start, own.ACK.span(found[own.ACK.key].value), calendar)
    return Clock(promised, min(ack, promised) if urgent else ack, ruled.origin)
