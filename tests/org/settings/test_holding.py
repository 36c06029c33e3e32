"""Which value holds, against a naive reading over random trees, values and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.org.settings.choices import Kind, Stricter
from qiao.org.settings.models import SettingValue
from qiao.org.settings.queries import value_of
from qiao.org.settings.rules import Setting
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit

NOW = datetime(2026, 5, 11, 2, 0, tzinfo=UTC)
DAY = date(2026, 1, 1)
KEYS = count()


@dataclass(frozen=True)
class Row:
    unit: int
    since: int
    value: int | None


#: Parent of each unit by place in the list; the first is the root.
trees = st.integers(1, 7).flatmap(lambda size: st.tuples(*(st.integers(0, max(0, place - 1)) for place in range(size))))
rows = st.lists(
    st.builds(Row, st.integers(0, 6), st.integers(0, 12), st.none() | st.integers(1, 9)),
    max_size=14,
    unique_by=lambda row: (row.unit, row.since),
)


def naive(
    parents: tuple[int, ...], given_rows: list[Row], unit: int, day: int, lower: Stricter | None, default: int
) -> int:
    """Said once more in plain words: go down from the root, take what each unit says that day, if it may say it."""
    line = [unit]
    while line[-1]:
        line.append(parents[line[-1]])
    result = default
    for place in reversed(line):
        said = {row.since: row.value for row in given_rows if row.unit == place and row.since <= day}
        value = said[max(said)] if said else None
        if value is None:
            continue
        if place == 0 or lower is None:
            result = value
        else:
            result = max(result, value) if lower == Stricter.HIGHER else min(result, value)
    return result


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(trees, rows, st.integers(0, 13), st.sampled_from([None, Stricter.HIGHER, Stricter.LOWER]))
def test_the_value_is_what_a_naive_reading_gives(
    parents: tuple[int, ...], given_rows: list[Row], day: int, lower: Stricter | None
) -> None:
    number = next(KEYS)
    setting = Setting[int](f"naive.n{number}", "Naive", Kind.DAYS, default=5, lower=lower)
    units: list[Unit] = []
    for place, parent in enumerate(parents):
        units.append(
            found_unit(
                actor=SYSTEM, now=NOW, kind=UnitKind.DISTRICT if place else UnitKind.FEDERATION,
                name=localized(f"{place}"), label=f"N{number}-{place}", parent=units[parent] if place else None,
                founded=DAY,
            )
        )  # fmt: skip
    known = [row for row in given_rows if row.unit < len(units)]
    SettingValue.objects.bulk_create(
        SettingValue(
            key=setting.key, unit=units[row.unit], value=row.value, ends=row.value is None,
            since=DAY + timedelta(days=row.since), reason="r", set_at=NOW, set_by_name="n",
        )
        for row in known
    )  # fmt: skip
    for place, unit in enumerate(units):
        assert value_of(setting, path=unit.path, on=DAY + timedelta(days=day)) == naive(
            parents, known, place, day, lower, 5
        )
