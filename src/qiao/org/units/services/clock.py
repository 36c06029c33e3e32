"""The clock of the unit above: it keeps the rule it started under."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base.deadlines import due
from qiao.org.settings.queries import calendar_of, ruling
from qiao.org.settings.rules import Setting


def clock(setting: Setting[int], *, path: str, now: datetime) -> tuple[datetime, str]:
    """When something that starts now is due in the unit at ``path``, and the rule that says so."""
    day = localdate(now)
    rule = ruling(setting, path=path, on=day)
    return due(now, setting.span(rule.value), calendar_of(path, day)), rule.origin
