"""Quotes: by the rules only, with their topics, taken back at any time; and a topic that becomes a need."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from qiao.base.access import Refused
from qiao.base.i18n import localized
from qiao.base.problems import Problem, Problems
from qiao.hear.needs import services
from qiao.hear.needs.models import Quote, Topic, TopicSet, TopicStep, TopicText
from qiao.hear.needs.queries import topics as reads
from qiao.hear.needs.queries.digests import shown_digest
from qiao.hear.needs.rules.quoting import named
from qiao.hear.needs.services.erasing import erase_texts
from qiao.org.access.choices import Role
from qiao.org.retention.rules import Held
from tests.factories.hear import DAY, Town, make_town
from tests.factories.needs import BUS, MEAL, PAY, second_analyst, topic_set


@pytest.fixture
def large(db: None, now: datetime) -> Town:
    return make_town(now, members=80)


def open_topics(made: TopicSet) -> list[Topic]:
    return list(Topic.objects.filter(topic_set=made, state="open").order_by("number"))


def test_words_are_quoted_by_the_rules_only(large: Town, now: datetime) -> None:
    phone = "夜班没有车，请打我电话13812345678"
    made = topic_set(large, (*BUS, phone, *MEAL, *PAY), wanted=3, consent=(BUS[0], phone))
    analyst = large.actor(Role.ANALYST)
    rows = {str(row.text): row for row in TopicText.objects.filter(topic_set=made).select_related("topic")}
    agreed, silent = rows[BUS[0]], rows[BUS[3]]
    for _again in range(2):
        quote = services.quote_text(actor=analyst, now=now, row_id=agreed.pk)
    assert (Quote.objects.count(), quote.words, quote.rewritten) == (1, {"zh-hans": BUS[0]}, False)
    with pytest.raises(Problem, match="agreed to be quoted"):
        services.quote_text(actor=analyst, now=now, row_id=silent.pk)
    with pytest.raises(Problem, match="still what was written"):
        services.quote_text(actor=analyst, now=now, row_id=silent.pk, rewritten=localized(f"{BUS[3]}啊"))
    with pytest.raises(Problems, match="telephone"):
        services.quote_text(actor=analyst, now=now, row_id=rows[phone].pk)
    with pytest.raises(Problems, match="telephone"):
        services.quote_text(actor=analyst, now=now, row_id=silent.pk, rewritten=localized("打 0571-87654321 问吧"))
    anew = services.quote_text(actor=analyst, now=now, row_id=silent.pk, rewritten=localized("回家的公共交通收得早"))
    assert anew.rewritten
    TopicText.objects.filter(pk=silent.pk).update(members=29)
    with pytest.raises(Problem, match="fewer than 30 members"):
        services.quote_text(actor=analyst, now=now, row_id=silent.pk, rewritten=localized("交通不方便得很"))
    services.withdraw_quote(actor=analyst, now=now, quote_id=quote.pk)
    services.withdraw_quote(actor=analyst, now=now, quote_id=quote.pk)
    assert [step.kind for step in TopicStep.objects.order_by("pk")] == ["quote", "quote", "unquote"]
    assert [one.pk for one in reads.quotes_of(anew.topic)] == [anew.pk]


@pytest.mark.parametrize(
    "words",
    ["王师傅说夜班没有车", "欧阳主任不批假", "我叫李小明，回家没车", "Ask Mr Smith about the bus",
     "写信到 a.b@x.example", "加微信 wxid_77abc"],
)  # fmt: skip
def test_names_and_addresses_are_no_quotes(words: str) -> None:
    assert named(words)


@pytest.mark.parametrize("words", [*BUS, *MEAL, *PAY, "师傅们都说末班车太早", "周末加班", "Our foreman never asks"])
def test_ordinary_words_name_nobody(words: str) -> None:
    assert named(words) == ""


def test_a_name_is_not_quoted_even_with_consent(large: Town, now: datetime) -> None:
    text = "王师傅下夜班没有公交车"
    made = topic_set(large, (*BUS, text, *MEAL, *PAY), wanted=3, consent=(text,))
    row = next(row for row in TopicText.objects.filter(topic_set=made) if str(row.text) == text)
    with pytest.raises(Problem, match="王师傅"):
        services.quote_text(actor=large.actor(Role.ANALYST), now=now, row_id=row.pk)
    assert not Quote.objects.exists()


def quoted(large: Town, now: datetime) -> tuple[TopicSet, Quote]:
    """A set whose bus topic has a quote, and the quote."""
    made = topic_set(large, wanted=3, consent=BUS)
    row = next(row for row in TopicText.objects.filter(topic_set=made) if str(row.text) == BUS[0])
    return made, services.quote_text(actor=large.actor(Role.ANALYST), now=now, row_id=row.pk)


def test_quotes_go_with_their_topic_and_come_back(large: Town, now: datetime) -> None:
    made, quote = quoted(large, now)
    analyst = large.actor(Role.ANALYST)
    other = next(topic for topic in open_topics(made) if topic.pk != quote.topic_id)
    services.merge_topics(actor=analyst, now=now, topic_ids=[quote.topic_id], into_id=other.pk)
    assert [one.pk for one in reads.quotes_of(other)] == [quote.pk]
    _steps, last = reads.steps_of(made)
    assert last is not None
    services.undo_step(actor=analyst, now=now, step_id=last)
    assert reads.quotes_of(other) == []
    assert [one.pk for one in reads.quotes_of(quote.topic)] == [quote.pk]


def test_words_are_taken_back_even_late_and_leave_published_digests(large: Town, now: datetime) -> None:
    made, quote = quoted(large, now)
    analyst = large.actor(Role.ANALYST)
    services.rename_topic(
        actor=analyst, now=now, topic_id=quote.topic_id, name=localized("夜班交通", "Night transport")
    )
    day = made.ready
    assert day is not None
    digest = services.draft_digest(
        actor=analyst, now=day + 2 * DAY, unit=large.root, since=(day - 5 * DAY).date(), until=(day + DAY).date()
    )
    services.check_digest(actor=second_analyst(large), now=now, code=digest.code)
    digest = services.publish_digest(actor=analyst, now=now, code=digest.code)
    hashed = digest.content_hash
    assert BUS[0] in str(shown_digest(digest, full=False))
    erase_texts(day + 400 * DAY, 100, Held(at=now))
    erase_texts(day + 400 * DAY, 100, Held(at=now))
    services.withdraw_quote(actor=analyst, now=now, quote_id=quote.pk)
    digest.refresh_from_db()
    for full in (False, True):
        assert BUS[0] not in str(shown_digest(digest, full=full))
    assert digest.content_hash == hashed
    with pytest.raises(Refused):
        services.withdraw_quote(actor=large.actor(Role.EXECUTIVE), now=now, quote_id=quote.pk)


def test_a_topic_becomes_a_need_with_a_clock(large: Town, now: datetime, client: Client) -> None:
    made, quote = quoted(large, now)
    analyst = large.actor(Role.ANALYST)
    key = quote.topic_id
    with pytest.raises(Problem, match="name first"):
        services.raise_topic(actor=analyst, now=now, topic_id=key)
    with pytest.raises(Refused):
        services.raise_topic(actor=large.actor(Role.EXECUTIVE), now=now, topic_id=key)
    services.rename_topic(actor=analyst, now=now, topic_id=key, name=localized("夜班交通", "Night transport"))
    need = services.raise_topic(actor=analyst, now=now, topic_id=key)
    assert services.raise_topic(actor=analyst, now=now, topic_id=key) == need
    topic = Topic.objects.get(pk=key)
    assert (need.kind, need.n, need.share, need.lower) == ("topic", 30, topic.people / 30, topic.people / 30)
    assert need.source_code == made.sources[0]["code"]
    # Who raised it does not check it; the round's other needs are derived beside it.
    with pytest.raises(Problem, match="somebody else"):
        services.check_need(actor=analyst, now=now, code=need.code)
    services.check_need(actor=second_analyst(large), now=now, code=need.code)
    need = services.publish_need(actor=analyst, now=now, code=need.code)
    assert need.due is not None
    assert need not in services.derive_needs(actor=analyst, now=now, round_code=need.source_code)
    shown = client.get(reverse("needs:need", args=[need.code])).content.decode()
    assert BUS[0] in shown
    assert "±" not in shown
    small = next(one for one in open_topics(made) if one.pk != key)
    services.rename_topic(actor=analyst, now=now, topic_id=small.pk, name=localized("食堂", "Canteen"))
    Topic.objects.filter(pk=small.pk).update(people=4)
    with pytest.raises(Problem, match="Fewer than 5"):
        services.raise_topic(actor=analyst, now=now, topic_id=small.pk)
