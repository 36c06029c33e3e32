"""Test (c) of effective coverage: whether a union did anything, as the parts of the platform above know it.

Each such part registers what it knows when it starts; nothing is asked of the unions for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.functional import Promise

#: Of these units those with an activity or a case from ``since`` on, up to and with the day ``on``.
Knower = Callable[[frozenset[int], date, date], set[int]]

_KNOWERS: dict[str, tuple[str | Promise, Knower]] = {}


def register_activity(key: str, label: str | Promise, knower: Knower) -> None:
    """Add what a part of the platform knows; called from its AppConfig.ready(). Raises ValueError for a key twice."""
    if _KNOWERS.setdefault(key, (label, knower))[1] is not knower:
        raise ValueError(f"{key} is registered twice")


def activities() -> Mapping[str, str | Promise]:
    """What is counted as activity: key and label."""
    return {key: label for key, (label, _knower) in _KNOWERS.items()}


def active_units(unit_ids: frozenset[int], since: date, on: date) -> set[int]:
    """Of these units those of which any part of the platform knows an activity or a case."""
    found: set[int] = set()
    for _label, knower in _KNOWERS.values():
        found |= knower(unit_ids, since, on) & unit_ids
    return found
