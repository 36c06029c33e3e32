"""Need-based allocation: how a budget is divided among units of one level by what they have to cope with.

For unit u with inputs x_i(u), weights w_i that sum to 1 and members m(u)::

    need(u)  = sum_i w_i * pr_i(u)          pr_i: percentile rank among the units, 0 (least need) to 1 (most)
    share(u) = need(u) * m(u) / sum over v of need(v) * m(v)

The percentile rank is (r - 1) / (n - 1) with r the rank among n units, ties at their mean rank, so that no unit of
measure and no single extreme value decides. A missing input is replaced by the median of the level, and marked.

A share may be held within limits around the unit's share of the year before. The limited shares are
min(max(f * share, lower), upper) with the one factor f for which they sum to 1 (proportional within bounds): whatever
the limits take from one unit the others get or give in proportion to their shares by the formula.

Inequality is measured over members, not units, by the Gini coefficient of the money per member: 0 where each member's
unit has the same for each, towards 1 where one unit has everything. Source: C. Gini, "Variabilità e mutabilità",
Bologna 1912; weighted form: F. Cowell, "Measuring Inequality", 3rd edition, Oxford 2011, chapter 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from qiao_stats.errors import StatsError

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

#: How far the sum of weights may be from 1: what ten decimals of rounding can add up to.
_WEIGHT_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Allocation:
    """The shares of n units and what they come from; arrays of k inputs have the shape (n, k).

    ``filled``: the inputs with medians in place of what is ``missing``; ``ranks``: percentile ranks, more is more need;
    ``need``: 0 to 1; ``wanted``: shares by the formula; ``share``: within the limits, sum 1; ``lower``, ``upper``: the
    limits (0 and 1 where there is none); ``factor``: the f of the module's text.
    """

    filled: FloatArray
    missing: BoolArray
    ranks: FloatArray
    need: FloatArray
    wanted: FloatArray
    share: FloatArray
    lower: FloatArray
    upper: FloatArray
    factor: float

    @property
    def raised(self) -> BoolArray:
        """Units that get more than the formula and the common factor give them, because of their lower limit."""
        return np.asarray(self.share > self.factor * self.wanted + 1e-12)

    @property
    def held(self) -> BoolArray:
        """Units that get less, because of their upper limit."""
        return np.asarray(self.share < self.factor * self.wanted - 1e-12)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What becomes of the shares if one weight (its position) is ``moved`` and the others give way in proportion.

    ``shifted``: the part of the budget that goes to other units, half the sum of absolute differences of shares.
    """

    weight: int
    moved: float
    weights: FloatArray
    share: FloatArray
    shifted: float


def allocate(
    inputs: FloatArray,
    members: FloatArray,
    weights: Sequence[float],
    *,
    less_is_more: Sequence[bool] = (),
    before: FloatArray | None = None,
    limit: float | None = None,
) -> Allocation:
    """Compute the shares of n units.

    ``inputs`` (n, k): NaN is missing; ``members`` (n,): positive; ``weights`` (k,): not negative, sum 1;
    ``less_is_more`` (k,): inputs of which a small value means much need. ``before`` (n,): each unit's amount of the
    year before in any currency, NaN for a unit that is new (it has no limits); ``limit``: by which part of its share of
    then a unit's share may change, 0.15 for 15 %. Raises StatsError for other shapes, infinite inputs, no units,
    members or weights out of range, and limits nobody can keep.
    """
    inputs, members = np.asarray(inputs, float), np.asarray(members, float)
    wanted_weights = checked_weights(weights)
    if inputs.ndim != 2 or inputs.shape[1] != len(wanted_weights):
        raise StatsError("There are %(columns)s inputs and %(weights)s weights.",
                         columns=inputs.shape[1] if inputs.ndim == 2 else 1, weights=len(wanted_weights))  # fmt: skip
    number = inputs.shape[0]
    if number == 0:
        raise StatsError("There is no unit to divide among.")
    if members.shape != (number,):
        raise StatsError("There are %(members)s numbers of members for %(units)s units.",
                         members=members.size, units=number)  # fmt: skip
    _refuse_where(~(np.isfinite(members) & (members > 0)), "members", "The number of members must be above 0.")
    for column in range(inputs.shape[1]):
        _refuse_where(np.isinf(inputs[:, column]), str(column), "An input is infinite.")
    missing = np.isnan(inputs)
    filled = _with_medians(inputs, missing)
    ranks = _percentile_ranks(filled)
    for column, turned in enumerate(less_is_more):
        if turned:
            ranks[:, column] = 1 - ranks[:, column]
    need = ranks @ wanted_weights
    mass = need * members
    if mass.sum() <= 0:
        raise StatsError("No unit has any need by these weights: nothing tells them apart.")
    wanted = mass / mass.sum()
    lower, upper = _limits(number, before, limit)
    factor, share = _within(wanted, lower, upper)
    return Allocation(filled, missing, ranks, need, wanted, share, lower, upper, factor)


