"""Replicate weights against hand-worked cases."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from qiao_stats.errors import StatsError
from qiao_stats.estimation import make_design, make_groups, make_replicate_design, mean, proportion, ratio, total

N = 8
X = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
# Leave one out: the other rows are blown up by n/(n − 1).
JACKKNIFE = [np.where(np.arange(N) == left, 0.0, N / (N - 1)) for left in range(N)]


def test_jackknife_of_a_mean_and_a_total_is_the_usual_formula() -> None:
    design = make_replicate_design(np.ones(N), JACKKNIFE, kind="JK1")
    usual = make_design(weights=np.ones(N))
    for statistic in (mean, total):
        found, expected = statistic(design, X)[0], statistic(usual, X)[0]
        assert (found.estimate, found.se, found.df) == pytest.approx((expected.estimate, expected.se, expected.df))
    shares, expected_shares = proportion(design, X > 3), proportion(usual, X > 3)
    assert [s.se for s in shares] == pytest.approx([s.se for s in expected_shares])


def test_ratio_by_group_is_computed_anew_with_every_replicate() -> None:
    design = make_replicate_design(np.ones(N), JACKKNIFE, kind="JK1", around_estimate=True)
    y = np.arange(1.0, N + 1)
    group = np.arange(N) % 2
    for figure in ratio(design, X, y, by=make_groups({"g": group}, rows=N)):
        inside = group == figure.by["g"]
        r = X[inside].sum() / y[inside].sum()
        anew = [(w * X)[inside].sum() / (w * y)[inside].sum() for w in JACKKNIFE]
        assert figure.estimate == pytest.approx(r)
        assert figure.se == pytest.approx(math.sqrt((N - 1) / N * sum((a - r) ** 2 for a in anew)))


def test_missing_values_are_left_out_of_every_replicate() -> None:
    design = make_replicate_design(np.ones(N), JACKKNIFE, kind="JK1")
    x = np.where(X > 8, np.nan, X)
    anew = np.array([np.nansum(w * x) / w[~np.isnan(x)].sum() for w in JACKKNIFE])
    figure = mean(design, x)[0]
    assert figure.n == N - 1
    assert figure.se == pytest.approx(math.sqrt((N - 1) / N * ((anew - anew.mean()) ** 2).sum()))


def test_usual_scales() -> None:
    halves = [np.array([2.0, 0, 2, 0]), np.array([2.0, 0, 0, 2])]
    x = np.array([1.0, 2, 4, 8])
    spread = float(np.var([(h * x).sum() / 4 for h in halves]))
    for kind, factor in (("BRR", 1.0), ("bootstrap", 2.0), ("Fay", 1 / (1 - 0.5) ** 2)):
        design = make_replicate_design(np.ones(4), halves, kind=kind, fay=0.5)
        assert mean(design, x)[0].se == pytest.approx(math.sqrt(factor * spread))
    own = make_replicate_design(np.ones(4), halves, kind="JKn", scale=3, rscales=[1, 2])
    values = np.array([(h * x).sum() / 4 for h in halves])
    expected = 3 * (np.array([1, 2]) * (values - values.mean()) ** 2).sum()
    assert mean(own, x)[0].se == pytest.approx(math.sqrt(expected))


def test_a_subset_has_its_own_degrees_of_freedom() -> None:
    design = make_replicate_design(np.ones(N), JACKKNIFE, kind="JK1")
    assert mean(design, X, where=np.arange(N) < 4)[0].df == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "JKn"}, "JKn replicates need one scale each"),
        ({"kind": "other"}, "need a scale"),
        ({"kind": "magic"}, "Unknown kind of replicate weights"),
        ({"kind": "Fay", "fay": 1}, "Fay's factor"),
        ({"kind": "BRR", "rscales": [1, 2]}, "2 scales for 8 replicates"),
        ({"kind": "BRR", "scale": -1}, "must not be negative"),
    ],
)
def test_faulty_replicates_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(StatsError, match=message):
        make_replicate_design(np.ones(N), JACKKNIFE, **arguments)


def test_faulty_replicate_weights_are_located() -> None:
    with pytest.raises(StatsError, match="At least two"):
        make_replicate_design(np.ones(N), JACKKNIFE[:1], kind="JK1")
    bad = [JACKKNIFE[0], np.where(np.arange(N) == 5, -1.0, 1.0)]
    with pytest.raises(StatsError, match="missing or negative") as caught:
        make_replicate_design(np.ones(N), bad, kind="JK1")
    assert (caught.value.row, caught.value.column) == (5, "replicates2")
