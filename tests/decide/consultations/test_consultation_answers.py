"""Sorting and answering: nobody is left out, nobody counts twice."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.decide import DAY, PERIOD, Ground, add_member, closed, make_ground, member_account, opened, speak

from qiao.base.access import SYSTEM, Refused
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.decide.consultations import queries, services
from qiao.decide.consultations.choices import OpinionState, Outcome
from qiao.decide.consultations.models import Consultation, Opinion
from qiao.org.people.models import PersonMessage
from qiao.publish.models import Article

pytestmark = pytest.mark.django_db
BECAUSE = localized("经费已列入预算", "the money is in the budget")


@pytest.fixture
def ground(now: datetime) -> Ground:
    return make_ground(now - 100 * DAY)


def ids(consultation: Consultation) -> list[int]:
    return list(consultation.opinions.order_by("pk").values_list("pk", flat=True))


def answer(ground: Ground, now: datetime, code: str, opinion_ids: list[int], outcome: str = "adopted") -> int:
    return services.answer_opinions(
        actor=ground.officer("executive"), now=now, code=code, opinion_ids=opinion_ids, outcome=outcome, reason=BECAUSE
    )  # fmt: skip


def test_identical_texts_stand_together_and_each_person_counts_once(now: datetime, ground: Ground) -> None:
    before = now - PERIOD
    consultation = opened(before, ground)
    clause = queries.clauses_of(consultation)[0]
    for member in ground.members[:4]:
        speak(before, member, consultation, "加一班。")
    speak(before, ground.members[0], consultation, "加一班", clause)
    speak(before, ground.members[5], consultation, "不同意")
    consultation = services.close_consultation(actor=SYSTEM, now=now, code=consultation.code)
    parts = queries.clusters(consultation)
    assert [(part.number, [(c.text, c.members, len(c.ids)) for c in part.clusters]) for part in parts] == [
        (None, [("加一班。", 4, 4), ("不同意", 1, 1)]),
        (1, [("加一班", 1, 1)]),
    ]
    published = queries.published_opinions(consultation)
    assert [(row.clause, row.members, row.answer) for row in published] == [
        (None, 4, None),
        (None, 1, None),
        (1, 1, None),
    ]


def test_a_group_is_answered_as_a_whole_and_counts_each_supporter_once(now: datetime, ground: Ground) -> None:
    consultation = closed(now, ground, [(0, "加一班"), (0, "再加一班"), (1, "多来一班"), (2, "不用")])
    first, second, third, fourth = ids(consultation)
    secretary = ground.officer("secretary")
    services.group_opinions(
        actor=secretary, now=now, code=consultation.code, opinion_ids=[first, second, third],
        title=localized("加班次", "More buses"),
    )  # fmt: skip
    (part,) = queries.clusters(consultation)
    assert [(cluster.members, len(cluster.ids)) for cluster in part.clusters] == [(2, 3), (1, 1)]
    assert answer(ground, now, consultation.code, [first], "partly") == 3
    assert queries.unanswered_count(consultation.code) == 1
    assert queries.answered_rows(consultation)[0].members == 2
    group = Opinion.objects.get(pk=first).group_id
    assert group is not None
    with pytest.raises(Problem, match="has its answer"):
        services.dissolve_group(actor=secretary, now=now, code=consultation.code, group_id=group)
    # The author of the third: mine is another one. It waits again, for its own answer.
    with pytest.raises(Refused):
        services.contest_grouping(actor=ground.members[0], now=now, opinion_id=third)
    services.contest_grouping(actor=ground.members[1], now=now, opinion_id=third)
    assert queries.unanswered_count(consultation.code) == 2
    answer(ground, now, consultation.code, [third, fourth], "not_adopted")
    assert queries.opinion_fate(consultation.code) == {"adopted": 0, "partly": 2, "not_adopted": 2, "unanswered": 0}


def test_whoever_is_left_alone_when_an_author_leaves_stands_for_itself(now: datetime, ground: Ground) -> None:
    consultation = closed(now, ground, [(0, "加一班"), (1, "多来一班")])
    first, second = ids(consultation)
    services.group_opinions(
        actor=ground.officer("secretary"), now=now, code=consultation.code, opinion_ids=[first, second],
        title=localized("加班次", "More buses"),
    )  # fmt: skip
    services.contest_grouping(actor=ground.members[1], now=now, opinion_id=second)
    stand = Opinion.objects.order_by("pk").values_list("group", "state")
    assert list(stand) == [(None, OpinionState.RECEIVED), (None, OpinionState.RECEIVED)]
    assert queries.unanswered_count(consultation.code) == 2


def test_finishing_is_refused_while_any_lacks_an_answer(now: datetime, ground: Ground) -> None:
    consultation = closed(now, ground, [(0, "一"), (1, "二")])
    code, executive = consultation.code, ground.officer("executive")
    first, second = ids(consultation)
    answer(ground, now, code, [first])
    with pytest.raises(Problem, match="1 opinions have no answer"):
        services.finish_answers(actor=executive, now=now, code=code)
    assert not queries.is_answered(code)
    answer(ground, now, code, [second], "not_adopted")
    with pytest.raises(Refused):
        services.finish_answers(actor=ground.officer("secretary"), now=now, code=code)
    services.finish_answers(actor=executive, now=now, code=code)
    services.finish_answers(actor=executive, now=now, code=code)
    assert queries.is_answered(code)
    assert Article.objects.filter(code=code, title__en__startswith="All opinions answered").count() == 1
    with pytest.raises(Problem, match="between the close"):
        answer(ground, now, code, [first], "partly")


def test_answers_need_reason_outcome_and_own_opinions(now: datetime, ground: Ground) -> None:
    consultation = closed(now, ground, [(0, "一")])
    other = closed(now, ground, [(0, "二")])
    executive = ground.officer("executive")

    def give(**changes: object) -> int:
        given = {"outcome": "adopted", "reason": BECAUSE, "opinion_ids": ids(consultation)} | changes
        return services.answer_opinions(actor=executive, now=now, code=consultation.code, **given)  # type: ignore[arg-type]

    for changes, message in (
        ({"reason": {}}, "reason"), ({"outcome": "maybe"}, "adopted, partly"), ({"opinion_ids": []}, "at least one"),
        ({"opinion_ids": ids(other)}, "another consultation"),
    ):  # fmt: skip
        with pytest.raises(Problem, match=message):
            give(**changes)
    with pytest.raises(Refused):
        services.answer_opinions(
            actor=ground.officer("secretary"), now=now, code=consultation.code, opinion_ids=ids(consultation),
            outcome="adopted", reason=BECAUSE,
        )  # fmt: skip
    assert give() == 1
    # The same form again changes nothing, whatever it says.
    assert give(outcome="not_adopted") == 0
    assert queries.opinion_fate(consultation.code)["adopted"] == 1


def test_the_author_is_told_once_and_again_after_a_personal_word(now: datetime, ground: Ground) -> None:
    member_account(now, ground.members[0])
    consultation = closed(now, ground, [(0, "加一班"), (1, "加一班")])
    mine, other = ids(consultation)
    answer(ground, now, consultation.code, [mine, other])
    for _turn in range(2):
        services.tell_opinion(actor=SYSTEM, now=now, opinion_id=mine)
        services.tell_opinion(actor=SYSTEM, now=now, opinion_id=other)
    told = PersonMessage.objects.get(person_id=ground.members[0].person_id)
    assert "加一班" in str(told.text)
    assert "经费已列入预算" in str(told.text)
    assert Opinion.objects.get(pk=mine).receipt in str(told.text)
    assert not told.deliveries.exists(), "nobody agreed to mail"
    assert Opinion.objects.get(pk=mine).state == "told"
    # Without an account it is read by the receipt.
    assert Opinion.objects.get(pk=other).state == "answered"
    services.add_addendum(
        actor=ground.officer("executive"), now=now, code=consultation.code, opinion_id=mine,
        addendum=localized("谢谢您", "Thank you"),
    )  # fmt: skip
    services.tell_opinion(actor=SYSTEM, now=now, opinion_id=mine)
    again = PersonMessage.objects.filter(person_id=ground.members[0].person_id).order_by("pk").last()
    assert again is not None
    assert "谢谢您" in str(again.text)
    state = queries.receipt_state(Receipt.objects.get(pk=Opinion.objects.get(pk=mine).receipt))
    assert state is not None
    assert "谢谢您" in state.answer
    assert [done for _label, done in state.steps] == [True, True, True]


def test_words_are_published_only_as_the_author_and_the_size_of_the_unit_allow(now: datetime, ground: Ground) -> None:
    before = now - PERIOD
    consultation = opened(before, ground)
    speak(before, ground.members[0], consultation, "公开")
    speak(before, ground.members[1], consultation, "别登", published=False)
    abuse = speak(before, ground.members[2], consultation, "骂人")
    assert queries.published_opinions(consultation) == []
    consultation = services.close_consultation(actor=SYSTEM, now=now, code=consultation.code)
    services.withhold_opinion(
        actor=ground.officer("secretary"), now=now, code=consultation.code, opinion_id=abuse.pk,
        reason=localized("辱骂他人", "abuse"), ground="abuse",
    )  # fmt: skip
    # Eight members: too few to quote anybody.
    assert {row.text for row in queries.published_opinions(consultation)} == {""}
    for number in range(30):
        add_member(now, ground.base, f"林{number}")
    rows = {row.text: row for row in queries.published_opinions(consultation)}
    assert set(rows) == {"公开", ""}
    assert sorted((row.kept_back, bool(row.withheld)) for row in queries.published_opinions(consultation)) == [
        (False, False), (False, True), (True, False),
    ]  # fmt: skip


def test_the_database_itself_refuses_an_answered_opinion_without_answer(now: datetime, ground: Ground) -> None:
    consultation = closed(now, ground, [(0, "一")])
    with pytest.raises(IntegrityError, match="opinion_answered_with_answer"), atomic():
        consultation.opinions.update(state="answered")


class Undo(Exception):
    """Ends an example and takes it back."""


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("group"), st.sets(st.integers(0, 5), min_size=2, max_size=4)),
        st.tuples(st.just("dissolve"), st.integers(0, 5)),
        st.tuples(st.just("contest"), st.integers(0, 5)),
        st.tuples(st.just("answer"), st.sets(st.integers(0, 5), min_size=1, max_size=4)),
        st.tuples(st.just("finish"), st.just(0)),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, outcome=st.sampled_from(Outcome.values))
def test_no_order_of_acts_leaves_an_opinion_out_of_an_answered_consultation(
    now: datetime, ground: Ground, steps: list[tuple[str, object]], outcome: str
) -> None:
    with suppress(Undo), atomic():
        consultation = closed(now, ground, [(place % 4, f"意见{place}") for place in range(6)])
        code, own = consultation.code, ids(consultation)
        authors = dict(consultation.opinions.values_list("pk", "person_id"))
        for act, what in steps:
            with suppress(Problem), atomic():
                _do(ground, now, code, own, act, what, outcome)
            held = Consultation.objects.get(pk=consultation.pk)
            waiting = consultation.opinions.filter(answer__isnull=True).count()
            # The promise: answered means each has its answer; and nobody was lost, moved or doubled on the way.
            assert held.state != "answered" or waiting == 0
            assert dict(consultation.opinions.values_list("pk", "person_id")) == authors
            clusters = [cluster for part in queries.clusters(held) for cluster in part.clusters]
            assert sorted(pk for cluster in clusters for pk in cluster.ids) == sorted(
                consultation.opinions.filter(answer__isnull=True).values_list("pk", flat=True)
            )
            assert all(cluster.members == len({authors[pk] for pk in cluster.ids}) for cluster in clusters)
            assert sum(queries.opinion_fate(code).values()) == len(own)
        raise Undo


def _do(ground: Ground, now: datetime, code: str, own: list[int], act: str, what: object, outcome: str) -> None:
    secretary = ground.officer("secretary")
    if act == "group" and isinstance(what, set):
        services.group_opinions(
            actor=secretary, now=now, code=code, opinion_ids=[own[place] for place in what], title=localized("同")
        )  # fmt: skip
    elif act == "dissolve" and isinstance(what, int):
        group = Opinion.objects.get(pk=own[what]).group_id
        if group is not None:
            services.dissolve_group(actor=secretary, now=now, code=code, group_id=group)
    elif act == "contest" and isinstance(what, int):
        services.contest_grouping(actor=ground.members[what % 4], now=now, opinion_id=own[what])
    elif act == "answer" and isinstance(what, set):
        answer(ground, now, code, [own[place] for place in what], outcome)
    elif act == "finish":
        services.finish_answers(actor=ground.officer("executive"), now=now, code=code)


def test_answering_queues_one_job_per_author_in_the_same_transaction(now: datetime, ground: Ground) -> None:
    consultation = closed(now, ground, [(0, "一"), (1, "二")])
    with connection.cursor() as cursor:
        # The queue is not emptied between tests with transactions of their own.
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        (newest,) = cursor.fetchone()
        answer(ground, now, consultation.code, ids(consultation))
        cursor.execute(
            "SELECT (args->>'opinion_id')::bigint FROM procrastinate_jobs WHERE task_name = %s AND id > %s ORDER BY id",
            ["consultations.tell_opinion", newest],
        )
        assert [row[0] for row in cursor.fetchall()] == ids(consultation)
