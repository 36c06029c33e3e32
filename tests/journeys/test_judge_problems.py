"""Somebody without an account raises a problem on a phone; it is taken on, mended, and checked by who raised it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation
from tests.journeys.story import RECEIPT, write

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.hear.needs.models import Need
from qiao.judge.problems import services
from qiao.judge.problems.choices import Say, Source, State
from qiao.judge.problems.models import Entry
from qiao.org.access.choices import Role

pytestmark = pytest.mark.journey


def test_a_problem_is_mended_when_those_who_raised_it_say_so(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    phone = open_as(None, phone=True, script=False)
    phone.goto("/judge/problems/new/?unit=LX-B1")
    write(phone, title="公示栏没人更新", text="三个月没有更新，夜班的人看不到排班。")
    keep(phone, "problem-new")
    phone.get_by_role("button", name="提出", exact=True).click()
    receipt = RECEIPT.search(phone.get_by_role("main").inner_text())
    assert receipt
    keep(phone, "problem-receipt")
    entry = Entry.objects.get()
    page = f"/judge/problems/{entry.code}/"

    chief = open_as(federation.offices[Role.EXECUTIVE])
    chief.goto(page)
    chief.get_by_role("link", name="受理", exact=True).click()
    chief.get_by_role("button", name="列入台账").click()
    chief.get_by_role("link", name="责任人").first.click()
    owner = federation.offices[Role.TASK_OWNER]
    chief.locator("select[name=owner]").select_option(f"{owner.pk}@{federation.root.pk}")
    chief.get_by_role("button", name="确定责任人").click()
    keep(chief, "problem-owned")

    work = open_as(owner)
    work.goto(page)
    work.get_by_role("link", name="制定整改措施").click()
    write(work, remedy_zh_hans="定专人每周一更新", steps=f"{calendar.day(3)} 定专人 | Name somebody")
    work.get_by_role("button", name="开始整改").click()
    work.get_by_role("button", name="完成").click()
    work.get_by_role("link", name="报告已改好").click()
    write(work, text_zh_hans="已有专人", users_asked="6", users_confirmed="5")
    work.get_by_role("button", name="提请复核").click()
    expect(work.get_by_role("main")).to_contain_text("自称已改好")
    keep(work, "problem-claimed")

    calendar.turn(days=100)
    phone.goto("/judge/problems/mine/")
    phone.get_by_label("回执编号").fill(receipt[0])
    phone.get_by_role("button", name="打开").click()
    phone.get_by_label("没有改好").check()
    keep(phone, "problem-say")
    phone.get_by_role("button", name="提交我的意见").click()
    expect(phone.get_by_role("main")).to_contain_text("您的意见已收到")
    entry.refresh_from_db()
    assert entry.state in (State.CLAIMED, State.REOPENED)

    anybody = open_as(None, phone=True)
    anybody.goto("/judge/problems/")
    expect(anybody.get_by_role("main")).to_contain_text("公示栏没人更新")
    assert not re.search(r"溪[a-z]", anybody.locator("main").inner_text()), "no officer is named"
    keep(anybody, "problem-board")


def test_a_bad_judgment_is_a_need_and_a_problem_until_members_say_it_is_mended(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    works = federation.works[0]
    entry = services.record_judgment(
        actor=SYSTEM, now=calendar.now(),
        judgment=services.Judgment(
            unit=works, title=localized("会员对意见答复不满意", "Members are not satisfied with how they are answered"),
            detail=localized("评分的 30 人中 18 人不满意。", "18 of 30 who graded are not satisfied."),
            source=Source.RATING, source_code="MR-77", share=0.6, lower=0.6, upper=0.6, n=30, rate=0.8,
            subject="rating",
        ),
    )  # fmt: skip
    page = f"/judge/problems/{entry.code}/"
    need = Need.objects.get(source_code="MR-77")
    anybody = open_as(None, phone=True)
    anybody.goto(reverse("web:thread", args=[need.code]))
    expect(anybody.get_by_role("main")).to_contain_text("会员对意见答复不满意")
    keep(anybody, "problem-judged-thread")

    chief = open_as(federation.offices[Role.EXECUTIVE], language="en")
    chief.goto(f"{page}owner/")
    owner = federation.offices[Role.TASK_OWNER]
    chief.locator("select[name=owner]").select_option(f"{owner.pk}@{federation.root.pk}")
    chief.get_by_role("button", name="Name this person").click()
    work = open_as(owner, language="en")
    work.goto(f"{page}plan/")
    write(work, remedy_zh_hans="每件意见十天内答复并公布", steps=f"{calendar.day(3)} 立规矩 | Make the rule")
    work.get_by_role("button", name="Begin the remedy").click()
    work.get_by_role("button", name="Done").click()
    work.goto(f"{page}claim/")
    write(work, text_zh_hans="已按十天答复", users_asked="9", users_confirmed="7")
    work.get_by_role("button", name="Have it checked").click()
    expect(work.get_by_role("main")).to_contain_text("members are drawn by chance")

    # Whoever answers for it cannot end it; members drawn by a public seed say whether it is mended.
    calendar.turn(days=100)
    work = open_as(owner, language="en")
    assert work.goto(f"{page}close/").status in (403, 404)  # type: ignore[union-attr]
    places = {person.pk: place for place, person in enumerate(federation.people)}
    drawn = list(entry.voices.exclude(person=None).values_list("person_id", flat=True))
    assert sorted(places[person] for person in drawn) == [0, 2], "members of the union who can be asked"
    for person in drawn:
        entry.refresh_from_db()
        if entry.state == State.CLAIMED:
            services.say_whether_mended(
                actor=federation.as_member(places[person]), now=calendar.now(), code=entry.code, say=Say.MENDED
            )
    # Its office stands at the top, so an auditor is the third party.
    closing = open_as(federation.offices[Role.AUDITOR], language="en")
    closing.goto(page)
    closing.get_by_role("link", name="Close the problem").click()
    write(closing, text_zh_hans="答复要有期限和公开", text_en="Answers need a day and must be public")
    closing.get_by_role("button", name="Close it").click()
    expect(closing.get_by_role("main")).to_contain_text("What it teaches")
    keep(closing, "problem-judged-closed")
    entry.refresh_from_db()
    assert entry.state == State.CLOSED
