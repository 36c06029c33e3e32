"""The three degrees against hand-worked numbers and against the design-based estimator they rest on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import beta

from qiao_stats.errors import StatsError
from qiao_stats.judgment import share_of_answers, three_degrees


def bools(*counts: int) -> np.ndarray:
    """Blocks of True and False in turn."""
    return np.concatenate([np.full(count, place % 2 == 0) for place, count in enumerate(counts)])


def test_share_equals_hand_worked_standard_error() -> None:
    # n = 40 of N = 200, p = 0.75: se = sqrt((1 - 0.2) * 0.75 * 0.25 / 39)
    found = share_of_answers(bools(30, 10), np.ones(40, bool), population=200)
    assert (found.n, found.hits, found.estimate) == (40, 30, 0.75)
    assert found.se == pytest.approx(math.sqrt(0.8 * 0.1875 / 39), rel=1e-12)


def test_interval_of_unanimous_answers_is_not_a_point() -> None:
    # Clopper and Pearson: the share whose tenth power is 2.5 %.
    found = share_of_answers(np.ones(10, bool), np.ones(10, bool), population=1000)
    assert found.estimate == found.upper == 1
    assert found.lower == pytest.approx(0.025**0.1, rel=1e-9)


def test_a_census_is_certain() -> None:
    found = share_of_answers(bools(7, 3), np.ones(10, bool), population=10)
    assert (found.lower, found.upper) == (0.7, 0.7)
    assert found.se == 0


def test_one_user_tells_nothing_and_none_is_no_number() -> None:
    one = share_of_answers(bools(1, 9), bools(1, 9), population=100)
    assert one.lower == pytest.approx(0.025)
    assert one.upper == 1
    none = share_of_answers(np.zeros(10, bool), np.zeros(10, bool), population=100)
    assert none.n == 0
    assert math.isnan(none.estimate)


def test_non_users_never_count_as_satisfied() -> None:
    # 20 users: 8 satisfied, 6 fairly, 4 not, 2 cannot say; 20 others who ticked "satisfied" all the same.
    used = bools(20, 20)
    grade = np.array([2] * 8 + [1] * 6 + [0] * 4 + [-1] * 2 + [2] * 20)
    solved = np.array([2] * 10 + [1] * 5 + [0] * 5 + [-1] * 20)
    found = three_degrees(aware=bools(30, 10), used=used, grade=grade, solved=solved, population=400)
    assert found.users == 20
    assert found.awareness.estimate == 0.75
    assert found.participation.estimate == 0.5
    assert (found.satisfaction.n, found.satisfaction.estimate) == (18, 14 / 18)
    assert found.top_box.estimate == 8 / 18
    assert (found.solved.n, found.solved.estimate) == (20, 0.5)
    estimate, lower, upper = found.composite
    assert estimate == pytest.approx(0.2 * 0.75 + 0.3 * 0.5 + 0.5 * 14 / 18)
    assert lower < estimate < upper


def test_domain_interval_uses_the_domain_standard_error() -> None:
    # 14 of 18 users among 40 answers of 400: se² = (1 - n/N) · n/(n - 1) · p(1 - p)/18.
    hits, valid = bools(14, 26), bools(18, 22)
    found = share_of_answers(hits, valid, population=400)
    p = 14 / 18
    assert found.se == pytest.approx(math.sqrt(0.9 * 40 / 39 * p * (1 - p) / 18), rel=1e-12)
    # Korn and Graubard with effective size p(1 - p)/se² = 18 · 39 / (0.9 · 40) = 19.5.
    assert found.lower == pytest.approx(float(beta.ppf(0.025, 19.5 * p, 19.5 * (1 - p) + 1)), rel=1e-9)
    assert found.upper == pytest.approx(float(beta.ppf(0.975, 19.5 * p + 1, 19.5 * (1 - p))), rel=1e-9)


def test_faults_are_refused() -> None:
    three, two = np.ones(3, bool), np.ones(2, bool)
    with pytest.raises(StatsError, match="only 2 members"):
        share_of_answers(three, three, population=2)
    with pytest.raises(StatsError, match="different lengths"):
        share_of_answers(three, two, population=9)
    with pytest.raises(StatsError, match="no code"):
        three_degrees(aware=two, used=two, grade=np.array([0, 3]), solved=np.array([0, 0]), population=9)
