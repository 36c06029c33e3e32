"""Change between rounds against hand-worked cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t as student
from scipy.stats import ttest_ind

from qiao_stats.errors import StatsError
from qiao_stats.estimation import make_design, mean
from qiao_stats.trend import Point, adjust_p, chain, change, changes_between, point_of


def test_independent_rounds_give_welchs_test() -> None:
    rng = np.random.default_rng(1)
    one, two = rng.normal(3, 1, 40), rng.normal(3.6, 2, 60)
    first = point_of("2024", mean(make_design(rows=40), one)[0])
    second = point_of("2025", mean(make_design(rows=60), two)[0])
    found, expected = change("pay", first, second), ttest_ind(two, one, equal_var=False)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.df == pytest.approx(expected.df)
    assert (found.lower, found.upper) == pytest.approx(tuple(expected.confidence_interval()))


def test_shared_clusters_are_not_counted_as_chance_twice() -> None:
    rng = np.random.default_rng(2)
    mood = rng.normal(0, 2, 40)
    cluster = np.tile(np.repeat(np.arange(40), 5), 2)
    rounds = np.repeat(["r1", "r2"], 200)
    y = mood[cluster] + rng.normal(0, 1, 400) + 0.3 * (rounds == "r2")
    shared = changes_between(make_design(clusters=[cluster]), {"y": y}, rounds, first="r1", second="r2")[0]
    apart = changes_between(make_design(clusters=[cluster], strata=rounds), {"y": y}, rounds, first="r1", second="r2")[
        0
    ]
    assert shared.difference == pytest.approx(apart.difference)
    assert shared.se < 0.5 * apart.se
    # With two rounds of the same clusters it is the paired test of the clusters' means.
    pairs = np.array([[y[(cluster == c) & (rounds == r)].mean() for r in ("r1", "r2")] for c in range(40)])
    gain = pairs[:, 1] - pairs[:, 0]
    assert shared.se == pytest.approx(gain.std(ddof=1) / math.sqrt(40))
    assert shared.df == 39


def test_a_break_begins_a_new_segment() -> None:
    points = [Point("1", 0.5, 0.02, 99), Point("2", 0.6, 0.02, 99), Point("3", 0.3, 0.02, 99, "new wording"),
              Point("4", 0.31, 0.02, 99)]  # fmt: skip
    links = chain("canteen", points)
    assert [link.segment for link in links] == [0, 0, 1, 1]
    assert links[2].step is None
    step = links[1].step
    assert step is not None
    se = 0.02 * math.sqrt(2)
    assert step.p == pytest.approx(2 * float(student.sf(0.1 / se, 198)))
    assert links[3].since == links[3].step


def test_p_values_over_many_items() -> None:
    # p·k/rank, made monotone from above; what is not known is not counted
    assert adjust_p([0.01, 0.04, math.nan, 0.03]).tolist() == pytest.approx([0.03, 0.04, math.nan, 0.04], nan_ok=True)
    assert adjust_p([]).size == 0


def test_what_cannot_be_compared_is_said() -> None:
    design = make_design(rows=4)
    with pytest.raises(StatsError, match="No row belongs to the round r3"):
        changes_between(design, {"y": [1, 2, 3, 4]}, ["r1", "r1", "r2", "r2"], first="r1", second="r3")
    gone = changes_between(design, {"y": [1, 2, None, None]}, ["r1", "r1", "r2", "r2"], first="r1", second="r2")[0]
    assert math.isnan(gone.p)
    with pytest.raises(StatsError, match="covariance is larger"):
        change("y", Point("a", 1, 0.1, 9), Point("b", 2, 0.1, 9), covariance=1)