def checked_weights(weights: Sequence[float]) -> FloatArray:
    """The weights as an array. Raises StatsError unless none is negative and they sum to 1."""
    found = np.asarray(weights, float)
    if found.ndim != 1 or found.size == 0 or not np.isfinite(found).all() or (found < 0).any():
        raise StatsError("Weights must be numbers that are not negative.")
    if abs(found.sum() - 1) > _WEIGHT_SLACK:
        raise StatsError("The weights sum to %(sum)s, not to 1: nothing can be computed.", sum=f"{found.sum():.6g}")
    return found


def moved_weights(weights: FloatArray, place: int, step: float) -> FloatArray:
    """The weights with one moved by ``step`` (kept within 0 and 1) and the others scaled so that the sum stays 1."""
    found = weights.copy()
    found[place] = min(1.0, max(0.0, float(weights[place]) + step))
    others = np.arange(found.size) != place
    rest = float(weights[others].sum())
    left = 1 - found[place]
    found[others] = weights[others] * (left / rest) if rest > 0 else left / max(1, found.size - 1)
    return found


def sensitivity(
    made: Allocation, members: FloatArray, weights: Sequence[float], *, step: float = 0.05
) -> list[Sensitivity]:
    """Each weight once up and once down by ``step``: what would have become of the shares, within the same limits."""
    given = checked_weights(weights)
    found = []
    for place in range(given.size):
        for moved in (-step, step):
            tried = moved_weights(given, place, moved)
            mass = (made.ranks @ tried) * np.asarray(members, float)
            if mass.sum() <= 0:
                continue
            _factor, share = _within(mass / mass.sum(), made.lower, made.upper)
            found.append(Sensitivity(place, moved, tried, share, float(np.abs(share - made.share).sum() / 2)))
    return found


def gini(values: FloatArray, members: FloatArray) -> float:
    """The Gini coefficient of ``values`` (money per member, not negative), each counted for its ``members``.

    0 where all values are equal or all are 0. Raises StatsError for negative or missing values.
    """
    values, members = np.asarray(values, float), np.asarray(members, float)
    _refuse_where(~(np.isfinite(values) & (values >= 0)), "values", "Money per member must be a number from 0 on.")
    order = np.argsort(values, kind="stable")
    amount, people = values[order] * members[order], members[order]
    total = amount.sum()
    if total <= 0:
        return 0.0
    # Twice the area between the line of equality and the Lorenz curve, by trapezes.
    heights = np.concatenate([[0.0], np.cumsum(amount)]) / total
    widths = people / people.sum()
    return float(max(0.0, 1 - np.sum(widths * (heights[1:] + heights[:-1]))))


