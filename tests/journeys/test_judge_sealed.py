"""A judgment sealed on phones: a credential signed blindly, an answer sent by nobody, a key split among three."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.factories.judge import GOOD, Town, opened, town
from tests.journeys.story import RECEIPT
from typer.testing import CliRunner

from qiao.base.access import SYSTEM
from qiao.base.models import Receipt
from qiao.base.shares import split_key
from qiao.cli.main import app
from qiao.judge.evaluations import services
from qiao.judge.evaluations.exports import sealed_lines
from qiao.judge.evaluations.models import IssuerKey, RollEntry, SealedAnswer
from qiao.judge.evaluations.views import answer as answer_views

pytestmark = pytest.mark.journey
CHOSEN = (("awareness", "yes"), ("participation", "yes"), ("satisfaction", "not"), ("solved", "partly"))


@pytest.fixture
def place(transactional_db: None, calendar) -> Town:
    return town(calendar.now())


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device waits a second at most, not twenty: what is looked at here is that it waits at all."""
    monkeypatch.setattr(answer_views, "LONGEST_WAIT", 1)


def holders(private: str, folder: Path) -> list[Path]:
    """The private key split among three, any two of whom open: one file for each."""
    paths = [folder / f"share-{number}.key" for number in (1, 2, 3)]
    for path, words in zip(paths, split_key(private, shares=3, threshold=2), strict=True):
        path.write_text(words + "\n", encoding="ascii")
    return paths


def fill(page: Page) -> None:
    """What is known unprompted is asked first; only behind that the page names the service."""
    expect(page.locator("main > h1")).not_to_contain_text(re.compile("夜班班车|Night bus"))
    expect(page.locator("main details h2")).to_be_hidden()
    page.fill("main [name='unprompted']", "食堂、夜班 班车")
    page.click("main form[data-seal] summary")
    expect(page.locator("main details h2")).to_be_visible()
    for name, value in CHOSEN:
        page.check(f"main [name='{name}'][value='{value}']")
    page.fill("main [name='comment']", "末班车常晚点")


def test_answers_sealed_on_phones_are_opened_by_two_of_three_holders(
    place: Town, open_as, keep, calendar, tmp_path: Path
) -> None:
    evaluation, keys = opened(place)
    code = evaluation.code
    mails = services.make_invitations(actor=SYSTEM, now=place.now, evaluation_id=evaluation.pk)

    # With script: nothing readable leaves the phone, and what comes to the box comes without a cookie.
    phone = open_as(place.members[0], phone=True)
    sent: list[tuple[str, str, dict[str, str]]] = []
    phone.on("request", lambda one: sent.append((one.url, one.post_data or "", one.all_headers()))
             if one.method == "POST" else None)  # fmt: skip
    phone.goto(f"/judge/evaluations/{code}/answer/")
    expect(phone.locator("[data-apart]")).to_be_visible()
    expect(phone.locator("[data-arrival]")).to_be_hidden()
    keep(phone, "sealed-phone-questions")
    fill(phone)
    phone.click("main form[data-seal] button[type=submit]")
    expect(phone.locator("[data-step='done']")).to_be_visible()
    number = phone.locator("[data-receipt]").inner_text()
    assert RECEIPT.search(number)
    keep(phone, "sealed-phone-receipt")
    assert [url.rsplit("/", 2)[1] for url, _body, _headers in sent] == ["credential", "box"]
    assert "cookie" in sent[0][2]
    assert "cookie" not in sent[1][2]
    assert not any("satisfaction" in body or "not" in body.split("&")[0][:20] for _url, body, _headers in sent)
    assert phone.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('qiao-box'))") == []
    stored = SealedAnswer.objects.get()
    assert Receipt.objects.get(pk=number).reference == stored.digest
    phone.goto(f"/judge/evaluations/{code}/answer/")
    expect(phone.locator("[data-taken]")).to_be_visible()
    keep(phone, "sealed-phone-again")

    # The connection breaks between the two doors: the phone keeps what it sealed and sends it on return.
    broken = open_as(place.members[1], language="en", phone=True)
    broken.route("**/box/", lambda route: route.abort())
    broken.goto(f"/judge/evaluations/{code}/answer/")
    fill(broken)
    broken.click("main form[data-seal] button[type=submit]")
    expect(broken.locator("[data-step='stuck']")).to_be_visible()
    keep(broken, "sealed-phone-stuck")
    assert (RollEntry.objects.filter(issued=True).count(), SealedAnswer.objects.count()) == (2, 1)
    broken.unroute("**/box/")
    broken.goto(f"/judge/evaluations/{code}/answer/")
    expect(broken.locator("[data-step='done']")).to_be_visible()
    assert SealedAnswer.objects.count() == 2

    # By a code from a mail, with script.
    mine = next(mail.secret_code for mail in mails if mail.email == place.members[2].email)
    guest = open_as(None, phone=True)
    guest.goto(f"/judge/evaluations/{code}/answer/{mine}/")
    fill(guest)
    guest.click("main form[data-seal] button[type=submit]")
    expect(guest.locator("[data-step='done']")).to_be_visible()

    # Without script: in one step, and the page says so.
    plain = open_as(place.members[3], language="en", phone=True, script=False)
    plain.goto(f"/judge/evaluations/{code}/answer/")
    expect(plain.locator("[data-arrival]")).to_contain_text("in one step")
    fill(plain)
    keep(plain, "sealed-plain-questions")
    plain.click("main form[data-seal] button[type=submit]")
    expect(plain.locator("main")).to_contain_text("Your receipt")
    assert RECEIPT.search(plain.locator("main").inner_text())

    for member in range(4, 12):
        services.submit_sealed(actor=place.member(member), now=calendar.now(), code=code, answers=GOOD)
    calendar.turn(days=10)
    done = services.close_evaluation(actor=SYSTEM, now=calendar.now(), code=code)
    assert done.received == 12
    assert IssuerKey.objects.get(evaluation=done).private is None

    # The receipt of the phone: looked up by anybody, down to the path from its hash to the root.
    public = open_as(None, phone=True)
    public.goto(f"/receipt/?number={number}")
    expect(public.locator("main")).to_contain_text("存证账")
    keep(public, "sealed-receipt")
    public.click("main a[href*='/proof/']")
    expect(public.locator("main")).to_contain_text(stored.digest)
    expect(public.locator("main")).to_contain_text(done.root)
    keep(public, "sealed-proof")

    # Any two of the three holders open offline, one alone does not.
    box = tmp_path / "sealed.jsonl"
    box.write_text("".join(sealed_lines(done)), encoding="utf-8")
    shares = holders(keys.private, tmp_path)
    alone = CliRunner().invoke(app, ["judge", "open", str(box), "--share", str(shares[1])])
    assert alone.exit_code != 0
    both = ["--share", str(shares[2]), "--share", str(shares[0])]
    found = CliRunner().invoke(app, ["judge", "open", str(box), *both, "--format", "json"])
    assert found.exit_code == 0, found.output
    figures = {one["figure"]: one for one in json.loads(found.stdout)["figures"]}
    assert figures["awareness"]["base"] == 12
    # Four wrote its name of themselves, spaces apart; so few are told coarsely.
    assert figures["unprompted"]["estimate"] is not None
    assert figures["unprompted"]["upper"] > figures["unprompted"]["lower"] > 0
    told = CliRunner().invoke(app, ["judge", "open", str(box), *both, "--comments"])
    assert told.stdout.count("末班车常晚点") == 4
