"""An organiser works an employer from listed to formed; everybody reads what that does to coverage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.coverage.services import refresh_nightly, state_scope
from qiao.org.people.services import open_account
from qiao.org.workplaces.choices import CountSource, Ownership, Sector
from qiao.org.workplaces.services import enter_headcount, link_union, register_employer

pytestmark = pytest.mark.journey


def test_an_employer_from_listed_to_formed(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    now, (works, other) = calendar.now(), federation.works
    account = open_account(actor=SYSTEM, now=now, email="organiser@x.example", display_name="舟向晚")
    grant_role(
        actor=SYSTEM, now=now, account=account, role=Role.HUB_ORGANISER, unit=federation.root,
        since=now.date() - timedelta(days=9),
    )  # fmt: skip
    codes = []
    for name, workers in (("栎木家具厂", 60), ("溪桥面包房", 60)):
        made = register_employer(
            actor=SYSTEM, now=now, name=name, place=federation.root, sector=Sector.A, ownership=Ownership.PRIVATE
        )
        codes.append(made.code)
        enter_headcount(
            actor=SYSTEM, now=now, code=made.code, day=now.date() - timedelta(days=30), direct=workers,
            source=CountSource.REGISTER,
        )  # fmt: skip
    link_union(actor=SYSTEM, now=now, code=codes[0], unit=works, since=now.date() - timedelta(days=99))
    state_scope(
        actor=SYSTEM, now=now, unit=federation.root, text=localized("全部在册用人单位"), source="登记名册",
        since=now.date() - timedelta(days=999),
    )  # fmt: skip

    organiser = open_as(account, phone=True, script=False)
    organiser.goto("/coverage/outreach/")
    organiser.get_by_role("link", name="发起行动").click()
    organiser.get_by_label("枢纽或区的编号").fill(federation.root.label)
    for label, text in (("title", "园区建会行动"), ("goal", "走访每一家未建会的单位")):
        organiser.locator(f"#field-{label} input, #field-{label} textarea").first.fill(text)
    organiser.get_by_label("至", exact=True).fill(calendar.day(90))
    organiser.get_by_role("button", name="打开").click()
    expect(organiser.get_by_text("已列入 1 家用人单位")).to_be_visible()
    keep(organiser, "outreach-board")
    organiser.get_by_role("link", name="溪桥面包房").click()

    def write(state: str, text: str) -> None:
        organiser.get_by_label("目前进展").select_option(state)
        organiser.get_by_label("谈了或做了什么").fill(text)
        organiser.get_by_role("button", name="记下").click()

    write("contacted", "联系王某 13812345678")
    expect(organiser.get_by_role("alert")).to_contain_text("电话")
    write("contacted", "到办公室说明来意")
    write("preparing", "办了说明会")
    link_union(actor=SYSTEM, now=now, code=codes[1], unit=other, since=now.date())
    organiser.get_by_label("如已建会：工会编号").fill(other.label)
    write("formed", "选举结束，工会成立")
    expect(organiser.get_by_text("工会已建立")).to_be_visible()
    keep(organiser, "outreach-formed")

    refresh_nightly(actor=SYSTEM, now=calendar.now())
    visitor = open_as(None)
    visitor.goto("/coverage/")
    # Both employers have a union: 76 members of two works among 120 workers.
    expect(visitor.get_by_text("100.0%", exact=False).first).to_be_visible()
    expect(visitor.get_by_text("63.3%", exact=False).first).to_be_visible()
    expect(visitor.get_by_text("全部在册用人单位").first).to_be_visible()
    keep(visitor, "coverage")
