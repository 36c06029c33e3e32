"""Every kind of page of the demonstration, on a phone and a laptop, in both languages: can it be read and used?"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import axe_playwright_python
import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from playwright.sync_api import Page, Response
from tests.journeys.conftest import LAPTOP, PHONE, Opener

from qiao.base.clock import now
from qiao.base.models import LedgerLeaf, Link
from qiao.cli.demo.build import build_once
from qiao.cli.demo.world import OFFICERS
from qiao.decide.consultations.models import Consultation
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.people.models import Account, Person
from qiao.publish.models import Article
from qiao.web.providers import open_items, stations

pytestmark = pytest.mark.journey

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
INSPECT = (Path(__file__).parent / "inspect.js").read_text()
#: Most bytes of a member page's first load over the wire.
HEAVIEST = 60_000
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
SIGNS = "听定办评桥"
#: Shown in a hint as examples of how clauses begin.
NUMBERING = re.compile("一、|第一条")

#: Pages anybody opens, besides one of each kind and state of the loop's objects.
PUBLIC_PAGES = (
    "/", "/hear/", "/decide/", "/deliver/", "/judge/", "/units/", "/units/EBF/", "/news/", "/ledger/", "/ledger/0/",
    "/access/", "/api/", "/source/", "/receipt/", "/receipt/?number=R-0000-0000-0", "/account/login/",
    "/account/login/code/", "/hear/surveys/", "/hear/surveys/code/", "/hear/needs/", "/decide/proposals/",
    "/decide/consultations/", "/decide/ballots/", "/decide/decisions/", "/judge/evaluations/", "/nothing/here/",
)  # fmt: skip
#: The page each office does most of its work on.
OFFICE_PAGES = {
    Role.BASE_OFFICER: "/desk/",
    Role.ORG_OFFICER: "/units/EBF/members/",
    Role.SURVEY_OWNER: "/hear/surveys/new/",
    Role.SAMPLE_DRAWER: "/hear/surveys/",
    Role.ANALYST: "/hear/needs/",
    Role.SECRETARY: "/decide/consultations/new/",
    Role.EXECUTIVE: "/decide/decisions/new/",
    Role.COUNT_OFFICER: "/decide/ballots/",
    Role.TASK_OWNER: "/deliver/projects/",
    Role.EVALUATOR: "/judge/evaluations/",
    Role.EDITOR: "/news/write/",
    Role.PUBLISHER: "/news/",
    Role.AUDITOR: "/desk/audit/",
    Role.SYS_ADMIN: "/desk/",
}


@pytest.fixture
def demonstration(transactional_db: None) -> None:
    """The small demonstration."""
    build_once(size="small", say=lambda text: nullcontext())


def loop_pages() -> list[str]:
    """One address of each kind of object, as far along as there is one, and a thread from each end."""
    ends = Link.objects.order_by("pk").values_list("source", "target")
    codes = {code for pair in ends for code in pair}
    kinds = {station.kind: station for station in sorted(stations(sorted(codes)), key=lambda one: one.finished)}
    threads = {f"/thread/{station.code}/" for station in kinds.values() if station.code[0] in "NW"}
    return [*(station.url for station in kinds.values()), *sorted(threads)]


def member_pages() -> list[str]:
    """What a member opens on a phone: home, own things, and every place to take part that is open to this member."""
    moment = now()
    member = actor_for(Account.objects.get(email="member@ebf.example"), localdate(moment))
    consultation = Consultation.objects.get(state="open")
    places = [item.url for item in open_items(actor=member, now=moment)]
    assert {address.split("/")[2] for address in places} >= {"surveys", "consultations", "ballots"}, places
    return ["/", "/me/", reverse("consultations:statements", args=[consultation.code]), *places]


def test_pages_can_be_read_and_used_by_everybody(demonstration: None, open_as: Opener) -> None:
    known = names_of_people()
    article = Article.objects.order_by("pk").first()
    assert article is not None
    public = [*PUBLIC_PAGES, f"/ledger/{LedgerLeaf.objects.order_by('-index')[0].index}/", *loop_pages()]
    assert len(public) > 35, "the demonstration shows every kind of page"
    faults: list[str] = []
    for language in ("zh-hans", "en"):
        visits: list[tuple[Account | None, list[str]]] = [(None, public)]
        visits.append((Account.objects.get(email="member@ebf.example"), member_pages()))
        visits += [(account_of(role), [address]) for role, address in OFFICE_PAGES.items()]
        for account, addresses in visits:
            page = open_as(account, language=language, phone=True)
            said: list[str] = []
            page.on("console", lambda one, said=said: said.append(one.text) if one.type == "error" else None)
            for address in addresses:
                found = [*faults_of(page, address, language, known), *said]
                faults += [f"{address} [{language}] {fault}" for fault in found if "404 (Not Found)" not in fault]
                said.clear()
            page.context.close()
    faults += heavy_pages(open_as)
    faults += pages_that_need_script(open_as)
    assert faults == [], "\n".join(faults)


def names_of_people() -> re.Pattern[str]:
    """Names of people stay as they are in every language."""
    names = {*Person.objects.values_list("name", flat=True), *Account.objects.values_list("display_name", flat=True)}
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))


def account_of(role: Role) -> Account:
    """The demonstration's account of an office."""
    boxes = {office: box for office, _name, box in OFFICERS} | {Role.BASE_OFFICER: "base"}
    return Account.objects.get(email=f"{boxes[role]}@ebf.example")


