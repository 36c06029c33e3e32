"""Hearing: questionnaire, round, answers on three ways, results, needs."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime

from playwright.sync_api import Page, expect
from tests.factories.hear import CHOICES, SURVEY, workbook
from tests.journeys.story import RECEIPT, XLSX, Story, code_in, codes_on, pair, send, write

from qiao.base.access import SYSTEM
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.services import open_account
from qiao.org.units.models import Unit


def ask(story: Story) -> None:
    """The survey owner uploads a questionnaire and plans; the sample drawer draws; the owner opens."""
    owner = story.officer(Role.SURVEY_OWNER)
    broken = [list(row) for row in SURVEY]
    broken[3][0] = "intger"
    owner.goto("/hear/surveys/questionnaires/new/")
    pair(owner, "title", "需求问卷", "Needs questionnaire")
    file = "main input[type='file']"
    owner.set_input_files(file, {"name": "broken.xlsx", "mimeType": XLSX, "buffer": workbook(broken, CHOICES)})
    send(owner)
    fault = owner.locator("main [role='alert']")
    expect(fault).to_contain_text("Nothing was stored")
    expect(fault).to_contain_text("survey")
    expect(fault).to_contain_text("row 4")
    expect(fault).to_contain_text("intger")
    story.shoot(owner, "fault-in-the-questionnaire")

    pair(owner, "title", "需求问卷", "Needs questionnaire")
    owner.set_input_files(file, {"name": "needs.xlsx", "mimeType": XLSX, "buffer": workbook()})
    send(owner)
    expect(owner.locator("main")).to_contain_text("Shift?")
    story.shoot(owner, "questionnaire")

    owner.goto("/hear/surveys/new/")
    pair(owner, "title", "职工需求调查", "Members' needs survey")
    pair(owner, "purpose", "了解职工需要什么", "To learn what members need")
    write(owner, opens=story.calendar.day(), closes=story.calendar.day(10))
    send(owner)
    story.codes["survey"] = survey = code_in(owner, "S")
    expect(owner.locator("main")).to_contain_text("The data protection officer checks the plan")
    privacy = story.officer(Role.DPO)
    privacy.goto(f"/hear/surveys/{survey}/check/")
    for box in privacy.locator("main [name='points']").all():
        box.check()
    privacy.locator("main button[value='pass']").click()
    expect(privacy.locator("main h1")).to_contain_text("Members' needs survey")
    owner.reload()
    expect(owner.locator("main")).to_contain_text("The sample drawer draws who is asked")

    drawer = story.officer(Role.SAMPLE_DRAWER, language="zh-hans")
    drawer.goto(f"/hear/surveys/{survey}/")
    send(drawer, "/draw/")
    expect(drawer.locator("main .facts")).to_contain_text("76")
    with drawer.expect_download() as sheet:
        drawer.locator("main form[action$='/codes/'] button[value='xlsx']").click()
    path = story.folder / "codes.xlsx"
    sheet.value.save_as(path)
    story.codes["sheet"] = str(path)
    drawer.reload()
    story.shoot(drawer, "drawn")

    owner.reload()
    send(owner, "/open/")
    expect(owner.locator("[role='status']")).to_contain_text("The round is open")
    story.shoot(owner, "round-open")


def answer(story: Story) -> None:
    """A member with a code on a phone without script, one who is signed in, and the rest on paper entered as a file."""
    survey, codes = story.codes["survey"], codes_on(story.codes["sheet"])
    assert len(codes) == 73, "everybody without an account has a code"
    phone = story.public(script=False)
    phone.goto("/hear/surveys/code/")
    write(phone, code=codes[0].lower())
    send(phone)
    story.shoot(phone, "answering-on-a-phone")
    send(phone)
    expect(phone.locator("main [id='e-ws_shift']")).to_be_visible()
    phone.check("main [name='ws_shift'][value='night']")
    phone.check("main [name='need_first'][value='bus']")
    write(phone, words="末班车太早")
    send(phone)
    expect(phone.locator("main h1")).to_contain_text("谢谢")
    assert RECEIPT.search(phone.locator("main").inner_text())
    story.shoot(phone, "answered")
    phone.goto(f"/hear/surveys/s/{codes[0]}/")
    expect(phone.locator("main h1")).to_contain_text("您已经作答")

    member = story.member(0, language="en")
    member.goto("/me/")
    member.locator(f"main a[href$='/{survey}/mine/']").click()
    member.check("main [name='ws_shift'][value='night']")
    member.check("main [name='need_first'][value='bus']")
    member.check("main [name='need_first'][value='pay']")
    send(member)
    expect(member.locator("main h1")).to_contain_text("Your answer is counted")
    story.shoot(member, "answered-signed-in")

    owner = story.officer(Role.SURVEY_OWNER, language="zh-hans")
    owner.goto(f"/hear/surveys/{survey}/enter/")
    owner.set_input_files(
        "main input[type='file']",
        {"name": "paper.csv", "mimeType": "text/csv", "buffer": papers([codes[0], codes[1]])},
    )
    send(owner)
    expect(owner.locator("main [role='alert']")).to_contain_text("2")
    story.shoot(owner, "used-code-refused")
    owner.set_input_files(
        "main input[type='file']", {"name": "paper.csv", "mimeType": "text/csv", "buffer": papers(codes[1:])}
    )
    send(owner)
    expect(owner.locator("[role='status']")).to_contain_text("72")
    owner.locator("main details:has(form[action$='/close/']) summary").click()
    write(owner, reason="所有人都已作答")
    send(owner, "/close/")
    owner.locator("main a.button[href$='/weights/']").click()
    story.shoot(owner, "ways-to-weight")
    send(owner)
    expect(owner.locator("main h2").first).to_be_visible()
    send(owner, "/publish/")
    expect(owner.locator("main figure svg").first).to_be_visible()

    public = story.public(language="en", phone=False)
    public.goto(f"/hear/surveys/{survey}/")
    results = public.locator("main")
    expect(results).to_contain_text("74 answers, 97 % of those asked, weighted by the register, 95 % intervals")
    named = results.locator("#q-need_first")
    expect(named.locator("figure svg")).to_contain_text("Bus")
    expect(named.locator("table").first).to_contain_text(re.compile(r"Bus\s*\d+\s%\s±\s\d+"))
    story.shoot(public, "results")


def papers(codes: list[str]) -> bytes:
    """Answers on paper as a file: the night shift names the bus, few of the day shift do; no cell is hidden."""
    stream = io.StringIO()
    rows = csv.writer(stream)
    rows.writerow(["code", "ws_shift", "need_first", "hours", "words"])
    for place, code in enumerate(codes):
        night = place % 2 == 0
        wish = ("bus" if place % 12 else "pay culture") if night else ("legal pay" if place % 5 else "bus")
        rows.writerow([code, "night" if night else "day", wish, place % 8 if night else "", ""])
    return stream.getvalue().encode("gbk")


def second_analyst(story: Story) -> Page:
    """The desk of another analyst of the federation."""
    now = datetime.now(UTC)
    account = open_account(actor=SYSTEM, now=now, email="analyst2@lx.example", display_name="竹知微")
    root = Unit.objects.get(parent__isnull=True)
    grant_role(actor=SYSTEM, now=now, account=account, role=Role.ANALYST, unit=root, since=date(2020, 1, 1))
    return story.open_as(account, language="en")


def publish_needs(story: Story) -> None:
    """The analyst derives the needs, words one as people would say it and publishes it."""
    survey = story.codes["survey"]
    analyst = story.officer(Role.ANALYST)
    analyst.goto(f"/hear/surveys/{survey}/")
    send(analyst, f"/from/{survey}/")
    expect(analyst.locator("[role='status']")).to_contain_text("needs come out of these figures")
    story.shoot(analyst, "needs-derived")
    row = analyst.locator("main li, main tr").filter(has_text="Bus").filter(has_text="Night").first
    row.locator("a[href*='/hear/needs/N-']").first.click()
    story.codes["need"] = need = code_in(analyst, "N")
    analyst.locator(f"main a[href$='/{need}/word/']").click()
    pair(analyst, "title", "夜班下班没有车", "No way home after the night shift")
    pair(analyst, "detail", "末班车 22:30。", "The last bus leaves at 22:30.")
    send(analyst)
    expect(analyst.locator("main h1")).to_have_text("No way home after the night shift")
    # Who words a need does not check its figures.
    expect(analyst.locator(f"form[action$='/{need}/check/']")).to_have_count(0)
    second = second_analyst(story)
    second.goto(f"/hear/needs/{need}/")
    send(second, f"/{need}/check/")
    public = story.public()
    public.goto("/hear/needs/")
    expect(public.locator("main")).to_contain_text("夜班下班没有车")
    story.shoot(public, "need-on-the-board")
    public.goto(f"/hear/needs/{need}/")
    expect(public.locator("main figure").first).to_contain_text("95%")
    expect(public.locator("main figure").first).to_contain_text("38")
    story.shoot(public, "need")
