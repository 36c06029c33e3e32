"""Somebody without a name asks on a small phone without script; desk, handler and checker take it to its end."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import FOUNDED, Calendar, Federation

from qiao.base.access import SYSTEM
from qiao.hear.window.choices import State
from qiao.hear.window.models import Request
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account

pytestmark = pytest.mark.journey


def officer(federation: Federation, calendar: Calendar, role: Role, box: str) -> Account:
    """One more officer of the federation."""
    account = open_account(actor=SYSTEM, now=calendar.now(), email=f"{box}@x.example", display_name=box)
    grant_role(actor=SYSTEM, now=calendar.now(), account=account, role=role, unit=federation.root, since=FOUNDED)
    return account


def test_nobody_named_asks_and_four_people_bring_it_to_its_end(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    desk = officer(federation, calendar, Role.DESK_OFFICER, "chuangkou")
    worker = officer(federation, calendar, Role.CASE_HANDLER, "chengban")
    checker = officer(federation, calendar, Role.ORG_OFFICER, "huifang")

    phone = open_as(None, phone=True, script=False)
    phone.goto("/hear/window/ask/")
    phone.locator("textarea[name=text]").fill("三月份的加班费到现在没有发。")
    phone.get_by_label("求决").check()
    phone.get_by_role("button", name="下一步").click()
    keep(phone, "window-where")
    phone.get_by_role("button", name="发送").click()
    page = phone.get_by_role("main").inner_text()
    number, secret = re.search(r"R-\w{4}-\w{4}-\w", page), re.search(r"\b(?!R-)\w{4}-\w{4}-\w{4}\b", page)
    assert number
    assert secret
    keep(phone, "window-receipt")
    request = Request.objects.get(receipt=number[0])
    url = f"/hear/window/desk/{request.code}/"

    window = open_as(desk)
    window.goto("/hear/window/desk/")
    window.get_by_role("link", name=request.code).click()
    keep(window, "window-request")
    window.get_by_text("分派：单位和承办人").first.click()
    window.locator("#assign_handler").select_option(str(worker.pk))
    window.get_by_role("button", name="分派：单位和承办人").click()
    expect(window.get_by_role("main")).to_contain_text("已分派")

    work = open_as(worker)
    work.goto(url)
    work.get_by_role("button", name="接办").click()
    work.locator("#answer_text").fill("已与公司核对考勤，加班费本周补发。")
    work.locator("#act-answer").get_by_role("button").click()
    expect(work.get_by_role("main")).to_contain_text("已答复")

    phone.goto("/hear/window/state/")
    phone.get_by_label("回执编号").fill(number[0])
    phone.get_by_label("密语").fill(secret[0])
    phone.locator("main form button").first.click()
    expect(phone.get_by_role("main")).to_contain_text("本周补发")
    phone.get_by_label("已解决").check()
    phone.locator("section.note form button").click()
    expect(phone.get_by_role("status")).to_contain_text("谢谢")
    keep(phone, "window-asker")

    check = open_as(checker)
    check.goto(url)
    check.locator("#close_quality").check()
    check.locator("#act-close").get_by_role("button").click()
    expect(check.get_by_role("main")).to_contain_text("已办结")
    keep(check, "window-closed")
    assert Request.objects.get(pk=request.pk).state == State.CLOSED
