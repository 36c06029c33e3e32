"""What members say of their own union stands on its scorecard, beside what those served say."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.ratings import BAD, GOOD, make_place, published

from qiao.judge.ratings.models import Rating
from qiao.judge.scorecards import queries

pytestmark = pytest.mark.django_db


def test_the_latest_result_stands_there_with_its_base_and_the_change(now: datetime) -> None:
    place = make_place(now)
    path = place.ground.district.path
    assert queries.rated(path) == []
    first = published(place, [GOOD] * 10 + [BAD] * 2)
    Rating.objects.filter(pk=first.pk).update(state="done")
    place.now = now + timedelta(days=200)
    second = published(place, [GOOD] * 5 + [BAD] * 6)
    with CaptureQueriesContext(
        connection,
    ) as found:
        (row,) = queries.rated(path)
    assert len(found) <= 6
    assert (row.rating.code, row.turnout) == (second.code, 11 / 12)
    assert row.whole is not None
    assert (row.whole.base, row.whole.satisfied) == (11, 5 / 11)
    assert row.change is None, "two of twelve were not told in the first one, so nothing is compared"
    counts = queries.rating_counts(path, now=now + timedelta(days=260))
    assert (counts.valid, counts.poor, counts.void) == (2, 1, 0)
    text = Client(headers={"accept-language": "en"}).get(
        reverse("scorecards:unit", args=[place.base.label])
    ).content.decode()  # fmt: skip
    assert "45 % of 11 who graded" in text.replace("\xa0", " ").replace("45%", "45 %")
    assert reverse("ratings:rating", args=[second.code]) in text


def test_all_of_one_mind_and_votes_that_came_together_are_worth_a_closer_look(now: datetime) -> None:
    place = make_place(now, members=40)
    rating = published(place, [GOOD] * 40)
    path = place.ground.district.path
    assert [note.words for note in queries.notes(path, now=now) if "100" in note.words]
    Rating.objects.filter(pk=rating.pk).update(
        bursts=[{"begins": "2026-01-01T08:00", "minutes": 10, "channel": "online", "votes": 22, "expected": 1.5}]
    )
    assert any("22" in note.words and "1.5" in note.words for note in queries.notes(path, now=now))
