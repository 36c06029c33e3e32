"""A vote by numbers: a member on a phone, paper in the hall, two who type it, and an outsider who counts again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.factories.ballots import make_proposals
from tests.journeys.ground import Calendar, Federation
from tests.journeys.story import RECEIPT, Keep, Opener, code_in, pair, send, write
from typer.testing import CliRunner

from qiao.base.access import SYSTEM
from qiao.cli.main import app
from qiao.decide.ballots.services import cast_ballot, give_booth_code
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account

pytestmark = pytest.mark.journey


def second_counter(federation: Federation, calendar: Calendar) -> Account:
    """Another count officer: who types a paper first does not type it again."""
    made = open_account(actor=SYSTEM, now=calendar.now(), email="count2@lx.example", display_name="溪计二")
    grant_role(
        actor=SYSTEM, now=calendar.now(), account=made, role=Role.COUNT_OFFICER, unit=federation.root,
        since=(calendar.now() - timedelta(days=30)).date(),
    )  # fmt: skip
    return made


def number(page: Page, **ranks: str) -> None:
    """Give projects their numbers."""
    for code, rank in ranks.items():
        page.select_option(f"main [name='rank-{code.replace('_', '-')}']", rank)


def test_a_vote_by_numbers(
    federation: Federation, calendar: Calendar, open_as: Opener, keep: Keep, tmp_path: Path
) -> None:
    a, b, c = (one.code for one in make_proposals(calendar.now(), federation.root, 300, 500, 700))
    offices = federation.offices
    secretary = open_as(offices[Role.SECRETARY], language="en")
    secretary.goto(f"/decide/ballots/new/?proposal={a}&proposal={b}&proposal={c}")
    pair(secretary, "title", "先办哪一件", "What comes first")
    secretary.check("main [name='rule'][value='schulze']")
    write(secretary, winners="1", opens=calendar.moment(minutes=-5), closes=calendar.moment(days=7))
    send(secretary)
    code = code_in(secretary, "B")
    expect(secretary.locator("main")).to_contain_text("Ranking, each against each")
    send(secretary, "/open/")

    # A member without script, on a phone, then one with it.
    member = open_as(federation.members[1], phone=True, script=False)
    member.goto(f"/decide/ballots/{code}/vote/")
    number(member, **{a: "2", b: "1"})
    keep(member, "ballot-numbers")
    send(member)
    found = RECEIPT.search(member.locator("main").inner_text())
    assert found
    second = open_as(federation.members[2], phone=True)
    second.goto(f"/decide/ballots/{code}/vote/")
    number(second, **{c: "1", b: "2"})
    expect(second.locator("#ranking-order")).to_contain_text("1. 项目3")
    keep(second, "ballot-numbers-script")
    send(second)
    for place in range(3, 9):
        ranks = {b: 1, a: 2} if place % 2 else {a: 1, b: 2, c: 3}
        cast_ballot(actor=federation.as_member(place), now=calendar.now(), code=code, ranks=ranks)

    # A place in the hall: one member on paper, one in the booth.
    counter = open_as(offices[Role.COUNT_OFFICER], language="en", phone=True)
    keys = {}
    for channel in ("paper", "booth"):
        counter.goto(f"/decide/ballots/{code}/desks/new/")
        pair(counter, "name", "职工礼堂", "Workers' hall")
        counter.check(f"main [name='channel'][value='{channel}']")
        send(counter)
        keys[channel] = int(counter.url.rstrip("/").rpartition("/")[2])
    counter.goto(f"/decide/ballots/{code}/desks/{keys['paper']}/")
    counter.fill("main [name='wanted']", "栎02")
    send(counter)
    expect(counter.locator("main")).to_contain_text("Vote used")
    counter.fill("main [name='wanted']", "栎20")
    send(counter)
    keep(counter, "ballot-desk")
    send(counter, "/hand-out/")
    expect(counter.locator("main .big")).to_contain_text("R-")
    booth_code = give_booth_code(
        actor=SYSTEM, now=calendar.now(), desk_id=keys["booth"], person_id=federation.people[20].pk
    )
    device = open_as(None, phone=False)
    device.goto(f"/decide/ballots/{code}/booth/")
    device.fill("main [name='booth_code']", booth_code)
    send(device)
    number(device, **{b: "1"})
    send(device)
    expect(device.locator("main .big")).to_contain_text("R-")

    # After the end two people type the paper, then it is counted.
    calendar.turn(days=8)
    for typist in (offices[Role.COUNT_OFFICER], second_counter(federation, calendar)):
        page = open_as(typist, language="en", phone=True)
        page.goto(f"/decide/ballots/{code}/desks/{keys['paper']}/type/")
        number(page, **{b: "1"})
        send(page)
        expect(page.locator("main")).to_contain_text("Nothing is left for you to type")
    send(page, "/finish/")
    expect(page.locator("main")).to_contain_text("in the box")
    page.goto(f"/decide/ballots/{code}/")
    send(page, "/count/")
    expect(page.locator("main")).to_contain_text("10 of 76 on the roll voted")
    expect(page.locator("main table").first).to_contain_text("Project 2")
    keep(page, "ballot-ranked-result")

    # Anybody reads why it is right, checks a receipt and counts again.
    public = open_as(None, phone=True)
    public.goto(f"/decide/ballots/{code}/why/")
    expect(public.locator("main")).to_contain_text("项目2")
    keep(public, "ballot-why")
    public.goto(f"/decide/ballots/{code}/receipt/")
    public.fill("main [name='number']", found[0].lower())
    send(public)
    expect(public.locator("main .note")).to_contain_text("封箱时您的一票就在票箱里")
    keep(public, "ballot-receipt-proved")
    public.goto(f"/decide/ballots/{code}/why/")
    with public.expect_download() as waiting:
        public.locator(f"main a[href*='/{code}/result.']").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    again = CliRunner().invoke(app, ["share", str(file), "--rule", "schulze", "--format", "json"])
    assert json.loads(again.stdout)["order"][0].startswith(f"{b} ")
    with public.expect_download() as waiting:
        public.locator(f"main a[href$='/{code}/bundle.zip']").click()
    bundle = tmp_path / "bundle.zip"
    waiting.value.save_as(bundle)
    checked = CliRunner().invoke(app, ["verify", str(bundle), "--receipt", found[0]])
    assert checked.exit_code == 0, checked.output
    assert found[0] in checked.output
