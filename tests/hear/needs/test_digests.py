"""Digests: ranks and cells worked by hand, two analysts, the ledger, what the public never gets."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date, datetime

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem, Problems
from qiao.hear.needs import services
from qiao.hear.needs.exports import digest_workbook
from qiao.hear.needs.models import Digest, Topic, TopicSet
from qiao.hear.needs.queries import digests as reads
from qiao.hear.needs.rules import Line
from qiao.hear.needs.rules.periods import last_period, period_of
from qiao.hear.needs.rules.sources import kept, register_source
from qiao.org.access.choices import Role
from tests.factories.hear import DAY, Town
from tests.factories.needs import a_need, second_analyst


def line(key: str, **facts: object) -> Line:
    return Line(key=key, title=localized(key), **facts)  # type: ignore[arg-type]


def test_ranks_are_those_the_intervals_leave_open() -> None:
    lines = [
        line("a", share=0.65, lower=0.6, upper=0.7, n=400), line("b", share=0.45, lower=0.4, upper=0.5, n=400),
        line("c", share=0.5, lower=0.45, upper=0.55, n=400),
        line("g", share=0.9, lower=0.8, upper=0.95, n=90, group=localized("夜班")),
    ]  # fmt: skip
    found = {row["key"]: row["rank"] for row in kept("surveys", lines)}
    # A group's share is no rival of everybody's.
    assert found == {"a": (1, 1), "c": (2, 3), "b": (2, 3), "g": None}


def test_small_counts_hide_and_take_another_with_them() -> None:
    counts = {"a": 40, "b": 12, "c": 3, "d": 0}
    rows = {row["key"]: row["hidden"] for row in kept("topics", [line(key, count=n) for key, n in counts.items()])}
    # 3 alone would be the sum minus the rest: the next smallest goes with it.
    assert rows == {"a": False, "b": True, "c": True, "d": False}
    delicate = [line(key, count=n, delicate=True) for key, n in {"a": 40, "b": 12, "c": 9}.items()]
    assert [row["hidden"] for row in kept("requests", delicate)] == [False, True, True]
    assert kept("requests", [line("x")])[0]["hidden"] is True


@pytest.mark.parametrize(
    ("day", "period", "first", "last"),
    [
        (date(2026, 5, 11), "quarter", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), "quarter", date(2026, 10, 1), date(2026, 12, 31)),
        (date(2028, 2, 1), "month", date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 7, 1), "half", date(2026, 7, 1), date(2026, 12, 31)),
        (date(2026, 7, 1), "year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods(day: date, period: str, first: date, last: date) -> None:
    assert period_of(day, period) == (first, last)


def test_the_last_period_over() -> None:
    assert last_period(date(2026, 1, 5), "quarter") == (date(2025, 10, 1), date(2025, 12, 31))


def add_topics(town: Town, now: datetime, counts: tuple[int, ...]) -> None:
    made = TopicSet.objects.create(
        code="TS-1", unit=town.root, title=localized("话", "Words"), state="ready", seed=1, asked=now, ready=now
    )
    for number, count in enumerate(counts, 1):
        name = localized(f"主题{number}", f"Topic {number}") if number < 9 else {}
        Topic.objects.create(topic_set=made, number=number, name=name, people=count, texts=count + 2)


def drafted(town: Town, now: datetime) -> Digest:
    a_need(town, now)
    add_topics(town, now, (40, 12, 3))
    return services.draft_digest(
        actor=town.actor(Role.ANALYST), now=now + 3 * DAY, unit=town.root, since=(now - 5 * DAY).date(),
        until=(now + DAY).date(),
    )  # fmt: skip


def test_a_second_analyst_checks_before_it_is_published(town: Town, now: datetime) -> None:
    digest = drafted(town, now)
    analyst, second = town.actor(Role.ANALYST), second_analyst(town)
    facts = {"now": now, "code": digest.code}
    # The same days again: the same digest.
    assert drafted_again(town, now, digest).pk == digest.pk
    with pytest.raises(Refused):
        services.check_digest(actor=town.actor(Role.EXECUTIVE), **facts)  # type: ignore[arg-type]
    with pytest.raises(Problem, match="somebody else"):
        services.check_digest(actor=analyst, **facts)  # type: ignore[arg-type]
    with pytest.raises(Problem, match="check the cells first"):
        services.publish_digest(actor=analyst, **facts)  # type: ignore[arg-type]
    services.check_digest(actor=second, **facts)  # type: ignore[arg-type]
    # Words changed afterwards are checked again, and by another than who wrote them.
    services.word_digest(actor=second, words=localized("本期以交通为主"), **facts)  # type: ignore[arg-type]
    with pytest.raises(Problem, match="somebody else"):
        services.check_digest(actor=second, **facts)  # type: ignore[arg-type]
    services.check_digest(actor=analyst, **facts)  # type: ignore[arg-type]
    for _again in range(2):
        published = services.publish_digest(actor=analyst, **facts)  # type: ignore[arg-type]
    assert published.state == "published"
    leaf = LedgerLeaf.objects.get(kind="digest.published")
    content = {"words": published.words, "lines": reads.public_lines(published), "left_out": {}}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert json.loads(leaf.payload)["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    with pytest.raises(Problem, match="keeps its words"):
        services.word_digest(actor=analyst, words={}, **facts)  # type: ignore[arg-type]


def drafted_again(town: Town, now: datetime, digest: Digest) -> Digest:
    return services.draft_digest(
        actor=town.actor(Role.ANALYST), now=now + 3 * DAY, unit=town.root, since=digest.since, until=digest.until
    )  # fmt: skip


def test_days_and_reasons_are_checked(town: Town, now: datetime) -> None:
    analyst = town.actor(Role.ANALYST)
    facts = {"actor": analyst, "now": now, "unit": town.root}
    today = now.date()
    for since, until, words in (
        (today, today, "earlier to a later"), (today, (now + 9 * DAY).date(), "that are over"),
        ((now - 9 * DAY).date(), (now - DAY).date(), "No source says"),
    ):  # fmt: skip
        with pytest.raises(Problem, match=words):
            services.draft_digest(since=since, until=until, **facts)  # type: ignore[arg-type]
    digest = drafted(town, now)
    some = digest.lines[0]["key"]
    for left_out, words in (({some: " "}, "why it is left out"), ({"x": "y"}, "not in this digest")):
        with pytest.raises(Problem, match=words):
            services.word_digest(actor=analyst, now=now, code=digest.code, words={}, left_out=left_out)
    with pytest.raises(Problems, match="telephone"):
        services.word_digest(actor=analyst, now=now, code=digest.code, words=localized("电话 13812345678"))


def test_the_public_never_gets_a_small_number(town: Town, now: datetime, client: Client) -> None:
    digest = drafted(town, now)
    page = reverse("needs:digest", args=[digest.code])
    assert client.get(page).status_code == 404
    services.check_digest(actor=SYSTEM, now=now, code=digest.code)
    services.publish_digest(actor=SYSTEM, now=now, code=digest.code)
    public, full = (digest_workbook(digest, full=full) for full in (False, True))
    with override("en"):
        shown = {line.title: line.figure for source in reads.shown_digest(digest, full=False) for line in source.lines}
    assert shown["Topic 1"] == "40 people"
    assert shown["Topic 2"] == shown["Topic 3"] == "fewer than can be shown"

    def people(content: bytes) -> list[object]:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        return [row[10].value for row in sheet.iter_rows(min_row=2) if row[10].value is not None]

    assert people(public) == [40]
    assert people(full) == [40, 12, 3]
    body = client.get(page, headers={"accept-language": "en"})
    assert body.status_code == 200
    client.force_login(town.account(Role.EXECUTIVE))
    table = client.get(reverse("needs:digest_table", args=[digest.code]))
    assert people(table.content) == [40]
    client.force_login(town.account(Role.ANALYST))
    assert people(client.get(reverse("needs:digest_table", args=[digest.code])).content) == [40, 12, 3]
    assert client.get(reverse("needs:digests")).status_code == 200


def test_apps_above_bring_their_lines(town: Town, now: datetime) -> None:
    def lines(*, path: str, since: date, until: date) -> list[Line]:
        return [line(f"{path}{since}{until}", count=17)]

    register_source("test-above", label="Above", collect=lines)
    try:
        with pytest.raises(ValueError, match="a source already"):
            register_source("test-above", label="Above", collect=lambda **_facts: [])
        digest = drafted(town, now)
        assert "test-above" in {row["source"] for row in digest.lines}
    finally:
        from qiao.hear.needs.rules import sources

        del sources._SOURCES["test-above"]
