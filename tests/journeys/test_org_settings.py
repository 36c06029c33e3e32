"""An officer raises a period; a unit below sees it; records are held back; the public reads it all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation

from qiao.org.access.choices import Role

pytestmark = pytest.mark.journey


def test_a_rule_is_changed_in_the_open_and_records_are_held_back(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    officer = open_as(federation.offices[Role.ORG_OFFICER])
    officer.goto("/settings/")
    officer.get_by_role("link", name="征求意见开放天数").click()
    officer.get_by_role("link", name="设定新值").click()
    officer.get_by_label("新值（天）").fill("20")
    officer.get_by_label("理由").fill("倒班职工多，多留几天")
    officer.get_by_role("button", name="设定").click()
    expect(officer.get_by_role("status")).to_contain_text("已开始的时限仍按原规定计算")
    expect(officer.locator(".big")).to_have_text("20 天")
    # A later value, then taken back: both stay to be read.
    officer.get_by_role("link", name="设定新值").click()
    officer.get_by_label("新值（天）").fill("10")
    officer.get_by_label("起始日期").fill(calendar.day(30))
    officer.get_by_label("理由").fill("提高效率")
    officer.get_by_role("button", name="设定").click()
    officer.get_by_role("link", name="撤回这一设定").click()
    officer.get_by_label("理由").fill("基层不同意")
    officer.get_by_role("button", name="撤回这一设定").click()
    keep(officer, "settings-history")

    public = open_as(None, language="en", phone=True, script=False)
    public.goto(f"/settings/?unit={federation.works[0].label}")
    row = public.get_by_role("row").filter(has_text="Days a consultation is open")
    expect(row).to_contain_text("20 days")
    keep(public, "settings-public")

    guard = open_as(federation.offices[Role.DPO], language="en")
    guard.goto("/retention/")
    guard.get_by_role("link", name="Hold records back").click()
    guard.get_by_label("Class of records").select_option("survey_answers")
    guard.get_by_label("Ground").select_option("court")
    guard.get_by_label("Why").fill("Case 12 of 2026")
    guard.get_by_label("First day it no longer holds").fill(calendar.day(60))
    guard.get_by_role("button", name="Hold back").click()
    expect(guard.get_by_text("Case 12 of 2026")).to_be_visible()
    public.goto("/retention/")
    expect(public.get_by_role("row").filter(has_text="Single answers of surveys")).to_contain_text("1 hold")
    expect(public.get_by_text("Case 12 of 2026")).to_have_count(0)
    keep(public, "retention-public")
