"""What weights are fitted to: totals known of the whole population, and what their being known does to the error.

A fit leaves behind the columns X it used. The linearised value z of any figure is then replaced by its residual from
the regression on X (Deville and Särndal 1992, JASA 87, 376–382): what X explains cannot vary, its total is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import Column, FloatArray, IntArray, as_floats, check_length, encode
from qiao_stats.estimation.design import Design
from qiao_stats.estimation.replicates import ReplicateDesign
from qiao_stats.estimation.residuals import Controls, join_controls

#: Per categorical column the population total of each of its categories.
Margins = Mapping[str, Mapping[object, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Weighting:
    """``weights`` (n,) after the fit, the ``start`` (n,) they were before, ``rounds`` it took, ``gap``: the largest
    relative distance left from a total, and the ``controls`` that the standard error needs."""

    weights: FloatArray
    start: FloatArray
    rounds: int
    gap: float
    controls: Controls

    @property
    def factor(self) -> FloatArray:
        """New over old weight (n,); 1 where the old one is 0."""
        return np.divide(self.weights, self.start, out=np.ones(self.start.size), where=self.start > 0)


def calibrated(design: Design, *fits: Weighting) -> Design:
    """The design with the last fit's weights, whose standard errors know the totals of all ``fits`` (in order).

    Raises:
        StatsError: fits of another number of rows; a design of replicate weights (fit each replicate's weights
            instead: :func:`qiao_stats.weighting.refit_replicates`).
    """
    if not fits:
        return design
    if isinstance(design, ReplicateDesign):
        raise StatsError("Replicate weights are fitted one by one, not by the residuals of their design.")
    for fit in fits:
        check_length(fit.weights, column="weights", rows=design.rows)
    return replace(design, weights=fits[-1].weights, controls=join_controls([fit.controls for fit in fits]))


def check_weights(weights: Column, *, rows: int | None = None) -> FloatArray:
    """Weights (n,) as floats. Raises StatsError for a missing or negative one, or if all are zero."""
    w = as_floats(weights, column="weights", rows=rows)
    bad = np.flatnonzero(~(np.isfinite(w) & (w >= 0)))
    if bad.size:
        raise StatsError(
            "The weight is missing or negative (%(count)s such rows).",
            row=int(bad[0]), column="weights", count=bad.size,
        )  # fmt: skip
    if not bool(np.any(w > 0)):
        raise StatsError("All weights are zero.", column="weights")
    return w


def label_codes(values: Column, column: str, rows: int | None) -> tuple[IntArray, tuple[object, ...]]:
    """Codes (n,) and categories of a column in which no value may be missing."""
    codes, labels = encode(values)
    check_length(codes, column=column, rows=rows)
    missing = np.flatnonzero(codes < 0)
    if missing.size:
        raise StatsError(
            "%(name)s is missing (%(count)s such rows). Every row needs a value here: give the missing ones a "
            "category of their own with its total, or fill them in.",
            row=int(missing[0]), column=column, name=column, count=missing.size,
        )  # fmt: skip
    return codes, labels


def key_of(label: object) -> str:
    """How a category is compared: as text, whole numbers without a point, so that 1, 1.0 and "1" are the same."""
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    return str(label)


def match_margin(
    values: Column, known: Mapping[object, float], weights: FloatArray, column: str
) -> tuple[IntArray, FloatArray, tuple[str, ...]]:
    """Codes (n,) of the margin's categories, their totals and their names, all in the margin's order.

    A category whose total is 0 is allowed if no row of positive weight has it; its rows get weight 0.

    Raises:
        StatsError: an empty margin; a total that is no number of 0 or more; a row's category that is not in the
            margin; a category of the margin that no row of positive weight has.
    """
    if not known:
        raise StatsError("The margin of %(name)s is empty: give a total for each category.", column=column, name=column)
    names = tuple(key_of(label) for label in known)
    totals = np.array([float(total) for total in known.values()])
    for name, total in zip(names, totals, strict=True):
        if not (np.isfinite(total) and total >= 0):
            raise StatsError(
                "The total of %(name)s = %(category)s must be a number of 0 or more.",
                column=column, name=column, category=name,
            )  # fmt: skip
    if len(set(names)) < len(names):
        raise StatsError("The margin of %(name)s names a category twice.", column=column, name=column)
    codes, labels = label_codes(values, column, weights.size)
    position = {name: place for place, name in enumerate(names)}
    table = np.array([position.get(key_of(label), -1) for label in labels], dtype=np.int64)
    matched: IntArray = table[codes]
    stray = np.flatnonzero(matched < 0)
    if stray.size:
        raise StatsError(
            "The margin of %(name)s has no total for “%(category)s” (%(count)s such rows).",
            row=int(stray[0]), column=column, name=column, category=labels[int(codes[stray[0]])], count=stray.size,
        )  # fmt: skip
    reached = np.bincount(matched, weights=weights, minlength=len(names))
    empty = [names[place] for place in np.flatnonzero((reached <= 0) & (totals > 0))]
    if empty:
        raise StatsError(
            "No row of positive weight has %(name)s = %(category)s, so no weight can reach its total. Join the "
            "category with another.",
            column=column, name=column, category=", ".join(empty),
        )  # fmt: skip
    return matched, totals, names


def check_sums(sums: Mapping[str, float], *, tolerance: float = 1e-9) -> None:
    """Raise StatsError unless the margins of one population add up to the same total."""
    if not sums:
        return
    first_name, first = next(iter(sums.items()))
    for name, total in sums.items():
        if abs(total - first) > tolerance * max(abs(first), abs(total)):
            raise StatsError(
                "The margins disagree: the totals of %(first)s add up to %(one)s, those of %(second)s to %(other)s.",
                column=name, first=first_name, one=f"{first:.12g}", second=name, other=f"{total:.12g}",
            )  # fmt: skip
