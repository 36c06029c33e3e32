"""An attacker with the whole database, its hidden columns, the files beside it and a web log tries to link answers.

The attacker knows exactly in which order people came: each of them signed in just before (sessions, times of signing
in) and answered at once. What is tried is whether anything kept of the answers goes along with that order, or with any
order of any other table.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from qiao.base import clock
from qiao.hear.surveys import services
from qiao.hear.surveys.models import Answer, Call, Invitation, Round, SealedAnswer
from qiao.hear.surveys.queries import frozen_folder
from qiao.hear.surveys.services import sealed
from qiao.hear.surveys.views import answering
from qiao.org.access.choices import Role
from qiao.org.people.models import Account
from tests.factories.hear import DAY, Town, codes_of, make_town, open_round

#: Signs before the person's number in each answer, for the attacker's score; nothing else of an answer names anybody.
SIGN = "qqzq"
PEOPLE = 64
#: Rank correlation of 64 shuffled people lies outside ±0.55 once in some 100,000 tries, on either side.
LINKED = 0.55
COARSE = {f"surveys_answer.{name}" for name in sealed.DESIGN}


def digests() -> dict[str, str]:
    """Every table's content as one hash: what an act changed is told apart by it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM \"{table}\" t")
            found[table] = cursor.fetchone()[0]
    return found


def changed(act: Callable[[], object]) -> set[str]:
    before = digests()
    act()
    after = digests()
    return {table for table in after if after[table] != before.get(table)}


def correlation(left: list[int], right: list[int]) -> float:
    """Spearman's rank correlation of two orders of the same people."""
    assert sorted(left) == sorted(right)
    places = {person: place for place, person in enumerate(left)}
    return float(np.corrcoef([places[person] for person in right], np.arange(len(right)))[0, 1])


