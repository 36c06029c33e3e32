"""A base officer elects, records and files; the one above confirms, reads what is overdue, takes the yearly table."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation

from qiao.base.access import SYSTEM
from qiao.org.access.choices import Role
from qiao.org.mandates.choices import CommitteeKind
from qiao.org.mandates.models import Mandate
from qiao.org.mandates.rules import months_later
from qiao.org.mandates.services import mark_terms, open_term
from qiao.org.yearbook.services import compute_year

pytestmark = pytest.mark.journey


def test_an_election_from_plan_to_term_and_the_tables_above(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None], tmp_path: Path
) -> None:
    works, other = federation.works
    today = calendar.now().date()
    for unit, ago in ((works, 38), (other, 37)):
        since = months_later(today, -ago)
        open_term(actor=SYSTEM, now=calendar.now(), unit=unit, kind=CommitteeKind.UNION, since=since)
    mark_terms(now=calendar.now())

    base = open_as(federation.offices[Role.BASE_OFFICER])
    base.goto(f"/units/{works.label}/elections/")
    expect(base.get_by_text("逾期未换届")).to_be_visible()
    base.get_by_role("link", name="安排选举").click()
    base.get_by_label("选举日期").fill(calendar.day(10))
    base.get_by_label("名额").fill("2")
    base.get_by_label("选举工作小组").fill("栎甲、栎乙")
    base.get_by_role("button", name="安排", exact=True).click()
    for name, post in (("栎长风", "chair"), ("栎知夏", "committee_member"), ("栎守一", "committee_member")):
        base.get_by_role("link", name="提名候选人").click()
        base.get_by_label("姓名").fill(name)
        base.get_by_label("职务", exact=True).select_option(post)
        base.get_by_label("声明").check()
        base.get_by_role("button", name="提名", exact=True).click()
    base.get_by_role("button", name="通知会员").click()
    keep(base, "election-called")

    member = open_as(federation.members[0], phone=True, script=False)
    member.goto("/")
    member.get_by_role("link", name="本工会委员会选举").click()
    expect(member.get_by_text("栎守一")).to_be_visible()
    keep(member, "election-member")

    calendar.turn(days=11)
    base.reload()
    base.get_by_role("link", name="登记结果").click()
    base.get_by_label("举行日期").fill(calendar.day(-1))
    for label, number in (("到会", 36), ("发出选票", 36), ("有效票", 35), ("无效票", 1)):
        base.get_by_label(label, exact=True).fill(str(number))
    for name, number in (("栎长风", 33), ("栎知夏", 30), ("栎守一", 4)):
        base.get_by_label(f"{name}（").first.fill(str(number))
    base.get_by_label("采用了无记名投票").check()
    for name in ("栎长风", "栎知夏"):
        base.get_by_role("checkbox", name=name).check()
    minutes = tmp_path / "minutes.txt"
    minutes.write_text("签字", encoding="utf-8")
    base.get_by_label("签字的记录").set_input_files(minutes)
    base.get_by_role("button", name="记录", exact=True).click()
    base.get_by_role("button", name="上报结果").click()
    keep(base, "election-filed")

    upper = open_as(federation.offices[Role.ORG_OFFICER])
    upper.goto("/desk/")
    upper.get_by_role("link", name="选举结果").click()
    upper.get_by_role("button", name="确认结果").click()
    expect(upper.get_by_text("新一届任期已经开始")).to_be_visible()
    assert set(Mandate.objects.values_list("name", flat=True)) == {"栎长风", "栎知夏"}

    upper.goto(f"/units/{federation.root.label}/overdue/")
    expect(upper.get_by_role("link", name=str(other)).first).to_be_visible()
    keep(upper, "overdue")

    compute_year(now=calendar.now(), year=calendar.now().year)
    upper.goto("/yearbook/")
    keep(upper, "yearbook")
    with upper.expect_download() as waiting:
        upper.get_by_role("link", name="下载 Excel").click()
    sheet = load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes())).worksheets[0]
    figures = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=3)}
    assert (figures["会员"], figures["逾期未换届"]) == (76, 1)
