"""One need through the whole loop, in a real browser, as everybody who has a part in it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from tests.factories.hear import CHOICES, SURVEY, workbook
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation

from qiao.base.access import ANONYMOUS
from qiao.decide.ballots.services import cast_ballot
from qiao.judge.evaluations.services import submit_sealed
from qiao.org.access.choices import Role

pytestmark = pytest.mark.journey

Keep = Callable[[Page, str], None]
RECEIPT = re.compile(r"R-\w{4}-\w{4}-\w")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Story:
    """Who tells it with what, and the codes of what has come to be."""

    federation: Federation
    calendar: Calendar
    open_as: Opener
    keep: Keep
    folder: Path
    codes: dict[str, str] = field(default_factory=dict)
    number: int = 0

    def officer(self, role: Role, *, language: str = "en", phone: bool = False) -> Page:
        return self.open_as(self.federation.offices[role], language=language, phone=phone)

    def member(self, place: int, *, language: str = "zh-hans", phone: bool = True, script: bool = True) -> Page:
        return self.open_as(self.federation.members[place], language=language, phone=phone, script=script)

    def public(self, *, language: str = "zh-hans", phone: bool = True, script: bool = True) -> Page:
        return self.open_as(None, language=language, phone=phone, script=script)

    def shoot(self, page: Page, name: str) -> None:
        self.number += 1
        self.keep(page, f"loop-{self.number:02}-{name}")


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


def write(page: Page, **texts: str) -> None:
    """Fill fields by their names; a pair is Chinese and English."""
    for name, text in texts.items():
        page.fill(f"main [name='{name}']", text)


def pair(page: Page, name: str, chinese: str, english: str) -> None:
    """Fill both inputs of a text in two languages."""
    write(page, **{f"{name}_zh_hans": chinese, f"{name}_en": english})


def send(page: Page, action: str = "") -> None:
    """Press the main button of the page's form, or of the form that goes to an address ending so."""
    form = f"main form[action$='{action}']" if action else "main form[method='post']"
    page.locator(f"{form} button.button").first.click()


def code_in(page: Page, prefix: str) -> str:
    """The code of the object the page is about, from its address."""
    found = re.search(rf"/({prefix}-[\w-]+)/", page.url)
    assert found, f"no code of the kind {prefix} in {page.url}: {page.locator('main').inner_text()[:600]}"
    return found[1]


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
    write(owner, opens=story.calendar.day(), closes=story.calendar.day(10))
    send(owner)
    story.codes["survey"] = survey = code_in(owner, "S")
    expect(owner.locator("main")).to_contain_text("The sample drawer draws who is asked")

    drawer = story.officer(Role.SAMPLE_DRAWER, language="zh-hans")
    drawer.goto(f"/hear/surveys/{survey}/")
    send(drawer, "/draw/")
    expect(drawer.locator("main .facts")).to_contain_text("76")
    with drawer.expect_download() as sheet:
        send(drawer, "/codes/")
    path = story.folder / "codes.xlsx"
    sheet.value.save_as(path)
    story.codes["sheet"] = str(path)
    drawer.reload()
    story.shoot(drawer, "drawn")

    owner.reload()
    send(owner, "/open/")
    expect(owner.locator("[role='status']")).to_contain_text("The round is open")
    story.shoot(owner, "round-open")


def codes_on(path: str) -> list[str]:
    """The single-use codes of a sheet, whatever its column is called."""
    rows = openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True)
    code = re.compile(r"\w{4}-\w{4}-\w{4}")
    return [next(str(cell) for cell in row if code.fullmatch(str(cell))) for row in rows if any(
        code.fullmatch(str(cell)) for cell in row)]  # fmt: skip


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
    send(owner, "/close/")
    expect(owner.locator("main figure svg").first).to_be_visible()

    public = story.public(language="en", phone=False)
    public.goto(f"/hear/surveys/{survey}/")
    results = public.locator("main")
    expect(results).to_contain_text("74 answers, 97 % of those asked, weighted by the register, 95 % intervals")
    named = results.locator("#q-need_first")
    expect(named.locator("figure svg")).to_contain_text("Bus")
    expect(named.locator("table")).to_contain_text(re.compile(r"Bus\s*\d+ % ± \d+"))
    story.shoot(public, "results")


