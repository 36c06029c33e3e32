"""Values of settings: dated, inherited, never behind anybody's back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.factories.org import Tree

from qiao.base.access import Refused
from qiao.base.models import AuditRow, LedgerLeaf
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.settings.choices import Kind, Setter, Stricter
from qiao.org.settings.models import SettingValue
from qiao.org.settings.queries import ruling, value_of
from qiao.org.settings.rules import Setting, register, registry
from qiao.org.settings.rules.words import PARTS
from qiao.org.settings.services import end_value, set_value, withdraw_value

DAYS = Setting[int]("test.days", "Days", Kind.DAYS, default=15, lowest=5, highest=60)
PERIOD = Setting[int]("test.open", "Open", Kind.DAYS, default=15, lowest=5, lower=Stricter.HIGHER)
NONE = Setting[int]("test.none", "None known", Kind.DAYS)
ABOVE = Setting[int]("test.above", "Set above", Kind.DAYS, default=3, setter=Setter.ABOVE)
ALL = Setting[int]("test.all", "For all", Kind.DAYS, default=3, setter=Setter.FEDERATION)
FIXED = Setting[bool]("test.fixed", "Fixed", Kind.SWITCH, default=True, fixed=True)


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_SETTINGS", dict(registry._SETTINGS))
    register(DAYS, PERIOD, NONE, ABOVE, ALL, FIXED)


@pytest.fixture
def today(now: datetime) -> date:
    return now.date()


class Office:
    """Sets values as an officer of a unit."""

    def __init__(self, org: Tree) -> None:
        self.org = org

    def set(
        self, setting: Setting[Any], unit: str, value: object, since: date, by: str = "F", **other: object
    ) -> SettingValue:
        actor = self.org.officer(Role.ORG_OFFICER, by)
        return set_value(
            actor=actor, now=self.org.now, setting_key=setting.key, unit=self.org[unit], value=value, since=since,
            reason=str(other.get("reason", "because")),
        )  # fmt: skip


@pytest.fixture
def office(org: Tree) -> Office:
    return Office(org)


def at(org: Tree, setting: Setting[Any], unit: str, on: date) -> Any:
    return value_of(setting, path=org[unit].path, on=on)


def test_the_nearest_value_above_holds_from_its_day_on(org: Tree, office: Office, today: date) -> None:
    later = today + timedelta(days=10)
    office.set(DAYS, "F", 20, today)
    office.set(DAYS, "D1", 30, later)
    assert at(org, DAYS, "B1", today - timedelta(days=1)) == 15
    assert at(org, DAYS, "B1", today) == 20
    assert at(org, DAYS, "B1", later) == 30
    assert at(org, DAYS, "B2", later) == 20
    end_value(
        actor=org.officer(Role.ORG_OFFICER, "F"), now=org.now, setting_key=DAYS.key, unit=org["D1"],
        since=later + timedelta(days=5), reason="tried out",
    )  # fmt: skip
    assert at(org, DAYS, "B1", later + timedelta(days=4)) == 30
    assert at(org, DAYS, "B1", later + timedelta(days=5)) == 20


def test_a_ruling_tells_unit_day_officer_and_reason(org: Tree, office: Office, today: date) -> None:
    office.set(DAYS, "D1", 20, today, by="D1", reason="shift work")
    found = ruling(DAYS, path=org["B1"].path, on=today)
    assert (found.value, found.unit_id, found.since) == (20, org["D1"].pk, today)
    assert (found.set_by, found.reason) == ("org_officer-D1", "shift work")
    assert found.origin == f"test.days=20 ({today.isoformat()})"
    assert ruling(DAYS, path=org["B2"].path, on=today).unit_id is None


def test_what_nobody_has_set_is_said(org: Tree, today: date) -> None:
    with pytest.raises(Problem, match="Nobody has set"):
        at(org, NONE, "B1", today)


def test_below_only_stricter_and_overtaken_from_above(org: Tree, office: Office, today: date) -> None:
    with pytest.raises(Problem, match="may only be stricter"):
        office.set(PERIOD, "D1", 10, today, by="D1")
    office.set(PERIOD, "D1", 20, today, by="D1")
    office.set(PERIOD, "F", 10, today)
    assert at(org, PERIOD, "B1", today) == 20
    assert at(org, PERIOD, "B2", today) == 10
    office.set(PERIOD, "F", 25, today + timedelta(days=1))
    assert at(org, PERIOD, "B1", today + timedelta(days=1)) == 25


def test_no_unit_sets_what_binds_it(org: Tree, office: Office, today: date) -> None:
    with pytest.raises(Refused):
        office.set(ABOVE, "D1", 5, today, by="D1")
    office.set(ABOVE, "D1", 5, today, by="F")
    office.set(ABOVE, "F", 4, today, by="F")
    with pytest.raises(Refused):
        office.set(ALL, "D1", 5, today, by="D1")
    with pytest.raises(Problem, match="by the federation"):
        office.set(ALL, "D1", 5, today, by="F")
    with pytest.raises(Refused):
        office.set(DAYS, "D2", 20, today, by="D1")


@pytest.mark.parametrize("value", [4, 61, -1, True, "20", 2.5, None])
def test_values_out_of_bounds_are_refused(org: Tree, office: Office, today: date, value: object) -> None:
    with pytest.raises(Problem):
        office.set(DAYS, "F", value, today)
    assert not SettingValue.objects.exists()


def test_what_is_fixed_past_or_unreasoned_is_refused(org: Tree, office: Office, today: date) -> None:
    with pytest.raises(Problem, match="fixed"):
        office.set(FIXED, "F", False, today)
    with pytest.raises(Problem, match="past"):
        office.set(DAYS, "F", 20, today - timedelta(days=1))
    with pytest.raises(Problem, match="Say why"):
        office.set(DAYS, "F", 20, today, reason=" ")
    with pytest.raises(Problem, match="cannot be meant"):
        office.set(DAYS, "F", 20, date(206, 5, 1))
    with pytest.raises(Problem, match="no setting"):
        set_value(
            actor=org.officer(Role.ORG_OFFICER, "F"), now=org.now, setting_key="no.such", unit=org["F"], value=1,
            since=today, reason="x",
        )  # fmt: skip


def test_a_replay_changes_nothing_and_a_second_officer_is_told(org: Tree, office: Office, today: date) -> None:
    first = office.set(DAYS, "F", 20, today)
    assert office.set(DAYS, "F", 20, today).pk == first.pk
    with pytest.raises(Problem, match="org_officer-F has already"):
        office.set(DAYS, "F", 25, today)
    assert SettingValue.objects.count() == 1
    assert AuditRow.objects.filter(action="setting.set").count() == 1
    assert LedgerLeaf.objects.filter(kind="setting.set").count() == 1


def test_only_what_has_not_begun_is_withdrawn(org: Tree, office: Office, today: date) -> None:
    actor = org.officer(Role.ORG_OFFICER, "F")
    begun, coming = office.set(DAYS, "F", 20, today), office.set(DAYS, "F", 25, today + timedelta(days=3))
    with pytest.raises(Problem, match="has begun"):
        withdraw_value(actor=actor, now=org.now, value_id=begun.pk, reason="no")
    for _ in range(2):
        withdraw_value(actor=actor, now=org.now, value_id=coming.pk, reason="a mistake")
    assert at(org, DAYS, "F", today + timedelta(days=4)) == 20
    assert AuditRow.objects.filter(action="setting.withdraw").count() == 1
    with pytest.raises(Refused):
        withdraw_value(actor=org.officer(Role.ORG_OFFICER, "D1"), now=org.now, value_id=coming.pk, reason="x")


def test_a_value_given_up_that_was_never_set(org: Tree, today: date) -> None:
    with pytest.raises(Problem, match="no value of its own"):
        end_value(
            actor=org.officer(Role.ORG_OFFICER, "F"), now=org.now, setting_key=DAYS.key, unit=org["D1"], since=today,
            reason="x",
        )  # fmt: skip


def test_every_part_of_the_work_has_a_word() -> None:
    """No page of settings shows the part of a key that stands before its dot."""
    parts = {setting.key.split(".")[0] for setting in registry.all_settings() if not setting.key.startswith("test.")}
    assert sorted(parts - set(PARTS)) == []
