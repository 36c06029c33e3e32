"""From words in a survey to an answer: topics, a need with its quotes, a digest, and what the public reads."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.factories.hear import Town
from tests.factories.needs import BUS, MEAL, PAY, officer, round_with_words
from tests.journeys.ground import Calendar, Federation
from tests.journeys.story import Keep, Opener, code_in, pair, send, write

from qiao.base.access import SYSTEM
from qiao.hear.needs.models import TopicSet, TopicStep
from qiao.hear.needs.services import cluster_topics
from qiao.org.access.choices import Role
from qiao.org.people.models import Account

pytestmark = pytest.mark.journey


def press(page: Page, name: str) -> None:
    """The button with this text."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


def test_words_become_a_need_that_is_answered(
    federation: Federation, calendar: Calendar, open_as: Opener, keep: Keep
) -> None:
    """Two analysts, an executive and the public."""
    offices = {role.value: account for role, account in federation.offices.items()}
    long_ago = calendar.now() - timedelta(days=30)
    town = Town(federation.root, [], list(federation.works), list(federation.people), offices, long_ago)
    survey = round_with_words(town, (*BUS, *MEAL, *PAY), consent=BUS)
    second = Account.objects.get(pk=officer(town, Role.ANALYST, "analyst2").account_id)

    analyst = open_as(federation.offices[Role.ANALYST])
    analyst.goto("/hear/needs/topics/")
    pair(analyst, "title", "职工心里话", "In their own words")
    analyst.check(f"main [name='sources'][value='{survey}']")
    write(analyst, wanted="3")
    send(analyst)
    words = code_in(analyst, "TS")
    expect(analyst.locator("main .note")).to_be_visible()
    # The worker's part.
    cluster_topics(actor=SYSTEM, now=calendar.now(), topic_set_id=TopicSet.objects.get(code=words).pk)
    analyst.reload()
    topics = analyst.locator("main ul.rows").first.locator("li")
    expect(topics).to_have_count(3)
    keep(analyst, "needs-topics")

    # One is merged into the topic of the bus, taken apart again, merged after all; then it gets a name and a quote.
    page = f"/hear/needs/topics/{words}/"
    for left in (2, 0):
        analyst.goto(page)
        topics.get_by_role("link", name=re.compile("夜班|班车|公交|回家")).first.click()
        analyst.get_by_text("把其他主题合并进来").click()
        analyst.locator("main [name='others']").last.check()
        press(analyst, "合并")
        expect(analyst.locator("[role='status']")).to_contain_text("已合并")
        if left:
            analyst.goto(page)
            expect(topics).to_have_count(left)
            press(analyst, "撤销")
            expect(topics).to_have_count(3)
    pair(analyst, "name", "夜班下班没有车", "No way home after the night shift")
    press(analyst, "命名主题")
    expect(analyst.locator("main h1")).to_have_text("夜班下班没有车")
    press(analyst, "引用")
    expect(analyst.locator("main")).to_contain_text("已获同意")
    press(analyst, "由本主题形成需求")
    keep(analyst, "needs-topic")
    analyst.locator("main .note a").click()
    need = code_in(analyst, "N")
    assert [step.kind for step in TopicStep.objects.order_by("pk")] == ["merge", "undo", "merge", "rename", "quote"]
    # Who raised it does not check it.
    expect(analyst.locator(f"form[action$='/{need}/check/']")).to_have_count(0)

    analyst.goto("/hear/needs/digests/")
    write(analyst, since=calendar.day(-40), until=calendar.day())
    send(analyst)
    digest = code_in(analyst, "ND")
    expect(analyst.locator("main")).to_contain_text("夜班下班没有车")

    other = open_as(second)
    other.goto(f"/hear/needs/{need}/")
    press(other, "表述与数据一致：公布")
    expect(other.locator("main .flag")).to_contain_text("前答复")
    other.goto(f"/hear/needs/digests/{digest}/")
    press(other, "我已核对单元格，可以公开")
    press(other, "公布研判")
    keep(other, "needs-digest")

    head = open_as(federation.offices[Role.EXECUTIVE])
    head.goto(f"/hear/needs/{need}/answer/")
    pair(
        head,
        "answer",
        "夜班公交由市里统筹，今年没有名额；我们已提交请示。",
        "The city plans night buses; none is free this year.",
    )
    send(head)
    expect(head.locator("main h1")).to_have_text("夜班下班没有车")

    public = open_as(None, phone=True, script=False)
    public.goto(f"/hear/needs/digests/{digest}/")
    expect(public.locator("main")).to_contain_text("夜班下班没有车")
    keep(public, "needs-digest-on-a-phone")
    public.goto("/hear/needs/")
    public.get_by_role("link", name="夜班下班没有车").click()
    expect(public.locator("main blockquote").first).to_have_text(re.compile("|".join(BUS)))
    expect(public.locator("main")).to_contain_text("夜班公交由市里统筹")
    keep(public, "needs-answered-on-a-phone")
