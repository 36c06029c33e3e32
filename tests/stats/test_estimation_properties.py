"""What must hold for every sample, tried on many."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from qiao_stats.estimation import Design, Estimate, make_design, make_groups, mean, proportion, ratio, total

Sample = dict[str, npt.NDArray[Any]]


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    n = draw(st.integers(2, 40))

    def column(values: st.SearchStrategy[Any], dtype: Any) -> npt.NDArray[Any]:
        return np.array(draw(st.lists(values, min_size=n, max_size=n)), dtype=dtype)

    return {
        "weight": column(st.floats(0.1, 50), float),
        "stratum": column(st.integers(0, 3), int),
        "cluster": column(st.integers(0, 4), int),
        "group": column(st.integers(0, 2), int),
        "x": column(st.one_of(st.floats(-100, 100), st.just(float("nan"))), float),
        "y": column(st.floats(1, 100), float),
    }


def design_of(sample: Sample, factor: float = 1) -> Design:
    return make_design(
        weights=sample["weight"] * factor, strata=sample["stratum"], clusters=[sample["cluster"]], lonely="adjust"
    )


def same(first: tuple[Estimate, ...], second: tuple[Estimate, ...], *, se: bool = True) -> None:
    assert [(a.by, a.level, a.n, a.df) for a in first] == [(b.by, b.level, b.n, b.df) for b in second]
    for name in ("estimate", "se", "lower", "upper") if se else ("estimate",):
        np.testing.assert_allclose(
            [getattr(a, name) for a in first], [getattr(b, name) for b in second], rtol=1e-7, atol=1e-7
        )


@settings(max_examples=25, deadline=None)
@given(samples(), st.floats(0.01, 1000))
def test_scaling_the_weights_leaves_means_ratios_and_shares_unchanged(sample: Sample, factor: float) -> None:
    small, large = design_of(sample), design_of(sample, factor)
    by = make_groups({"g": sample["group"]}, rows=small.rows)
    same(mean(small, sample["x"], by=by), mean(large, sample["x"], by=by))
    same(ratio(small, sample["x"], sample["y"], by=by), ratio(large, sample["x"], sample["y"], by=by))
    same(proportion(small, sample["cluster"], by=by), proportion(large, sample["cluster"], by=by))


@settings(max_examples=25, deadline=None)
@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(sample: Sample, random: Any) -> None:
    order = list(range(len(sample["x"])))
    random.shuffle(order)
    shuffled = {name: values[order] for name, values in sample.items()}
    for statistic in (mean, total):
        first, second = (
            statistic(design_of(s), s["x"], by=make_groups({"g": s["group"]}, rows=len(order)))
            for s in (sample, shuffled)
        )
        same(first, second)


@settings(max_examples=25, deadline=None)
@given(samples())
def test_domain_totals_add_up_to_the_total_and_shares_to_one(sample: Sample) -> None:
    design = design_of(sample)
    by = make_groups({"g": sample["group"]}, rows=design.rows)
    parts = [figure.estimate for figure in total(design, sample["x"], by=by) if figure.n]
    whole = total(design, sample["x"])[0]
    if whole.n:
        np.testing.assert_allclose(sum(parts), whole.estimate, rtol=1e-9, atol=1e-6)
    shares = proportion(design, sample["cluster"])
    np.testing.assert_allclose(sum(share.estimate for share in shares), 1)


@settings(max_examples=25, deadline=None)
@given(samples())
def test_a_group_estimated_by_itself_has_the_same_figure_and_error(sample: Sample) -> None:
    design = design_of(sample)
    by = make_groups({"g": sample["group"]}, rows=design.rows)
    for figure in mean(design, sample["x"], by=by):
        alone = mean(design, sample["x"], where=sample["group"] == figure.by["g"])[0]
        np.testing.assert_allclose([alone.estimate, alone.se], [figure.estimate, figure.se], rtol=1e-9, atol=1e-9)
        assert alone.df <= figure.df