def papers(codes: list[str]) -> bytes:
    """Answers on paper as a file: the night shift names the bus, the day shift hardly does."""
    stream = io.StringIO()
    rows = csv.writer(stream)
    rows.writerow(["code", "ws_shift", "need_first", "hours", "words"])
    for place, code in enumerate(codes):
        night = place % 2 == 0
        wish = ("bus" if place % 12 else "pay culture") if night else ("legal pay" if place % 9 else "bus")
        rows.writerow([code, "night" if night else "day", wish, place % 8 if night else "", ""])
    return stream.getvalue().encode("gbk")


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
    public = story.public()
    public.goto("/hear/needs/")
    expect(public.locator("main")).to_contain_text("夜班下班没有车")
    story.shoot(public, "need-on-the-board")
    public.goto(f"/hear/needs/{need}/")
    expect(public.locator("main figure").first).to_contain_text("95%")
    expect(public.locator("main figure").first).to_contain_text("38")
    story.shoot(public, "need")


def propose(story: Story) -> None:
    """The secretary raises three proposals out of the need."""
    secretary = story.officer(Role.SECRETARY)
    wishes = (
        ("bus", "开行夜班车", "A night bus", "60000"),
        ("vans", "夜班拼车补贴", "Shared vans", "50000"),
        ("beds", "夜班休息室", "Rest rooms", "30000"),
    )
    for key, chinese, english, cost in wishes:
        secretary.goto(f"/hear/needs/{story.codes['need']}/")
        secretary.locator("main a[href*='/decide/proposals/new/']").click()
        expect(secretary.locator("main [name='needs']").first).to_be_checked()
        pair(secretary, "title", chinese, english)
        pair(secretary, "text", "夜班职工，每天两班。", "For the night shift, twice a night.")
        write(secretary, cost=cost)
        send(secretary)
        story.codes[key] = code_in(secretary, "P")
    expect(secretary.locator("main")).to_contain_text("No way home after the night shift")
    story.shoot(secretary, "proposal")


def consult(story: Story) -> None:
    """Drafted, announced, opened; a member votes on statements and speaks; closed after its full time."""
    secretary = story.officer(Role.SECRETARY)
    secretary.goto(f"/decide/proposals/{story.codes['bus']}/")
    secretary.locator("main a[href*='/decide/consultations/new/']").click()
    for key in ("bus", "vans", "beds"):
        secretary.check(f"main [name='proposals'][value='{story.codes[key]}']")
    pair(secretary, "title", "夜班怎么回家", "How to get home at night")
    pair(secretary, "question", "先办哪一件？", "What comes first?")
    pair(secretary, "text", "1. 每夜两班车。\n\n2. 全程免费。", "1. Two buses a night.\n\n2. Free of charge.")
    pair(secretary, "statements", "车比补贴好\n应当免费", "A bus is better than money\nIt should be free")
    write(secretary, opens=story.calendar.moment(days=1), closes=story.calendar.moment(days=16))
    send(secretary)
    story.codes["consultation"] = code = code_in(secretary, "C")
    public = story.public()
    assert public.goto(f"/decide/consultations/{code}/").status == 404, "a draft is no public page"
    send(secretary, "/move/")
    expect(secretary.locator("main")).to_contain_text("You can read the text already")
    story.calendar.turn(days=1, hours=1)
    secretary.reload()
    send(secretary, "/move/")
    story.shoot(secretary, "consultation-open")

    member = story.member(1)
    member.goto("/")
    member.locator(f"main a[href*='/{code}/']").first.click()
    member.goto(f"/decide/consultations/{code}/statements/")
    story.shoot(member, "statements")
    member.locator("main button[name='vote'][value='1']").click()
    member.locator("main button[name='vote'][value='0']").click()
    expect(member.locator("main h1")).to_contain_text("谢谢")
    second = story.member(2, script=False)
    second.goto(f"/decide/consultations/{code}/statements/")
    second.locator("main button[name='vote'][value='-1']").click()

    member.goto(f"/decide/consultations/{code}/")
    member.locator("#clause-1 summary").first.click()
    member.fill("#clause-1 textarea", "第一班车应当在零点半开。")
    member.locator("#clause-1 form button").click()
    found = RECEIPT.search(member.locator("main").inner_text())
    assert found, "the author gets a receipt"
    story.codes["receipt"] = found[0]
    story.shoot(member, "opinion-given")

    public.goto("/receipt/")
    public.fill("main [name='number']", story.codes["receipt"].lower())
    public.locator("main form button").click()
    expect(public.locator("main")).to_contain_text("夜班怎么回家")
    expect(public.locator("main")).not_to_contain_text("零点半")
    story.shoot(public, "receipt-looked-up")

    story.calendar.turn(days=16)
    secretary = story.officer(Role.SECRETARY)
    secretary.goto(f"/decide/consultations/{code}/")
    send(secretary, "/move/")
    expect(secretary.locator("main")).to_contain_text("零点半")


