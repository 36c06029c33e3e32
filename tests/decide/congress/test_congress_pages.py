"""What the pages show to whom: names and papers to the unit, clocks and results to all, a link to its holder."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.congress import DAY, Plant, assigned, called, in_term, item, make_plant, opened

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.decide.congress import services
from qiao.decide.congress.choices import Matter, ProposalState, Way
from qiao.decide.congress.models import Affair, Congress, Item, VoteMark
from qiao.org.access.choices import Role
from qiao.org.people.services import open_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant(now: datetime, db: None) -> Plant:
    return make_plant(now)


@pytest.fixture
def congress(plant: Plant) -> Congress:
    return in_term(plant)


def signed_in(plant: Plant, place: int) -> Client:
    """A browser of the delegate at this place."""
    person = plant.people[place]
    account = open_account(
        actor=SYSTEM, now=plant.now, email=f"d{place}@x.example", display_name=person.name, person=person
    )
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def text(client: Client, url: str, *, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return str(answer.content.decode())


def test_names_and_texts_are_the_units_own(plant: Plant, congress: Congress) -> None:
    found = assigned(plant, congress, now=plant.now)
    public, inside = Client(), signed_in(plant, 5)
    url = f"/decide/congress/{congress.code}/"
    assert plant.people[7].name in text(inside, url)
    assert plant.people[7].name not in text(public, url)
    text(public, f"/decide/congress/proposals/{found.code}/", status=404)
    assert found.title not in text(public, f"/decide/congress/{congress.code}/proposals/")
    assert found.title in text(inside, f"/decide/congress/proposals/{found.code}/")


def test_a_shield_holds_on_the_page(plant: Plant, congress: Congress) -> None:
    found = assigned(plant, congress, now=plant.now, shielded=True)
    page = f"/decide/congress/proposals/{found.code}/"
    assert plant.people[0].name not in text(signed_in(plant, 5), page)
    committee = Client()
    committee.force_login(plant.account(Role.BASE_OFFICER))
    assert plant.people[0].name in text(committee, page)


def test_papers_open_to_the_unit_when_they_are_sent(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    one = item(plant, held)
    file = services.add_paper(
        actor=plant.officer(), now=plant.now, session_code=held.code, name="a.txt", content=b"secret paper"
    )
    inside, page = signed_in(plant, 5), f"/decide/congress/meetings/{held.code}/papers/{file.pk}/"
    text(inside, page, status=404)
    services.send_papers(actor=plant.officer(), now=plant.now, code=held.code)
    answer = inside.get(page)
    assert answer.content == b"secret paper"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text(Client(), page, status=404)
    assert "内容" not in text(Client(), f"/decide/congress/items/{one.code}/")


def test_a_delegate_votes_on_the_page_and_keeps_a_receipt(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    one = item(plant, held)
    held = opened(plant, held)
    services.open_vote(actor=plant.officer(), now=datetime.now(plant.now.tzinfo), code=one.code, way=Way.PHONE)
    seat = held.attendance.select_related("delegate").order_by("-pk")[0].delegate
    place = [person.pk for person in plant.people].index(seat.person_id)
    client, page = signed_in(plant, place), f"/decide/congress/items/{one.code}/vote/"
    assert client.post(page, {}).status_code == 422, "nothing chosen"
    assert client.post(page, {"vote": "for"}).headers["Location"].endswith("/voted/")
    assert VoteMark.objects.filter(item=one, voted=True).count() == 1
    assert "R-" in text(client, f"/decide/congress/items/{one.code}/voted/")
    assert client.post(page, {"vote": "against"}).status_code == 302, "a second press changes nothing"
    assert Item.objects.get(pk=one.pk).papers.count() == 1


def test_the_office_answers_by_its_link(plant: Plant, congress: Congress) -> None:
    found = assigned(plant, congress, now=datetime.now(plant.now.tzinfo))
    secret = services.make_link(actor=plant.officer(), now=datetime.now(plant.now.tzinfo), proposal=found.code)
    office, page = Client(), f"/decide/congress/reply/{secret}/"
    shown = text(office, page)
    assert found.title in shown
    assert plant.people[0].name not in shown, "the employer is not told who asked"
    assert office.post(page, {"text": "下月装好", "signed_by": ""}).status_code == 422
    assert office.post(page, {"text": "下月装好", "signed_by": "后勤科 某某"}).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.reply) == (ProposalState.REPLIED, "下月装好")
    text(office, page, status=404)


def test_lists_hold_their_number_of_queries(plant: Plant, congress: Congress) -> None:
    client = Client()

    def asked(page: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            text(client, page)
        return len(found)

    def register(number: int) -> None:
        for serial in range(number):
            Affair.objects.create(
                code=f"OA-T{Affair.objects.count()}-{serial}", congress=congress, matter=Matter.PAY,
                title=localized("奖金", "Bonuses"), registered=plant.now, due=plant.now + DAY,
            )  # fmt: skip

    pages = (f"/decide/congress/{congress.code}/affairs/", "/decide/congress/overdue/", "/decide/congress/")
    register(1)
    text(client, "/decide/congress/")
    before = [asked(page) for page in pages]
    register(29)
    assert [asked(page) for page in pages] == before
