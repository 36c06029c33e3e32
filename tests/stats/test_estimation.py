"""Estimation against hand-worked cases; the formula stands beside each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest, t

from qiao_stats.errors import StatsError
from qiao_stats.estimation import (
    LONELY_RULES,
    Design,
    Estimate,
    choice_shares,
    counts,
    estimate_many,
    make_design,
    make_groups,
    mean,
    proportion,
    quantile,
    ratio,
    total,
)

NAN = math.nan


def only(figures: tuple[Estimate, ...]) -> Estimate:
    assert len(figures) == 1
    return figures[0]


def test_simple_random_sample() -> None:
    # s² = 2.5, n = 5, N = 10: V(mean) = s²/n · (1 − n/N) = 0.25, V(total) = N² · 0.25
    design = make_design(fpc=[[10] * 5], rows=5)
    x = [1, 2, 3, 4, 5]
    found = only(mean(design, x, name="x"))
    assert (found.statistic, found.variable, found.n, found.df) == ("mean", "x", 5, 4)
    assert found.estimate == pytest.approx(3)
    assert found.se == pytest.approx(0.5)
    assert found.deff == pytest.approx(1)
    half = float(t.ppf(0.975, 4)) * 0.5
    assert (found.lower, found.upper) == pytest.approx((3 - half, 3 + half))
    sum_ = only(total(design, x))
    assert (sum_.estimate, sum_.se, sum_.deff) == pytest.approx((30, 5, 1))
    # With replacement the comparison has V = s²/n = 0.5, so the effect is 1 − n/N.
    assert only(mean(design, x, deff="replace")).deff == pytest.approx(0.5)
    # A fraction says the same as a count.
    assert mean(make_design(fpc=[[0.5] * 5], rows=5), x) == mean(design, x)


def test_without_a_correction_no_row_knows_the_population() -> None:
    found = only(mean(make_design(rows=5), [1, 2, 3, 4, 5]))
    assert found.se == pytest.approx(math.sqrt(2.5 / 5))
    # Weights of 1 make the sample the whole population: nothing to compare with.
    assert math.isnan(found.deff)


def test_stratified_sample() -> None:
    # Means 2 and 8, s² = 1 and 4, N = 30 and 10, n = 3 and 2: V = Σ (N_h/N)² (1 − n_h/N_h) s_h²/n_h
    design = make_design(strata=list("aaabb"), fpc=[[30, 30, 30, 10, 10]])
    found = only(mean(design, [1, 2, 3, 7, 9]))
    assert found.estimate == pytest.approx((30 * 2 + 10 * 8) / 40)
    expected = (30 / 40) ** 2 * 0.9 * 1 / 3 + (10 / 40) ** 2 * 0.8 * 2 / 2
    assert found.se == pytest.approx(math.sqrt(expected))
    assert found.df == 3


def test_clusters_with_replacement() -> None:
    # Totals of z = (Σx − r·m)/Σm per cluster, V = n/(n−1) Σ z² (they sum to 0)
    design = make_design(clusters=[["u", "u", "v", "v", "v", "w"]])
    x = np.array([1, 3, 2, 4, 6, 8.0])
    found = only(mean(design, x))
    r = 4.0
    z = np.array([4 - 2 * r, 12 - 3 * r, 8 - r]) / 6
    assert found.estimate == pytest.approx(r)
    assert found.se == pytest.approx(math.sqrt(3 / 2 * float((z**2).sum())))
    assert found.df == 2


def test_two_stages_with_corrections() -> None:
    # Särndal et al. 1992, 4.3: V(total) = N1²(1−f1) s_t²/n1 + Σ (N1/n1) N2²(1−f2) s²/n2
    x = np.array([2, 4, 5, 9, 7])
    design = make_design(clusters=[[1, 1, 2, 2, 2], [1, 2, 1, 2, 3]], fpc=[[6] * 5, [4, 4, 5, 5, 5]])
    found = only(total(design, x))
    t1, t2 = 4 / 2 * 6, 5 / 3 * 21
    between = 6**2 * (1 - 2 / 6) * np.var([t1, t2], ddof=1) / 2
    within = 6 / 2 * (4**2 * (1 - 2 / 4) * np.var([2, 4], ddof=1) / 2 + 5**2 * (1 - 3 / 5) * np.var(x[2:], ddof=1) / 3)
    assert found.estimate == pytest.approx(3 * (t1 + t2))
    assert found.se == pytest.approx(math.sqrt(between + within))
    assert found.df == 1
    # The rows themselves may be the last stage, and a later stage without a column is taken whole.
    rows_last = make_design(clusters=[[1, 1, 2, 2, 2]], fpc=[[6] * 5, [4, 4, 5, 5, 5]])
    assert only(total(rows_last, x)).se == pytest.approx(found.se)
    whole = make_design(weights=design.weights, clusters=[[1, 1, 2, 2, 2], [1, 2, 1, 2, 3]], fpc=[[6] * 5])
    assert only(total(whole, x)).se == pytest.approx(math.sqrt(between))


def test_ratio() -> None:
    # r = ΣΣa/Σb, z = (a − r·b)/Σb, V = n/(n−1) Σ z²
    a, b = np.array([2, 3, 7.0, NAN]), np.array([1, 2, 3, 4.0])
    found = only(ratio(make_design(rows=4, weights=[5, 5, 5, 5]), a, b, name="a/b"))
    r = 12 / 6
    z = (a[:3] - r * b[:3]) / 6
    assert found.estimate == pytest.approx(r)
    assert found.n == 3
    # The row without a value counts as a unit with z = 0.
    assert found.se == pytest.approx(math.sqrt(4 / 3 * float((z**2).sum())))


def test_clusters_that_vanish_with_their_missing_values_count_with_zero() -> None:
    design = make_design(clusters=[[1, 1, 2, 2, 3, 3]], weights=[1.0] * 6)
    found = only(total(design, [1, 2, 3, 4, NAN, NAN]))
    totals = np.array([3, 7, 0])
    assert found.se == pytest.approx(math.sqrt(3 / 2 * float(((totals - totals.mean()) ** 2).sum())))
    assert (found.n, found.df) == (4, 2)


def test_groups_share_the_degrees_of_freedom_and_a_subset_has_its_own() -> None:
    design = make_design(strata=[1, 1, 1, 2, 2, 2], weights=[2.0] * 6)
    group = ["m", "m", "f", "f", "f", None]
    x = np.array([1, 2, 3, 4, 5, 6.0])
    by = make_groups({"sex": group}, rows=6)
    f, m = mean(design, x, by=by)
    assert (f.by, m.by) == ({"sex": "f"}, {"sex": "m"})
    assert (f.estimate, m.estimate, f.n, m.n, f.df) == (4, 1.5, 3, 2, 4)
    subset = only(mean(design, x, where=np.array([label == "f" for label in group])))
    assert subset.se == pytest.approx(f.se)
    assert subset.df == 1
    # z over all six rows, zero outside the group: V = Σ_h n/(n−1) Σ (z − z̄_h)²
    z = np.array([0, 0, -1, 0, 1, 0]) / 3
    expected = sum(3 / 2 * float(((part - part.mean()) ** 2).sum()) for part in (z[:3], z[3:]))
    assert f.se == pytest.approx(math.sqrt(expected))


LONELY_TOTALS: dict[str, Callable[[np.ndarray[Any, Any]], float]] = {
    # Stratum a has the cluster totals z[0], z[1]; stratum b only z[2].
    "adjust": lambda z: 2 * float(((z[:2] - z[:2].mean()) ** 2).sum()) + float(z[2] ** 2),
    "average": lambda z: 2 * 2 * float(((z[:2] - z[:2].mean()) ** 2).sum()),
    "certainty": lambda z: 2 * float(((z[:2] - z[:2].mean()) ** 2).sum()),
    "remove": lambda z: 2 * float(((z[:2] - z[:2].mean()) ** 2).sum()),
}


@pytest.mark.parametrize("rule", LONELY_RULES)
def test_a_stratum_with_one_cluster(rule: Any) -> None:
    x = np.array([1.0, 3, 8])
    design = make_design(strata=["a", "a", "b"], weights=[1.0, 1, 2], lonely=rule)
    if rule == "fail":
        with pytest.raises(StatsError, match=r"Stratum b has only one cluster.*adjust, average, certainty, remove"):
            mean(design, x)
        # Outside the subset it does no harm.
        assert only(mean(design, x, where=np.array([True, True, False]))).estimate == 2
        return
    found = only(mean(design, x))
    z = np.array([1, 1, 2]) * (x - 5) / 4
    assert found.estimate == 5
    assert found.se == pytest.approx(math.sqrt(LONELY_TOTALS[rule](z)))
    assert found.df == 1


def test_a_stratum_taken_whole_is_not_lonely() -> None:
    design = make_design(strata=["a", "a", "b"], fpc=[[4, 4, 1]])
    assert only(mean(design, [1, 3, 8])).se == pytest.approx(math.sqrt((4 / 5) ** 2 * (1 - 2 / 4) * 2 / 2))


def test_proportions_of_levels_and_their_counts() -> None:
    design = make_design(weights=[1, 1, 2, 4])
    choices = pa.array(["b", "a", None, "b"]).dictionary_encode()
    levels = proportion(design, choices, levels=["a", "b", "c"], name="q")
    assert [(e.level, e.n) for e in levels] == [("a", 3), ("b", 3), ("c", 3)]
    assert [e.estimate for e in levels] == pytest.approx([1 / 6, 5 / 6, 0])
    assert levels[0].se == pytest.approx(levels[1].se)
    assert [e.estimate for e in counts(design, choices, levels=["a", "b"])] == [1, 5]
    with pytest.raises(StatsError, match="“b” is not one of the levels") as caught:
        proportion(design, choices, levels=["a"])
    assert caught.value.row == 0


def test_intervals_of_shares_stay_within_bounds() -> None:
    yes = np.array(["yes"] * 1 + ["no"] * 19)
    design = make_design(rows=20, weights=np.full(20, 3.0))
    for interval in ("logit", "asin", "beta"):
        low, high = proportion(design, yes, interval=interval)[1], proportion(design, yes, interval=interval)[0]
        assert 0 < low.lower < 0.05 < low.upper < 1
        assert low.lower == pytest.approx(1 - high.upper)
    assert proportion(design, yes)[1].lower < 0
    # Korn and Graubard's interval of a share of 0 is the exact binomial one.
    none = choice_shares(["no"] * 20, options=["yes", "no"])[0]
    exact = binomtest(0, 20).proportion_ci(0.95)
    assert (none.lower, none.upper) == pytest.approx((exact.low, exact.high))


def test_shares_by_group_in_one_call() -> None:
    found = choice_shares(
        {"pay": [1, 0, 1, 1], "canteen": [0, 1, 1, NAN]},
        name="need", by={"shop": ["x", "x", "y", "y"]}, strata=["p", "p", "p", "q"],
    )  # fmt: skip
    assert [(e.level, e.by["shop"], e.estimate, e.n) for e in found] == [
        ("pay", "x", 0.5, 2), ("pay", "y", 1, 2), ("canteen", "x", 0.5, 2), ("canteen", "y", 1, 1),
    ]  # fmt: skip
    assert {e.statistic for e in found} == {"proportion"}
    assert {e.variable for e in found} == {"need"}
    assert all(0 <= e.lower <= e.estimate <= e.upper <= 1 for e in found)


NUMPY_NAMES = {
    "math": "inverted_cdf", "hf1": "inverted_cdf", "school": "averaged_inverted_cdf", "hf2": "averaged_inverted_cdf",
    "hf4": "interpolated_inverted_cdf", "hf5": "hazen", "hf6": "weibull", "hf7": "linear", "hf8": "median_unbiased",
    "hf9": "normal_unbiased",
}  # fmt: skip


@pytest.mark.parametrize("rule", NUMPY_NAMES)
def test_quantile_rules_are_those_of_numpy_when_weights_are_equal(rule: Any) -> None:
    x = np.random.default_rng(5).normal(size=37).round(1)
    probabilities = (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
    found = quantile(make_design(rows=37, weights=np.full(37, 2.0)), x, probabilities, rule=rule)
    expected = [np.quantile(x, p, method=NUMPY_NAMES[rule]) for p in probabilities]  # type: ignore[call-overload]
    assert [e.estimate for e in found] == pytest.approx(expected)


def test_woodruff_interval_of_a_median() -> None:
    x = np.arange(1.0, 101)
    design = make_design(rows=100, weights=np.full(100, 1.0))
    found = only(quantile(design, x))
    # The share below the median is .5 with se √(.25/99); its t bounds are read off the order statistics.
    half = float(t.ppf(0.975, 99)) * math.sqrt(0.25 / 99)
    assert (found.estimate, found.level) == (50, "0.5")
    assert (found.lower, found.upper) == (math.ceil(100 * (0.5 - half)), math.ceil(100 * (0.5 + half)))
    assert found.se == pytest.approx((found.upper - found.lower) / (2 * float(t.ppf(0.975, 99))))
    grouped = quantile(design, x, (0.5,), by=make_groups({"g": np.arange(100) % 2}, rows=100))
    assert [e.estimate for e in grouped] == [49, 50]


def test_many_items_at_once_equal_one_by_one() -> None:
    rng = np.random.default_rng(1)
    n = 500
    items = {f"q{k}": np.where(rng.random(n) < 0.1, NAN, rng.integers(1, 6, n)) for k in range(4)}
    design = make_design(weights=rng.uniform(1, 3, n), strata=rng.integers(0, 5, n), clusters=[rng.integers(0, 9, n)])
    by = make_groups({"g": rng.integers(0, 3, n)}, rows=n)
    grid = estimate_many(design, items, by=by)
    assert grid.estimate.shape == (4, 3)
    assert grid.estimates() == tuple(e for name in items for e in mean(design, items[name], name=name, by=by))


def test_a_large_common_offset_costs_no_digits() -> None:
    x = np.random.default_rng(2).normal(size=200)
    design = make_design(weights=np.random.default_rng(3).uniform(1, 2, 200))
    assert only(mean(design, x + 1e9)).se == pytest.approx(only(mean(design, x)).se, rel=1e-6)


def test_an_empty_group_or_a_sample_of_one_yields_nan_not_an_exception() -> None:
    by = make_groups({"g": ["a", "a", "b"]}, rows=3)
    a, b = mean(make_design(rows=3), [1, 2, NAN], by=by)
    assert a.estimate == 1.5
    assert (b.n, math.isnan(b.estimate), math.isnan(b.se)) == (0, True, True)
    single = only(mean(make_design(rows=1, lonely="adjust"), [4]))
    assert (single.estimate, single.df, math.isnan(single.lower)) == (4, 0, True)


def test_zero_weights_count_as_clusters_but_not_as_rows() -> None:
    found = only(mean(make_design(weights=[1, 1, 0]), [1, 3, 99]))
    assert (found.estimate, found.n, found.df) == (2, 2, 1)


def faulty(**columns: Any) -> Callable[[], Design]:
    return lambda: make_design(**columns)


@pytest.mark.parametrize(
    ("build", "message", "row", "column"),
    [
        (faulty(weights=[1, -2, 3]), "weight -2 is not allowed", 1, "weights"),
        (faulty(weights=[1, NAN, 3]), "weight is missing", 1, "weights"),
        (faulty(weights=[0, 0]), "All weights are zero", None, "weights"),
        (faulty(weights=["x", "y"]), "must hold numbers", None, "weights"),
        (faulty(weights=[1, 2], strata=["a"]), "strata has 1 rows, but the design has 2", None, "strata"),
        (faulty(strata=["a", None]), r"value is missing \(1 such rows\)", 1, "strata"),
        (faulty(clusters=[["a", "b"], ["a", None]]), "value is missing", 1, "clusters2"),
        (faulty(fpc=[[2, 2, 2]]), "has 3 sampled clusters, but a population of only 2", 0, "fpc"),
        (faulty(fpc=[[9, 8, 9]]), "varies within stratum all: 9 and 8", 1, "fpc"),
        (faulty(fpc=[[9, 0, 9]]), "missing or not positive", 1, "fpc"),
        (faulty(fpc=[[9, 9], [9, 9]]), "more population sizes than stages", None, "fpc"),
        (faulty(strata=["a", "b"], clusters=[[1, 1]], nest=False), "also occurs in another stratum", 1, "clusters"),
        (faulty(), "no rows", None, None),
        (faulty(rows=3, lonely="maybe"), "Unknown rule", None, None),
    ],
)
def test_faulty_designs_are_refused(
    build: Callable[[], Design], message: str, row: int | None, column: str | None
) -> None:
    with pytest.raises(StatsError, match=message) as caught:
        build()
    assert (caught.value.row, caught.value.column) == (row, column)


def test_faulty_questions_are_refused() -> None:
    design = make_design(rows=3)
    for confidence in (0, 1, -0.5, 95, NAN):
        with pytest.raises(StatsError, match="confidence level"):
            mean(design, [1, 2, 3], confidence=confidence)
    with pytest.raises(StatsError, match="between 0 and 1"):
        quantile(design, [1, 2, 3], [1.5])
    with pytest.raises(StatsError, match="Unknown rule for quantiles"):
        quantile(design, [1, 2, 3], rule="hf3")  # type: ignore[arg-type]
    with pytest.raises(StatsError, match="must hold numbers"):
        mean(design, ["a", "b", "c"], name="x")
    with pytest.raises(StatsError, match="No row is left"):
        mean(design, [1, 2, 3], where=np.zeros(3, dtype=bool))
    with pytest.raises(StatsError, match="Unknown kind of interval"):
        proportion(design, ["a", "b", "c"], interval="wald")  # type: ignore[arg-type]
