"""Topics of free words: worked out once, shaped by analysts with trace, quoted by the rules, forgotten in time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.i18n import localized
from qiao.base.problems import Problem, Problems
from qiao.hear.needs import services
from qiao.hear.needs.models import Topic, TopicSet, TopicStep, TopicText
from qiao.hear.needs.queries import topics as reads
from qiao.hear.needs.services.erasing import erase_texts
from qiao.hear.surveys.models import Round
from qiao.org.access.choices import Role
from qiao.org.retention.choices import Ground
from qiao.org.retention.models import Hold, Proof
from qiao.org.retention.rules import Held
from qiao.org.retention.services import run_rule, set_hold
from tests.factories.hear import DAY, Town, make_town
from tests.factories.needs import BUS, MEAL, PAY, round_with_words, topic_set


@pytest.fixture
def large(db: None, now: datetime) -> Town:
    return make_town(now, members=80)


def texts_in(made: TopicSet) -> dict[str, int | None]:
    """Every text of a set and the number of its topic."""
    return {
        str(row.text): row.topic.number if row.topic else None
        for row in TopicText.objects.filter(topic_set=made).select_related("topic")
    }


def test_texts_that_say_the_same_in_two_languages_come_together(large: Town) -> None:
    made = topic_set(large, wanted=3)
    where = texts_in(made)
    assert set(where) == {*BUS, *MEAL, *PAY}
    assert (made.state, made.texts, made.people) == ("ready", 30, 30)
    for kind in (BUS, MEAL, PAY):
        found = [where[text] for text in kind]
        main = max(set(found), key=found.count)
        assert found.count(main) >= 8, (kind, found)
    assert where["No bus home after the night shift"] == where["夜班下班没有公交车"]
    # Again: nothing changes.
    before = TopicText.objects.count()
    services.cluster_topics(actor=SYSTEM, now=large.now, topic_set_id=made.pk)
    assert TopicText.objects.count() == before


def test_the_same_text_of_a_thousand_volunteers_is_one(large: Town) -> None:
    # In a census each answer is a person; whoever pastes into an open link may be one.
    made = topic_set(large, (*BUS, *MEAL, *([PAY[0]] * 20)), wanted=2)
    row = TopicText.objects.get(topic_set=made, copies=20)
    assert row.people == 20
    assert str(row.text) == PAY[0]


def test_odd_texts_make_no_topic_and_no_fault(large: Town) -> None:
    made = topic_set(large, (*BUS, *MEAL, "😀", "……", "夜" * 9_000, "ab\ncd"), wanted=2)
    assert made.empty == 2
    assert len(texts_in(made)) == 22


def test_too_few_texts_say_so(large: Town) -> None:
    made = topic_set(large, (*BUS[:4], *["工资"] * 30))
    assert made.state == "failed"
    assert not made.topics.exists()


def test_who_may_gather_and_from_what(large: Town, now: datetime) -> None:
    code = round_with_words(large, [*BUS, *MEAL, *PAY])
    facts = {"now": now, "unit": large.root, "title": localized("话")}
    with pytest.raises(Refused):
        services.gather_topics(actor=large.actor(Role.EXECUTIVE), source_codes=[code], **facts)  # type: ignore[arg-type]
    analyst = large.actor(Role.ANALYST)
    for codes, words in (([], "at least one"), (["S-0"], "results are published"), ([code], "2 to 40")):
        with pytest.raises(Problem, match=words):
            services.gather_topics(
                actor=analyst,
                source_codes=codes,
                wanted=99 if words == "2 to 40" else None,
                **facts,  # type: ignore[arg-type]
            )
    with pytest.raises(Problem, match="another part"):
        services.gather_topics(
            actor=analyst, source_codes=[code], now=now, unit=large.districts[0], title=localized("话")
        )  # fmt: skip
    assert not TopicSet.objects.exists()


@pytest.fixture
def shaped(large: Town) -> TopicSet:
    return topic_set(large, wanted=3)


def open_topics(made: TopicSet) -> list[Topic]:
    return list(Topic.objects.filter(topic_set=made, state="open").order_by("number"))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_text_stays_in_exactly_one_place_and_all_can_be_undone(
    data: st.DataObject, shaped: TopicSet, large: Town, now: datetime
) -> None:
    analyst = large.actor(Role.ANALYST)
    before = texts_in(shaped)
    sums = sorted(Topic.objects.filter(topic_set=shaped, state="open").values_list("people", flat=True))
    steps = 0
    for _step in range(data.draw(st.integers(1, 5))):
        topics = open_topics(shaped)
        act = data.draw(st.sampled_from(["merge", "split", "rename", "aside"]))
        topic = data.draw(st.sampled_from(topics))
        if act == "merge" and len(topics) > 1:
            other = data.draw(st.sampled_from([one for one in topics if one != topic]))
            services.merge_topics(actor=analyst, now=now, topic_ids=[other.pk], into_id=topic.pk)
        elif act == "split" and topic.rows.count() > 1:
            rows = sorted(topic.rows.values_list("pk", flat=True), key=str)
            taken = rows[: data.draw(st.integers(1, len(rows) - 1))]
            services.split_topic(actor=analyst, now=now, topic_id=topic.pk, row_ids=taken, name=localized("新"))
        elif act == "rename":
            services.rename_topic(actor=analyst, now=now, topic_id=topic.pk, name=localized(f"名{_step}{topic.pk}"))
        elif act == "aside" and len(topics) > 1:
            services.set_aside(actor=analyst, now=now, topic_id=topic.pk, ground="不是需求")
        else:
            continue
        steps += 1
        where = texts_in(shaped)
        assert set(where) == set(before)
        assert sum(one.texts for one in Topic.objects.filter(topic_set=shaped, state__in=["open", "aside"])) == sum(
            number is not None for number in where.values()
        )
        assert not TopicText.objects.filter(topic__topic_set=shaped, topic__state__in=["merged", "split"]).exists()
    for _step in range(steps):
        _all, last = reads.steps_of(shaped)
        assert last is not None
        services.undo_step(actor=analyst, now=now, step_id=last)
    assert texts_in(shaped) == before
    left = Topic.objects.filter(topic_set=shaped, state="open").values_list("people", flat=True)
    assert sorted(left) == sums


def test_steps_leave_a_trace_and_replay_changes_nothing(shaped: TopicSet, large: Town, now: datetime) -> None:
    analyst = large.actor(Role.ANALYST)
    one, two, three = open_topics(shaped)
    for _again in range(2):
        services.rename_topic(actor=analyst, now=now, topic_id=one.pk, name=localized("夜班交通", "Night transport"))
    services.merge_topics(actor=analyst, now=now, topic_ids=[two.pk], into_id=one.pk)
    with pytest.raises(Problem, match="no longer in the list"):
        services.merge_topics(actor=analyst, now=now, topic_ids=[two.pk], into_id=one.pk)
    services.set_aside(actor=analyst, now=now, topic_id=three.pk, ground="问候")
    with pytest.raises(Problem, match="Say why"):
        services.set_aside(actor=analyst, now=now, topic_id=one.pk, ground=" ")
    assert [step.kind for step in TopicStep.objects.order_by("pk")] == ["rename", "merge", "aside"]
    rename, merge, aside = TopicStep.objects.order_by("pk")
    with pytest.raises(Problem, match="later steps first"):
        services.undo_step(actor=analyst, now=now, step_id=merge.pk)
    back = services.undo_step(actor=analyst, now=now, step_id=aside.pk)
    assert services.undo_step(actor=analyst, now=now, step_id=aside.pk) == back
    services.undo_step(actor=analyst, now=now, step_id=merge.pk)
    with pytest.raises(Problem, match="take the step again"):
        services.undo_step(actor=analyst, now=now, step_id=back.pk)
    assert [topic.number for topic in open_topics(shaped)] == [1, 2, 3]
    assert rename.actor_name == "analyst"
    with pytest.raises(Refused):
        services.rename_topic(actor=large.actor(Role.EXECUTIVE), now=now, topic_id=one.pk, name=localized("x"))
    with pytest.raises(Problems, match="telephone"):
        services.rename_topic(actor=analyst, now=now, topic_id=one.pk, name=localized("13812345678"))


def test_texts_lie_sealed_and_go_in_time(shaped: TopicSet, large: Town, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM needs_topictext")
        assert not any("夜班".encode() in bytes(row[0]) for row in cursor.fetchall())
    assert erase_texts(shaped.asked - DAY, 100, Held(at=now)).keys == ()
    assert erase_texts(now + 400 * DAY, 100, Held(at=now, codes=frozenset({shaped.code}))).keys == ()
    assert len(erase_texts(now + 400 * DAY, 100, Held(at=now)).keys) == 30
    assert erase_texts(now + 400 * DAY, 100, Held(at=now)).keys == (f"needs.topics:{shaped.code}",)
    assert erase_texts(now + 400 * DAY, 100, Held(at=now)).keys == ()
    assert not TopicText.objects.exists()
    with pytest.raises(Problem, match="erased"):
        services.rename_topic(
            actor=large.actor(Role.ANALYST), now=now, topic_id=open_topics(shaped)[0].pk, name=localized("名")
        )  # fmt: skip
    assert sum(topic.people for topic in open_topics(shaped)) > 0


def test_a_topic_is_not_merged_into_itself_nor_in_a_ring(shaped: TopicSet, large: Town, now: datetime) -> None:
    analyst = large.actor(Role.ANALYST)
    one, two, three = (topic.pk for topic in open_topics(shaped))
    with pytest.raises(Problem, match="at least one other"):
        services.merge_topics(actor=analyst, now=now, topic_ids=[one, one], into_id=one)
    services.merge_topics(actor=analyst, now=now, topic_ids=[one], into_id=two)
    services.merge_topics(actor=analyst, now=now, topic_ids=[two], into_id=three)
    for ring in ((three, one), (three, two), (one, three)):
        with pytest.raises(Problem, match="no longer in the list"):
            services.merge_topics(actor=analyst, now=now, topic_ids=[ring[0]], into_id=ring[1])
    assert set(texts_in(shaped).values()) - {None} == {3}


def test_a_source_erased_before_the_work_says_so(large: Town, now: datetime) -> None:
    code = round_with_words(large, [*BUS, *MEAL, *PAY])
    made = services.gather_topics(
        actor=large.actor(Role.ANALYST), now=now, unit=large.root, title=localized("话"), source_codes=[code]
    )
    Round.objects.filter(code=code).update(erased=now)
    assert services.cluster_topics(actor=SYSTEM, now=now, topic_set_id=made.pk).state == "failed"


def test_a_text_of_a_million_signs_and_broken_ones_are_read(large: Town) -> None:
    torn = "食堂太贵".encode("gbk").decode("latin-1")
    made = topic_set(large, (*BUS, *MEAL, "夜班没车" * 2_000, torn, "🚌🚌🚌", "\u202e\u200b", "…"), wanted=2)
    assert made.state == "ready"
    assert made.empty == 3
    assert torn in texts_in(made)


def test_over_age_texts_go_with_a_proof_and_what_is_held_stays(shaped: TopicSet, large: Town) -> None:
    due = shaped.asked + 90 * DAY
    assert run_rule(actor=SYSTEM, now=due - DAY, key="topic_texts") == 0
    late = due + 2 * DAY
    set_hold(actor=SYSTEM, now=late, object_class="topic_texts", ground=Ground.COURT, reason="case 7",
             until=late.date() + DAY)  # fmt: skip
    assert run_rule(actor=SYSTEM, now=late, key="topic_texts") == 0
    assert TopicText.objects.count() == 30
    Hold.objects.update(ended_at=late)
    # Thirty texts, and the set marked as without them.
    assert run_rule(actor=SYSTEM, now=late, key="topic_texts") == 31
    assert not TopicText.objects.exists()
    assert Proof.objects.get(object_class="topic_texts").number == 31
    assert len(open_topics(shaped)) == 3
    assert run_rule(actor=SYSTEM, now=late, key="topic_texts") == 0


def test_pages_of_topics(shaped: TopicSet, large: Town, client: Client) -> None:
    listed = reverse("needs:topics")
    assert client.get(listed).status_code == 302
    client.force_login(large.account(Role.ANALYST))
    assert "心里话" in client.get(listed).content.decode()
    one, two, _three = open_topics(shaped)
    page = reverse("needs:topic", args=[shaped.code, one.number])
    shape = reverse("needs:shape", args=[shaped.code, one.number])
    assert client.get(page).status_code == 200
    assert client.post(shape, {"act": "rename", "name_zh_hans": "交通", "name_en": "Transport"}).status_code == 302
    assert client.post(shape, {"act": "merge", "others": [two.pk]}).status_code == 302
    row = one.rows.order_by("central").first()
    assert row is not None
    assert client.post(shape, {"act": "split", "rows": [str(row.pk)], "name_zh_hans": "别的"}).status_code == 302
    assert client.post(shape, {"act": "split", "rows": ["x"], "name_zh_hans": "别的"}).status_code == 404
    steps = TopicStep.objects.count()
    assert client.post(shape, {"act": "what"}).status_code == 302
    assert TopicStep.objects.count() == steps
    shown = client.get(reverse("needs:topic_set", args=[shaped.code])).content.decode()
    assert "交通" in shown
    _steps, last = reads.steps_of(shaped)
    assert client.post(reverse("needs:undo", args=[shaped.code, last])).status_code == 302
    assert client.post(reverse("needs:undo", args=[shaped.code, 9_999_999])).status_code == 404
    assert {topic.number for topic in open_topics(shaped)} == {1, 3}


@pytest.mark.django_db(transaction=True)
def test_two_analysts_at_once_merge_one_after_the_other(now: datetime) -> None:
    town = make_town(now, members=80)
    made = topic_set(town, wanted=3)
    one, two, three = open_topics(made)
    analyst = town.actor(Role.ANALYST)
    said: list[str] = []

    def act(step: Callable[[], object]) -> None:
        try:
            step()
            said.append("done")
        except Problem as fault:
            said.append(fault.message)
        finally:
            connection.close()

    def merge(source: Topic, target: Topic, actor: Actor) -> Callable[[], object]:
        return lambda: services.merge_topics(actor=actor, now=now, topic_ids=[source.pk], into_id=target.pk)

    threads = [
        threading.Thread(target=act, args=[merge(two, one, analyst)]),
        threading.Thread(target=act, args=[merge(two, three, analyst)]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["Topic %(number)d is no longer in the list: look at it again.", "done"]
    assert TopicText.objects.filter(topic=two).count() == 0
    assert TopicStep.objects.count() == 1
