"""Which of the values along a unit's line holds (mechanism S10 of the field)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from qiao.org.settings.rules.setting import Setting
from qiao.org.settings.rules.values import is_stricter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Own(Generic[T]):
    """A unit's own value in force: its depth below the root, and who set it."""

    depth: int
    unit_id: int
    value: T
    since: date
    set_by: str
    reason: str


def holding(setting: Setting[T], line: Sequence[Own[T]]) -> Own[T] | None:
    """Of the own values along one line, from the root down, the one that holds; None: the default.

    Where a unit below may be stricter only, its value holds while it is at least as strict as what holds above it (the
    default, where nothing is set above); one that has been overtaken from above stays written but holds no more. The
    root is bound by no default: its value replaces it. A fixed setting knows no values.
    """
    if setting.fixed:
        return None
    found: Own[T] | None = None
    for own in line:
        if own.depth:
            above = found.value if found else setting.default
            if above is not None and not is_stricter(setting, own.value, above):
                continue
        found = own
    return found
