"""A round in the field: owner, data protection officer, drawer, interviewer."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.factories.hear import workbook
from tests.journeys.ground import Calendar, Federation
from tests.journeys.story import XLSX, Keep, Opener, Story, code_in, pair, send, write

from qiao.base.access import SYSTEM
from qiao.org.access.choices import Role
from qiao.org.people.services import set_contact

pytestmark = pytest.mark.journey


@pytest.fixture
def story(federation: Federation, calendar: Calendar, open_as: Opener, keep: Keep, tmp_path: Path) -> Story:
    return Story(federation, calendar, open_as, keep, tmp_path)


def test_a_round_from_plan_to_interview(story: Story) -> None:
    """The plan is checked, the sample drawn, slips printed; somebody is called and answers question by question."""
    for place, person in enumerate(story.federation.people[:30]):
        set_contact(actor=SYSTEM, now=story.calendar.now(), person=person, kind="mobile", value=f"139000000{place:02}")
    owner = story.officer(Role.SURVEY_OWNER)
    owner.goto("/hear/surveys/questionnaires/new/")
    pair(owner, "title", "需求问卷", "Needs questionnaire")
    owner.set_input_files("main input[type='file']", {"name": "needs.xlsx", "mimeType": XLSX, "buffer": workbook()})
    send(owner)
    owner.goto("/hear/surveys/size/?population=1000&margin=5&rate=25")
    expect(owner.locator("main .facts")).to_contain_text("278")
    owner.goto("/hear/surveys/new/")
    pair(owner, "title", "夜班调查", "Survey of nights")
    pair(owner, "purpose", "了解夜班困难", "To learn what is hard at night")
    write(owner, opens=story.calendar.day(), closes=story.calendar.day(10))
    send(owner)
    survey = code_in(owner, "S")

    privacy = story.officer(Role.DPO)
    privacy.goto(f"/hear/surveys/{survey}/check/")
    write(privacy, reason="The purpose is too wide")
    privacy.locator("main button[value='refuse']").click()
    owner.reload()
    expect(owner.locator("main .flag").first).to_contain_text("The purpose is too wide")
    privacy.goto(f"/hear/surveys/{survey}/check/")
    for box in privacy.locator("main [name='points']").all():
        box.check()
    story.shoot(privacy, "privacy-check")
    privacy.locator("main button[value='pass']").click()

    drawer = story.officer(Role.SAMPLE_DRAWER)
    drawer.goto(f"/hear/surveys/{survey}/")
    send(drawer, "/draw/")
    expect(drawer.locator("main .facts")).to_contain_text("76")
    drawer.locator("main form[action$='/codes/'] button[value='page']").click()
    expect(drawer.locator(".slip").first).to_contain_text("Slip 1")
    assert drawer.locator(".slip").count() == 73
    story.shoot(drawer, "slips")

    owner.reload()
    send(owner, "/open/")
    drawer.goto(f"/hear/surveys/{survey}/fieldwork/")
    drawer.locator("main [name='interviewers']").first.check()
    write(drawer, number="5")
    drawer.locator("main form:has([name='interviewers']) button.button").click()
    expect(drawer.locator("[role='status']")).to_contain_text("5")
    story.shoot(drawer, "fieldwork")

    caller = story.officer(Role.INTERVIEWER)
    caller.goto(f"/hear/surveys/{survey}/interview/")
    expect(caller.locator("main .facts")).to_contain_text("139000000")
    story.shoot(caller, "next-person")
    caller.locator("main a.button", has_text="Begin").click()
    caller.check("main [name='ws_shift'][value='night']")
    send(caller)
    caller.check("main [name='need_first'][value='bus']")
    story.shoot(caller, "one-question")
    send(caller)
    write(caller, hours="8")
    send(caller)
    send(caller)
    expect(caller.locator("main h1")).to_contain_text("counted")
    owner.reload()
    expect(owner.locator("main")).to_contain_text("Margin so far")
    story.shoot(owner, "monitor")