def faults_of(page: Page, address: str, language: str, names: re.Pattern[str]) -> Iterator[str]:
    """Everything wrong with one page, in words."""
    page.set_viewport_size(PHONE)
    response = page.goto(address)
    assert response is not None
    expected = 404 if address in {"/nothing/here/", "/receipt/?number=R-0000-0000-0"} else 200
    if response.status != expected:
        yield f"status {response.status}"
        return
    tools = page.evaluate_handle(INSPECT)
    for check in ("sideways", "headings", "unlabelled"):
        yield from (f"phone: {fault}" for fault in page.evaluate(f"tools => tools.{check}()", tools))
    page.evaluate(AXE)
    yield from page.evaluate("tools => tools.axe()", tools)
    for text in page.evaluate("tools => tools.words()", tools):
        yield from wrong_language(text, language, names)
    page.evaluate("document.documentElement.dir = 'rtl'")
    yield from (f"phone, right to left: {fault}" for fault in page.evaluate("tools => tools.sideways()", tools))
    page.set_viewport_size(LAPTOP)
    yield from (f"laptop, right to left: {fault}" for fault in page.evaluate("tools => tools.sideways()", tools))
    page.evaluate("document.documentElement.dir = 'ltr'")
    yield from (f"laptop: {fault}" for fault in page.evaluate("tools => tools.sideways()", tools))


def wrong_language(text: str, language: str, names: re.Pattern[str]) -> Iterator[str]:
    """Words of the other language: English sentences on Chinese pages; anything Chinese but names on English ones."""
    if language == "zh-hans":
        plain = re.sub(r"\S+@\S+|https?://\S+|\S*/\S*", " ", text)
        yield from (f"English: {found[0]}" for found in ENGLISH.finditer(plain))
    else:
        plain = NUMBERING.sub("", names.sub("", text))
        yield from (f"Chinese: {found[0]}" for found in CHINESE.finditer(plain) if found[0].strip(SIGNS))


def heavy_pages(open_as: Opener) -> Iterator[str]:
    """Member pages whose first load, compressed as it is served, weighs more than it may."""
    member = Account.objects.get(email="member@ebf.example")
    for address in member_pages():
        page = open_as(member, phone=True)
        answers: list[Response] = []
        page.on("response", lambda one, answers=answers: answers.append(one))
        page.goto(address)
        weights = {one.url: len(gzip.compress(one.body(), 6)) for one in answers if one.status == 200}
        page.context.close()
        assert any(url.endswith(".css") for url in weights), "the style sheet is among what was measured"
        if sum(weights.values()) > HEAVIEST:
            yield f"{address}: {sum(weights.values())} bytes: {weights}"


def pages_that_need_script(open_as: Opener) -> Iterator[str]:
    """Places to take part that offer no form to a browser without script; what is only told has nothing to send."""
    page = open_as(Account.objects.get(email="member@ebf.example"), phone=True, script=False)
    member = actor_for(Account.objects.get(email="member@ebf.example"), localdate(now()))
    told = {item.url for item in open_items(actor=member, now=now()) if item.only_told}
    for address in member_pages()[2:]:
        if address in told:
            continue
        page.goto(address)
        if not page.locator("main form[method='post'] button").count():
            yield f"{address}: nothing to send without script"
