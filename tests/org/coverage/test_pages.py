"""Pages of coverage, outreach and targets."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.factories.org import Tree

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.org.access.choices import Role
from qiao.org.coverage import services
from qiao.org.coverage.models import Campaign, Lead, Target
from qiao.org.workplaces.choices import CountSource, Ownership, Sector
from qiao.org.workplaces.services import enter_headcount, link_union, register_employer

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(org: Tree) -> Tree:
    """A factory with a union of 40 of its 60 workers, a shop without, scope stated, coverage computed."""
    codes = {}
    for name, workers in (("Factory", 60), ("Shop", 30)):
        made = register_employer(
            actor=SYSTEM, now=org.now, name=name, place=org["H1"], sector=Sector.A, ownership=Ownership.PRIVATE,
            opened=date(2025, 1, 1),
        )  # fmt: skip
        codes[name] = made.code
        enter_headcount(
            actor=SYSTEM, now=org.now, code=made.code, day=date(2026, 1, 1), direct=workers,
            source=CountSource.REGISTER,
        )  # fmt: skip
    link_union(actor=SYSTEM, now=org.now, code=codes["Factory"], unit=org["B1"], since=date(2025, 6, 1))
    for number in range(40):
        org.member("B1", f"甲{chr(0x4E00 + number)}")
    services.state_scope(
        actor=SYSTEM, now=org.now, unit=org["F"], text=localized("全部在册用人单位", "All employers"),
        source="Business register", since=date(2020, 1, 2),
    )  # fmt: skip
    services.refresh_nightly(actor=SYSTEM, now=org.now)
    return org


def english() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.mark.parametrize("label", ["F", "D1", "H1", "B1", "B2"])
def test_everybody_reads_coverage(tree: Tree, label: str) -> None:
    page = english().get(f"/coverage/{label}/").content.decode()
    assert f"Coverage: {label} Union" in page
    assert "As of" in page
    assert "All employers" in page
    for form in ("xlsx", "csv"):
        assert english().get(f"/coverage/{label}/coverage.{form}").status_code == 200


def test_both_rates_stand_with_their_base(tree: Tree) -> None:
    page = english().get("/coverage/F/").content.decode()
    assert "66.7" in page
    assert "40 / 60" in page
    assert "44.4" in page
    assert "40 / 90" in page


def test_the_workbook_says_what_the_page_says(tree: Tree) -> None:
    content = english().get("/coverage/F/coverage.xlsx").content
    rows = list(load_workbook(io.BytesIO(content)).worksheets[0].values)
    assert rows[1][2:9] == (2, 1, 0.5, 90, 60, 40, 40)


def test_unions_by_test(tree: Tree) -> None:
    assert "B1 Union" in english().get("/coverage/F/unions/?lacking=in_term").content.decode()


def test_unions_by_test_as_a_workbook_for_officers(tree: Tree) -> None:
    content = tree.client(Role.ORG_OFFICER, "F").get("/coverage/F/unions.xlsx?lacking=in_term").content
    rows = list(load_workbook(io.BytesIO(content)).worksheets[0].values)
    assert rows[0][2] == "In term"
    assert {row[1] for row in rows[1:]} >= {"B1", "B2"}
    assert {row[2] for row in rows[1:]} == {"no"}
    assert english().get("/coverage/F/unions.xlsx").status_code == 302


def test_a_lead_from_listed_to_formed(tree: Tree) -> None:
    browser = tree.client(Role.HUB_ORGANISER, "H1")
    made = browser.post("/coverage/outreach/new/", {
        "unit": "H1", "title_zh_hans": "建会行动", "title_en": "Form unions",
        "goal_zh_hans": "年内走访", "goal_en": "Visit all",
        "sector": "", "starts": "2026-05-01", "ends": "2026-12-31",
    })  # fmt: skip
    assert made.status_code == 302, made.content.decode()
    campaign = Campaign.objects.get()
    lead = Lead.objects.select_related("employer").get()
    assert lead.employer.name == "Shop"
    address = f"/coverage/outreach/{campaign.code}/{lead.employer.code}/"
    board = browser.get(f"/coverage/outreach/{campaign.code}/").content.decode()
    assert "Shop" in board
    today = tree.now.date().isoformat()

    def write(to: str, **more: str) -> str:
        reply = browser.post(address, {"to": to, "day": "2026-05-01", "text": f"Office visited: {to}", **more})
        return "" if reply.status_code == 302 else reply.content.decode()

    assert write("contacted", next_step="Meeting", next_due=today) == ""
    assert write("preparing") == ""
    assert "link it to the employer first" in write("formed", unit="B2")
    link_union(actor=SYSTEM, now=tree.now, code=lead.employer.code, unit=tree["B2"], since=date(2026, 5, 1))
    assert write("formed", unit="B2") == ""
    lead.refresh_from_db()
    assert lead.state == "formed"
    assert lead.lines.count() == 3
    assert "Shop" in browser.get(f"/coverage/outreach/{campaign.code}/?state=formed").content.decode()
    assert browser.get(f"/coverage/outreach/{campaign.code}/poster/").status_code == 200
    content = browser.get(f"/coverage/outreach/{campaign.code}/board.xlsx?state=formed").content
    rows = list(load_workbook(io.BytesIO(content)).worksheets[0].values)
    assert [row[1] for row in rows] == ["Employer", "Shop"]
    assert rows[1][7] == "B2"
    assert len(list(load_workbook(io.BytesIO(
        browser.get(f"/coverage/outreach/{campaign.code}/board.xlsx?state=declined").content
    )).worksheets[0].values)) == 1  # fmt: skip


@pytest.mark.parametrize("text", ["Call 13812345678 back", "他是党员", "ID 11010519491231002X"])
def test_no_person_in_the_log(tree: Tree, text: str) -> None:
    browser = tree.client(Role.HUB_ORGANISER, "H1")
    campaign = services.open_campaign(
        actor=tree.officer(Role.HUB_ORGANISER, "H1"), now=tree.now, unit=tree["H1"], title=localized("行动"),
        goal=localized("走访"), starts=date(2026, 5, 1), ends=date(2026, 12, 31),
    )  # fmt: skip
    services.list_employers(actor=SYSTEM, now=tree.now, code=campaign.code)
    lead = Lead.objects.select_related("employer").get()
    reply = browser.post(
        f"/coverage/outreach/{campaign.code}/{lead.employer.code}/",
        {"to": "contacted", "day": "2026-05-01", "text": text},
    )
    assert reply.status_code == 200
    assert lead.lines.count() == 0


def test_another_hub_sees_nothing_of_it(tree: Tree) -> None:
    campaign = services.open_campaign(
        actor=SYSTEM, now=tree.now, unit=tree["H1"], title=localized("行动"), goal=localized("走访"),
        starts=date(2026, 5, 1), ends=date(2026, 12, 31),
    )  # fmt: skip
    assert tree.client(Role.HUB_ORGANISER, "D2").get(f"/coverage/outreach/{campaign.code}/").status_code == 403


def test_new_employers_whose_time_is_over(tree: Tree) -> None:
    page = tree.client(Role.HUB_ORGANISER, "H1").get("/coverage/outreach/").content.decode()
    assert "New employers whose time is over" in page
    assert "Shop" in page


def test_a_target_stricter_than_its_source_needs_consent(tree: Tree) -> None:
    officer, chair = tree.client(Role.ORG_OFFICER, "F"), tree.client(Role.BASE_CHAIR, "B1")
    made = officer.post("/coverage/B1/targets/new/", {
        "measure": "rate_joined_in", "document": "Plan 2023", "level": "Province", "source_value": "80",
        "source_due": "2027-12-31", "value": "85", "due": "2027-06-30", "reason": "To be early",
    })  # fmt: skip
    assert made.status_code == 302, made.content.decode()
    target = Target.objects.get()
    address = f"/coverage/targets/{target.code}/"
    page = english().get(address).content.decode()
    assert "80.00 %" in page
    assert "Province" in page
    officer.post(f"{address}act/", {"to": "apply", "number": "1"})
    assert target.versions.get().state == "asked"
    assert (
        tree.client(Role.BASE_CHAIR, "B2").post(f"{address}act/", {"to": "consent", "number": "1"}).status_code == 403
    )
    assert officer.post(f"{address}act/", {"to": "consent", "number": "1"}).status_code == 403
    chair.post(f"{address}act/", {"to": "decline", "number": "1", "answer": "Too soon for us"})
    officer.post(f"{address}act/", {"to": "apply", "number": "1"})
    assert target.versions.get().state == "declined"
    officer.post(f"{address}change/", {"value": "80", "due": "2027-12-31", "reason": "As the source says"})
    chair.post(f"{address}act/", {"to": "consent", "number": "2"})
    officer.post(f"{address}act/", {"to": "apply", "number": "2"})
    assert [version.state for version in target.versions.all()] == ["withdrawn", "applied"]
    assert "Too soon for us" in english().get(address).content.decode()


def test_a_target_without_source_is_refused(tree: Tree) -> None:
    officer = tree.client(Role.ORG_OFFICER, "F")
    reply = officer.post("/coverage/B1/targets/new/", {
        "measure": "rate_joined_in", "document": "", "level": "", "source_value": "", "source_due": "",
        "value": "85", "due": "2027-06-30", "reason": "Because",
    })  # fmt: skip
    assert reply.status_code == 200
    assert not Target.objects.exists()


def test_passed_down_with_the_source_of_above(tree: Tree) -> None:
    officer = tree.client(Role.ORG_OFFICER, "F")
    officer.post("/coverage/D1/targets/new/", {
        "measure": "rate_formed", "document": "Plan 2023", "level": "Province", "source_value": "80",
        "source_due": "2027-12-31", "value": "80", "due": "2027-12-31", "reason": "As above",
    })  # fmt: skip
    above = Target.objects.get()
    reply = officer.post(
        f"/coverage/targets/{above.code}/change/?down",
        {"unit": "H1", "value": "90", "due": "2027-12-31", "reason": "More here"},
    )
    assert reply.status_code == 302, reply.content.decode()
    below = Target.objects.get(above=above)
    assert (below.document, str(below.source_value)) == ("Plan 2023", "80.00")
    assert below.versions.get().stricter
    assert "H1 Union" in english().get(f"/coverage/targets/{above.code}/").content.decode()
