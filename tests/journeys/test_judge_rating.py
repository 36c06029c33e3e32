"""Members judge their union: called from above or by a third, sealed on a phone, opened from outside, mended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation
from tests.journeys.story import RECEIPT
from typer.testing import CliRunner

from qiao.base.access import SYSTEM, Actor
from qiao.cli.main import app
from qiao.hear.needs.models import Need
from qiao.judge.problems.models import Entry
from qiao.judge.ratings.models import MembersCall, Paper, Rating
from qiao.judge.ratings.rules.form import keys_of
from qiao.judge.ratings.services import cast_vote, sign_petition
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account
from qiao.org.units.models import Unit

pytestmark = pytest.mark.journey
Keep = Callable[[Page, str], None]


def officer(calendar: Calendar, box: str, role: Role, unit: Unit) -> Account:
    """Another account with one role."""
    account = open_account(actor=SYSTEM, now=calendar.now(), email=f"{box}@lx.example", display_name=f"溪{box}")
    grant_role(actor=SYSTEM, now=calendar.now(), account=account, role=role, unit=unit, since=unit.founded)
    return account


def press(page: Page) -> None:
    """The main button of the page's first form."""
    page.locator("main form[method=post] button.button").first.click()


def turn_to(calendar: Calendar, moment: object) -> None:
    """Let time pass until a little after this moment."""
    calendar.turn(seconds=(moment - calendar.now()).total_seconds() + 600)  # type: ignore[operator]


def keygen(code: str, folder: Path) -> tuple[str, Path]:
    """A pair made off the server: its public line, and the file of the private half."""
    folder.mkdir()
    done = CliRunner().invoke(app, ["judge", "keygen", code, "--folder", str(folder)])
    assert done.exit_code == 0, done.output
    return (folder / f"{code}.pub").read_text().strip(), folder / f"{code}.key"


def mark(page: Page, rating: Rating, grade: str, *, but: str = "") -> None:
    """Grade every point alike, the one named in ``but`` as good."""
    for key in keys_of(rating.form):
        page.locator(f"main [name='{key}'][value='{'satisfied' if key == but else grade}']").check()


