"""What the congress forgets, by the table of retention: over age goes with a proof, young and held stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils.timezone import localdate
from tests.factories.congress import DAY, SEATS, Plant, called, in_term, item, make_plant, opened, present_actors

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.models import LedgerLeaf
from qiao.decide.congress import services
from qiao.decide.congress.choices import Matter, SeatEnd, Way
from qiao.decide.congress.models import Congress, Delegate, Item, Question, VoteMark, VotePaper
from qiao.decide.congress.services.forgetting import NAMELESS
from qiao.org.retention.choices import Ground
from qiao.org.retention.models import Hold, Proof
from qiao.org.retention.queries import cutoff_of
from qiao.org.retention.rules import rule_by_key
from qiao.org.retention.services import run_rule, set_hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant(now: datetime, db: None) -> Plant:
    return make_plant(now)


@pytest.fixture
def congress(plant: Plant) -> Congress:
    return in_term(plant)


def hold(key: str, now: datetime, code: str) -> None:
    set_hold(actor=SYSTEM, now=now, object_class=key, ground=Ground.COURT, reason="case 7",
             until=now.date() + 3 * DAY, code=code)  # fmt: skip


def proved(key: str, number: int) -> bool:
    proof = Proof.objects.get(object_class=key)
    return proof.number == number and proof.digest in LedgerLeaf.objects.get(index=proof.ledger_index).payload


def test_names_of_seats_that_ended_long_ago_go(plant: Plant, congress: Congress) -> None:
    key = "congress_names"
    edge = cutoff_of(rule_by_key(key), plant.now).date()
    old, young, sitting = Delegate.objects.filter(congress=congress).order_by("pk")[:3]
    for row, until in ((old, edge - 2 * DAY), (young, edge + 2 * DAY)):
        Delegate.objects.filter(pk=row.pk).update(until=until, ended=SeatEnd.RESIGNED)
    hold(key, plant.now, congress.code)
    assert run_rule(actor=SYSTEM, now=plant.now, key=key) == 0
    Hold.objects.update(ended_at=plant.now)
    assert run_rule(actor=SYSTEM, now=plant.now, key=key) == 1
    for row in (old, young, sitting):
        row.refresh_from_db()
    assert (old.name, old.person_id) == (NAMELESS, None)
    assert (old.votes, old.woman) == (45, True), "quota marks and votes stay"
    assert NAMELESS not in (young.name, sitting.name)
    assert young.person_id is not None
    assert proved(key, 1)
    assert run_rule(actor=SYSTEM, now=plant.now, key=key) == 0


def test_who_asked_goes_some_time_after_the_answer(plant: Plant, congress: Congress) -> None:
    key = "congress_askers"
    affair = services.register_affair(
        actor=plant.officer(), now=plant.now, congress_code=congress.code, matter=Matter.PAY,
        title=localized("奖金分配", "Bonuses"), due=plant.now + 5 * DAY,
    )  # fmt: skip
    services.show_affair(actor=plant.officer(), now=plant.now, code=affair.code, text="办法", shown_by="人事科")
    asked = [
        services.ask_question(actor=plant.delegate(place), now=plant.now, code=affair.code, text=f"问 {place}").number
        for place in range(3)
    ]
    old, young, waiting = (Question.objects.get(receipt=number) for number in asked)
    for question in (old, young):
        services.answer_question(actor=plant.officer(), now=plant.now, question_id=question.pk, answer="答",
                                 answered_by="人事科")  # fmt: skip
    later = plant.now + 400 * DAY
    edge = cutoff_of(rule_by_key(key), later)
    Question.objects.filter(pk=old.pk).update(answered=edge - DAY)
    Question.objects.filter(pk=young.pk).update(answered=edge + DAY)
    hold(key, later, affair.code)
    assert run_rule(actor=SYSTEM, now=later, key=key) == 0
    Hold.objects.update(ended_at=later)
    assert run_rule(actor=SYSTEM, now=later, key=key) == 1
    persons = dict(Question.objects.values_list("pk", "person_id"))
    assert persons[old.pk] is None
    assert None not in (persons[young.pk], persons[waiting.pk]), "whoever waits for an answer is still told"
    old.refresh_from_db()
    assert (old.text, old.answer) == ("问 0", "答")
    assert proved(key, 1)


def test_papers_and_marks_go_when_nobody_can_challenge(plant: Plant, congress: Congress) -> None:
    key = "congress_votes"
    session = called(plant, congress)
    one = item(plant, session)
    session = opened(plant, session)
    officer, day = plant.officer(), session.meets
    services.open_vote(actor=officer, now=day, code=one.code, way=Way.PHONE)
    for actor in present_actors(plant, session):
        services.cast_vote(actor=actor, now=day, code=one.code, choices=["for"])
    services.close_vote(actor=officer, now=day + timedelta(minutes=20), code=one.code)
    ends = Item.objects.get(pk=one.pk).challenge_ends
    assert ends is not None
    assert run_rule(actor=SYSTEM, now=ends, key=key) == 0, "it can still be challenged"
    late = ends + DAY
    hold(key, late, one.code)
    assert run_rule(actor=SYSTEM, now=late, key=key) == 0
    assert (VotePaper.objects.filter(item=one).count(), VoteMark.objects.filter(item=one).count()) == (20, SEATS)
    Hold.objects.update(ended_at=late)
    assert run_rule(actor=SYSTEM, now=late, key=key) == 20
    assert not VotePaper.objects.filter(item=one).exists()
    assert not VoteMark.objects.filter(item=one).exists()
    done = Item.objects.get(pk=one.pk)
    assert (done.counts["for"], done.erased, localdate(ends) < localdate(late)) == (20, late, True)
    assert proved(key, 20)
