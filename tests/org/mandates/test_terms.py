from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.org import Tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.mandates import queries, services
from qiao.org.mandates.choices import CommitteeKind, EndReason, Post
from qiao.org.mandates.models import Mandate, Term
from qiao.org.mandates.rules import draw_sample, longest_term, looks_private, months_later
from qiao.org.units.choices import UnitState

DAY = date(2024, 3, 1)


class _Undone(Exception):
    """Takes back what one example wrote."""


def term(org: Tree, label: str = "B1", since: date = DAY, **given: object) -> Term:
    return services.open_term(
        actor=SYSTEM,
        now=org.now,
        unit=org[label],
        kind=CommitteeKind.UNION,
        since=since,
        **given,  # type: ignore[arg-type]
    )


def test_a_term_of_a_base_union_lasts_three_years_and_keeps_its_rule(org: Tree) -> None:
    made = term(org)
    assert (made.until, made.number) == (date(2027, 3, 1), 1)
    assert made.due_from == date(2027, 3, 1) - timedelta(days=180)
    assert made.rule.startswith("org.term_base=3")


def test_a_federation_elects_for_five_years(org: Tree) -> None:
    assert term(org, "D1").until == date(2029, 3, 1)


def test_a_term_over_the_limit_is_rejected_not_cut(org: Tree) -> None:
    with pytest.raises(Problem, match="3 years at most"):
        term(org, until=date(2029, 3, 1))
    assert not Term.objects.exists()


def test_the_next_term_ends_the_one_before_and_its_mandates(org: Tree) -> None:
    first = term(org)
    chair = services.open_mandate(
        actor=SYSTEM, now=org.now, unit=org["B1"], post=Post.CHAIR, name="云一", since=DAY, term=first
    )
    second = term(org, since=date(2026, 5, 1))
    first.refresh_from_db()
    chair.refresh_from_db()
    assert (first.ended, second.number) == (date(2026, 5, 1), 2)
    assert (chair.until, chair.end_reason) == (date(2026, 5, 1), EndReason.TERM)


def test_a_term_cannot_begin_within_another(org: Tree) -> None:
    term(org)
    with pytest.raises(Problem, match="Another term"):
        term(org, since=date(2023, 1, 1))


def test_the_database_itself_refuses_overlapping_terms(org: Tree) -> None:
    first = term(org)
    with pytest.raises(IntegrityError), atomic():
        Term.objects.create(
            committee=first.committee, number=9, since=date(2025, 1, 1), until=date(2026, 1, 1),
            due_from=date(2025, 6, 1), rule="x", due_rule="x",
        )  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 4000), min_size=1, max_size=8))
def test_whatever_is_opened_terms_never_overlap_and_one_is_chair(org: Tree, days: list[int]) -> None:
    unit = org["B2"]
    with suppress(_Undone), atomic():
        for number in days:
            since = date(2015, 1, 1) + timedelta(days=number)
            try:
                made = term(org, "B2", since)
                services.open_mandate(
                    actor=SYSTEM, now=org.now, unit=unit, post=Post.CHAIR, name=f"云{number}", since=since, term=made
                )
            except Problem:
                continue
        rows = list(Term.objects.filter(committee__unit=unit).order_by("since"))
        assert all(one.ended is not None and one.ended <= two.since for one, two in pairwise(rows))
        assert Mandate.objects.filter(unit=unit, post=Post.CHAIR, until__isnull=True).count() == 1
        raise _Undone


def test_one_chair_at_a_time(org: Tree) -> None:
    services.open_mandate(actor=SYSTEM, now=org.now, unit=org["B1"], post=Post.CHAIR, name="云一", since=DAY)
    with pytest.raises(Problem, match="end that mandate first"):
        services.open_mandate(actor=SYSTEM, now=org.now, unit=org["B1"], post=Post.CHAIR, name="云二", since=DAY)


def test_the_same_mandate_twice_is_one(org: Tree) -> None:
    for _ in range(2):
        services.open_mandate(actor=SYSTEM, now=org.now, unit=org["B1"], post=Post.CHAIR, name="云一", since=DAY)
    assert Mandate.objects.count() == 1


def test_the_nightly_job_marks_due_and_overdue_once(org: Tree) -> None:
    term(org, "B1", date(2023, 7, 1))
    term(org, "B2", date(2023, 5, 1))
    assert services.mark_terms(now=org.now) == 2
    assert services.mark_terms(now=org.now) == 0
    assert (org["B1"].state, org["B2"].state) == (UnitState.TERM_DUE, UnitState.OVERDUE)
    assert org["B2"].term_ends == date(2026, 4, 30)


def test_in_term_is_only_who_is_within_the_elected_term(org: Tree) -> None:
    term(org, "B1")
    term(org, "B2", date(2023, 1, 1))
    ids = [org["B1"].pk, org["B2"].pk]
    assert queries.in_term(ids, date(2026, 5, 11)) == {org["B1"].pk}
    assert queries.in_term(ids, date(2025, 5, 11)) == set(ids)


def test_elected_posts_are_not_entered_by_hand(org: Tree) -> None:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    with pytest.raises(Problem, match="Only an election"):
        services.enter_mandate(actor=officer, now=org.now, unit=org["B1"], post=Post.CHAIR, name="云一", since=DAY)
    with pytest.raises(Refused):
        services.enter_mandate(actor=officer, now=org.now, unit=org["B2"], post=Post.STAFF, name="云一", since=DAY)


def test_a_group_leader_leads_a_group(org: Tree) -> None:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    with pytest.raises(Problem, match="which union group"):
        services.enter_mandate(
            actor=officer, now=org.now, unit=org["B1"], post=Post.GROUP_LEADER, name="云一", since=DAY
        )


def test_ending_is_recorded_once_and_a_recall_needs_a_petition(org: Tree, now: datetime) -> None:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    made = services.enter_mandate(
        actor=officer, now=now, unit=org["B1"], post=Post.STAFF, name="云一", since=date(2025, 1, 1)
    )
    with pytest.raises(Problem, match="petition"):
        services.end_mandate(
            actor=officer, now=now, mandate_id=made.pk, day=DAY.replace(year=2026), reason=EndReason.RECALLED
        )
    for day in (date(2026, 4, 1), date(2026, 5, 1)):
        services.end_mandate(actor=officer, now=now, mandate_id=made.pk, day=day, reason=EndReason.RESIGNED)
    made.refresh_from_db()
    assert made.until == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("phone", "private"),
    [
        ("138 0013 8000", True),
        ("+86-13800138000", True),
        ("１３８００１３８０００", True),
        ("0571-8800 1234", False),
        ("12345", False),
    ],
)
def test_mobile_numbers_are_taken_for_private(phone: str, private: bool) -> None:
    assert looks_private(phone) is private


def test_months_later_keeps_to_short_months() -> None:
    assert months_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert longest_term(date(2024, 2, 29)) == date(2029, 2, 28)


@given(
    labels=st.sets(st.text("ABC0123-", min_size=1, max_size=8), max_size=60),
    seed=st.text(max_size=8),
    share=st.floats(0, 1),
)
def test_the_sample_can_be_drawn_again_from_seed_and_frame(labels: set[str], seed: str, share: float) -> None:
    drawn = draw_sample(labels, seed=seed, share=share)
    assert drawn == draw_sample(sorted(labels, reverse=True), seed=seed, share=share)
    assert len(set(drawn)) == len(drawn) <= len(labels)
    assert set(drawn) <= labels
    assert len(drawn) >= share * len(labels) - 1e-6
