"""A worker joins on a small phone without script and account, follows the receipt, is taken in, and leaves at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.org.access.choices import Role
from qiao.org.joining.models import Application
from qiao.org.people.models import Account
from qiao.org.units.choices import UnitKind
from qiao.org.units.services import found_unit
from qiao.org.workplaces.choices import Ownership, Sector
from qiao.org.workplaces.models import Employer, UnitEmployer

pytestmark = pytest.mark.journey


def test_a_courier_joins_in_few_touches_and_leaves_in_two(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    works = federation.works[0]
    district = found_unit(
        actor=SYSTEM, now=calendar.now(), kind=UnitKind.DISTRICT, name=localized("清溪区工会", "Qingxi District"),
        label="QX", parent=federation.root, founded=date(2001, 1, 1),
    )  # fmt: skip
    employer = Employer.objects.create(
        code="K-1", name="例桥快运有限公司", place=district, ownership=Ownership.PRIVATE, sector=Sector.C,
        entered=calendar.now(), confirmed=date(2026, 1, 1),
    )  # fmt: skip
    UnitEmployer.objects.create(unit=works, employer=employer, since=date(2020, 1, 1), entered=calendar.now())

    phone = open_as(None, phone=True, script=False)
    touches = 0

    def press(name: str) -> None:
        nonlocal touches
        touches += 1
        phone.get_by_role("button", name=name).click()

    phone.goto("/join/")
    phone.get_by_label("您的姓名").fill("竹影摇")
    phone.get_by_label("手机号或电子邮箱").fill("zhu@worker.example")
    phone.get_by_label("平台骑手").check()
    press("下一步：在哪里工作")
    phone.get_by_label("您的用人单位").fill("例桥")
    press("查")
    phone.get_by_label("例桥快运有限公司").check()
    keep(phone, "join-work")
    press("下一步：您的工会")
    expect(phone.get_by_role("heading", level=1)).to_contain_text(str(works))
    phone.get_by_label("我自愿加入工会").check()
    keep(phone, "join-send")
    press("提交申请")
    expect(phone.get_by_role("heading", level=1)).to_have_text("您的申请已提交")
    keep(phone, "join-receipt")
    # Three choices are ticked, four buttons pressed, three short texts written.
    assert touches == 4
    application = Application.objects.get()

    # The same page without anything but the number, as from another telephone.
    other = open_as(None, phone=True, script=False, language="en")
    other.goto("/receipt/")
    other.goto(f"/receipt/?number={application.receipt}")
    expect(other.get_by_role("main")).to_contain_text("Handed in")
    expect(other.get_by_role("main")).not_to_contain_text("竹影摇")

    officer = open_as(federation.offices[Role.ORG_OFFICER])
    officer.goto(f"/units/{works.label}/joining/")
    officer.get_by_role("link", name="竹影摇").click()
    officer.get_by_label("已看纸质证明").check()
    officer.get_by_role("button", name="记录").click()
    keep(officer, "join-review")
    officer.get_by_role("button", name="批准入会").click()
    expect(officer.get_by_role("status")).to_contain_text("竹影摇")

    phone.goto(f"/join/{application.receipt}/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("会员")

    application.refresh_from_db()
    member = open_as(Account.objects.get(person=application.person), phone=True, script=False)
    member.goto("/me/membership/")
    member.get_by_role("button", name="是的，我知道").click()
    keep(member, "join-own")
    member.get_by_role("link", name="退会").click()
    member.get_by_role("button", name="我现在退会").click()
    expect(member.get_by_role("main")).to_contain_text("R-")
    keep(member, "join-left")