def orders_of(table: str, who: str) -> dict[str, list[int]]:
    """The people of a table in the order of each of its columns, hidden ones and those of its long values included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum <> 0 AND NOT attisdropped "
            "AND attname NOT IN ('tableoid')", [table],
        )  # fmt: skip
        columns = [row[0] for row in cursor.fetchall()]
        found = {}
        for column in columns:
            cursor.execute(f'SELECT {who} FROM {table} ORDER BY "{column}"::text, ctid')
            found[f"{table}.{column} as text"] = [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT {who} FROM {table} ORDER BY ctid")
        found[f"{table}.ctid"] = [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT {who} FROM {table} ORDER BY xmin::text::bigint, cmin::text::bigint, ctid")
        found[f"{table}.xmin"] = [row[0] for row in cursor.fetchall()]
    return found


class Seen:
    """A round in which everybody signs in, answers and is known to have done so in this order."""

    def __init__(self, now: datetime) -> None:
        self.town = make_town(now, members=PEOPLE)
        self.survey = open_round(self.town)
        self.page = reverse("surveys:mine", args=[self.survey.code])
        places = list(range(PEOPLE))
        rng = random.Random(11)
        rng.shuffle(places)
        self.came: list[int] = []
        self.sizes: dict[int, int] = {}
        for place in places:
            person = self.town.people[place].pk
            # Half of them write so much that the database keeps it in a table of its own.
            words = "".join(rng.choices(string.ascii_letters, k=6000 if place % 2 else 40))
            client = Client()
            client.force_login(self.town.member_account(place))
            said = {"ws_shift": "day", "need_first": ["pay"], "words": f"{SIGN}{person} {words}"}
            reply = client.post(self.page, said)
            assert reply.status_code == 200
            self.came.append(person)
            self.sizes[person] = len(reply.content)


@pytest.fixture
def seen(transactional_db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Seen:
    monkeypatch.setattr(answering, "now", lambda: now)
    return Seen(now)


@pytest.mark.django_db(transaction=True)
def test_while_the_round_runs_hidden_columns_tell_who_came_when_and_nothing_of_what_was_said(seen: Seen) -> None:
    with connection.cursor() as cursor:
        # The attack works as far as it goes: one transaction wrote both rows of each person.
        cursor.execute(
            "SELECT i.person_id, length(s.content) FROM surveys_invitation i JOIN surveys_sealedanswer s "
            "ON i.xmin = s.xmin ORDER BY s.xmin::text::bigint"
        )
        joined = cursor.fetchall()
    assert [person for person, _length in joined] == seen.came
    # What it leads to are ciphertexts, of which the length is drawn: some who wrote little have long ones too.
    lengths = dict(joined)
    wrote_little = [lengths[seen.town.people[place].pk] for place in range(0, PEOPLE, 2)]
    assert len(set(wrote_little)) > 1


@pytest.mark.django_db(transaction=True)
def test_after_the_close_no_order_of_anything_kept_goes_along_with_the_order_of_people(seen: Seen) -> None:
    owner = seen.town.actor(Role.SURVEY_OWNER)
    closed = seen.survey.closes + DAY
    services.close_round(actor=owner, now=closed, code=seen.survey.code)
    who = f"substring(values->>'words' from '{SIGN}(\\d+)')::int"
    answers = orders_of("surveys_answer", who)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = 'surveys_answer'::regclass")
        (toast,) = cursor.fetchone()
        cursor.execute(f"SELECT count(DISTINCT chunk_id) FROM {toast}")
        assert cursor.fetchone()[0] >= PEOPLE / 2, "long answers lie in a table of their own, in the order of writing"
    services.publish_results(actor=owner, now=closed, code=seen.survey.code)
    table = pq.read_table(next(frozen_folder(seen.survey.code).glob("*.parquet")))
    words = table["words"].to_pylist()
    answers["frozen file"] = [int(found[1]) for text in words if (found := re.match(rf"{SIGN}(\d+)", text))]
    people = orders_of("surveys_invitation", "person_id")
    people["came"] = seen.came
    people["signed in"] = list(
        Account.objects.filter(person__isnull=False)
        .order_by("last_login").values_list("person_id", flat=True)
    )  # fmt: skip
    assert people["signed in"] == seen.came, "the attacker knows the order from elsewhere"
    # What somebody said names them here, so an order by the words themselves says nothing of how they are kept.
    tried = 0
    for name, order in answers.items():
        if name == "surveys_answer.values as text":
            continue
        for other, right in people.items():
            if name.split(" ")[0] in COARSE and other.split(" ")[0].replace("invitation", "answer") in COARSE:
                # These stand on both sides, merged until ten share them: the document says so.
                continue
            tried += 1
            assert abs(correlation(order, right)) < LINKED, f"{name} goes along with {other}"
    assert tried > 200


@pytest.mark.django_db(transaction=True)
def test_the_size_of_the_reply_tells_nothing_of_the_answer(seen: Seen) -> None:
    # A web log or the network between sees it, with the moment and the address.
    assert len(set(seen.sizes.values())) == 1


def test_answering_by_whatever_way_writes_the_two_rows_and_no_other(
    town: Town, client: Client, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(answering, "now", lambda: now)
    survey = open_round(town)
    both = {"surveys_invitation", "surveys_sealedanswer"}
    said = {"ws_shift": "day", "need_first": ["pay"], "words": SIGN}
    first, second, *_ = codes_of(town, survey)
    # The first answer of a round makes its key.
    page = reverse("surveys:answer", args=[first])
    assert changed(lambda: client.post(page, said)) == both | {"surveys_roundkey"}
    page = reverse("surveys:answer", args=[second])
    assert changed(lambda: client.post(page, said)) == both
    person = Invitation.objects.filter(round=survey, answered=False).order_by("-pk")[0].person_id
    place = [one.pk for one in town.people].index(person)
    client.force_login(town.member_account(place))
    assert changed(lambda: client.post(reverse("surveys:mine", args=[survey.code]), said)) == both
    assert SealedAnswer.objects.count() == 3
    assert not Answer.objects.exists()
    assert Round.objects.get(pk=survey.pk).answered == 0, "no counter moves with an answer"
    assert not Call.objects.exists()
