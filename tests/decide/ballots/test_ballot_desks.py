"""Paper and booth: one roll, one vote whatever the way, two typings and a third, one tally."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.test import Client
from tests.decide.ballots.test_ballot_pages import officer_client
from tests.factories.ballots import DAY, Ground, make_ground, make_open_ballot

from qiao.base.access import SYSTEM, Actor, Grant, Refused
from qiao.base.clock import now as read_clock
from qiao.base.i18n import localized
from qiao.base.ledger import merkle
from qiao.base.problems import Problem
from qiao.decide.ballots import queries, services
from qiao.decide.ballots.choices import Channel
from qiao.decide.ballots.models import Ballot, BoothCode, Cast, Desk, Paper, RollEntry, Sheet
from qiao.org.access.choices import Role
from qiao.org.access.rules import actions_of
from qiao_stats.bursts import find_bursts
from qiao_stats.errors import StatsError

pytestmark = pytest.mark.django_db


def counter(ground: Ground, account: int) -> Actor:
    at = ground.root
    return Actor(
        account_id=account, name=f"c{account}",
        grants=(Grant("count_officer", at.pk, at.path, actions_of("count_officer")),),
    )  # fmt: skip


def open_desk(now: datetime, ground: Ground, ballot: Ballot, channel: Channel) -> Desk:
    return services.open_desk(
        actor=counter(ground, 1), now=now, code=ballot.code, name=localized("一号会场", "Hall one"), channel=channel
    )


def person(ground: Ground, place: int) -> int:
    found = ground.members[place].person_id
    assert found is not None
    return found


def test_paper_and_phone_come_into_one_tally(now: datetime) -> None:
    ground = make_ground(now, members=9)
    ballot, (a, b) = make_open_ballot(now, ground, 300, 800)
    desk = open_desk(now, ground, ballot, Channel.PAPER)
    one, two, three = (counter(ground, number) for number in (1, 2, 3))
    for place in range(4):
        services.give_paper(actor=one, now=now + DAY, desk_id=desk.pk, person_id=person(ground, place))
    for member in ground.members[4:8]:
        services.cast_ballot(actor=member, now=now + DAY, code=ballot.code, proposal_codes=[a])
    with pytest.raises(services.VotedAlready):
        services.cast_ballot(actor=ground.members[0], now=now + DAY, code=ballot.code, proposal_codes=[a])
    with pytest.raises(services.VotedAlready):
        services.give_paper(actor=one, now=now + DAY, desk_id=desk.pk, person_id=person(ground, 5))
    with pytest.raises(Problem, match="opened after the announced end"):
        services.type_sheet(actor=one, now=now + DAY, desk_id=desk.pk, number=1, proposal_codes=[b])
    after = now + 8 * DAY
    assert queries.due_to_close(after) == [], "papers are not in the box yet"
    with pytest.raises(Problem, match="一号会场"):
        services.close_ballot(actor=SYSTEM, now=after, code=ballot.code)
    for number, marks in ((1, [b]), (2, [b]), (3, [])):
        assert queries.next_sheet(desk, one) == number
        services.type_sheet(actor=one, now=after, desk_id=desk.pk, number=number, proposal_codes=marks)
    with pytest.raises(Problem, match="somebody else"):
        services.type_sheet(actor=one, now=after, desk_id=desk.pk, number=1, proposal_codes=[b])
    with pytest.raises(Problem, match="no paper number 5"):
        services.type_sheet(actor=one, now=after, desk_id=desk.pk, number=5, proposal_codes=[b])
    services.type_sheet(actor=two, now=after, desk_id=desk.pk, number=1, proposal_codes=[b])
    services.type_sheet(actor=two, now=after, desk_id=desk.pk, number=2, proposal_codes=[a])
    services.type_sheet(actor=two, now=after, desk_id=desk.pk, number=3)
    with pytest.raises(Problem, match="Paper 2 is not settled"):
        services.finish_desk(actor=one, now=after, desk_id=desk.pk)
    services.type_sheet(actor=three, now=after, desk_id=desk.pk, number=2, proposal_codes=[b])
    with pytest.raises(Problem, match="must make up the first"):
        services.finish_desk(actor=one, now=after, desk_id=desk.pk)
    with pytest.raises(Problem, match="Say why"):
        services.finish_desk(actor=one, now=after, desk_id=desk.pk, missing=1)
    for _ in range(2):
        services.finish_desk(actor=one, now=after, desk_id=desk.pk, missing=1, reason=localized("带走了", "Taken away"))
    assert not Sheet.objects.exists()
    counted = services.count_ballot(actor=SYSTEM, now=after, code=ballot.code)
    assert (counted.turnout, counted.blank, counted.missing) == (7, 1, 1)
    assert {item.proposal_code: item.votes for item in counted.items.all()} == {a: 4, b: 2}
    assert counted.share is not None
    assert counted.share == Decimal("166.67"), "a blank paper has no share"
    assert not Cast.objects.exists()


def test_a_booth_code_opens_one_paper_and_belongs_to_nobody(now: datetime) -> None:
    ground = make_ground(now, members=8)
    ballot, (a, _b) = make_open_ballot(now, ground, 300, 800)
    desk = open_desk(now, ground, ballot, Channel.BOOTH)
    codes = [
        services.give_booth_code(
            actor=counter(ground, 1), now=now + DAY, desk_id=desk.pk, person_id=person(ground, place)
        )
        for place in range(6)
    ]
    assert {field.name for field in BoothCode._meta.get_fields()} == {"id", "desk", "digest", "used"}
    for code in codes[:5]:
        services.cast_in_booth(now=now + DAY, code=ballot.code, booth_code=code.lower(), proposal_codes=[a])
    for wrong in (codes[0], "7F3K-22QX-9ABC", ""):
        with pytest.raises(Problem, match="opens no ballot paper"):
            services.cast_in_booth(now=now + DAY, code=ballot.code, booth_code=wrong, proposal_codes=[a])
    counted = services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    assert (counted.turnout, counted.missing) == (5, 1), "the sixth code was never used"
    assert RollEntry.objects.filter(ballot=ballot, voted=True).count() == 6
    assert not BoothCode.objects.exists()


def test_only_count_officers_of_the_unit_stand_at_a_desk(now: datetime) -> None:
    ground = make_ground(now)
    ballot, _codes = make_open_ballot(now, ground, 300, 800)
    for stranger in (ground.officer("secretary"), ground.members[0], ground.officer("count_officer", ground.base)):
        with pytest.raises(Refused):
            services.open_desk(
                actor=stranger, now=now, code=ballot.code, name=localized("会场", "Hall"), channel=Channel.PAPER
            )
    desk = open_desk(now, ground, ballot, Channel.PAPER)
    with pytest.raises(Refused):
        services.give_paper(actor=ground.officer("secretary"), now=now, desk_id=desk.pk, person_id=person(ground, 0))


def test_a_receipt_is_proved_against_the_ledger_and_a_strangers_is_not(now: datetime) -> None:
    ground = make_ground(now, members=7)
    ballot, (a, _b) = make_open_ballot(now, ground, 300, 800)
    receipts = [
        services.cast_ballot(actor=member, now=now + DAY, code=ballot.code, proposal_codes=[a])
        for member in ground.members
    ]
    with pytest.raises(Problem, match="proof follows"):
        queries.receipt_proof(ballot, receipts[0].number)
    services.close_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    closed = Ballot.objects.get(pk=ballot.pk)
    for receipt in receipts:
        proof = queries.receipt_proof(closed, receipt.number.lower())
        path = [bytes.fromhex(step) for step in proof.path]
        root = merkle.root_from_inclusion(bytes.fromhex(proof.leaf), proof.place - 1, proof.size, path)
        assert root is not None
        assert (root.hex(), proof.size) == (proof.root, 7)
    for wrong in ("R-2222-2222-2", "", "abc"):
        with pytest.raises(Problem, match="no receipt of this vote"):
            queries.receipt_proof(closed, wrong)


def test_a_burst_is_told_without_a_name_and_the_times_go(now: datetime) -> None:
    ground = make_ground(now, members=40)
    ballot, (a, _b) = make_open_ballot(now, ground, 300, 800)
    for place, member in enumerate(ground.members):
        moment = now + DAY if place < 30 else now + timedelta(hours=3 * place)
        services.cast_ballot(actor=member, now=moment, code=ballot.code, proposal_codes=[a])
    assert Ballot.objects.get(pk=ballot.pk).bursts == []
    closed = services.close_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    (burst,) = queries.bursts_of(closed)
    assert (burst.votes, burst.minutes, burst.begins) == (30, 10, now + DAY)
    assert not Cast.objects.exists()


def test_a_steady_stream_has_no_burst_and_a_jump_has_one() -> None:
    rng = np.random.default_rng(5)
    counts = rng.poisson(2.0, size=3000)
    assert find_bursts(counts) == []
    counts[1500:1510] += 12
    (burst,) = find_bursts(counts)
    assert (burst.begins, burst.votes > 100, 15 < burst.expected < 25) == (1500, True, True)
    quiet = np.zeros(3000, dtype=np.int64)
    quiet[10] = 19
    assert find_bursts(quiet) == [], "nineteen are too few to be told"
    with pytest.raises(StatsError):
        find_bursts(quiet, window=0)


def test_the_pages_of_desk_booth_and_receipt() -> None:
    moment = read_clock()
    ground = make_ground(moment, members=7)
    ballot, (a, _b) = make_open_ballot(moment - DAY, ground, 300, 800)
    client = officer_client(ground, moment, Role.COUNT_OFFICER)
    root = f"/decide/ballots/{ballot.code}/"
    assert client.get(f"{root}desks/").status_code == 200
    made = client.post(f"{root}desks/new/", {"name_zh_hans": "礼堂", "name_en": "Hall", "channel": "booth"})
    assert made.status_code == 302, made.content.decode()
    desk = made["Location"]
    assert "Nobody on the roll" in client.post(desk, {"wanted": "无此人"}).content.decode()
    found = client.post(desk, {"wanted": "云1"}).content.decode()
    assert "Mark and hand out a code" in found
    handed = client.post(f"{desk}hand-out/", {"person": str(person(ground, 1))}).content.decode()
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", handed)
    assert code
    device = Client(headers={"accept-language": "en"})
    assert "code you were given" in device.get(f"{root}booth/").content.decode()
    assert "opens no ballot paper" in device.post(f"{root}booth/", {"booth_code": "XXXX"}).content.decode()
    assert 'name="projects"' in device.post(f"{root}booth/", {"booth_code": code[0]}).content.decode()
    empty = device.post(f"{root}booth/", {"booth_code": code[0], "marked": "1"}).content.decode()
    assert "Choose at least one project." in empty
    done = device.post(f"{root}booth/", {"booth_code": code[0], "marked": "1", "projects": [a]}).content.decode()
    number = re.search(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", done)
    assert number
    assert [paper.marks for paper in Paper.objects.all()] == [[a]]
    told = device.post(f"{root}receipt/", {"number": number[0]}).content.decode()
    assert "proof follows" in told
    Ballot.objects.filter(pk=ballot.pk).update(closes=moment - timedelta(minutes=1))
    services.count_ballot(actor=SYSTEM, now=moment, code=ballot.code)
    told = device.post(f"{root}receipt/", {"number": number[0]}).content.decode()
    assert "was in the box when it was sealed" in told