def answer_opinions(story: Story) -> None:
    """No decision while an opinion lacks an answer; then the executive answers it with the reason."""
    code = story.codes["consultation"]
    executive = story.officer(Role.EXECUTIVE)
    executive.goto(f"/decide/decisions/new/?consultation={code}")
    pair(executive, "title", "开行夜班车", "Run the night bus")
    pair(executive, "text", "开行。", "Run it.")
    send(executive)
    expect(executive.locator("main")).to_contain_text("1 opinion has no answer yet")
    assert "/decisions/new/" in executive.url
    story.shoot(executive, "decision-refused")

    executive.goto(f"/decide/consultations/{code}/answers/")
    executive.check("main [name='opinion']")
    executive.check("main [name='outcome'][value='adopted']")
    pair(executive, "reason", "首班改为零点半。", "The first bus leaves at half past midnight.")
    send(executive)
    executive.locator("main button[name='finish']").click()
    public = story.public(language="en", phone=False)
    public.goto(f"/receipt/?number={story.codes['receipt']}")
    expect(public.locator("main")).to_contain_text("half past midnight")
    story.shoot(public, "opinion-answered")


def vote(story: Story) -> None:
    """Members vote on the three proposals; the count officer counts after the announced end, not before."""
    codes, federation = story.codes, story.federation
    secretary = story.officer(Role.SECRETARY)
    wanted = "&".join(f"proposal={codes[key]}" for key in ("bus", "vans", "beds"))
    secretary.goto(f"/decide/ballots/new/?{wanted}&consultation={codes['consultation']}")
    pair(secretary, "title", "夜班项目票决", "Vote on projects for the night shift")
    write(
        secretary, budget="100000", opens=story.calendar.moment(minutes=-5), closes=story.calendar.moment(days=7)
    )  # fmt: skip
    send(secretary)
    codes["ballot"] = code = code_in(secretary, "B")
    send(secretary, "/open/")

    for place, script in ((1, False), (2, True)):
        member = story.member(place, script=script)
        member.goto(f"/decide/ballots/{code}/vote/")
        member.check(f"main [name='projects'][value='{codes['bus']}']")
        if place == 1:
            story.shoot(member, "ballot-paper")
        send(member)
        assert RECEIPT.search(member.locator("main").inner_text())
    member.goto(f"/decide/ballots/{code}/vote/")
    assert member.url.endswith("/voted/"), "one member, one vote"
    story.shoot(member, "voted")
    for place in range(3, 21):
        choice = codes["beds"] if place % 6 == 0 else codes["bus"]
        cast_ballot(actor=federation.as_member(place), now=story.calendar.now(), code=code, proposal_codes=[choice])
    counter = story.officer(Role.COUNT_OFFICER)
    counter.goto(f"/decide/ballots/{code}/")
    assert counter.locator(f"form[action$='/{code}/count/']").count() == 0, "no count before the announced end"
    expect(counter.locator("main")).not_to_contain_text("20 of 76")
    story.calendar.turn(days=8)
    counter = story.officer(Role.COUNT_OFFICER)
    counter.goto(f"/decide/ballots/{code}/")
    send(counter, "/count/")
    expect(counter.locator("main")).to_contain_text("20 of 76 on the roll voted")
    expect(counter.locator("main table").first).to_contain_text("A night bus")
    expect(counter.locator("main table").first).not_to_contain_text("Rest rooms")
    story.shoot(counter, "ballot-result")


