"""How sure a need is: the two scales of words, ranges of ranks, tests of common needs; all worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from qiao_stats.errors import StatsError
from qiao_stats.estimation import make_design
from qiao_stats.needs import Close, Sure, common_tests, compare_groups, how_close, how_sure, rank_ranges


@pytest.mark.parametrize(
    ("adjusted", "word"),
    [
        (0.0, Sure.NEARLY_CERTAIN),
        (0.001, Sure.NEARLY_CERTAIN),
        (0.0011, Sure.VERY_LIKELY),
        (0.01, Sure.VERY_LIKELY),
        (0.011, Sure.LIKELY),
        (0.05, Sure.LIKELY),
        (0.051, Sure.NOT_SHOWN),
        (1.0, Sure.NOT_SHOWN),
        (float("nan"), Sure.NOT_SHOWN),
    ],
)
def test_the_scale_of_the_false_discovery_rate(adjusted: float, word: Sure) -> None:
    assert how_sure(adjusted) is word


@pytest.mark.parametrize(
    ("lower", "upper", "word"),
    [
        (0.5, 0.5, Close.CLOSELY),
        (0.47, 0.53, Close.CLOSELY),
        (0.46, 0.53, Close.FAIRLY),
        (0.44, 0.56, Close.FAIRLY),
        (0.38, 0.62, Close.ROUGHLY),
        (0.3, 0.6, Close.BARELY),
    ],
)
def test_the_scale_of_intervals(lower: float, upper: float, word: Close) -> None:
    assert how_close(lower, upper) is word


def test_scales_refuse_what_is_none() -> None:
    with pytest.raises(StatsError, match="between 0 and 1"):
        how_sure(1.2)
    with pytest.raises(StatsError, match="lower end"):
        how_close(0.6, 0.5)


def test_ranges_of_ranks() -> None:
    # 0.60–0.70 stands first for sure; 0.40–0.50 and 0.45–0.55 may change places; 0.10–0.20 is last.
    assert rank_ranges(np.array([0.6, 0.4, 0.45, 0.1]), np.array([0.7, 0.5, 0.55, 0.2])) == [
        (1, 1), (2, 3), (2, 3), (4, 4),
    ]  # fmt: skip
    with pytest.raises(StatsError, match="in this order"):
        rank_ranges(np.array([0.5]), np.array([0.4]))


def test_the_interval_of_a_difference_by_hand() -> None:
    # As in test_needs: d = 0.5, se = 0.32733, 7 degrees of freedom; t(0.975, 7) = 2.36462.
    design = make_design(rows=8)
    member = np.arange(8) < 4
    values = np.array([1, 1, 1, 0, 1, 0, 0, 0.0])
    (one,) = compare_groups(design, {"bus": values}, {"night": (member, np.ones(8, bool))}, least=2)
    assert one.difference_lower == pytest.approx(0.5 - 2.36462 * 0.32733, abs=1e-4)
    assert one.difference_upper == pytest.approx(0.5 + 2.36462 * 0.32733, abs=1e-4)


def test_a_common_need_is_as_sure_as_its_weakest_stratum() -> None:
    # Two strata of 40. In the first all name pay, 8 name the bus; in the second 24 of 40 name pay, 20 the bus.
    pay = np.array([1.0] * 40 + [1.0] * 24 + [0.0] * 16)
    bus = np.array([1.0] * 8 + [0.0] * 32 + [0.0] * 20 + [1.0] * 20)
    none = np.zeros(80)
    strata = np.array(["a"] * 40 + ["b"] * 40)
    design = make_design(strata=strata, rows=80)
    items = {"pay": pay, "bus": bus, "x": none, "y": none}
    (one,) = common_tests(design, items, strata, top=1)
    # With four items the top is one place, the edge is the bus. Stratum b: pay − bus is 1 for 20, −1 for 16, 0 for 4;
    # mean 0.1, Σ(y − 0.1)² = 20·0.81 + 16·1.21 + 4·0.01 = 35.6; se = √(35.6/39/40) = 0.15107; t = 0.66196.
    assert (one.item, one.weakest) == ("pay", "b")
    # P(T > 0.66196) with 39 degrees of freedom (those of the stratum's rows): 0.2559.
    assert one.p == pytest.approx(0.2559, abs=5e-4)
    assert one.adjusted == one.p


def test_nothing_common_no_tests() -> None:
    design = make_design(rows=60)
    assert common_tests(design, {"a": np.ones(60)}, np.array(["s"] * 60)) == ()
