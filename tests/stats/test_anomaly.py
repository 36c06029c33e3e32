"""Flags are raised by what is odd and not by what is ordinary."""

from __future__ import annotations

import numpy as np
import pytest

from qiao_stats.anomaly import burst, high_share, identical_counts, last_digits, runs
from qiao_stats.errors import StatsError


def test_nearly_everybody_satisfied_is_flagged_from_thirty_on() -> None:
    flag = high_share(99, 100)
    assert flag is not None
    # P(X >= 99 | n = 100, p = 0.9) = 100 * 0.9^99 * 0.1 + 0.9^100, by hand.
    assert flag.p == pytest.approx(100 * 0.9**99 * 0.1 + 0.9**100)
    assert high_share(97, 100) is None
    assert high_share(29, 29) is None
    with pytest.raises(StatsError):
        high_share(3, 2)


def test_a_burst_is_one_day_among_ordinary_ones() -> None:
    assert burst([3, 4, 2, 5, 3, 60, 4]) is not None
    assert burst([10, 12, 9, 11, 8, 10]) is None
    assert burst([5, 5]) is None
    flag = burst([0, 0, 20])
    assert flag is not None
    assert flag.p == pytest.approx(3 * (1 / 3) ** 20)
    with pytest.raises(StatsError):
        burst([-1, 30, 4])


def test_last_digits_of_numbers_made_up_at_a_desk() -> None:
    assert last_digits([100 + 10 * n for n in range(60)]) is not None
    assert last_digits(list(range(100, 200))) is None
    assert last_digits([5] * 200) is None, "small numbers tell nothing"


def test_runs_too_regular_or_too_clumped() -> None:
    assert runs([True, False] * 20) is not None
    assert runs([True] * 20 + [False] * 20) is not None
    rng = np.random.default_rng(7)
    assert runs([bool(one) for one in rng.random(200) < 0.5]) is None
    assert runs([True] * 40) is None


def test_the_same_number_again_and_again() -> None:
    assert identical_counts([50] * 12) is not None
    assert identical_counts([41, 52, 47, 60, 38, 55, 49, 44, 58, 50, 46]) is None
    assert identical_counts([3] * 50) is None


@pytest.mark.parametrize("seed", range(5))
def test_ordinary_counts_raise_no_flag(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = [int(one) for one in rng.poisson(300, 200)]
    assert burst(counts) is None
    assert last_digits(counts) is None
    assert identical_counts(counts) is None
