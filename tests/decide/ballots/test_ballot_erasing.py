"""Papers and roll of a vote are destroyed once nobody can challenge it; the result stays."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client
from tests.factories.ballots import DAY, make_ground, make_open_ballot

from qiao.base.access import SYSTEM
from qiao.base.deadlines import Span, SpanUnit, due
from qiao.decide.ballots.models import Ballot, BallotItem, Paper, ResultFile, RollEntry
from qiao.decide.ballots.rules import CHALLENGE_PERIOD
from qiao.decide.ballots.services import cast_ballot, count_ballot
from qiao.org.retention.choices import Ground
from qiao.org.retention.services import run_rule, set_hold
from qiao.org.settings.services import set_value

pytestmark = pytest.mark.django_db


def counted(now: datetime) -> Ballot:
    ground = make_ground(now)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    for member in ground.members:
        cast_ballot(actor=member, now=ballot.opens, code=ballot.code, proposal_codes=codes[:1])
    return count_ballot(actor=SYSTEM, now=ballot.closes, code=ballot.code)


def test_papers_and_roll_stay_while_a_challenge_is_possible_and_then_go(now: datetime) -> None:
    ballot = counted(now)
    ends = due(ballot.closes, Span(15, SpanUnit.DAYS))
    assert ballot.challenge_ends == ends
    votes = list(BallotItem.objects.order_by("pk").values_list("votes", flat=True))
    for key in ("ballot_papers", "ballot_roll"):
        assert run_rule(actor=SYSTEM, now=ends, key=key) == 0
        assert run_rule(actor=SYSTEM, now=ends + DAY, key=key, batch=3) == 8
        assert run_rule(actor=SYSTEM, now=ends + 2 * DAY, key=key) == 0
    assert not Paper.objects.exists()
    assert not RollEntry.objects.exists()
    ballot.refresh_from_db()
    assert (ballot.papers_erased, ballot.turnout, ballot.roll_size) == (ends + DAY, 8, 8)
    assert list(BallotItem.objects.order_by("pk").values_list("votes", flat=True)) == votes
    assert ResultFile.objects.get().text
    page = Client(headers={"accept-language": "en"}).get(f"/decide/ballots/{ballot.code}/")
    assert "the papers are destroyed" in page.content.decode()


def test_a_challenge_before_a_court_holds_them(now: datetime) -> None:
    ballot = counted(now)
    set_hold(
        actor=SYSTEM, now=now, object_class="ballot_papers", ground=Ground.COURT, reason="challenged",
        until=date(2026, 12, 1), code=ballot.code,
    )  # fmt: skip
    assert run_rule(actor=SYSTEM, now=now + 100 * DAY, key="ballot_papers") == 0
    assert run_rule(actor=SYSTEM, now=now + 300 * DAY, key="ballot_papers") == 8


def test_a_vote_that_was_counted_keeps_its_time(now: datetime) -> None:
    ballot = counted(now)
    set_value(
        actor=SYSTEM, now=ballot.closes, setting_key=CHALLENGE_PERIOD.key, unit=ballot.unit.parent, value=60,
        since=ballot.closes.date(), reason="more time",
    )  # fmt: skip
    ballot.refresh_from_db()
    assert ballot.challenge_ends == due(ballot.closes, Span(15, SpanUnit.DAYS))
