"""Delivering and being judged: project, evidence, verification, sealed answers, the result."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.journeys.story import RECEIPT, Story, code_in, codes_on, pair, send, write
from typer.testing import CliRunner

from qiao.base.access import ANONYMOUS
from qiao.cli.main import app
from qiao.judge.evaluations.services import submit_sealed
from qiao.org.access.choices import Role


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


def _offline(*command: str) -> str:
    """`qiao judge …` as the evaluator runs it, on a machine of their own; what it printed."""
    done = CliRunner().invoke(app, ["judge", *command])
    assert done.exit_code == 0, done.output
    return done.output


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
    _offline("keygen", code, "-d", str(story.folder))
    write(evaluator, public_key=(story.folder / f"{code}.pub").read_text())
    send(evaluator)
    evaluator.goto(f"/judge/evaluations/{code}/")
    send(evaluator, f"/{code}/freeze/")
    write(evaluator, seed=(story.folder / f"{code}.seed").read_text().splitlines()[-1])
    send(evaluator, f"/{code}/open/")
    with evaluator.expect_download() as sheet:
        send(evaluator, "/codes.xlsx")
    sheet.value.save_as(story.folder / "judges.xlsx")
    secrets = codes_on(str(story.folder / "judges.xlsx"))
    assert len(secrets) == 73

    phones = (story.member(0), story.public(language="en", script=False))
    for phone, address in zip(phones, (f"/{code}/answer/", f"/{code}/answer/{secrets[0]}/"), strict=True):
        phone.goto(f"/judge/evaluations{address}")
        # What they know unprompted is asked before the page names the service.
        write(phone, unprompted="夜班车，食堂")
        phone.click("main form[data-seal] summary")
        for name, value in (("awareness", "yes"), ("participation", "yes"), ("satisfaction", "not"), ("solved", "not")):
            phone.check(f"main [name='{name}'][value='{value}']")
        write(phone, comment="半夜等了一小时")
        story.shoot(phone, "judging")
        send(phone)
        # A device with script waits by chance, at most 20 seconds, between its credential and its answer.
        expect(phone.locator("main")).to_contain_text(RECEIPT, timeout=40_000)
    phone.goto(f"/judge/evaluations/{code}/answer/{secrets[0]}/")
    expect(phone.locator("main")).to_contain_text("of this code was given")
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
    with evaluator.expect_download() as box:
        send(evaluator, f"/{code}/sealed.jsonl")
    sealed = story.folder / f"{code}-sealed.jsonl"
    box.value.save_as(sealed)
    keys = ("-k", str(story.folder / f"{code}.key"))
    assert "半夜等了一小时" in _offline("open", str(sealed), *keys, "--comments")
    result = story.folder / f"{code}-result.zip"
    _offline("open", str(sealed), *keys, "--sign", str(story.folder / f"{code}.sign.key"), "-o", str(result))
    evaluator.goto(f"/judge/evaluations/{code}/result/")
    evaluator.set_input_files("main input[type='file']", result)
    send(evaluator)
    public = story.public(language="en", phone=False)
    public.goto(f"/judge/evaluations/{code}/")
    expect(public.locator("main")).to_contain_text("41")
    expect(public.locator("main")).not_to_contain_text("半夜等了一小时")
    story.shoot(public, "judgment")
    public.goto(f"/deliver/projects/{codes['project']}/")
    expect(public.locator("main .meta").first).to_contain_text("Closed")
    expect(public.locator("main .facts")).to_contain_text(code)
