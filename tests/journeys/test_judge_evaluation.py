"""A third-party evaluation from its terms to the recheck, and an outsider who believes nothing of it unchecked."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.factories.judge import GOOD, Town, town
from tests.journeys.story import RECEIPT, code_in, pair, send, write
from typer.testing import CliRunner

from qiao.base.ledger.log import sign_head
from qiao.base.models import Receipt
from qiao.cli.main import app
from qiao.judge.evaluations import services
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, RollEntry
from qiao.judge.evaluations.views import answer as answer_views
from qiao.org.people.models import Account

pytestmark = pytest.mark.journey
#: What the other members write of themselves: the name twice with other signs, a paraphrase, something else, nothing.
WORDINGS = ("夜班班车", "夜班 班车", "半夜那趟车", "食堂", "")


@pytest.fixture
def place(transactional_db: None, calendar) -> Town:
    return town(calendar.now())


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device waits a second at most."""
    monkeypatch.setattr(answer_views, "LONGEST_WAIT", 1)


def offline(*command: str, code: int = 0) -> str:
    """A command on somebody's own machine; what it printed."""
    done = CliRunner().invoke(app, list(command))
    assert done.exit_code == code, done.output
    return done.output


def test_an_evaluation_from_its_terms_to_the_recheck(place: Town, open_as, keep, calendar, tmp_path: Path) -> None:
    # The terms, with the names that count before anything is named.
    executive = open_as(place.accounts["executive"])
    executive.goto(f"/judge/evaluations/new/?project={place.project.code}")
    pair(executive, "title", "夜班班车办得怎么样", "How the night bus serves")
    write(executive, names="夜班班车\nNight bus")
    executive.select_option("main [name='evaluator']", str(place.accounts["evaluator"].pk))
    keep(executive, "evaluation-terms")
    send(executive)
    code = code_in(executive, "E")

    # The evaluator's keys, made at home, shared among three holders.
    offline("judge", "keygen", code, "-d", str(tmp_path), "--shares", "3", "--threshold", "2")
    evaluator = open_as(place.accounts["evaluator"])
    evaluator.goto(f"/judge/evaluations/{code}/key/")
    write(evaluator, public_key=(tmp_path / f"{code}.pub").read_text())
    send(evaluator)
    evaluator.goto(f"/judge/evaluations/{code}/")
    send(evaluator, f"/{code}/freeze/")
    write(evaluator, seed=(tmp_path / f"{code}.seed").read_text().splitlines()[-1])
    send(evaluator, f"/{code}/open/")

    # Two members on phones: one device seals by itself, the other has no script.
    numbers = []
    for member, script in ((0, True), (1, False)):
        phone = open_as(place.members[member], phone=True, script=script)
        phone.goto(f"/judge/evaluations/{code}/answer/")
        expect(phone.locator("main > h1")).not_to_contain_text("夜班班车")
        keep(phone, f"evaluation-first-{'sealed' if script else 'plain'}")
        write(phone, unprompted="夜班班车、食堂")
        phone.click("main form[data-seal] summary")
        for name, value in (
            ("awareness", "yes"), ("participation", "yes"), ("satisfaction", "not_at_all"), ("solved", "not")
        ):  # fmt: skip
            phone.check(f"main [name='{name}'][value='{value}']")
        keep(phone, f"evaluation-questions-{'sealed' if script else 'plain'}")
        phone.click("main form[data-seal] button[type=submit]")
        expect(phone.locator("main")).to_contain_text(RECEIPT, timeout=20_000)
        found = RECEIPT.search(phone.locator("main").inner_text())
        assert found
        numbers.append(found[0])
    # One rings the institute: whoever is seated there takes the answer with the code of the letter.
    evaluator.goto("/judge/evaluators/people/")
    write(evaluator, display_name="溪听雨", email="calls@fair.example")
    evaluator.get_by_role("button", name="给予席位").click()
    expect(evaluator.locator("main")).to_contain_text("溪听雨")
    letters = services.make_invitations(
        actor=place.actor("evaluator"), now=calendar.now(), evaluation_id=Evaluation.objects.get(code=code).pk
    )
    letter = next(one for one in letters if one.email == "m15@f.example")
    asking = open_as(Account.objects.get(email="calls@fair.example"))
    asking.goto(f"/judge/evaluations/{code}/interviews/")
    write(asking, secret_code=letter.secret_code.lower())
    keep(asking, "evaluation-asking")
    send(asking)
    write(asking, unprompted="食堂")
    asking.click("main form[data-seal] summary")
    for name, value in (
        ("awareness", "yes"), ("participation", "yes"), ("satisfaction", "very"), ("solved", "solved")
    ):  # fmt: skip
        asking.check(f"main [name='{name}'][value='{value}']")
    keep(asking, "evaluation-asked-by-telephone")
    asking.click("main form[data-seal] button[type=submit]")
    expect(asking.locator("main")).to_contain_text(RECEIPT, timeout=20_000)
    assert RollEntry.objects.get(evaluation__code=code, person=place.members[15].person).mode == "phone"
    assert asking.goto(f"/judge/evaluations/{code}/key/").status == 403, "whoever asks does nothing else"
    for number in range(2, 15):
        answers = {**GOOD, "satisfaction": "not" if number < 10 else "very", "unprompted": WORDINGS[number % 5]}
        services.submit_sealed(actor=place.member(number), now=calendar.now(), code=code, answers=answers)

    # Two holders open together, one alone does not; the hand corrects what the machine did not see.
    calendar.turn(days=15)
    evaluator = open_as(place.accounts["evaluator"])
    evaluator.goto(f"/judge/evaluations/{code}/")
    send(evaluator, f"/{code}/close/")
    with evaluator.expect_download() as download:
        send(evaluator, f"/{code}/sealed.jsonl")
    sealed, coding, result = (tmp_path / name for name in ("sealed.jsonl", "coding.csv", "result.zip"))
    download.value.save_as(sealed)
    one, other = (["--share", str(tmp_path / f"{code}.share-{number}.key")] for number in (1, 3))
    assert CliRunner().invoke(app, ["judge", "open", str(sealed), *one]).exit_code != 0
    offline("judge", "open", str(sealed), *one, *other, "--coding-sheet", str(coding))
    sheet = coding.read_text("utf-8-sig")
    assert sheet.splitlines()[0] == "answer,named"
    assert "半夜那趟车,0" in sheet
    coding.write_text(sheet.replace("半夜那趟车,0", "半夜那趟车,1"), encoding="utf-8")
    signing = ["--sign", str(tmp_path / f"{code}.sign.key"), "-o", str(result)]
    offline("judge", "open", str(sealed), *one, *other, "--coding", str(coding), *signing)
    evaluator.goto(f"/judge/evaluations/{code}/result/")
    evaluator.set_input_files("main input[type='file']", result)
    send(evaluator)
    keep(evaluator, "evaluation-published")

    # An outsider takes the bundle home; a member's receipt is checked on a page and by the command.
    sign_head(now=calendar.now())
    outsider = open_as(None, language="en")
    outsider.goto(f"/judge/evaluations/{code}/")
    expect(outsider.locator("main")).to_contain_text("Awareness, unprompted")
    keep(outsider, "evaluation-result")
    outsider.locator("main summary", has_text="Check it yourself").click()
    with outsider.expect_download() as download:
        outsider.click(f"main a[href$='/{code}/bundle.zip']")
    bundle = tmp_path / "bundle.zip"
    download.value.save_as(bundle)
    for number in numbers:
        digest = Receipt.objects.get(pk=number).reference
        outsider.goto(f"/receipt/?number={number}")
        outsider.click("main a[href*='/proof/']")
        expect(outsider.locator("main")).to_contain_text(digest)
        verdicts = json.loads(offline("verify", str(bundle), "--receipt", digest, "--format", "json"))
        assert {row["verdict"] for row in verdicts} == {"ok"}
        assert "your answer" in {row["checked"] for row in verdicts}
    offline("verify", str(bundle), "--receipt", "0" * 64, code=2)

    # The result is poor: the union promises, not through whoever answers for the project.
    assert Evaluation.objects.get(code=code).finding_code
    executive = open_as(place.accounts["executive"])
    executive.goto(f"/judge/evaluations/{code}/respond/")
    choices = executive.locator("main [name='0-owner']").inner_text()
    assert "org_officer 干部" in choices
    assert "task_owner 干部" not in choices
    pair(executive, "text", "晚点最多，我们加一班。", "Delays are the worst: one more bus.")
    pair(executive, "0-text", "零点加开一班车", "One more bus at midnight")
    executive.select_option("main [name='0-owner']", str(place.accounts["org_officer"].pk))
    write(executive, **{"0-until": (calendar.now() + timedelta(days=60)).date().isoformat()})
    send(executive)
    expect(executive.locator("main")).to_contain_text("零点加开一班车")
    keep(executive, "evaluation-responded")

    # Half a year later the evaluator looks again, and everybody reads what was found.
    calendar.turn(days=200)
    evaluator = open_as(place.accounts["evaluator"])
    evaluator.goto(f"/judge/evaluations/{code}/recheck/")
    pair(evaluator, "text", "乘了三个夜班。", "Rode along on three nights.")
    evaluator.locator("main [type='radio'][value='kept']").check()
    send(evaluator)
    assert Evaluation.objects.get(code=code).state == State.ENDED
    outsider.goto(f"/judge/evaluations/{code}/")
    expect(outsider.locator("main")).to_contain_text(re.compile("One more bus at midnight"))
    expect(outsider.locator("main")).to_contain_text("Rode along on three nights.")
    keep(outsider, "evaluation-rechecked")
