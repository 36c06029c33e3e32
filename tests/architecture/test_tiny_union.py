"""Of a union with few members no page that everybody may open tells how many they are (handbook P7)."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.architecture.matrix import PAGES, Page
from tests.factories.org import Tree, make_tree

from qiao.base.access import PUBLIC, SYSTEM
from qiao.base.clock import now as clock
from qiao.base.counts import count_text, is_small, public_count
from qiao.base.models import LedgerLeaf
from qiao.org.access.choices import Role
from qiao.org.coverage.services import refresh_coverage
from qiao.org.elections.models import Election, Motion
from qiao.org.elections.services import confirm_meeting
from qiao.org.mandates.choices import CommitteeKind
from qiao.org.yearbook.services import compute_year

#: Numbers that stand nowhere else on a page, so that they are found wherever they leak.
FOUR = 4


def test_one_rule_for_single_counts() -> None:
    assert [public_count(number) for number in (0, 1, 4, 5, 12)] == [None, None, None, 5, 12]
    assert [is_small(number) for number in (0, 1, 4, 5)] == [False, True, True, False]
    assert count_text(3, inside=False) == "<5"
    assert count_text(3, inside=True) == "3"


@pytest.fixture
def tiny() -> Tree:
    """B1 has four members, an election and a petition; B2 enough to be told."""
    org = make_tree(clock())
    for number in range(FOUR):
        org.member("B1", f"云{number}")
    for number in range(23):
        org.member("B2", f"江{number}")
    day = org.now.date()
    Election.objects.create(
        unit=org["B1"], code="L-1", kind=CommitteeKind.UNION, cause="first", state="confirmed", day=day, held_on=day,
        seats=3, group="选举小组", planned_at=org.now, decided_at=org.now, electors=FOUR, present=FOUR,
        handed_out=FOUR, valid=FOUR, invalid=0, registered=FOUR, warnings=["electors_differ", "delegates_number"],
        minutes_sha256="ab" * 32, term_until=day + timedelta(days=1000),
    )  # fmt: skip
    Motion.objects.create(
        unit=org["B1"], code="M-1", kind="meeting", subject="夏天太热", rule="r", members=FOUR, needed=2, signed=3,
        begun=day, closes=day + timedelta(days=30), state="held", held_on=day, all_members=FOUR, present=FOUR,
        votes_for=3, votes_against=1, minutes_sha256="cd" * 32, recorded_by=org.account(Role.BASE_OFFICER, "B1"),
    )  # fmt: skip
    refresh_coverage(actor=SYSTEM, now=org.now, day=day)
    compute_year(now=org.now, year=day.year - 1)
    return org


def public_pages() -> list[Page]:
    """Every page open to everybody that is about a unit, or one election or petition of it."""
    return [page for page in PAGES if page.rule == PUBLIC and page.parameters and page.parameters <= {"label", "code"}]


def told(text: str) -> str:
    """What a page says, without its marks, addresses and the frame around it."""
    text = re.sub(r"(?s)<head.*?</head>|<nav.*?</nav>|<footer.*?</footer>|<script.*?</script>|<svg.*?</svg>", " ", text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


@pytest.mark.django_db
def test_no_public_page_of_a_tiny_union_tells_its_members(tiny: Tree) -> None:
    client = Client(headers={"accept-language": "en"})
    # Four, the three who signed and the two who are needed beside words of people; dates and seats are no people.
    leak = re.compile(
        r"\b[1-4] (?:members?|signatures?|could vote|handed out|votes?|for,|against|of (?:[1-4]|<5))|"
        r"(?:Members(?:, with all below)?|Could vote|Were present|Votes)[: ]+[1-4]\b|[1-4] / [1-4]\b|\b[1-4] of [1-4]\b"
    )
    seen, wrong = 0, []
    for page in public_pages():
        for code in ("L-1", "M-1"):
            answer = client.get(page.at({"label": "B1", "code": code}))
            if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
                continue
            seen += 1
            if found := leak.search(told(answer.content.decode())):
                wrong.append((page.name, found[0]))
    assert wrong == []
    assert seen > 10


@pytest.mark.django_db
def test_those_inside_read_every_number(tiny: Tree) -> None:
    inside = tiny.client(Role.BASE_OFFICER, "B1")
    address = reverse("elections:petition", args=["B1", "M-1"])
    assert "3 / 2" in told(inside.get(address).content.decode())
    outside = told(Client(headers={"accept-language": "en"}).get(address).content.decode())
    assert "<5 / –" in outside


@pytest.mark.django_db
def test_the_directory_and_its_data_tell_no_small_count(tiny: Tree) -> None:
    client = Client(headers={"accept-language": "en"})
    page = client.get("/units/B1/").content.decode()
    assert "fewer than 5" in page
    for block in re.findall(r'(?s)<script type="application/(?:ld\+)?json"[^>]*>(.*?)</script>', page):
        assert not re.search(r'"(?:numberOfMembers|members|numberOfEmployees)":\s*[1-4]\b', block)


@pytest.mark.django_db
def test_the_ledger_holds_no_member_number(tiny: Tree) -> None:
    Motion.objects.filter(code="M-1").update(recorded_by=tiny.account(Role.BASE_OFFICER, "B1"))
    confirm_meeting(actor=tiny.officer(Role.ORG_OFFICER, "H1"), now=tiny.now, code="M-1")
    payload = LedgerLeaf.objects.get(kind="petition.confirmed").payload
    assert not re.search(r'"(?:all|members|needed|for|against|present)"', payload)
