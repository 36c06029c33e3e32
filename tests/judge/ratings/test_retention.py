"""Ballots and rolls go once nobody can challenge the rating any more; a rating still open to challenge keeps both."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.factories.ratings import DAY, GOOD, Place, make_place, published

from qiao.base.access import SYSTEM
from qiao.base.models import LedgerLeaf
from qiao.judge.ratings import services
from qiao.judge.ratings.choices import ObjectionKind
from qiao.judge.ratings.models import Paper, Rating, RollEntry, RollObjection
from qiao.org.retention.choices import Ground
from qiao.org.retention.models import Hold, Proof
from qiao.org.retention.services import run_rule, set_hold

pytestmark = pytest.mark.django_db


def _over(now: datetime) -> tuple[Place, Rating, datetime]:
    """A counted rating, and the moment at which it cannot be challenged any more."""
    place = make_place(now)
    rating = published(place, [GOOD] * 12)
    assert rating.challenge_ends is not None
    return place, rating, rating.challenge_ends + timedelta(hours=1)


def _held(now: datetime, key: str) -> None:
    set_hold(actor=SYSTEM, now=now, object_class=key, ground=Ground.COURT, reason="case 7", until=now.date() + DAY)


def _proved(key: str, number: int) -> None:
    proof = Proof.objects.get(object_class=key)
    assert proof.number == number
    assert proof.digest in LedgerLeaf.objects.get(index=proof.ledger_index).payload


def test_sealed_ballots_go_after_the_challenge_time_with_a_proof(now: datetime) -> None:
    _place, rating, after = _over(now)
    young = after - DAY
    assert run_rule(actor=SYSTEM, now=young, key="rating_papers") == 0
    _held(after, "rating_papers")
    assert run_rule(actor=SYSTEM, now=after, key="rating_papers") == 0
    assert Paper.objects.filter(rating=rating).count() == 12
    Hold.objects.update(ended_at=after)
    assert run_rule(actor=SYSTEM, now=after, key="rating_papers") == 12
    assert not Paper.objects.filter(rating=rating).exists()
    rating.refresh_from_db()
    assert rating.papers_erased == after
    assert rating.cells.exists(), "the published counts stay"
    assert RollEntry.objects.filter(rating=rating).count() == 12, "the roll has a class of its own"
    _proved("rating_papers", 12)
    assert run_rule(actor=SYSTEM, now=after, key="rating_papers") == 0


def test_the_roll_goes_with_objections_and_the_salt_of_its_hash(now: datetime) -> None:
    place = make_place(now)
    rating = published(place, [GOOD] * 12)
    RollObjection.objects.create(
        code="RO-1", rating=rating, kind=ObjectionKind.MISSING, by_id=place.members[0].person_id, ground="x", filed=now,
    )  # fmt: skip
    assert rating.challenge_ends is not None
    after = rating.challenge_ends + timedelta(hours=1)
    assert run_rule(actor=SYSTEM, now=after - DAY, key="rating_roll") == 0
    _held(after, "rating_roll")
    assert run_rule(actor=SYSTEM, now=after, key="rating_roll") == 0
    assert RollEntry.objects.filter(rating=rating).count() == 12
    Hold.objects.update(ended_at=after)
    assert run_rule(actor=SYSTEM, now=after, key="rating_roll") == 12
    rating.refresh_from_db()
    assert (rating.roll_salt, rating.roll_size, rating.voted) == ("", 12, 12)
    assert not RollEntry.objects.filter(rating=rating).exists()
    assert not RollObjection.objects.filter(rating=rating).exists()
    _proved("rating_roll", 12)


def test_a_void_rating_loses_ballots_that_nobody_ever_opened(now: datetime) -> None:
    place = make_place(now)
    rating = published(place, [GOOD] * 7)
    assert rating.void_kind == "turnout"
    assert rating.challenge_ends is not None
    after = rating.challenge_ends + timedelta(hours=1)
    assert run_rule(actor=SYSTEM, now=after, key="rating_papers") == 7
    services.rerun_rating(actor=SYSTEM, now=after, code=rating.code)
    assert not Paper.objects.exists()
