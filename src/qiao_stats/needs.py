"""Which needs are common to all, and which stand out in one group.

Common: among the k most named in every stratum. Of a group: named more often by the group than by everybody else, by
more than chance explains once it is counted how many comparisons were made.

The difference of the shares of group g and of the rest r is d = p_g − p_r with p = Σ w·y / Σ w over each part. Both
parts are drawn by one design, so they are not independent; with the linearised value of a row
z = 1_g·(y − p_g)/W_g − 1_r·(y − p_r)/W_r (W: the weight of the part) the standard error of d is that of the total of z
under the design (Särndal, Swensson and Wretman 1992, 5.6; Lohr 2022, 9.1). One-sided p values of t = d/se with the
design's degrees of freedom are adjusted by Benjamini and Hochberg (1995, JRSS B 57, 289–300) over all comparisons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.special import stdtr, stdtrit
from scipy.stats import false_discovery_control

from qiao_stats.errors import StatsError
from qiao_stats.estimation import Design, Grid, estimate_many, make_groups
from qiao_stats.estimation.arrays import BoolArray, Column, FloatArray, as_floats, check_length


@dataclass(frozen=True, slots=True)
class Comparison:
    """One item in one group against everybody else of whom it is known whether they belong to the group.

    Shares with their intervals and rows, the difference with its standard error, the p value of its being chance, and
    ``adjusted``, the same after Benjamini and Hochberg; ends of the difference's own interval. What cannot be computed
    is NaN.
    """

    item: str
    group: str
    n: int
    share: float
    lower: float
    upper: float
    rest_n: int
    rest_share: float
    rest_lower: float
    rest_upper: float
    difference: float
    se: float
    p: float
    adjusted: float
    difference_lower: float = float("nan")
    difference_upper: float = float("nan")


class Sure(StrEnum):
    """How sure it is that a need stands out, from its adjusted p value: words instead of a number nobody reads."""

    NEARLY_CERTAIN = "nearly_certain"
    VERY_LIKELY = "very_likely"
    LIKELY = "likely"
    NOT_SHOWN = "not_shown"


class Close(StrEnum):
    """How closely a share is known, from half the width of its 95 % interval."""

    CLOSELY = "closely"
    FAIRLY = "fairly"
    ROUGHLY = "roughly"
    BARELY = "barely"


#: Largest adjusted p value, and largest half width, of each word of the two scales.
SURE_UP_TO: tuple[tuple[float, Sure], ...] = (
    (0.001, Sure.NEARLY_CERTAIN),
    (0.01, Sure.VERY_LIKELY),
    (0.05, Sure.LIKELY),
)
CLOSE_UP_TO: tuple[tuple[float, Close], ...] = ((0.03, Close.CLOSELY), (0.06, Close.FAIRLY), (0.12, Close.ROUGHLY))


def how_sure(adjusted: float) -> Sure:
    """The word for an adjusted p value; what could not be tested (NaN) is not shown. Raises StatsError outside 0…1."""
    if np.isnan(adjusted):
        return Sure.NOT_SHOWN
    if not 0 <= adjusted <= 1:
        raise StatsError("A p value lies between 0 and 1.")
    return next((word for limit, word in SURE_UP_TO if adjusted <= limit), Sure.NOT_SHOWN)


def how_close(lower: float, upper: float) -> Close:
    """The word for an interval of a share. Raises StatsError for ends in the wrong order or none."""
    if not lower <= upper:
        raise StatsError("The lower end of an interval cannot lie above the upper.")
    half = (upper - lower) / 2
    # The hair forgives rounding of ends such as 0.47 and 0.53.
    return next((word for limit, word in CLOSE_UP_TO if half <= limit + 1e-9), Close.BARELY)


def rank_ranges(lower: FloatArray, upper: FloatArray) -> list[tuple[int, int]]:
    """Best and worst rank of each of n shares that their intervals (n,), (n,) leave open; 1 is the largest share.

    Another share stands above for sure where its interval begins above the end of this one, and may stand above where
    the intervals meet. Simple and wide: the true range is seldom outside it.

    Raises:
        StatsError: ends of different length or order.
    """
    low, high = np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64)
    if low.shape != high.shape or low.ndim != 1 or not bool((low <= high).all()):
        raise StatsError("Each share needs a lower and an upper end, in this order.")
    best = 1 + (low[None, :] > high[:, None]).sum(axis=1)
    worst = (high[None, :] >= low[:, None]).sum(axis=1)
    return [(int(first), int(last)) for first, last in zip(best, worst, strict=True)]


@dataclass(frozen=True, slots=True)
class Common:
    """An item that is common, with the p value of its not being so in the stratum where that is least sure.

    ``adjusted`` is the same after Benjamini and Hochberg over the items named. ``weakest``: that stratum.
    """

    item: str
    p: float
    adjusted: float
    weakest: str


def common_tests(
    design: Design, items: Mapping[str, Column], strata: Column, *, top: int = 5, least: int = 30
) -> tuple[Common, ...]:
    """The items of `common_items` in their order, each with how sure it is.

    An item is common if it is in the top of *every* stratum, so the largest of its strata's p values counts (an
    intersection-union test: Berger 1982, Technometrics 24, 295–300). In a stratum it is tested against the first item
    outside the top: p = P(T ≤ −d/se) for the mean d of their difference. Which one that is the same data say, so the p
    value is a little too small where many items lie close together at the edge.

    Args, Raises: as `common_items`.
    """
    names = common_items(design, items, strata, top=top, least=least)
    if not names:
        return ()
    groups = make_groups({"stratum": strata}, rows=design.rows)
    sizes = np.bincount(groups.codes[groups.codes >= 0], minlength=groups.count)
    columns = {name: as_floats(values, column=name, rows=design.rows) for name, values in items.items()}
    shares = estimate_many(design, items, by=groups, deff=None).estimate
    reach = min(top, len(items) // 2)
    everything = list(items)
    worst: dict[str, tuple[float, str]] = dict.fromkeys(names, (-1.0, ""))
    for group in np.flatnonzero(sizes >= least):
        label = str(groups.keys[group]["stratum"])
        order = sorted(range(len(everything)), key=lambda place: (-float(np.nan_to_num(shares[place, group])), place))
        edge = columns[everything[order[reach]]]
        inside = groups.codes == group
        df = design.degrees_of_freedom(inside)
        ahead = {name: columns[name] - edge for name in names}
        grid = estimate_many(design, ahead, by=groups, deff=None)
        for row, name in enumerate(names):
            difference, se = float(grid.estimate[row, group]), float(grid.se[row, group])
            p = float(stdtr(df, -difference / se)) if se > 0 and df > 0 else (0.0 if difference > 0 else 0.5)
            worst[name] = max(worst[name], (p, label))
    adjusted = false_discovery_control([worst[name][0] for name in names], method="bh")
    return tuple(
        Common(name, worst[name][0], float(value), worst[name][1]) for name, value in zip(names, adjusted, strict=True)
    )


def common_items(
    design: Design, items: Mapping[str, Column], strata: Column, *, top: int = 5, least: int = 30
) -> tuple[str, ...]:
    """Items among the ``top`` most named in every stratum, most named overall first.

    Args:
        design: of n rows.
        items: a column (n,) of 0 and 1 per item, NaN for rows not asked.
        strata: label (n,) of each row's stratum; not necessarily the design's.
        top: k. With fewer than 2k items half of them (rounded down) count as the top: else everything would be common.
        least: strata with fewer rows are too few to have a ranking and are left out.

    Items that tie for the last place of the top are all in it, unless these are all items or more than 2k: where
    hardly anything is named more often than anything else there is no ranking at that place. An item nobody in a
    stratum names is not in its top.

    Raises:
        StatsError: columns of different length, or no items.
    """
    if not items:
        raise StatsError("There are no items to compare.")
    groups = make_groups({"stratum": strata}, rows=design.rows)
    sizes = np.bincount(groups.codes[groups.codes >= 0], minlength=groups.count)
    names = list(items)
    reach = min(top, len(names) // 2)
    if reach < 1 or not bool(np.any(sizes >= least)):
        return ()
    grid = estimate_many(design, items, by=groups, deff=None)
    kept = np.ones(len(names), dtype=np.bool_)
    for group in np.flatnonzero(sizes >= least):
        shares = np.nan_to_num(grid.estimate[:, group], nan=0.0)
        # Rank 1 + the number strictly above: equal shares share the better place. The hair forgives rounding.
        ranks = 1 + (shares[None, :] > shares[:, None] + 1e-12).sum(axis=1)
        inside = ranks <= reach
        if inside.sum() > 2 * reach or inside.all():
            inside &= (shares[None, :] >= shares[:, None] - 1e-12).sum(axis=1) <= reach
        kept &= inside & (shares > 0)
    overall = np.nan_to_num(estimate_many(design, items, deff=None).estimate[:, 0], nan=0.0)
    order = sorted(np.flatnonzero(kept), key=lambda place: (-overall[place], place))
    return tuple(names[place] for place in order)


def compare_groups(
    design: Design,
    items: Mapping[str, Column],
    groups: Mapping[str, tuple[BoolArray, BoolArray]],
    *,
    confidence: float = 0.95,
    least: int = 30,
) -> tuple[Comparison, ...]:
    """Every item in every group against the rest, with p values adjusted over all of them.

    Args:
        design: of n rows.
        items: a column (n,) of 0 and 1 per item, NaN for rows not asked.
        groups: per group two masks (n,): who belongs to it, and of whom that is known.
        confidence: level of the intervals of the shares.
        least: groups with fewer rows, or fewer beside them, are not compared.

    Raises:
        StatsError: columns or masks of another length than the design, or a row in a group without being known.
    """
    found: list[Comparison] = []
    columns = {name: as_floats(values, column=name, rows=design.rows) for name, values in items.items()}
    for name, (member, known) in groups.items():
        check_length(member, column=name, rows=design.rows)
        check_length(known, column=name, rows=design.rows)
        stray = np.flatnonzero(member & ~known)
        if stray.size:
            raise StatsError("This row is in group %(group)s without being known.", row=int(stray[0]), group=name)
        found += _compare(design, columns, name, member, known & ~member, confidence, least)
    testable = [place for place, one in enumerate(found) if np.isfinite(one.p)]
    adjusted = np.full(len(found), np.nan)
    if testable:
        adjusted[testable] = false_discovery_control([found[place].p for place in testable], method="bh")
    return tuple(_with(one, float(value)) for one, value in zip(found, adjusted, strict=True))


def standing_out(comparisons: Sequence[Comparison], *, level: float = 0.05) -> tuple[Comparison, ...]:
    """The comparisons in which the group names the item more often, beyond chance at this false discovery rate."""
    chosen = [one for one in comparisons if one.adjusted <= level and one.difference > 0]
    return tuple(sorted(chosen, key=lambda one: (-one.difference, one.group, one.item)))


def interval_ends(grid: Grid) -> tuple[FloatArray, FloatArray]:
    """Lower and upper ends (p, g) of a grid of shares, such that each interval holds its share.

    Where everybody was asked and answered nothing is left to chance: the standard error is 0 and the interval is the
    share itself, which the formulas for intervals within [0, 1] leave undefined.
    """
    sure = (grid.se <= 1e-12) & np.isfinite(grid.estimate)
    lower = np.where(sure & np.isnan(grid.lower), grid.estimate, grid.lower)
    upper = np.where(sure & np.isnan(grid.upper), grid.estimate, grid.upper)
    return np.minimum(lower, grid.estimate), np.maximum(upper, grid.estimate)


def _compare(
    design: Design, columns: Mapping[str, FloatArray], group: str, member: BoolArray, others: BoolArray,
    confidence: float, least: int,
) -> list[Comparison]:  # fmt: skip
    """All items in one group against the others, in two runs over the rows, however many items there are."""
    asked = {item: ~np.isnan(values) for item, values in columns.items()}
    complete = {item: bool(there.all()) for item, there in asked.items()}
    # Who weighs nothing stands for nobody: a part of such rows alone has no share.
    counted = design.weights > 0
    large = [
        item
        for item, there in asked.items()
        if min(int((member & there & counted).sum()), int((others & there & counted).sum())) >= max(least, 1)
    ]
    if not large:
        return []
    # Rows of neither part are a third group: they belong to the design, not to the comparison.
    by = make_groups({"part": np.where(member, 1, np.where(others, 2, 0))}, rows=design.rows)
    chosen = {item: columns[item] for item in large}
    grid = estimate_many(design, chosen, by=by, confidence=confidence, deff=None, interval="beta")
    place = {int(str(key["part"])): number for number, key in enumerate(grid.groups)}
    own, rest = place[1], place[2]
    lower, upper = interval_ends(grid)
    linearised: dict[str, FloatArray] = {}
    w = design.weights
    own_weights, rest_weights = np.where(member, w, 0.0), np.where(others, w, 0.0)
    for row, item in enumerate(large):
        there = asked[item]
        whole = complete[item]
        y = columns[item] if whole else np.where(there, columns[item], 0.0)
        own_sum, rest_sum = (float(part.sum() if whole else part[there].sum()) for part in (own_weights, rest_weights))
        centre = np.where(member, grid.estimate[row, own], grid.estimate[row, rest])
        z = np.where(member, 1 / own_sum, np.where(others, -1 / rest_sum, 0.0)) * (y - centre)
        linearised[item] = z if whole else np.where(there, z, 0.0)
    errors = estimate_many(design, linearised, statistic="total", deff=None).se[:, 0]
    everybody = design.degrees_of_freedom(member | others)
    found = []
    for row, item in enumerate(large):
        df = everybody if complete[item] else design.degrees_of_freedom((member | others) & asked[item])
        difference, se = float(grid.estimate[row, own] - grid.estimate[row, rest]), float(errors[row])
        testable = se > 0 and df > 0
        reach = float(stdtrit(df, 0.5 + confidence / 2)) * se if testable else float("nan")
        found.append(
            Comparison(
                item, group, int(grid.n[row, own]), float(grid.estimate[row, own]), float(lower[row, own]),
                float(upper[row, own]), int(grid.n[row, rest]), float(grid.estimate[row, rest]),
                float(lower[row, rest]), float(upper[row, rest]), difference, se,
                float(stdtr(df, -difference / se)) if testable else float("nan"), float("nan"), difference - reach,
                difference + reach,
            )
        )  # fmt: skip
    return found


def _with(one: Comparison, adjusted: float) -> Comparison:
    return replace(one, adjusted=adjusted)