def decide(story: Story) -> None:
    """The executive decides what the vote chose."""
    executive = story.officer(Role.EXECUTIVE)
    executive.goto(f"/decide/ballots/{story.codes['ballot']}/")
    executive.locator("main a[href*='/decide/decisions/new/']").click()
    pair(executive, "title", "开行夜班车", "Run the night bus")
    pair(executive, "text", "自下月起开行。", "It runs from next month on.")
    write(executive, votes_for="9", votes_against="1", votes_abstained="0")
    send(executive)
    story.codes["decision"] = code_in(executive, "D")
    public = story.public(phone=True)
    public.goto(f"/decide/decisions/{story.codes['decision']}/")
    expect(public.locator("main")).to_contain_text("自下月起开行")
    story.shoot(public, "decision")


def deliver(story: Story) -> None:
    """Planned with an owner and milestones, done with evidence, verified by another office, on the public board."""
    codes, calendar = story.codes, story.calendar
    executive = story.officer(Role.EXECUTIVE)
    executive.goto(f"/deliver/projects/plan/{codes['decision']}/{codes['bus']}/")
    executive.select_option("main [name='unit']", str(story.federation.root.pk))
    executive.select_option("main [name='owner']", str(story.federation.offices[Role.TASK_OWNER].pk))
    write(executive, due=calendar.day(60))
    for row, (chinese, english, day) in enumerate((("签约", "Contract", 20), ("开行", "It runs", 50))):
        pair(executive, f"milestones-{row}-title", chinese, english)
        write(executive, **{f"milestones-{row}-due": calendar.day(day)})
    send(executive)
    codes["project"] = code = code_in(executive, "W")
    send(executive, "/start/")

    calendar.turn(days=30)
    board = story.public()
    board.goto("/deliver/")
    expect(board.locator("main")).to_contain_text("开行夜班车")
    expect(board.locator("main .late").first).to_be_visible()
    story.shoot(board, "board-overdue")

    owner = story.officer(Role.TASK_OWNER)
    for _milestone in range(2):
        owner.goto(f"/deliver/projects/{code}/")
        owner.locator(f"main a[href*='/{code}/milestone/']").first.click()
        write(owner, progress="100", asked="12", confirmed="11")
        pair(owner, "note", "已完成。", "Done.")
        owner.set_input_files(
            "main input[type='file']", {"name": "riders.csv", "mimeType": "text/csv", "buffer": b"day,riders\n1,31\n"}
        )
        send(owner)
    story.shoot(owner, "reported")
    owner.goto(f"/deliver/projects/{code}/claim/")
    send(owner)
    assert owner.goto(f"/deliver/projects/{code}/verify/").status == 403, "who claims does not verify"
    auditor = story.officer(Role.AUDITOR, language="zh-hans")
    auditor.goto(f"/deliver/projects/{code}/verify/")
    auditor.check("main [name='found'][value='yes']")
    write(auditor, asked="10", confirmed="9")
    send(auditor)
    expect(auditor.locator("main .facts")).to_contain_text("9")
    story.shoot(auditor, "verified")


