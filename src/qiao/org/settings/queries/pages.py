"""What the pages of settings show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from qiao.base.deadlines import Calendar
from qiao.org.settings.choices import Kind
from qiao.org.settings.models import SettingValue
from qiao.org.settings.queries.places import units_by_id
from qiao.org.settings.queries.ruling import own_values, ruled_by, units_on
from qiao.org.settings.rules import Ruling, Setting, all_settings
from qiao.org.settings.rules.values import read
from qiao.org.settings.rules.words import PARTS, part_text, source_text, value_text

if TYPE_CHECKING:
    from qiao.org.units.models import Unit


@dataclass(frozen=True, slots=True)
class Row:
    """One setting as it stands at a unit on a day. ``value`` is "" where nobody has set it and no default is known."""

    setting: Setting[Any]
    value: str
    law: str
    ruling: Ruling[Any] | None
    unit: Unit | None = None
    coming: SettingValue | None = None
    coming_value: str = ""

    @property
    def is_default(self) -> bool:
        """Whether no unit has set it."""
        return self.unit is None and self.ruling is not None


@dataclass(frozen=True, slots=True)
class Part:
    """The settings of one part of the work."""

    label: str
    rows: tuple[Row, ...]


def overview(unit: Unit | None, on: date) -> list[Part]:
    """All settings as they stand at a unit on a day, part by part: three queries, whatever their number."""
    settings = all_settings()
    rows = rows_of(settings, unit, on)
    labels: dict[str, list[Row]] = {part_text(part): [] for part in PARTS}
    for row in rows:
        labels.setdefault(part_text(row.setting.part), []).append(row)
    return [Part(label, tuple(found)) for label, found in labels.items() if found]


def rows_of(settings: Iterable[Setting[Any]], unit: Unit | None, on: date) -> list[Row]:
    """Some settings as they stand at a unit on a day."""
    asked = list(settings)
    path = unit.path if unit else ""
    lines = own_values([setting.key for setting in asked], path=path, on=on)
    ruled = {setting.key: ruled_by(setting, lines.get(setting.key, [])) for setting in asked}
    named = units_by_id(found.unit_id for found in ruled.values() if found and found.unit_id)
    coming: dict[str, SettingValue] = {}
    for value in (
        SettingValue.objects.filter(unit_id__in=units_on(path), since__gt=on, withdrawn_at__isnull=True)
        .order_by("-since", "-pk")
        .select_related("unit")
    ):
        coming[value.key] = value
    return [_row(setting, ruled[setting.key], named, coming.get(setting.key)) for setting in asked]


def _row(setting: Setting[Any], found: Ruling[Any] | None, named: dict[int, Unit], coming: SettingValue | None) -> Row:
    return Row(
        setting=setting,
        value=value_text(setting, found.value) if found else "",
        law=source_text(setting.source),
        ruling=found,
        unit=named.get(found.unit_id) if found and found.unit_id else None,
        coming=coming,
        coming_value=value_text(setting, read(setting, coming.value)) if coming and not coming.ends else "",
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a setting's history along a unit's line."""

    row: SettingValue
    value: str
    state: str


def history(setting: Setting[Any], unit: Unit | None, on: date) -> list[Entry]:
    """Every value set in the unit and above it, newest beginning first, with what has become of it on a day.

    States: holds, coming, past, overtaken (begun, but something stricter or nearer holds), withdrawn.
    """
    path = unit.path if unit else ""
    rows = list(
        SettingValue.objects.filter(key=setting.key, unit_id__in=units_on(path))
        .select_related("unit")
        .order_by("-since", "-pk")
    )
    line = own_values([setting.key], path=path, on=on).get(setting.key, [])
    in_force = {row.pk for row in line}
    ruled = ruled_by(setting, line)
    entries = []
    for row in rows:
        if row.withdrawn_at:
            state = "withdrawn"
        elif row.since > on:
            state = "coming"
        elif row.pk in in_force:
            holds = ruled is not None and row.unit_id == ruled.unit_id
            state = "holds" if holds else "overtaken"
        else:
            state = "past"
        entries.append(Entry(row, "" if row.ends else value_text(setting, read(setting, row.value)), state))
    return entries


def last_row(setting: Setting[Any], unit: Unit) -> int:
    """The newest row of a setting in a unit: what a form was filled in beside. 0 where there is none."""
    found = SettingValue.objects.filter(key=setting.key, unit=unit).order_by("-pk").values_list("pk", flat=True).first()
    return int(found or 0)


@dataclass(frozen=True, slots=True)
class Year:
    """One year of a calendar."""

    year: int
    rest: tuple[date, ...]
    working: tuple[date, ...]


def years_of(calendar: Calendar) -> list[Year]:
    """A calendar year by year, the newest first."""
    years = sorted({day.year for day in calendar.rest_days | calendar.extra_working_days}, reverse=True)
    return [
        Year(
            year,
            tuple(sorted(day for day in calendar.rest_days if day.year == year)),
            tuple(sorted(day for day in calendar.extra_working_days if day.year == year)),
        )
        for year in years
    ]


def is_calendar(setting: Setting[Any]) -> bool:
    """Whether the setting has a page of its own to be changed on."""
    return setting.kind == Kind.CALENDAR
