"""Deciding: proposals, consultation, answers to opinions, budget vote, decision."""

from __future__ import annotations

from playwright.sync_api import expect
from tests.journeys.story import RECEIPT, Story, code_in, pair, send, write

from qiao.decide.ballots.services import cast_ballot
from qiao.org.access.choices import Role


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
