"""What people see of a budget vote, and what they never see."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.ballots import DAY, Ground, make_ground, make_open_ballot, make_proposals

from qiao.base.access import SYSTEM
from qiao.base.clock import now as read_clock
from qiao.decide.ballots.models import Ballot, Paper
from qiao.decide.ballots.services import cast_ballot, count_ballot, plan_ballot
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.models import Person
from qiao.org.people.services import open_account
from qiao.web import providers, threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def moment() -> datetime:
    """Pages read the clock: what is made for them is made now."""
    return read_clock()


def member_client(ground: Ground, moment: datetime, place: int = 0) -> Client:
    person = Person.objects.get(pk=ground.members[place].person_id)
    account = open_account(
        actor=SYSTEM, now=moment, email=f"m{place}@x.example", display_name=person.name, person=person
    )
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def officer_client(ground: Ground, moment: datetime, role: Role) -> Client:
    account = open_account(actor=SYSTEM, now=moment, email=f"{role.value}@x.example", display_name=role.value)
    grant_role(actor=SYSTEM, now=moment, account=account, role=role, unit=ground.root, since=date(2020, 1, 1))
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def test_a_member_votes_gets_a_receipt_and_a_second_vote_is_refused_kindly(moment: datetime) -> None:
    ground = make_ground(moment)
    ballot, codes = make_open_ballot(moment - DAY, ground, 300, 500)
    client = member_client(ground, moment)
    address = f"/decide/ballots/{ballot.code}/vote/"
    paper = client.get(address).content.decode()
    assert "¥300" in paper
    assert "¥500" in paper
    assert "How the result is worked out" in paper
    empty = client.post(address, {})
    assert empty.status_code == 200
    assert b"Choose at least one project." in empty.content
    first = client.post(address, {"projects": [codes[0]]})
    assert first.status_code == 302
    page = client.get(first["Location"]).content.decode()
    number = re.search(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", page)
    assert number
    assert "Your vote is in the box" in page
    again = client.post(address, {"projects": [codes[1]]}, follow=True)
    assert again.status_code == 200
    assert "Your vote is in the box" in again.content.decode()
    assert number[0] in again.content.decode()
    assert [paper.marks for paper in Paper.objects.all()] == [[codes[0]]]
    receipt = Client(headers={"accept-language": "en"}).get("/receipt/", {"number": number[0]}).content.decode()
    assert "In the box" in receipt
    # Elsewhere the same person sees that the vote is in, without a receipt that nobody keeps beside the name.
    other = Client(headers={"accept-language": "en"})
    other.force_login(Person.objects.get(pk=ground.members[0].person_id).account)
    told = other.get(f"/decide/ballots/{ballot.code}/voted/").content.decode()
    assert "cannot be shown again" in told
    assert number[0] not in told


def test_nobody_sees_a_count_while_the_vote_is_open(moment: datetime) -> None:
    ground = make_ground(moment)
    ballot, codes = make_open_ballot(moment - DAY, ground, 317, 519)
    before = {
        role: page_text(officer_client(ground, moment, role), ballot) for role in (Role.COUNT_OFFICER, Role.AUDITOR)
    }
    for member in ground.members[:6]:
        cast_ballot(actor=member, now=moment, code=ballot.code, proposal_codes=codes[:1])
    for role, text in before.items():
        client = Client(headers={"accept-language": "en"})
        client.force_login(officer_account(role))
        assert page_text(client, ballot) == text, "the page tells the same before and after six votes"
    assert Client().get(f"/decide/ballots/{ballot.code}/result.pb").status_code == 404


def officer_account(role: Role):
    from qiao.org.people.models import Account

    return Account.objects.get(email=f"{role.value}@x.example")


def page_text(client: Client, ballot: Ballot) -> str:
    text = client.get(f"/decide/ballots/{ballot.code}/").content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def test_the_count_officer_counts_and_the_page_says_why_it_is_right(moment: datetime) -> None:
    ground = make_ground(moment, members=9)
    ballot, codes = make_open_ballot(moment - 8 * DAY, ground, 300, 500, 900)
    for member in ground.members[:6]:
        cast_ballot(actor=member, now=moment - 2 * DAY, code=ballot.code, proposal_codes=codes[:2])
    client = officer_client(ground, moment, Role.COUNT_OFFICER)
    assert any(
        item.url.endswith(f"{ballot.code}/") for item in providers.desk_items(actor=actor_of(client), now=moment)
    )
    assert b"Close and count" in client.get(f"/decide/ballots/{ballot.code}/").content
    page = client.post(f"/decide/ballots/{ballot.code}/count/", follow=True).content.decode()
    assert "6 of 9 on the roll voted" in page
    assert "66.7\u00a0%" in page
    page = client.get(f"/decide/ballots/{ballot.code}/why/").content.decode()
    assert "6 voters wanted it and paid ¥83.33 each" in page
    assert "Count it again yourself" in page
    assert f"{ballot.code}.pb" in page
    file = Client().get(f"/decide/ballots/{ballot.code}/result.pb")
    assert file["Content-Disposition"] == f'attachment; filename="{ballot.code}.pb"'
    assert file.content.decode().startswith("META\nkey;value\n")
    station = next(row for row in providers.stations([ballot.code]) if row.code == ballot.code)
    assert station.finished
    assert threads.bar(ballot.code) is not None


def actor_of(client: Client):
    from qiao.org.access.queries import actor_for
    from qiao.org.people.models import Account

    account = Account.objects.get(pk=client.session["_auth_user_id"])
    return actor_for(account, timezone.localdate())


def test_the_secretary_plans_on_the_page_and_faults_are_said_there(moment: datetime) -> None:
    ground = make_ground(moment)
    codes = [proposal.code for proposal in make_proposals(moment, ground.district, 300, 5000, 0)]
    client = officer_client(ground, moment, Role.SECRETARY)
    page = client.get("/decide/ballots/new/", {"proposal": codes[0]}).content.decode()
    assert codes[0] in page
    assert codes[2] not in page, "without a cost nothing comes on a ballot"
    local = timezone.localtime(moment)
    form = {
        "title_0": "区实事项目票决",
        "title_1": "District vote",
        "unit": str(ground.district.pk),
        "budget": "1000",
        "proposals": codes[:2],
        "consultation": "",
        "opens": f"{local - timedelta(minutes=5):%Y-%m-%dT%H:%M}",
        "closes": f"{local + DAY:%Y-%m-%dT%H:%M}",
    }
    names = re.findall(r'name="(title_[^"]+)"', page)
    form |= {names[0]: form.pop("title_0"), names[1]: form.pop("title_1")}
    refused = client.post("/decide/ballots/new/", form)
    assert refused.status_code == 200
    assert f"{codes[1]}: The proposal costs more than the whole budget" in refused.content.decode()
    assert not Ballot.objects.exists()
    planned = client.post("/decide/ballots/new/", form | {"budget": "9000"})
    ballot = Ballot.objects.get()
    assert planned["Location"] == f"/decide/ballots/{ballot.code}/"
    opened = client.post(f"/decide/ballots/{ballot.code}/open/", follow=True).content.decode()
    assert "The vote is open." in opened
    assert "8 members" in opened
    assert client.get(f"/decide/ballots/{ballot.code}/withdraw/").status_code == 200


def test_what_waits_for_a_member_and_what_became_of_it(moment: datetime) -> None:
    ground = make_ground(moment)
    ballot, codes = make_open_ballot(moment - DAY, ground, 300, 500)
    member = ground.members[0]
    waiting = providers.open_items(actor=member, now=moment)
    assert [item.url for item in waiting if ballot.code in item.url] == [f"/decide/ballots/{ballot.code}/vote/"]
    cast_ballot(actor=member, now=moment, code=ballot.code, proposal_codes=codes)
    assert not [item for item in providers.open_items(actor=member, now=moment) if ballot.code in item.url]
    own = [item for item in providers.own_items(actor=member, now=moment) if item.thread_code == ballot.code]
    assert [item.at for item in own] == [ballot.opened], "never the time of the vote"


def test_boards_hold_their_query_count(moment: datetime, client: Client) -> None:
    from django.db import connection

    def queries_of(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    ground = make_ground(moment)
    make_open_ballot(moment - DAY, ground, 300, 500)
    addresses = ("/decide/ballots/", "/decide/", "/decide/decisions/")
    client.get("/decide/")
    one = [queries_of(address) for address in addresses]
    for number in range(29):
        codes = [proposal.code for proposal in make_proposals(moment, ground.district, 10 + number, 20)]
        plan_ballot(
            actor=SYSTEM,
            now=moment,
            unit=ground.district,
            title={"zh-hans": f"票决{number}"},
            budget=1000,
            proposal_codes=codes,
            opens=moment,
            closes=moment + DAY,
        )
    assert [queries_of(address) for address in addresses] == one


def test_counting_is_not_offered_before_the_end_and_refused_politely(moment: datetime) -> None:
    ground = make_ground(moment)
    ballot, _codes = make_open_ballot(moment - DAY, ground, 300, 500)
    client = officer_client(ground, moment, Role.COUNT_OFFICER)
    assert b"Close and count" not in client.get(f"/decide/ballots/{ballot.code}/").content
    early = client.post(f"/decide/ballots/{ballot.code}/count/", follow=True).content.decode()
    assert "stays open until its announced end" in early
    assert Ballot.objects.get().state == "open"
    count_ballot(actor=SYSTEM, now=moment + 8 * DAY, code=ballot.code)
    assert b"Fewer than five" in client.get(f"/decide/ballots/{ballot.code}/").content
