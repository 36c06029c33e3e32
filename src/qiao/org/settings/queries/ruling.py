"""The value that holds at a unit on a day: one query."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db.models import OuterRef, QuerySet, Subquery

from qiao.base.deadlines import Calendar, Span
from qiao.base.problems import Problem
from qiao.org.settings.models import SettingValue
from qiao.org.settings.rules import Ruling, Setting
from qiao.org.settings.rules.calendar import CALENDAR
from qiao.org.settings.rules.holding import Own, holding
from qiao.org.settings.rules.values import read

T = TypeVar("T")

#: A path is the ids from the root down, five base-36 signs each.
_SIGNS = 5


def value_of(setting: Setting[T], *, path: str, on: date) -> T:
    """The value that holds on a day at the unit with this path: the nearest above it that has one, else the default.

    Raises Problem where nobody has set it and no default is known.
    """
    return ruling(setting, path=path, on=on).value


def ruling(setting: Setting[T], *, path: str, on: date) -> Ruling[T]:
    """As `value_of`, with where the value comes from."""
    return rulings([setting], path=path, on=on)[setting.key]


def rulings(settings: Iterable[Setting[Any]], *, path: str, on: date) -> dict[str, Ruling[Any]]:
    """What holds for several settings at once, by key. Raises Problem for the first that nobody has set."""
    asked = list(settings)
    lines = own_values([setting.key for setting in asked], path=path, on=on)
    found = {}
    for setting in asked:
        ruled = ruled_by(setting, lines.get(setting.key, []))
        if ruled is None:
            raise Problem(
                "Nobody has set “%(setting)s” yet, and no default is known.",
                hint="Ask the officers of the federation to set it on the page of settings.",
                setting=str(setting.label),
            )
        found[setting.key] = ruled
    return found


def values_at(setting: Setting[T], *, paths: Iterable[str], on: date) -> dict[str, T]:
    """As `value_of` at many units at once, in one query however many they are. Raises Problem as it does."""
    own: dict[int, SettingValue] = {
        row.unit_id: row for row in in_force(SettingValue.objects.filter(key=setting.key), on)
    }
    found: dict[str, T] = {}
    known: dict[tuple[int, ...], T] = {}
    for path in paths:
        line = [(depth, key) for depth, key in enumerate(units_on(path)) if key in own]
        keys = tuple(key for _depth, key in line)
        if keys not in known:
            rows = []
            for depth, key in line:
                own[key].depth = depth  # type: ignore[attr-defined]
                rows.append(own[key])
            ruled = ruled_by(setting, rows)
            known[keys] = ruled.value if ruled is not None else value_of(setting, path=path, on=on)
        found[path] = known[keys]
    return found


def span_of(setting: Setting[int], *, path: str, on: date) -> Span:
    """The value that holds as a span of a clock."""
    return setting.span(value_of(setting, path=path, on=on))


def calendar_of(path: str, on: date) -> Calendar:
    """The calendar that holds on a day at the unit with this path."""
    return value_of(CALENDAR, path=path, on=on)


def federation_path() -> str:
    """The path of the federation at the top; "" before anything is founded. What is set for all is set there."""
    units = SettingValue._meta.get_field("unit").related_model
    found = units._default_manager.filter(parent__isnull=True).order_by("pk").values_list("path", flat=True).first()
    return str(found or "")


def ruled_by(setting: Setting[T], line: list[SettingValue]) -> Ruling[T] | None:
    """What holds, given the rows in force along the line from the root down; None where nothing does."""
    owns = [
        Own(_depth(row), row.unit_id, read(setting, row.value), row.since, row.set_by_name, row.reason) for row in line
    ]
    own = holding(setting, owns)
    if own:
        return Ruling(setting, own.value, own.unit_id, own.since, own.set_by, own.reason, setting.source)
    return None if setting.default is None else Ruling(setting, setting.default, source=setting.source)


def own_values(keys: Iterable[str], *, path: str, on: date) -> dict[str, list[SettingValue]]:
    """The rows in force on a day along the line of a unit, from the root down, by key."""
    line = units_on(path)
    lines: dict[str, list[SettingValue]] = {}
    rows = in_force(SettingValue.objects.filter(key__in=list(keys), unit_id__in=line), on)
    for row in sorted(rows, key=lambda row: line.index(row.unit_id)):
        row.depth = line.index(row.unit_id)  # type: ignore[attr-defined]
        lines.setdefault(row.key, []).append(row)
    return lines


def in_force(rows: QuerySet[SettingValue], on: date) -> QuerySet[SettingValue]:
    """Of these rows those that hold in their own unit on a day: the last begun, unless it ends."""
    last = (
        SettingValue.objects.filter(
            key=OuterRef("key"), unit=OuterRef("unit"), since__lte=on, withdrawn_at__isnull=True
        )
        .order_by("-since")
        .values("pk")[:1]
    )
    return rows.filter(pk=Subquery(last), ends=False).order_by("pk")


def units_on(path: str) -> list[int]:
    """The ids of the units on a path, from the root down."""
    return [int(path[start : start + _SIGNS], 36) for start in range(0, len(path), _SIGNS)]


def _depth(row: SettingValue) -> int:
    return int(row.depth)  # type: ignore[attr-defined]