def test_members_rate_their_union_and_it_mends_what_is_poor(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Keep, tmp_path: Path
) -> None:
    works = federation.works[0]
    second = officer(calendar, "count2", Role.COUNT_OFFICER, federation.root)
    third = officer(calendar, "count3", Role.COUNT_OFFICER, federation.root)
    chair = officer(calendar, "chair", Role.BASE_CHAIR, works)
    colleague = officer(calendar, "org2", Role.ORG_OFFICER, federation.root)
    counters = [federation.offices[Role.COUNT_OFFICER], second, third]

    # The union above calls and freezes the roll; the judged one does neither.
    above = open_as(federation.offices[Role.ORG_OFFICER], language="en")
    above.goto(f"/judge/ratings/new/?unit={works.label}")
    keep(above, "rating-call")
    press(above)
    rating = Rating.objects.get()
    address = f"/judge/ratings/{rating.code}/"
    above.wait_for_url(f"**{address}")
    press(above)
    expect(above.locator("main")).to_contain_text("Roll frozen")

    # A member objects to somebody on it; who called the rating does not decide.
    member = open_as(federation.members[2], phone=True, script=False)
    member.goto(f"{address}roll/")
    expect(member.locator("main")).to_contain_text("您在名册上")
    member.locator("main [name=kind][value=wrong]").check()
    member.fill("main [name=about]", str(federation.people[4].pk))
    member.fill("main [name=ground]", "此人上月已调离本厂")
    press(member)
    decider = open_as(federation.offices[Role.EXECUTIVE], language="en")
    decider.goto(address)
    decider.get_by_role("link", name="Decide on objections").click()
    decider.get_by_role("link", name="Somebody stands on it who is no member").click()
    decider.locator("main [name=outcome][value=dismissed]").check()
    decider.fill("main [name=reason]", "核对名册：该职工仍在本厂，会籍未转出。")
    press(decider)
    expect(decider.locator("main")).to_contain_text("Dismissed")
    member.reload()
    expect(member.locator("main")).to_contain_text("会籍未转出")
    keep(member, "rating-objection")

    # Three count officers from outside register keys they made on machines of their own.
    keys = []
    for place, account in enumerate(counters):
        public, private = keygen(rating.code, tmp_path / str(place))
        keys.append(private)
        page = open_as(account, language="en")
        page.goto(f"{address}key/")
        page.fill("main [name='public_key']", public)
        press(page)
        expect(page.locator("main")).to_contain_text("Your key is registered")

    rating.refresh_from_db()
    turn_to(calendar, rating.opens)
    above = open_as(federation.offices[Role.ORG_OFFICER], language="en")
    above.goto(address)
    press(above)
    expect(above.locator("main")).to_contain_text("No count exists before the box is opened")
    rating.refresh_from_db()

    # With script the ballot is sealed on the phone: no grade leaves it.
    phone = open_as(federation.members[0], phone=True)
    sent: list[str] = []
    phone.on("request", lambda one: sent.append(one.post_data or "") if one.method == "POST" else None)
    phone.goto(f"{address}vote/")
    expect(phone.locator("main")).to_contain_text("这台设备上密封")
    mark(phone, rating, "not")
    keep(phone, "rating-ballot")
    press(phone)
    expect(phone.locator("h1")).to_have_text("您的一票已入票箱")
    fields = parse_qs(sent[0])
    assert set(fields) == {"csrfmiddlewaretoken", "sealed"}
    number = RECEIPT.search(phone.locator("main").inner_text())
    assert number
    keep(phone, "rating-receipt")

    # Without script it is sealed on arrival, and the page says so. Both have one size in the box.
    plain = open_as(federation.members[2], phone=True, script=False)
    plain.goto(f"{address}vote/")
    expect(plain.locator("main")).to_contain_text("一到即密封")
    mark(plain, rating, "not")
    press(plain)
    expect(plain.locator("h1")).to_have_text("您的一票已入票箱")
    assert len({len(paper.sealed) for paper in Paper.objects.all()}) == 1

    # Somebody without a phone gets a paper; whoever is marked no longer votes online.
    hand = open_as(counters[0], language="en")
    hand.goto(f"{address}papers/")
    hand.fill("main [name=wanted]", federation.people[4].name)
    press(hand)
    hand.get_by_role("button", name="Mark and hand out a paper").click()
    assert RECEIPT.search(hand.locator("main").inner_text())
    keep(hand, "rating-paper")

    for place in range(6, 60, 2):
        grades = dict.fromkeys(keys_of(rating.form), "not" if place % 3 else "satisfied")
        cast_vote(actor=federation.as_member(place), now=calendar.now(), code=rating.code, grades=grades)

    # After the end the paper is typed twice, differently; the third typing settles it.
    turn_to(calendar, rating.closes)
    for account, but in zip(counters, ("chair", "", "chair"), strict=True):
        page = open_as(account, language="en")
        page.goto(f"{address}papers/type/")
        mark(page, rating, "not", but=but)
        press(page)
    page.goto(f"{address}papers/")
    page.fill("main [name=missing]", "0")
    page.get_by_role("button", name="Seal the papers into the box").click()
    expect(page.locator("main")).to_contain_text("The papers are sealed into the box")

    # Two of three open it: their keys stay on their own machines.
    for place in (2, 0):
        page = open_as(counters[place], language="en")
        page.goto(f"{address}join/")
        if place == 2:
            keep(page, "rating-join")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the sealed key").click()
        sealed = tmp_path / str(place) / f"{rating.code}.keys.json"
        download.value.save_as(sealed)
        command = ["judge", "take-off", str(sealed), "--key", str(keys[place]), "--folder", str(sealed.parent)]
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output
        page.set_input_files("main [name=file]", sealed.parent / f"{rating.code}.off.json")
        page.get_by_role("button", name="Hand in the file").click()
        page.wait_for_url(f"**{address}")
    expect(page.locator("main")).to_contain_text("What members say")
    rating.refresh_from_db()
    assert (rating.voted, rating.turnout, rating.unreadable, rating.poor) == (30, 30, 0, True)
    public = open_as(None, phone=True)
    public.goto(address)
    keep(public, "rating-result")

    # The receipt proves that the ballot is in the box; the poor points are a need and a problem now.
    phone = open_as(federation.members[0], phone=True)
    phone.goto(f"{address}receipt/")
    phone.fill("main [name='number']", number[0])
    press(phone)
    expect(phone.locator("main .note")).to_contain_text(number[0])
    assert Need.objects.get(code=rating.finding_code).source_code == rating.code
    assert Entry.objects.filter(source_code=rating.code).count() == 1

    # The judged union promises by a day, reports, and others look whether it was kept.
    judged = open_as(chair, phone=True)
    judged.goto(f"{address}plan/")
    for place in range(len(keys_of(rating.form))):
        if judged.locator(f"main [name='{place}-text_zh_hans']").count():
            judged.fill(f"main [name='{place}-text_zh_hans']", "公开整改，按月通报")
            judged.fill(f"main [name='{place}-due']", calendar.day(40))
    press(judged)
    expect(judged.locator("main")).to_contain_text("整改中")
    keep(judged, "rating-plan")
    for remedy in rating.remedies.all():
        judged.goto(f"/judge/ratings/remedies/{remedy.pk}/report/")
        judged.fill("main [name=text_zh_hans]", "已按月通报")
        press(judged)
    calendar.turn(days=100)
    checker = open_as(colleague, language="en")
    checker.goto(f"{address}recheck/")
    for place, remedy in enumerate(rating.remedies.all()):
        checker.locator(f"main [name='verdict_{remedy.pk}'][value='{'not_kept' if place == 0 else 'kept'}']").check()
        if place == 0:
            checker.fill(f"main [name='finding_{remedy.pk}_zh_hans']", "两个月没有通报")
    press(checker)
    checker.get_by_role("button", name="End the rating").click()
    expect(checker.locator("main")).to_contain_text("Remedies kept")
    keep(checker, "rating-ended")
    rating.refresh_from_db()
    assert rating.state == "done"


