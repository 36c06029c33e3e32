"""Values as people type them, as they are kept, and within their bounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar, cast

from qiao.base.deadlines import Calendar
from qiao.base.problems import Problem
from qiao.org.settings.choices import Kind, Stricter
from qiao.org.settings.rules.setting import Setting

T = TypeVar("T")

_WHOLE = frozenset({Kind.HOURS, Kind.DAYS, Kind.WORKING_DAYS, Kind.MONTHS, Kind.YEARS, Kind.COUNT})


def kept(value: object) -> object:
    """A value as JSON keeps it."""
    if isinstance(value, Calendar):
        return {
            "rest": sorted(day.isoformat() for day in value.rest_days),
            "working": sorted(day.isoformat() for day in value.extra_working_days),
            "weekend": sorted(value.weekend),
        }
    return value


def read(setting: Setting[T], raw: Any) -> T:
    """A kept value as the code uses it."""
    if setting.kind == Kind.CALENDAR:
        return cast(
            "T", Calendar(_days(raw["rest"]), _days(raw["working"]), frozenset(int(day) for day in raw["weekend"]))
        )
    return cast("T", float(raw) if setting.kind == Kind.SHARE else raw)


def checked(setting: Setting[T], value: object) -> T:
    """A value of the setting's kind, within its bounds; raises Problem otherwise."""
    if setting.fixed:
        raise Problem("“%(setting)s” is fixed: nobody changes it.", setting=str(setting.label))
    found = _of_kind(setting, value)
    if setting.lowest is not None and found < setting.lowest:
        raise Problem(
            "“%(setting)s” cannot be lower than %(limit)s.", setting=str(setting.label), limit=str(setting.lowest)
        )
    if setting.highest is not None and found > setting.highest:
        raise Problem(
            "“%(setting)s” cannot be higher than %(limit)s.", setting=str(setting.label), limit=str(setting.highest)
        )
    return cast("T", found)


def is_stricter(setting: Setting[T], value: T, above: T) -> bool:
    """Whether a unit below may have ``value`` where ``above`` holds above it."""
    if setting.lower is None:
        return True
    high, low = (value, above) if setting.lower == Stricter.HIGHER else (above, value)
    return bool(cast("Any", high) >= cast("Any", low))


def _of_kind(setting: Setting[T], value: object) -> Any:
    kind, label = setting.kind, str(setting.label)
    if kind == Kind.SWITCH and isinstance(value, bool):
        return value
    if kind in _WHOLE and isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise Problem("“%(setting)s” cannot be lower than %(limit)s.", setting=label, limit="0")
        return value
    if kind == Kind.SHARE and isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value <= 1:
            raise Problem("“%(setting)s” is a share: write a number from 0 to 1.", setting=label)
        return float(value)
    if kind == Kind.CHOICE and setting.choices and value in setting.choices:
        return value
    if kind == Kind.TEXT and isinstance(value, str) and value.strip():
        return value.strip()
    if kind == Kind.CALENDAR and isinstance(value, Calendar):
        return value
    raise Problem("“%(setting)s” cannot have this value: %(value)s.", setting=label, value=str(value)[:80])


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)
