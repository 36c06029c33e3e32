"""The pages of a round of practical deeds, and of voting by numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.ballots import DAY, make_deeds, make_ground, make_proposals

from qiao.base.access import SYSTEM
from qiao.base.clock import now as read_clock
from qiao.base.i18n import localized
from qiao.decide.ballots import services
from qiao.decide.ballots.choices import Rule
from qiao.decide.ballots.models import Ballot, DeedRound, Idea, Paper
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.models import Person
from qiao.org.people.services import open_account

pytestmark = pytest.mark.django_db


def signed_in(ground, moment, *, role: Role | None = None, place: int = 0) -> Client:
    person = None if role else Person.objects.get(pk=ground.members[place].person_id)
    mail = f"{role.value if role else place}@x.example"
    account = open_account(actor=SYSTEM, now=moment, email=mail, display_name="某人", person=person)
    if role:
        grant_role(actor=SYSTEM, now=moment, account=account, role=role, unit=ground.root, since=date(2020, 1, 1))
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def when(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_a_round_on_its_pages() -> None:
    moment = read_clock()
    ground = make_ground(moment, members=5)
    made = make_deeds(moment - DAY, ground.district)
    address = f"/decide/ballots/deeds/{made.code}/"
    member = signed_in(ground, moment)
    assert "File an idea" in member.get(address).content.decode()
    for title in ("夜班车", "晚班车", "书屋"):
        filed = member.post(f"{address}idea/", {"title": title, "text": "好"}).content.decode()
        assert "R-" in filed
    assert (
        "No round yet" not in Client(headers={"accept-language": "en"}).get("/decide/ballots/deeds/").content.decode()
    )
    DeedRound.objects.filter(pk=made.pk).update(closes=moment - timedelta(minutes=1))
    secretary = signed_in(ground, moment, role=Role.SECRETARY)
    assert "Next step: Merged and checked" in secretary.get(address).content.decode()
    secretary.post(f"{address}move/")
    bus, late, books = Idea.objects.order_by("pk").values_list("code", flat=True)
    assert "Tick two or more" in secretary.post(f"{address}merge/", {"idea": [bus]}, follow=True).content.decode()
    secretary.post(f"{address}merge/", {"idea": [bus, late]})
    assert "from 2 ideas" in secretary.get(address).content.decode()
    refused = secretary.post(f"{address}ideas/{bus}/check/", {"feasible": "yes"})
    assert "Without a cost" in refused.content.decode()
    for code, cost in ((bus, "300"), (books, "200")):
        done = secretary.post(
            f"{address}ideas/{code}/check/", {"feasible": "yes", "cost": cost, "need": made.need_codes[0]}
        )
        assert done.status_code == 302, done.content.decode()
    assert "Merged into it" in Client(headers={"accept-language": "en"}).get(f"{address}ideas/{bus}/").content.decode()
    planned = secretary.post(f"{address}vote/", {"opens": when(moment), "closes": when(moment + DAY)})
    assert planned.status_code == 302, planned.content.decode()
    assert Ballot.objects.get().rule == "greedy"
    page = secretary.get(address).content.decode()
    assert "The vote on these ideas" in page
    assert secretary.post(f"{address}carry/", {"into": "none"}).status_code == 404
    assert secretary.get("/decide/ballots/deeds/new/").status_code == 200
    assert member.get("/decide/ballots/deeds/new/").status_code == 403


def test_a_member_votes_by_numbers_and_a_fault_keeps_them() -> None:
    moment = read_clock()
    ground = make_ground(moment, members=6)
    codes = [one.code for one in make_proposals(moment - DAY, ground.district, 100, 200, 300)]
    ballot = services.plan_ballot(
        actor=SYSTEM, now=moment - DAY, unit=ground.district, title=localized("次序", "Order"), rule=Rule.SCHULZE,
        winners=1, most=2, proposal_codes=codes, opens=moment - DAY, closes=moment + DAY,
    )  # fmt: skip
    services.open_ballot(actor=SYSTEM, now=moment - DAY, code=ballot.code)
    member = signed_in(ground, moment)
    address = f"/decide/ballots/{ballot.code}/vote/"
    assert "1 is best" in member.get(address).content.decode()
    too_many = member.post(address, {f"rank-{code}": "1" for code in codes}).content.decode()
    assert "may name 2 at most" in too_many
    assert too_many.count("selected") >= 3
    assert member.post(address, {}).status_code == 200
    done = member.post(address, {f"rank-{codes[2]}": "1", f"rank-{codes[0]}": "2"})
    assert done.status_code == 302
    assert [(paper.marks, paper.ranks) for paper in Paper.objects.all()] == [([codes[2], codes[0]], [1, 2])]


def test_the_page_says_how_far_a_count_is() -> None:
    moment = read_clock()
    ground = make_ground(moment, members=6)
    codes = [one.code for one in make_proposals(moment - 3 * DAY, ground.district, 100, 200, 300)]
    ballot = services.plan_ballot(
        actor=SYSTEM, now=moment - 3 * DAY, unit=ground.district, title=localized("次序", "Order"),
        rule=Rule.INSTANT_RUNOFF, winners=1, proposal_codes=codes, opens=moment - 3 * DAY, closes=moment - DAY,
    )  # fmt: skip
    services.open_ballot(actor=SYSTEM, now=moment - 3 * DAY, code=ballot.code)
    for member in ground.members:
        services.cast_ballot(actor=member, now=moment - 2 * DAY, code=ballot.code, ranks={codes[0]: 1})
    services.ask_count(actor=SYSTEM, now=moment, code=ballot.code)
    public = Client(headers={"accept-language": "en"})
    page = public.get(f"/decide/ballots/{ballot.code}/").content.decode()
    assert "The count is under way." in page
    assert "Waits for its turn" in page
    services.run_count(now=moment, code=ballot.code)
    why = public.get(f"/decide/ballots/{ballot.code}/why/").content.decode()
    assert "Round 1" in why
    assert "It is the last one left" in why
    assert public.get(f"/decide/ballots/{ballot.code}/bundle.zip")["Content-Type"] == "application/zip"
    assert public.get(f"/decide/ballots/{ballot.code}/result.pb").status_code == 404
    assert public.get(f"/decide/ballots/{ballot.code}/result.soi").status_code == 200