def test_a_third_of_the_members_call_a_rating_and_a_void_one_is_run_again(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Keep
) -> None:
    officer(calendar, "count2", Role.COUNT_OFFICER, federation.root)
    first = open_as(federation.members[0], phone=True, script=False)
    first.goto("/judge/ratings/petitions/new/")
    first.select_option("main [name=unit]", federation.works[0].label)
    first.fill("main [name=ground_zh_hans]", "工会三年没有向会员报告过经费。")
    press(first)
    one = MembersCall.objects.get()
    assert one.needed == 13
    expect(first.locator("main")).to_contain_text(one.code)
    keep(first, "rating-petition")
    works = federation.works[0]
    for place in range(4, 26, 2):
        person = federation.people[place]
        signer = Actor(account_id=None, person_id=person.pk, name=person.name, member_paths=(works.path,))
        sign_petition(actor=signer, now=calendar.now(), code=one.code)
    watching = open_as(federation.offices[Role.ORG_OFFICER])
    assert watching.goto(f"/judge/ratings/petitions/{one.code}/").status == 404  # type: ignore[union-attr]
    assert not Rating.objects.exists()

    last = open_as(federation.members[2], phone=True)
    last.goto(f"/judge/ratings/petitions/{one.code}/")
    press(last)
    rating = Rating.objects.get()
    expect(last.locator("main")).to_contain_text("联名")
    keep(last, "rating-petition-reached")
    address = f"/judge/ratings/{rating.code}/"

    auditor = open_as(federation.offices[Role.AUDITOR], language="en")
    auditor.goto(f"{address}void/")
    auditor.fill("main [name=text_zh_hans]", "开箱前有人看到票数")
    auditor.fill("main [name=text_en]", "A count was seen before the box was opened")
    press(auditor)
    expect(auditor.locator("main")).to_contain_text("This rating is void")
    keep(auditor, "rating-void")
    above = open_as(federation.offices[Role.ORG_OFFICER], language="en")
    above.goto(address)
    above.get_by_role("button", name="Run it again").click()
    again = Rating.objects.get(rerun_of=rating)
    above.goto(f"/judge/ratings/{again.code}/")
    expect(above.locator("main")).to_contain_text("Run again after a void rating")
    assert keys_of(again.form) == keys_of(rating.form)
    keep(above, "rating-rerun")
