"""Real transactions side by side: no paper is lost or doubled, none slips in behind the close, traces go."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.ballots import DAY, make_ground, make_open_ballot

from qiao.base.access import SYSTEM, Refused
from qiao.base.db import atomic
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.decide.ballots import queries, services
from qiao.decide.ballots.models import Ballot, Paper, RollEntry
from qiao.decide.ballots.services import VotedAlready
from qiao.decide.ballots.tasks import pack_tables


def side_by_side(*acts: Callable[[], object]) -> list[object]:
    """Run acts in threads that begin together; what each returned or raised."""
    results: list[object] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = acts[place]()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db(transaction=True)
def test_the_same_vote_sent_six_times_at_once_is_one_vote(now: datetime) -> None:
    ground = make_ground(now)
    ballot, codes = make_open_ballot(now, ground, 300, 500)

    def vote() -> object:
        return services.cast_ballot(actor=ground.members[0], now=now, code=ballot.code, proposal_codes=codes)

    results = side_by_side(*[vote] * 6)
    assert sum(isinstance(result, Receipt) for result in results) == 1
    assert sum(isinstance(result, VotedAlready) for result in results) == 5
    assert Paper.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_votes_beside_the_close_are_counted_or_refused_never_lost(now: datetime) -> None:
    ground = make_ground(now, members=7)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    end = now + 7 * DAY

    def vote(place: int) -> Callable[[], object]:
        # These requests read the clock just before the end and arrive while the box is being closed.
        return lambda: services.cast_ballot(
            actor=ground.members[place], now=end - DAY / 1000, code=ballot.code, proposal_codes=codes[:1]
        )

    results = side_by_side(
        *[vote(place) for place in range(6)], lambda: services.count_ballot(actor=SYSTEM, now=end, code=ballot.code)
    )
    given_receipts = sum(isinstance(result, Receipt) for result in results[:6])
    assert all(isinstance(result, Receipt | Problem) for result in results[:6])
    counted = Ballot.objects.get()
    assert counted.state == "counted", results[6]
    assert counted.turnout == given_receipts == Paper.objects.count() == RollEntry.objects.filter(voted=True).count()


@pytest.mark.django_db(transaction=True)
def test_after_the_count_no_trace_in_the_tables_joins_paper_and_person(now: datetime) -> None:
    ground = make_ground(now, members=8)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    for place in (5, 2, 7, 0, 4, 1):
        services.cast_ballot(
            actor=ground.members[place], now=now, code=ballot.code, proposal_codes=codes[place % 2 :][:1]
        )
    assert joined() == 6, "while the vote is open the transaction of a request marks both of its rows"
    services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    pack_tables()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text), count(*) FROM ballots_paper")
        assert cursor.fetchone() == (1, 6)
        cursor.execute("SELECT count(DISTINCT xmin::text), count(*) FROM ballots_rollentry")
        assert cursor.fetchone() == (1, 8)
        cursor.execute("SELECT id FROM ballots_paper ORDER BY ctid")
        stored = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT person_id FROM ballots_rollentry ORDER BY ctid")
        people = [row[0] for row in cursor.fetchall()]
    assert stored == sorted(stored)
    assert people == sorted(people)


def joined() -> int:
    """How many papers the stamp of their transaction joins with exactly one mark on the roll."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ballots_paper p JOIN ballots_rollentry r ON r.xmin::text = p.xmin::text AND r.voted"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(tries=st.lists(st.tuples(st.integers(0, 6), st.sets(st.integers(0, 2))), max_size=14))
def test_whatever_is_sent_the_count_is_what_the_first_valid_votes_say(now: datetime, tries) -> None:
    """The reference is a dictionary: the first paper of each member that names at least one project."""
    with atomic():
        check_against_a_dictionary(now, tries)
        connection.set_rollback(True)


def check_against_a_dictionary(now: datetime, tries: list[tuple[int, set[int]]]) -> None:
    ground = make_ground(now, members=6)
    ballot, codes = make_open_ballot(now, ground, 300, 500, 200)
    expected: dict[int, set[int]] = {}
    for who, wanted in tries:
        actor = ground.members[who] if who < 6 else ground.officer("secretary")
        with suppress(Problem, Refused):
            services.cast_ballot(actor=actor, now=now, code=ballot.code, proposal_codes=[codes[at] for at in wanted])
            assert who not in expected, "a second paper was taken"
            expected[who] = wanted
    assert set(expected) == {who for who, wanted in tries if wanted and who < 6}
    counted = services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    assert counted.turnout == len(expected) == Paper.objects.count()
    papers = sorted(tuple(paper) for paper in Paper.objects.values_list("marks", flat=True))
    assert papers == sorted(tuple(codes[place] for place in sorted(wanted)) for wanted in expected.values())
    if len(expected) >= 5:
        votes = [item.votes for item in queries.item_lines(counted)]
        assert votes == [sum(place in wanted for wanted in expected.values()) for place in range(3)]