def whole_amounts(share: FloatArray, budget: int) -> list[int]:
    """Shares of a budget in its smallest coin, which sum to the budget exactly (largest remainder).

    Remainders that differ by less than a billionth of a coin count as equal and go by position, so that the result does
    not hang on the last bit of a float.
    """
    exact = [float(value) * budget for value in share]
    floors = [int(value + 1e-9) for value in exact]
    rest = budget - sum(floors)
    order = sorted(range(len(exact)), key=lambda place: (-round(exact[place] - floors[place], 9), place))
    for place in order[: max(0, rest)]:
        floors[place] += 1
    return floors


def _with_medians(inputs: FloatArray, missing: BoolArray) -> FloatArray:
    """Medians for what is missing; an input nobody has is the same for all, so that it tells nobody apart."""
    filled = inputs.copy()
    for column in range(inputs.shape[1]):
        known = inputs[~missing[:, column], column]
        filled[missing[:, column], column] = np.median(known) if known.size else 0.0
    return filled


def _percentile_ranks(values: FloatArray) -> FloatArray:
    number = values.shape[0]
    if number == 1:
        return np.full(values.shape, 0.5)
    return np.asarray((rankdata(values, method="average", axis=0) - 1) / (number - 1), float)


def _limits(number: int, before: FloatArray | None, limit: float | None) -> tuple[FloatArray, FloatArray]:
    lower, upper = np.zeros(number), np.ones(number)
    if before is None or limit is None:
        return lower, upper
    before = np.asarray(before, float)
    if before.shape != (number,):
        raise StatsError("There are %(before)s amounts of the year before for %(units)s units.",
                         before=before.size, units=number)  # fmt: skip
    if not (np.isfinite(limit) and 0 <= limit <= 1):
        raise StatsError("The limit of change must be between 0 and 1.")
    _refuse_where(np.isinf(before) | (before < 0), "before", "An amount must not be negative.")
    known = ~np.isnan(before)
    total = before[known].sum()
    if total <= 0:
        return lower, upper
    share = np.where(known, np.nan_to_num(before) / total, np.nan)
    lower[known] = share[known] * (1 - limit)
    upper[known] = np.minimum(1.0, share[known] * (1 + limit))
    if not known.all():
        # Units that had a share then make room for new ones: their floors are of what is left to them.
        lower *= 1 - 1 / number * np.count_nonzero(~known)
    return lower, upper


def _within(wanted: FloatArray, lower: FloatArray, upper: FloatArray) -> tuple[float, FloatArray]:
    """The factor f and the shares min(max(f * wanted, lower), upper) that sum to 1.

    The sum is piecewise linear and never falls with f: between two neighbouring breakpoints f follows exactly.
    """

    def given(factor: float) -> FloatArray:
        return np.asarray(np.clip(factor * wanted, lower, upper), float)

    if lower.sum() > 1 + 1e-12:
        raise StatsError("The lower limits together exceed the budget.")
    some = wanted > 0
    if upper[some].sum() + lower[~some].sum() < 1 - 1e-12:
        raise StatsError("The upper limits together leave part of the budget over: allow more change.")
    points = np.unique(np.concatenate([[0.0], lower[some] / wanted[some], upper[some] / wanted[some]]))
    # The last breakpoint at which the sum is not above 1.
    first, last = 0, points.size - 1
    while first < last:
        middle = (first + last + 1) // 2
        if given(float(points[middle])).sum() <= 1:
            first = middle
        else:
            last = middle - 1
    start = float(points[first])
    free = some & (lower * (1 - 1e-12) <= start * wanted) & (start * wanted < upper * (1 - 1e-12))
    slope = float(wanted[free].sum())
    factor = start + (1 - float(given(start).sum())) / slope if slope > 0 else start
    share = given(factor)
    return factor, share / share.sum()


def _refuse_where(wrong: BoolArray, column: str, message: str) -> None:
    rows = np.flatnonzero(wrong)
    if rows.size:
        raise StatsError(message, row=int(rows[0]), column=column)
