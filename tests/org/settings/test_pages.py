"""Pages of settings: reading is open to all, changing to the officers of the unit."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests.factories.org import Tree, xlsx

from qiao.base.deadlines import Calendar
from qiao.org.access.choices import Role
from qiao.org.settings.choices import Kind, Setter, Stricter
from qiao.org.settings.models import SettingValue
from qiao.org.settings.queries import calendar_of, unit_panels
from qiao.org.settings.rules import Setting, register, registry
from qiao.org.settings.services import set_value

DAYS = Setting[int]("test.days", "Days of test", Kind.DAYS, default=15, lowest=5, source="TUL 16")
SHARE = Setting[float]("test.share", "Share of test", Kind.SHARE, default=0.5, lower=Stricter.HIGHER)
SWITCH = Setting[bool]("test.switch", "Switch of test", Kind.SWITCH, default=True)
CHOICE = Setting[str]("test.choice", "Choice of test", Kind.CHOICE, default="a", choices={"a": "First", "b": "Second"})
NONE = Setting[int]("test.none", "None known", Kind.WORKING_DAYS, setter=Setter.FEDERATION)
FIXED = Setting[bool]("test.fixed", "Fixed", Kind.SWITCH, default=True, fixed=True)


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_SETTINGS", dict(registry._SETTINGS))
    register(DAYS, SHARE, SWITCH, CHOICE, NONE, FIXED)


def sent(org: Tree, client: Client, key: str, unit: str, **given: object) -> str:
    response = client.post(
        f"/settings/{key}/{unit}/change/",
        {"since": today().isoformat(), "reason": "because", **given},
        follow=True,
    )
    return str(response.content.decode())


def today() -> date:
    from django.utils.timezone import localdate

    from qiao.base.clock import now

    return localdate(now())


def test_the_public_reads_where_every_value_comes_from(org: Tree) -> None:
    client = org.client(Role.ORG_OFFICER, "F")
    assert "Written down" in sent(org, client, DAYS.key, "D1", value="20", reason="shift work")
    page = Client(headers={"accept-language": "en"}).get("/settings/?unit=B1").content.decode()
    assert "20 days" in page
    assert "D1 Union" in page
    assert "Nobody has set it" in page
    assert "fixed" in page
    top = Client(headers={"accept-language": "en"}).get("/settings/").content.decode()
    assert "Trade Union Law, article 16" in top
    assert "default, verify locally" in top
    one = Client(headers={"accept-language": "en"}).get(f"/settings/{DAYS.key}/?unit=b1").content.decode()
    assert "shift work" in one
    assert "org_officer-F" in one
    assert "Set another value" not in one


def test_values_of_every_kind_are_typed_and_shown(org: Tree) -> None:
    client = org.client(Role.ORG_OFFICER, "F")
    assert "62.5" in sent(org, client, SHARE.key, "F", value="62.5")
    assert "Off" in sent(org, client, SWITCH.key, "F", value="off")
    assert "Second" in sent(org, client, CHOICE.key, "F", value="b")
    assert "3 working days" in sent(org, client, NONE.key, "F", value="3")
    assert dict(SettingValue.objects.values_list("key", "value")) == {
        SHARE.key: 0.625, SWITCH.key: False, CHOICE.key: "b", NONE.key: 3,
    }  # fmt: skip


def test_what_is_wrong_is_said_in_the_form(org: Tree) -> None:
    client = org.client(Role.ORG_OFFICER, "F")
    assert "cannot be lower than 5" in sent(org, client, DAYS.key, "F", value="4")
    assert "in the past" in sent(org, client, DAYS.key, "F", value="9", since="2026-01-01")
    assert "Enter a whole number" in sent(org, client, DAYS.key, "F", value="many")
    sent(org, client, DAYS.key, "F", value="9", seen="0")
    later = (today() + timedelta(days=3)).isoformat()
    assert "in the meantime" in sent(org, client, DAYS.key, "F", value="10", since=later, seen="0")
    assert SettingValue.objects.count() == 1


def test_officers_of_another_unit_and_the_public_change_nothing(org: Tree) -> None:
    for client, code in (
        (org.client(Role.ORG_OFFICER, "D2"), 403),
        (org.client(Role.EDITOR, "F"), 403),
        (Client(), 302),
    ):
        for end in ("change/", "end/"):
            assert client.get(f"/settings/{DAYS.key}/D1/{end}").status_code == code
            assert client.post(f"/settings/{DAYS.key}/D1/{end}", {"value": 9}).status_code == code
        assert client.get("/settings/calendar/D1/2026/").status_code == code
        assert client.get("/settings/calendar/D1/file/").status_code == code
    # What binds the unit itself is set above it.
    assert org.client(Role.ORG_OFFICER, "D1").get("/settings/calendar/D1/2026/").status_code == 403
    assert org.client(Role.ORG_OFFICER, "F").get(f"/settings/{FIXED.key}/F/change/").status_code == 404
    assert org.client(Role.ORG_OFFICER, "F").get("/settings/no.such/").status_code == 404


def test_what_is_to_come_is_shown_and_taken_back(org: Tree) -> None:
    client = org.client(Role.ORG_OFFICER, "F")
    later = today() + timedelta(days=30)
    sent(org, client, DAYS.key, "F", value="40", since=later.isoformat())
    page = client.get("/settings/").content.decode()
    assert "40 days from" in page
    assert "40 days" in client.get(f"/settings/?on={later.isoformat()}").content.decode()
    row = SettingValue.objects.get()
    client.post(f"/settings/values/{row.pk}/withdraw/", {"reason": "a mistake"})
    assert "Withdrawn by org_officer-F" in client.get(f"/settings/{DAYS.key}/").content.decode()
    sent(org, client, DAYS.key, "F", value="50")
    client.post(f"/settings/{DAYS.key}/F/end/", {"since": later.isoformat(), "reason": "over"})
    assert "Own value given up" in client.get(f"/settings/{DAYS.key}/").content.decode()
    # Replayed: still one.
    client.post(f"/settings/{DAYS.key}/F/end/", {"since": later.isoformat(), "reason": "over"})
    assert SettingValue.objects.filter(ends=True).count() == 1


def test_the_workbook_holds_every_setting(org: Tree) -> None:
    client = org.client(Role.ORG_OFFICER, "F")
    sent(org, client, DAYS.key, "D1", value="20", reason="=1+1")
    response = client.get("/settings/settings.xlsx?unit=B1")
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    rows = {row[2]: row for row in sheet.iter_rows(min_row=3, values_only=True)}
    assert rows[DAYS.key][3:5] == ("20 days", "D1 Union")
    assert rows[DAYS.key][7] == "=1+1"
    assert rows[NONE.key][4] == "Nobody has set it"


def test_a_year_is_typed_and_the_working_days_follow(org: Tree) -> None:
    client = org.client(Role.ORG_OFFICER, "F")
    given = {
        "rest": "2027-10-01 ~ 2027-10-07\n2027/01/01", "working": "2027年10月9日", "since": today().isoformat(),
        "reason": "notice of the year",
    }  # fmt: skip
    page = client.post("/settings/calendar/F/2027/", given, follow=True).content.decode()
    assert "Written down" in page
    calendar = calendar_of(org["B1"].path, today())
    assert len(calendar.rest_days) == 8
    assert calendar.extra_working_days == {date(2027, 10, 9)}
    wrong = client.post(
        "/settings/calendar/F/2027/", {**given, "rest": "2027-02-30\n2026-05-01\n2027-10-07 ~ 2027-10-01"}
    ).content.decode()
    assert "row 1: “2027-02-30” is not a day." in wrong
    assert "row 2: This day is not in 2027." in wrong
    assert "row 3: This is no range of days." in wrong


def test_a_table_of_days_is_taken_over_or_each_fault_located(org: Tree) -> None:
    client = org.client(Role.ORG_OFFICER, "F")

    def send(rows: list[list[object]]) -> str:
        file = SimpleUploadedFile("days.xlsx", xlsx(rows))
        given = {"file": file, "since": today().isoformat(), "reason": "notice"}
        return str(client.post("/settings/calendar/F/file/", given, follow=True).content.decode())

    bad = send(
        [
            ["日期", "类型"],
            ["2026-13-01", "休"],
            [date(2026, 10, 1), "节"],
            ["２０２６年10月2日", "休"],
            ["2026-10-02", "班"],
        ]
    )
    assert "days.xlsx, sheet Sheet1, row 2, column 日期: “2026-13-01” is not a day." in bad
    assert "row 3, column 类型: “节” says neither rest nor work." in bad
    assert "row 5, column 日期: 2026-10-02 stands here as the contrary of what another row says." in bad
    assert "No column holds the days" in send([["when"], ["2026-10-01"]])
    assert not SettingValue.objects.exists()
    assert "Written down" in send(
        [["日期", "类型"], [date(2026, 10, 1), "休息日"], ["２０２６年10月2日", ""], ["2026.10.10", "调休上班"]]
    )
    assert calendar_of(org["F"].path, today()) == Calendar(
        frozenset({date(2026, 10, 1), date(2026, 10, 2)}), frozenset({date(2026, 10, 10)})
    )


def test_a_unit_shows_what_it_has_set(org: Tree) -> None:
    actor = org.officer(Role.ORG_OFFICER, "D1")
    set_value(
        actor=actor, now=org.now, setting_key=DAYS.key, unit=org["D1"], value=20, since=org.now.date(), reason="x"
    )
    [panel] = unit_panels(actor=actor, unit=org["D1"], now=org.now)
    assert (panel.lines[0].text, panel.lines[0].detail) == ("Days of test", "20 days")
    assert unit_panels(actor=actor, unit=org["B1"], now=org.now) == []


def test_the_page_asks_as_often_with_many_values(org: Tree) -> None:
    client = Client()

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/settings/?unit=B1").status_code == 200
        return len(found)

    before = 0
    for place in range(30):
        before = before or (queries() if place == 1 else 0)
        SettingValue.objects.create(
            key=[DAYS, SHARE, SWITCH][place % 3].key, unit=org[["F", "D1", "H1", "B1"][place % 4]],
            value=[20, 0.7, True][place % 3], since=date(2025, 1, 1) + timedelta(days=place), reason="r",
            set_at=org.now, set_by_name="n",
        )  # fmt: skip
    assert queries() == before