def judge(story: Story) -> None:
    """Commissioned outside, sealed while open, opened with the key; a poor result goes back to Hear."""
    codes, calendar = story.codes, story.calendar
    executive = story.officer(Role.EXECUTIVE)
    executive.goto(f"/judge/evaluations/new/?project={codes['project']}")
    pair(executive, "title", "夜班车办得怎么样", "How the night bus serves")
    executive.select_option("main [name='evaluator']", str(story.federation.offices[Role.EVALUATOR].pk))
    send(executive)
    codes["evaluation"] = code = code_in(executive, "E")

    evaluator = story.officer(Role.EVALUATOR)
    evaluator.goto(f"/judge/evaluations/{code}/key/")
    with evaluator.expect_download() as key:
        send(evaluator, "/key/make/")
    key.value.save_as(story.folder / "private.key")
    assert "private key" in (story.folder / "private.key").read_text()
    evaluator.goto(f"/judge/evaluations/{code}/")
    send(evaluator, f"/{code}/open/")
    with evaluator.expect_download() as sheet:
        send(evaluator, "/codes.xlsx")
    sheet.value.save_as(story.folder / "judges.xlsx")
    secrets = codes_on(str(story.folder / "judges.xlsx"))
    assert len(secrets) == 73

    phones = (story.member(0), story.public(language="en", script=False))
    for phone, address in zip(phones, (f"/{code}/answer/", f"/{code}/answer/{secrets[0]}/"), strict=True):
        phone.goto(f"/judge/evaluations{address}")
        for name, value in (("awareness", "yes"), ("participation", "yes"), ("satisfaction", "not"), ("solved", "not")):
            phone.check(f"main [name='{name}'][value='{value}']")
        write(phone, comment="半夜等了一小时")
        story.shoot(phone, "judging")
        send(phone)
        assert RECEIPT.search(phone.locator("main").inner_text())
    phone.goto(f"/judge/evaluations/{code}/answer/{secrets[0]}/")
    expect(phone.locator("main")).to_contain_text("This code has been used")
    for place, secret in enumerate(secrets[1:40]):
        grade = "satisfied" if place % 4 == 0 else "not"
        submit_sealed(
            actor=ANONYMOUS, now=calendar.now(), code=code, secret_code=secret,
            answers={"awareness": "yes", "participation": "yes", "satisfaction": grade, "solved": "partly"},
        )  # fmt: skip
    for role in (None, Role.EXECUTIVE, Role.SYS_ADMIN, Role.AUDITOR):
        page = story.officer(role) if role else story.public(language="en")
        page.goto(f"/judge/evaluations/{code}/")
        expect(page.locator("main")).to_contain_text("While it is open there is no count")
        assert not re.search(r"\b41\b", page.locator("main").inner_text()), "no count while it is open"

    calendar.turn(days=15)
    evaluator = story.officer(Role.EVALUATOR, language="zh-hans")
    evaluator.goto(f"/judge/evaluations/{code}/")
    send(evaluator, f"/{code}/close/")
    expect(evaluator.locator("main")).to_contain_text("41")
    evaluator.goto(f"/judge/evaluations/{code}/unseal/")
    evaluator.set_input_files("main input[type='file']", story.folder / "private.key")
    send(evaluator)
    expect(evaluator.locator("main")).to_contain_text("半夜等了一小时")
    public = story.public(language="en", phone=False)
    public.goto(f"/judge/evaluations/{code}/")
    expect(public.locator("main")).to_contain_text("41")
    expect(public.locator("main")).not_to_contain_text("半夜等了一小时")
    story.shoot(public, "judgment")
    public.goto(f"/deliver/projects/{codes['project']}/")
    expect(public.locator("main .meta").first).to_contain_text("Closed")
    expect(public.locator("main .facts")).to_contain_text(code)


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
