"""A member votes and writes a statement; it is moderated; an answer is prepared and given; an author contests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.decide.consultations import services
from qiao.decide.consultations.models import Opinion
from qiao.decide.consultations.services import desk
from qiao.org.access.choices import Role

pytestmark = pytest.mark.journey
TEXTS = ("班车路线要经过南门", "班车站点增加南门", "班车要停南门", "托管班名额太少")


def test_from_a_vote_on_a_phone_to_an_answer_that_is_contested(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    code = opened(federation, calendar)
    home = f"/decide/consultations/{code}/"

    # Without script on a phone: one statement after the other, a pass, one step back.
    member = open_as(federation.members[1], phone=True, script=False)
    member.goto(f"{home}statements/")
    first = member.locator("main h1").inner_text()
    member.locator("main button[name='vote'][value='1']").click()
    expect(member.locator("main h1")).not_to_have_text(first)
    keep(member, "statement-next")
    member.get_by_role("link", name="返回上一条").click()
    expect(member.locator("main h1")).to_have_text(first)
    member.locator("main button[name='vote'][value='0']").click()
    for _again in range(2):
        member.locator("main button[name='vote'][value='-1']").click()
    expect(member.locator("main h1")).to_contain_text("谢谢")

    # A statement of one's own: what says nearly the same is shown first.
    member.get_by_role("link", name="我也写一条陈述").click()
    member.fill("main [name='text']", "夜班班车应当全程免费，电话 13812345678")
    member.locator("main form button").last.click()
    expect(member.get_by_text("以下陈述意思相近", exact=False)).to_be_visible()
    keep(member, "statement-alike")
    member.get_by_role("button", name="我的意思不同：提交").click()
    expect(member.locator("main blockquote")).not_to_contain_text("138")
    expect(member.locator("main")).to_contain_text("等待审核")
    own = member.url
    keep(member, "statement-sent")

    moderator = open_as(federation.offices[Role.SECRETARY], language="en")
    moderator.goto("/desk/")
    moderator.get_by_text("Moderate members' statements: 1").first.wait_for()
    moderator.goto(f"{home}moderate/")
    moderator.get_by_role("link", name="Do not put it to the vote").click()
    moderator.check("main [name='ground'][value='duplicate']")
    moderator.locator("main form button").last.click()
    expect(moderator.locator("main")).to_contain_text("Nothing waits for moderation")

    public = open_as(None, language="en", phone=True)
    public.goto(f"{home}moderation/")
    expect(public.locator("main table")).to_contain_text("duplicate")
    expect(public.locator("main")).not_to_contain_text(federation.members[1].person.name)
    keep(public, "moderation-log")
    member.goto(own)
    expect(member.locator("main")).to_contain_text("与已有陈述重复")
    member.fill("main [name='ground']", "原来的陈述没有说全程。")
    member.locator("main form button").last.click()
    expect(member.locator("main")).to_contain_text("申诉")

    # After the close: suggested, put together, given to an office, prepared, given.
    for place, text in enumerate(TEXTS, 1):
        services.submit_opinion(
            actor=federation.as_member(place), now=calendar.now(), code=code, clause_id=None, text=text,
            language="zh-hans",
        )  # fmt: skip
    calendar.turn(days=16)
    consultation = services.close_consultation(actor=SYSTEM, now=calendar.now(), code=code)
    secretary = open_as(federation.offices[Role.SECRETARY], language="en")
    secretary.goto(f"{home}desk/suggestions/")
    secretary.get_by_role("button", name="Suggest groups").click()
    desk.work_out_suggestions(now=calendar.now(), consultation_id=consultation.pk)
    secretary.goto(f"{home}desk/suggestions/")
    expect(secretary.locator("main [name='opinion']")).to_have_count(3)
    secretary.fill("main [name='title_zh_hans']", "南门设站")
    keep(secretary, "suggestion")
    secretary.get_by_role("button", name="Put what is ticked together").click()
    secretary.goto(f"{home}desk/")
    secretary.get_by_role("link", name="南门设站").click()
    secretary.locator("main [name='officer']").select_option(index=0)
    secretary.get_by_role("button", name="Give it", exact=True).click()
    keep(secretary, "answering-desk")
    link = secretary.url
    assert link.endswith("/desk/")

    executive = open_as(federation.offices[Role.EXECUTIVE], phone=True)
    executive.goto(f"{home}desk/")
    executive.get_by_role("link", name="审阅并答复").click()
    executive.check("main [name='outcome'][value='adopted']")
    executive.fill("main [name='reason_zh_hans']", "采纳：［日期］起停南门。")
    executive.get_by_role("button", name="保存草稿").click()
    expect(executive.locator("body")).to_contain_text("请填好模板中")
    executive.fill("main [name='reason_zh_hans']", "采纳：下月起停南门。")
    executive.get_by_role("button", name="保存草稿").click()
    keep(executive, "answer-drafted")
    executive.get_by_role("button", name="提交答复").click()
    expect(executive.locator("main")).to_contain_text("1")

    # The author says: mine is another. It is unanswered again, the others keep their answer.
    author = open_as(federation.members[2], phone=True)
    receipt = Opinion.objects.get(text=TEXTS[1]).receipt
    author.goto(f"/decide/consultations/opinion/{receipt}/")
    expect(author.locator("main")).to_contain_text("下月起停南门")
    author.locator("main form button").click()
    expect(author.locator("main")).not_to_contain_text("下月起停南门")
    keep(author, "contested")
    assert sorted(one.answer_id is None for one in Opinion.objects.filter(text__in=TEXTS[:3])) == [False, False, True]

    public.goto(f"{home}map/")
    expect(public.locator("main")).to_contain_text("There is no map")
    public.goto(f"/record/{code}/")
    expect(public.locator("main")).to_contain_text("Members are consulted")
    keep(public, "whole-process-record")


def opened(federation: Federation, calendar: Calendar) -> str:
    """A consultation that opens today, with three statements."""
    made = services.draft_consultation(
        actor=SYSTEM, now=calendar.now(), unit=federation.root,
        title=localized("夜班怎么回家", "How to get home at night"),
        question=localized("先办哪一件？", "What comes first?"),
        clauses=[localized("每夜两班车。", "Two buses a night.")],
        statements=[
            localized("夜班班车应当免费", "The night bus should be free"),
            localized("托管班比班车更急", "Holiday care is more urgent"),
            localized("支出每季度公开", "Spending is published every quarter"),
        ],
        proposal_codes=[], opens=calendar.now(), closes=calendar.now() + timedelta(days=15),
    )  # fmt: skip
    services.notice_consultation(actor=SYSTEM, now=calendar.now(), code=made.code)
    services.open_consultation(actor=SYSTEM, now=calendar.now(), code=made.code)
    return made.code
