"""Weighting: hand-worked cases, properties that hold for every sample, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiao_stats.errors import StatsError
from qiao_stats.estimation import choice_shares, counts, estimate_many, make_design, make_groups, mean, total
from qiao_stats.inference import association_test, mixture_tail, rank_test, t_test
from qiao_stats.weighting import (
    adjust_nonresponse,
    base_weights,
    calibrate,
    calibrated,
    make_replicates,
    merge_small,
    poststratify,
    rake,
    refit_replicates,
    summarize_weights,
    trim,
)


def test_base_weights_are_the_inverse_of_the_chance() -> None:
    assert base_weights([0.5, 0.1]).tolist() == [2, 10]
    assert base_weights(strata=["a", "a", "b"], population={"a": 10, "b": 4}).tolist() == [5, 5, 4]
    assert base_weights(population=9, rows=3).tolist() == [3, 3, 3]


def test_those_who_answer_stand_for_those_who_do_not() -> None:
    found = adjust_nonresponse([2, 2, 3, 3], [1, 0, 1, 1], {"shop": ["x", "x", None, None]})
    assert found.tolist() == [4, 0, 3, 3]
    assert adjust_nonresponse([1, 1, 2], [True, False, True]).tolist() == pytest.approx([4 / 3, 0, 8 / 3])


def test_small_strata_join_their_smaller_neighbour() -> None:
    found = merge_small(["a"] * 5 + ["b"] * 2 + ["c"] * 3 + ["d"] * 6, least=4)
    assert found.joined == {"a": ("a",), "b + c": ("b", "c"), "d": ("d",)}
    assert found.labels.count("b + c") == 5
    ordered = merge_small(["a"] * 5 + ["b"] * 2 + ["c"] * 3 + ["d"] * 6, least=4, order=["c", "d", "a", "b"])
    assert set(ordered.joined) == {"c + d", "a + b"}


def test_cells_of_two_columns() -> None:
    cells = {"sex": ["f", "f", "m", "m"], "shop": [1, 2, 1, 1]}
    found = poststratify([1, 1, 1, 3], cells, {("f", 1): 10, ("f", 2): 20, ("m", 1): 40, ("m", 2): 0})
    assert found.weights.tolist() == [10, 20, 10, 30]


def test_weights_in_figures() -> None:
    # cv² = ((1 − 2)² + (3 − 2)²)/2 / 4 = 1/4; rows of weight zero do not count
    found = summarize_weights([1, 3, 0], trimmed=1)
    assert (found.n, found.total, found.minimum, found.median, found.maximum) == (2, 4, 1, 2, 3)
    assert (found.deff, found.n_eff, found.trimmed) == (pytest.approx(1.25), pytest.approx(1.6), 1)


def test_what_is_cut_goes_to_the_others() -> None:
    once = trim([1, 1, 2, 10], 5)
    assert once.weights.tolist() == pytest.approx([1 + 5 / 3, 1 + 5 / 3, 2 + 5 / 3, 5])
    assert (once.count, once.upper) == (1, 5)
    # The third would be pushed over the bound, so it is cut as well and the rest goes to the first two.
    assert trim([1, 1, 4.5, 10], 5).weights.tolist() == pytest.approx([3.25, 3.25, 5, 5])
    assert trim([1, 1, 2, 10], 5, redistribute="none").weights.sum() == 9
    assert trim([1, 3, 10], 6, redistribute="proportional").weights.tolist() == pytest.approx([2, 6, 6])


def test_what_weights_are_fitted_to_has_no_error() -> None:
    rng = np.random.default_rng(4)
    n = 120
    table = {"sex": rng.choice(["f", "m"], n), "shop": rng.choice(["a", "b", "c"], n), "age": rng.uniform(18, 60, n)}
    design = make_design(weights=rng.uniform(1, 3, n), clusters=[np.arange(n) // 4])
    margins: Any = {"sex": {"f": 130, "m": 110}, "shop": {"a": 80, "b": 80, "c": 80}}
    fitted = calibrated(design, calibrate(design.weights, table, margins=margins, totals={"age": 9300}))
    assert [e.estimate for e in counts(fitted, table["sex"])] == pytest.approx([130, 110])
    for figure in (*counts(fitted, table["sex"]), *counts(fitted, table["shop"]), *total(fitted, table["age"])):
        assert figure.se == pytest.approx(0, abs=1e-8)
    # What they explain well is surer than before, and a subset of the rows is no exception.
    near = table["age"] + rng.normal(0, 1, n)
    assert mean(fitted, near)[0].se < 0.3 * mean(design, near)[0].se
    by = make_groups({"sex": table["sex"]}, rows=n)
    subset = mean(fitted, near, where=table["sex"] == "f")[0]
    assert subset.se == pytest.approx(mean(fitted, near, by=by)[0].se)


def test_errors_of_a_fit_are_the_same_one_by_one_and_by_their_definition() -> None:
    rng = np.random.default_rng(5)
    n = 240
    strata, kinds, cluster = rng.integers(0, 3, n), rng.integers(0, 2, n), np.arange(n) // 4
    start = rng.uniform(1, 3, n)
    totals: dict[str, dict[object, float]] = {
        "s": {k: float(start[strata == k].sum() * 1.1) for k in range(3)},
        "k": {k: float(start.sum() * 1.1 / 2) for k in range(2)},
    }
    fit = rake(start, {"s": strata.tolist(), "k": kinds.tolist()}, totals)
    design = calibrated(make_design(weights=start, clusters=[cluster]), fit)
    by = make_groups({"g": rng.integers(0, 4, n).tolist()}, rows=n)
    items = {name: rng.normal(size=n).round(2) for name in ("one", "two", "three")}
    items["two"][::7] = np.nan
    grid = estimate_many(design, items, by=by, deff=None)
    for place, (name, values) in enumerate(items.items()):
        alone = estimate_many(design, {name: values}, by=by, deff=None)
        assert grid.se[place].tobytes() == alone.se[0].tobytes()
        for group in range(by.count):
            inside = (by.codes == group) & ~np.isnan(values)
            w, x = np.where(inside, design.weights, 0), np.nan_to_num(values)
            z = np.where(inside, (x - (w @ x) / w.sum()) / w.sum(), 0)
            assert design.controls is not None
            sums = np.bincount(cluster, weights=design.weights * design.controls.residuals(z[:, None])[:, 0])
            by_hand = sums.size / (sums.size - 1) * float(((sums - sums.mean()) ** 2).sum())
            assert grid.se[place, group] == pytest.approx(math.sqrt(by_hand), rel=1e-12)


def test_two_fits_after_each_other_and_replicates_agree_on_what_is_certain() -> None:
    rng = np.random.default_rng(8)
    n = 200
    sex, shop = rng.choice(["f", "m"], n), rng.choice(["a", "b"], n)
    x = rng.normal(5, 1, n) + 2.0 * (sex == "f")
    design = make_design(weights=np.full(n, 4.0), clusters=[np.arange(n) // 5])
    margins: Any = {"sex": {"f": 420, "m": 380}, "shop": {"a": 500, "b": 300}}
    columns = {"sex": sex, "shop": shop}
    formula = mean(calibrated(design, rake(design.weights, columns, margins)), x)[0]
    jackknife = refit_replicates(make_replicates(design, "JK1"), lambda w: rake(w, columns, margins))
    resampled = make_replicates(design, "bootstrap", count=400, rng=np.random.default_rng(1))
    boot = mean(refit_replicates(resampled, lambda w: rake(w, columns, margins)), x)[0]
    assert mean(jackknife, x)[0].estimate == pytest.approx(formula.estimate)
    assert mean(jackknife, x)[0].se == pytest.approx(formula.se, rel=0.1)
    assert boot.se == pytest.approx(formula.se, rel=0.2)
    assert counts(jackknife, sex)[0].se == pytest.approx(0, abs=1e-6)
    chained = calibrated(
        design, poststratify(design.weights, {"shop": shop}, margins["shop"]), rake(design.weights, columns, margins)
    )
    assert counts(chained, sex)[0].se < 20  # the second fit is nearly the whole story; before it the error is 28
    assert counts(chained, shop)[0].estimate == pytest.approx(500)


SHOPS = st.lists(
    st.tuples(st.sampled_from("fm"), st.sampled_from("abc"), st.floats(0.5, 5.0)), min_size=25, max_size=80
)


@settings(max_examples=40, deadline=None)
@given(SHOPS, st.permutations(range(25)))
def test_raking_meets_totals_stays_positive_and_changes_nothing_twice(rows: list[Any], order: list[int]) -> None:
    # One of each pair, so that margins cannot contradict each other.
    rows = [*rows, *((sex, shop, 1.0) for sex in "fm" for shop in "abc")]
    sex, shop, w = ([row[k] for row in rows] for k in range(3))
    margins: Any = {"sex": {"f": 600, "m": 400}, "shop": {"a": 500, "b": 300, "c": 200}}
    columns = {"sex": sex, "shop": shop}
    first = rake(w, columns, margins)
    for name, known in margins.items():
        for label, goal in known.items():
            reached = first.weights[np.array(columns[name]) == label].sum()
            assert reached == pytest.approx(goal, rel=1e-9)
    assert bool(np.all(first.weights > 0))
    np.testing.assert_allclose(rake(first.weights, columns, margins).weights, first.weights, rtol=1e-9)
    # Calibration by the raking distance has the same solution, and the order of rows does not matter.
    same = calibrate(w, columns, margins=margins, method="raking")
    np.testing.assert_allclose(same.weights, first.weights, rtol=1e-6)
    places = [*order, *range(25, len(rows))]
    shuffled = rake([w[k] for k in places], {n: [c[k] for k in places] for n, c in columns.items()}, margins)
    np.testing.assert_allclose(shuffled.weights, first.weights[places], rtol=1e-9)
    design = make_design(weights=w, strata=shop)
    there = mean(calibrated(design, first), np.arange(len(rows)))[0]
    moved = make_design(weights=[w[k] for k in places], strata=[shop[k] for k in places])
    back = mean(calibrated(moved, shuffled), np.array(places))[0]
    assert (back.estimate, back.se) == pytest.approx((there.estimate, there.se))


@settings(max_examples=30, deadline=None)
@given(SHOPS)
def test_bounded_calibration_stays_within_bounds(rows: list[Any]) -> None:
    sex, _, w = ([row[k] for row in [*rows, ("f", "a", 1.0), ("m", "a", 1.0)]] for k in range(3))
    weights, group = np.array(w), np.array(sex)
    known: Any = {"sex": {g: 1.15 * float(weights[group == g].sum()) for g in "fm"}}
    for method, bounds in (("logit", (0.8, 1.4)), ("linear", (0.8, 1.4))):
        fit = calibrate(weights, {"sex": sex}, margins=known, method=method, bounds=bounds)  # type: ignore[arg-type]
        assert fit.factor.min() >= 0.8 - 1e-9
        assert fit.factor.max() <= 1.4 + 1e-9
        assert fit.weights[group == "f"].sum() == pytest.approx(known["sex"]["f"])


def test_rows_of_weight_zero_stay_zero_and_numbers_match_words() -> None:
    fit = rake([1, 1, 0, 2], {"g": [1, 2, 2, 1]}, {"g": {"1": 30, "2": 10}})
    assert fit.weights.tolist() == [10, 10, 0, 20]
    assert fit.factor.tolist() == [10, 10, 1, 10]
    # Its error is defined though a row has no weight.
    assert math.isfinite(mean(calibrated(make_design(weights=[1, 1, 0, 2]), fit), [1, 2, 3, 4])[0].se)


COLUMNS: Any = {"g": ["a", "b", "b"], "h": ["x", None, "x"], "n": [1.0, 2.0, math.nan]}
G12: Any = {"g": {"a": 1, "b": 2}}
AGAINST: Any = {**G12, "k": {"x": 2, "y": 1}}


@pytest.mark.parametrize(
    ("work", "message", "row", "column"),
    [
        (lambda: rake([1, 1, 1], COLUMNS, {}), "No margins", None, "margins"),
        (lambda: rake([1, 1, 1], COLUMNS, {"g": {}}), "margin of g is empty", None, "g"),
        (lambda: rake([1, 1, 1], COLUMNS, {"z": {"a": 1}}), "z has no column", None, "z"),
        (lambda: rake([1, 1, 1], COLUMNS, {"g": {"a": 1}}), "no total for “b”", 1, "g"),
        (lambda: rake([1, 1, 1], COLUMNS, {"g": {"a": 1, "b": 1, "c": 2}}), "No row .* has g = c", None, "g"),
        (lambda: rake([1, 0, 0], COLUMNS, {"g": {"a": 1, "b": 1}}), "No row of positive weight has g = b", None, "g"),
        (lambda: rake([1, 1, 1], COLUMNS, {"h": {"x": 3}}), r"h is missing \(1 such rows\)", 1, "h"),
        (lambda: rake([1, 1, 1], COLUMNS, {"g": {"a": 1, "b": -1}}), "number of 0 or more", None, "g"),
        (lambda: rake([1, -1, 1], COLUMNS, {"g": {"a": 1, "b": 1}}), "missing or negative", 1, "weights"),
        (
            lambda: rake([1, 1, 1], {**COLUMNS, "k": ["x", "y", "y"]}, {"g": {"a": 1, "b": 2}, "k": {"x": 2, "y": 2}}),
            "margins disagree: the totals of g add up to 3, those of k to 4", None, "k",
        ),
        (
            lambda: rake([1, 1, 1], {**COLUMNS, "k": ["x", "y", "y"]}, AGAINST, most=9),
            "does not converge: after 9 rounds", None, "g",
        ),
        (lambda: calibrate([1, 1, 1], COLUMNS), "Nothing to calibrate to", None, "margins"),
        (lambda: calibrate([1, 1, 1], COLUMNS, totals={"n": 9}), "n is missing", 2, "n"),
        (lambda: calibrate([1, 1, 1], COLUMNS, margins=G12, method="logit"), "two bounds", None, "bounds"),
        (
            lambda: calibrate([1, 1, 1], COLUMNS, margins={"g": {"a": 9, "b": 2}}, method="logit", bounds=(0.5, 2)),
            "does not converge", None, "g",
        ),
        (lambda: calibrate([1, 1, 1], {"x": [1, 2, 3]}, totals={"1": 3, "x": 15}), "1 weights negative", 0, "weights"),
        (lambda: adjust_nonresponse([1, 1], [1, 0], {"g": ["a", "b"]}), "Nobody answered in the cell b", None, "g"),
        (lambda: adjust_nonresponse([1, 1], [1, 2]), "neither yes", 1, "responded"),
        (lambda: base_weights([0.5, 0]), "above 0 and at most at 1", 1, "probability"),
        (lambda: base_weights(strata=["a", "b"], population={"a": 3}), "b has no population size", None, "population"),
        (lambda: base_weights(strata=["a", "a"], population={"a": 1}), "population of only 1", None, "population"),
        (lambda: merge_small(["a", "b"], least=3), "fewer than 3", None, "strata"),
        (lambda: trim([1, 2]), "either a cap or two bounds", None, "bounds"),
        (lambda: trim([5, 5], 3), "no weight is left", None, "bounds"),
        (lambda: trim([1, 2], bounds=(3, 2)), "bounds of weights cross", None, "bounds"),
        (lambda: make_replicates(make_design(strata=list("aab")), "JKn"), "only one cluster", None, "strata"),
        (lambda: make_replicates(make_design(strata=list("aabb")), "JK1"), "use JKn", None, "strata"),
        (lambda: make_replicates(make_design(rows=3), "bootstrap"), "needs a generator", None, "rng"),
    ],
)  # fmt: skip
def test_what_cannot_be_fitted_is_refused(
    work: Callable[[], object], message: str, row: int | None, column: str | None
) -> None:
    with pytest.raises(StatsError, match=message) as caught:
        work()
    assert (caught.value.row, caught.value.column) == (row, column)


def test_a_share_without_error_has_an_interval() -> None:
    # Each stratum answers alike: nothing varies within strata, though the share is one half.
    found = choice_shares(["yes", "yes", "no", "no"], strata=["a", "a", "b", "b"])
    assert [(e.estimate, e.se, e.lower, e.upper) for e in found] == [(0.5, 0, 0.5, 0.5)] * 2


def test_mixtures_of_equal_factors_are_f_distributed() -> None:
    from scipy.stats import f

    for k in (2, 3, 5):
        assert mixture_tail(2.0 * k, np.ones(k), 15) == pytest.approx(float(f.sf(2.0, k, 15)), abs=1e-10)
        assert mixture_tail(2.0 * k, np.ones(k), 15, "saddlepoint") == pytest.approx(float(f.sf(2.0, k, 15)), rel=0.05)


def test_simple_samples_give_the_tests_of_textbooks() -> None:
    from scipy.stats import chi2_contingency

    rng = np.random.default_rng(3)
    n = 400
    a, b = rng.choice(["x", "y"], n), rng.choice(["p", "q", "r"], n)
    design = make_design(rows=n)
    table = np.array([[np.sum((a == i) & (b == j)) for j in "pqr"] for i in "xy"])
    plain = chi2_contingency(table, correction=False)
    found = association_test(design, a, b, form="Chisq")
    assert found.statistic == pytest.approx(plain.statistic)
    assert found.p == pytest.approx(plain.pvalue, rel=0.02)
    assert association_test(design, a, b, form="exact").p == pytest.approx(plain.pvalue, rel=0.1)
    assert association_test(design, a, b, form="exact").p == pytest.approx(
        association_test(design, a, b, form="saddlepoint").p, rel=0.1
    )
    values = rng.normal(0, 1, n) + 3.0 * (a == "y")
    assert t_test(design, values, a).p < 1e-10
    assert rank_test(design, values, a, score="median").p < 1e-10
    several = rank_test(design, values, b)
    assert (several.ndf, several.groups) == (2, ("p", "q", "r"))
    assert several.p > 0.001


def test_tests_that_cannot_be_made_are_refused() -> None:
    design = make_design(rows=4)
    with pytest.raises(StatsError, match="1 answers among the rows"):
        association_test(design, ["a"] * 4, list("xyxy"))
    with pytest.raises(StatsError, match="compares two groups; there are 3"):
        t_test(design, [1, 2, 3, 4], list("abca"))
    with pytest.raises(StatsError, match="at least two groups"):
        rank_test(design, [1, 2, 3, 4], ["a"] * 4)
    with pytest.raises(StatsError, match="Unknown form"):
        association_test(design, list("aabb"), list("xyxy"), form="G")  # type: ignore[arg-type]
