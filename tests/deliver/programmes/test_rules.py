from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiao.deliver.programmes import rules
from qiao.deliver.programmes.choices import EvidenceKind, State
from qiao.deliver.programmes.rules import Level

START = date(2026, 1, 1)
DUE = START + timedelta(days=100)


@pytest.mark.parametrize(
    ("days", "level", "left"),
    [(0, Level.CALM, 100), (49, Level.CALM, 51), (50, Level.HALF, 50), (79, Level.HALF, 21), (80, Level.MOST, 20),
     (100, Level.MOST, 0), (101, Level.LATE, -1)],
)  # fmt: skip
def test_a_clock_warns_at_half_and_at_four_fifths_and_is_late_after_its_day(days: int, level: Level, left: int) -> None:
    clock = rules.clock(starts=START, due=DUE, today=START + timedelta(days=days))
    assert (clock.level, clock.days_left) == (level, left)
    assert 0 <= clock.share <= 1


def test_a_clock_of_one_day_divides_by_nothing() -> None:
    assert rules.clock(starts=START, due=START, today=START).level == Level.CALM


def test_the_whole_is_the_weighted_mean_rounded_down() -> None:
    assert rules.whole_progress([(1, 100), (3, 0)]) == 25
    assert rules.whole_progress([(1, 100), (1, 99)]) == 99
    assert rules.whole_progress([]) == 0


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 100)), min_size=1))
def test_only_all_at_100_make_100(parts: list[tuple[int, int]]) -> None:
    assert (rules.whole_progress(parts) == 100) == all(progress == 100 for _weight, progress in parts)


def test_photos_alone_prove_nothing() -> None:
    assert not rules.proves([EvidenceKind.PHOTO, EvidenceKind.PHOTO])
    assert not rules.proves([])
    assert rules.proves([EvidenceKind.PHOTO, EvidenceKind.USERS])


def test_who_owns_or_reports_never_verifies_nor_does_the_system() -> None:
    assert rules.may_verify(account_id=3, involved=[1, 2, None])
    assert not rules.may_verify(account_id=2, involved=[1, 2])
    assert not rules.may_verify(account_id=None, involved=[1])


def test_nothing_follows_an_end_and_every_state_is_reachable() -> None:
    assert not rules.NEXT[State.CLOSED]
    assert not rules.NEXT[State.STOPPED]
    assert {after for follow in rules.NEXT.values() for after in follow} == set(State) - {State.PLANNED}
    assert not rules.may_follow("planned", "verified")


def test_steps_of_a_stopped_project_end_with_its_stop() -> None:
    steps = rules.state_steps(State.STOPPED, State.RUNNING)
    assert [step for step, _done, _current in steps] == [State.PLANNED, State.RUNNING, State.STOPPED]
    assert steps[-1][2]


def test_late_is_neither_claimed_nor_ended() -> None:
    after = DUE + timedelta(days=1)
    assert rules.is_late(state=State.RUNNING, due=DUE, today=after)
    assert not rules.is_late(state=State.RUNNING, due=DUE, today=DUE)
    assert not rules.is_late(state=State.DONE_CLAIMED, due=DUE, today=after)
