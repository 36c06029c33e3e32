"""One need through the whole loop, in a real browser, as everybody who has a part in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.journeys.deciding import answer_opinions, consult, decide, propose, vote
from tests.journeys.delivering import deliver, judge
from tests.journeys.ground import Calendar, Federation
from tests.journeys.hearing import answer, ask, publish_needs
from tests.journeys.story import Keep, Opener, Story, code_in

pytestmark = pytest.mark.journey


@pytest.fixture
def story(federation: Federation, calendar: Calendar, open_as: Opener, keep: Keep, tmp_path: Path) -> Story:
    return Story(federation, calendar, open_as, keep, tmp_path)


def test_one_need_walks_the_whole_loop(story: Story) -> None:
    ask(story)
    answer(story)
    publish_needs(story)
    propose(story)
    consult(story)
    answer_opinions(story)
    vote(story)
    decide(story)
    deliver(story)
    judge(story)
    trace(story)


def trace(story: Story) -> None:
    """From the first need, the project and the finding: the same line, both ways."""
    codes = story.codes
    public = story.public(language="en", phone=False)
    public.goto("/hear/needs/?kind=finding")
    public.locator("main a[href*='/hear/needs/N-']").first.click()
    codes["finding"] = code_in(public, "N")
    assert codes["finding"] != codes["need"]
    expect(public.locator(f"main figure a[href='/thread/{codes['evaluation']}/']")).to_be_visible()
    story.shoot(public, "finding")
    whole = ("survey", "need", "bus", "consultation", "ballot", "decision", "project", "evaluation", "finding")
    for start in ("need", "project", "finding"):
        for page in (story.public(), story.public(language="en", phone=False)):
            page.goto(f"/thread/{codes[start]}/")
            text = page.locator("main").inner_text()
            assert [key for key in whole if codes[key] not in text] == [], f"the whole thread from the {start}"
            assert page.locator("main .flag").count() == 0
            story.shoot(page, f"thread-from-the-{start}")
    public.goto(f"/thread/{codes['project']}/")
    public.locator("main .thread li.hear a").first.click()
    assert "/hear/" in public.url
