"""A paper goes up and an officer comes down: both clocks are the other side's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import localtime
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation

from qiao.base.access import SYSTEM
from qiao.deliver.contacts.models import Duty, Issue
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account
from qiao.org.units.models import Unit
from qiao.org.upward.models import Paper
from qiao.org.upward.tasks import end_clocks

pytestmark = pytest.mark.journey


def appoint(role: Role, unit: Unit, calendar: Calendar) -> Account:
    """An officer of this very unit."""
    account = open_account(
        actor=SYSTEM, now=calendar.now(), email=f"{role.value}-here@bridge.example", display_name="桦知远"
    )
    grant_role(actor=SYSTEM, now=calendar.now(), account=account, role=role, unit=unit, since=calendar.now().date())
    return account


def test_a_request_is_signed_left_lying_and_answered_late(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    works = federation.works[0]
    base = open_as(appoint(Role.BASE_OFFICER, works, calendar), phone=True, script=False)
    base.goto("/upward/new/")
    base.get_by_label("事项").first.select_option("service")
    base.get_by_label("标题").fill("关于夜班热饭的请示")
    base.get_by_label("正文").fill("夜班食堂不开，联系人电话 13812345678。")
    base.get_by_label("请示事项").fill("可否由上级补助夜餐？")
    base.get_by_label("本单位意见").fill("每餐补助五元，先试三个月。")
    base.get_by_role("button", name="保存草稿").click()
    expect(base.get_by_text("疑似电话号码")).to_be_visible()
    base.get_by_label("正文").fill("夜班食堂不开，职工吃不上热饭。")
    base.get_by_role("button", name="保存草稿").click()
    expect(base.get_by_role("button", name="签发")).to_have_count(0)
    keep(base, "paper-draft")

    signing = open_as(appoint(Role.BASE_CHAIR, works, calendar))
    signing.goto("/desk/")
    signing.get_by_role("link", name="关于夜班热饭的请示").click()
    signing.get_by_role("button", name="签发").click()
    expect(signing.get_by_text("还剩", exact=False).first).to_be_visible()

    code = Paper.objects.get().code
    calendar.turn(days=20)
    end_clocks(timestamp=0)
    above = open_as(federation.offices[Role.ORG_OFFICER], language="en")
    above.goto(f"/upward/{code}/")
    above.get_by_role("button", name="Confirm that it has come").click()
    above.get_by_role("button", name="Take it into review").click()
    keep(above, "paper-in-review")
    signer = open_as(federation.offices[Role.EXECUTIVE])
    signer.goto(f"/upward/{code}/")
    signer.get_by_label("有条件同意").check()
    signer.get_by_label("理由与条件").fill("先试两个月，每月公布用餐人数。")
    signer.get_by_role("button", name="签发批复").click()
    expect(signer.get_by_role("heading", name="有条件同意")).to_be_visible()
    keep(signer, "paper-answered")

    member = open_as(federation.members[0], phone=True)
    member.goto("/upward/times/")
    expect(member.get_by_role("row").nth(1)).to_contain_text("0%")


def test_an_officer_visits_and_what_was_raised_is_answered(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    works = federation.works[0]
    visitor = open_as(federation.offices[Role.SECRETARY], phone=True)
    visitor.goto("/deliver/contacts/new/")
    visitor.get_by_label("走访单位").fill(works.label)
    visitor.get_by_label("具体地点").fill("食堂")
    begin = localtime(calendar.now() + timedelta(days=2)).replace(hour=9, minute=0)
    visitor.get_by_label("开始时间").fill(begin.strftime("%Y-%m-%dT%H:%M"))
    visitor.get_by_label("结束时间").fill((begin + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"))
    visitor.get_by_role("button", name="安排", exact=True).click()
    host = open_as(federation.offices[Role.BASE_OFFICER])
    code = Duty.objects.get().code
    host.goto(f"/deliver/contacts/{code}/")
    host.get_by_role("button", name="同意该日期").click()

    anybody = open_as(None, phone=True, script=False)
    anybody.goto("/deliver/contacts/")
    expect(anybody.get_by_text("食堂")).to_be_visible()
    keep(anybody, "contact-rota")

    calendar.turn(days=3)
    visitor.goto(f"/deliver/contacts/{code}/log/")
    visitor.get_by_label("我做了什么").fill("和李师傅一起吃了夜餐。")
    visitor.get_by_label("问题 1：反映内容").fill("夜班没有热饭。")
    visitor.get_by_role("button", name="保存日志").click()
    expect(visitor.get_by_text("像是写了职工姓名")).to_be_visible()
    visitor.get_by_label("我做了什么").fill("和夜班班组一起吃了夜餐。")
    visitor.get_by_role("button", name="保存日志").click()
    visitor.get_by_label("夜班没有热饭").select_option(str(federation.root.pk))
    visitor.get_by_role("button", name="转办").click()

    owner = open_as(federation.offices[Role.TASK_OWNER])
    owner.goto(f"/deliver/contacts/{code}/")
    owner.get_by_label("答复").fill("下周起食堂夜间留窗口。")
    owner.get_by_role("button", name="请答复").click()
    host.goto(f"/deliver/contacts/{code}/")
    host.get_by_role("button", name="已到场").click()
    host.get_by_label("已解决").check()
    host.get_by_role("button", name="记录", exact=True).click()
    expect(host.locator(".steps [aria-current]")).to_have_text("已办结")
    keep(host, "contact-closed")

    anybody.goto(f"/receipt/?number={Issue.objects.get().receipt}")
    expect(anybody.get_by_text("下周起食堂夜间留窗口。")).to_be_visible()
