"""The retention table as it stands."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base.deadlines import before
from qiao.org.retention.models import Hold
from qiao.org.retention.rules import Held, Rule
from qiao.org.settings.queries import federation_path, value_of


def held(key: str, now: datetime) -> Held:
    """What is held of a class at a moment."""
    on = localdate(now)
    holds = Hold.objects.filter(object_class=key, since__lte=on, until__gt=on, ended_at__isnull=True).select_related(
        "unit"
    )
    codes, paths = set(), []
    for hold in holds:
        if hold.code:
            codes.add(hold.code)
        else:
            paths.append(hold.unit.path if hold.unit else "")
    return Held(now, frozenset(codes), tuple(paths))


def cutoff_of(rule: Rule, now: datetime) -> datetime:
    """The moment before which a record of the class is due for erasure at ``now``."""
    if rule.period is None:
        return now
    months = value_of(rule.period, path=federation_path(), on=localdate(now))
    return before(now, rule.period.span(months))


def rule_text(rule: Rule, now: datetime) -> str:
    """The rule as a proof names it: the setting with its value, or "event"."""
    if rule.period is None:
        return "event"
    value = value_of(rule.period, path=federation_path(), on=localdate(now))
    return f"{rule.period.key} = {rule.period.span(value)}"
