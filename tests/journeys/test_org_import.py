"""A base officer takes over an old register: some of it never enters, a second person confirms, all is undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation

from qiao.base.access import SYSTEM
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.membership.models import Hold, Membership, Twin
from qiao.org.people.models import Account
from qiao.org.people.services import open_account

pytestmark = pytest.mark.journey

ROSTER = (
    "某厂工会会员名册,,,,\r\n"
    "姓名,政治面貌,入会日期,就业形式,手机号码\r\n"
    "桦晓舟,群众,2019年3月5日,直接用工,13800000001\r\n"
    "桦晓舟,群众,2019.3.5,直接用工,13800000001\r\n"
    "榆若水,群众,2020-01-02,劳务派遣,12345\r\n"
    "榕知秋,群众,2020年1月,直接用工,13800000003\r\n"
)


def test_an_old_register_is_taken_over_and_given_back(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None], tmp_path: Path
) -> None:
    works = federation.works[0]

    def officer(name: str) -> Account:
        account = open_account(actor=SYSTEM, now=calendar.now(), email=f"{name}@import.example", display_name=name)
        grant_role(
            actor=SYSTEM, now=calendar.now(), account=account, role=Role.BASE_OFFICER, unit=works,
            since=date(2020, 1, 1),
        )  # fmt: skip
        return account

    file = tmp_path / "名册.csv"
    file.write_bytes(ROSTER.encode("gbk"))
    before = Membership.objects.count()
    one = open_as(officer("import-one"))
    one.goto(f"/units/{works.label}/members/import/")
    one.locator("input[type=file]").set_input_files(str(file))
    one.get_by_role("button", name="上传").click()
    expect(one.get_by_text("政治面貌", exact=False).first).to_be_visible()
    keep(one, "import-match")
    one.locator("form:has(select) button[type=submit]").first.click()
    expect(one.get_by_text("没有写明日", exact=False)).to_be_visible()
    keep(one, "import-faults")
    one.locator("button[value=hand_over]").click()
    address = one.url

    two = open_as(officer("import-two"))
    two.goto(address)
    two.locator("button[value=confirm]").click()
    assert Membership.objects.count() == before + 2
    assert (Hold.objects.count(), Twin.objects.count()) == (1, 1)
    two.goto("/desk/")
    two.get_by_role("link", name="疑似同一人").first.click()
    two.locator("main ul.rows a").first.click()
    expect(two.get_by_text("13800000001")).to_have_count(0)
    keep(two, "import-pair")
    one.goto(address)
    one.locator("button[value=undo]").click()
    assert Membership.objects.count() == before
    assert not Hold.objects.exists()
