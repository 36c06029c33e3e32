"""Change from one survey round to another, how sure it is, and the chain of rounds with breaks where wording changed.

The difference of two figures has the variance V₁ + V₂ − 2·C. Rounds drawn independently have C = 0; their degrees of
freedom are Satterthwaite's (1946, Biometrics 2). Where rounds share clusters or persons C comes from the sample itself:
both rounds are rows of one design, and the difference is linearised as one figure (Särndal, Swensson and Wretman 1992,
5.6). p values over many items are adjusted by Benjamini and Hochberg (1995, JRSS B 57, 289–300).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtr, stdtrit
from scipy.stats import false_discovery_control

from qiao_stats.errors import StatsError
from qiao_stats.estimation import Design, Estimate, estimate_many, make_groups
from qiao_stats.estimation.arrays import Column, FloatArray, as_floats, check_length, encode


@dataclass(frozen=True, slots=True)
class Change:
    """What an item moved by from ``first`` to ``second`` (names of rounds): both figures, the ``difference`` with its
    standard error, interval and degrees of freedom, the two-sided ``p`` of its being chance and ``adjusted``, the same
    over all items tested together. What cannot be computed is NaN."""

    item: str
    first: str
    second: str
    before: float
    after: float
    difference: float
    se: float
    lower: float
    upper: float
    df: float
    p: float
    adjusted: float


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of one round: its ``estimate`` and standard error with the degrees of freedom behind it. ``broken``
    says why it cannot be compared with the round before (another wording, other people asked); empty: it can."""

    name: str
    estimate: float
    se: float
    df: float
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A round in the chain: its segment (0, 1, … : a break begins a new one), its point, the ``step`` from the round
    before and the change ``since`` the segment's first round; both None at the beginning of a segment."""

    segment: int
    point: Point
    step: Change | None
    since: Change | None


def change(
    item: str,
    first: Point,
    second: Point,
    *,
    covariance: float = 0.0,
    confidence: float = 0.95,
) -> Change:
    """The change between two figures; ``covariance`` is that of the two estimates, 0 for independent samples.

    Raises:
        StatsError: a covariance that the two standard errors do not allow; a confidence level outside (0, 1).
    """
    if abs(covariance) > first.se * second.se * (1 + 1e-9):
        raise StatsError("The covariance is larger than the two standard errors allow.", column="covariance")
    one, two = first.se**2, second.se**2
    variance = max(one + two - 2 * covariance, 0.0)
    if covariance == 0 and one + two > 0:
        parts = sum(v * v / df if df > 0 else np.inf for v, df in ((one, first.df), (two, second.df)) if v > 0)
        df = (one + two) ** 2 / parts if parts > 0 else float("nan")
    else:
        df = min(first.df, second.df)
    return _tested(item, first.name, second.name, first.estimate, second.estimate, variance, df, confidence)


def changes_between(
    design: Design,
    items: Mapping[str, Column],
    rounds: Column,
    *,
    first: object,
    second: object,
    confidence: float = 0.95,
) -> tuple[Change, ...]:
    """The change of each item's mean (share, for 0 and 1) between two rounds that lie as rows in one design.

    Args:
        design: of n rows, those of both rounds (or more). Clusters or persons in both rounds carry the same name in
            the design's clusters; independent samples are told apart by strata that name the round.
        items: a column (n,) of numbers per item, NaN for rows not asked.
        rounds: the round (n,) of each row.
        first, second: the two rounds to compare.
        confidence: level of the intervals.

    p values are adjusted over the items.

    Raises:
        StatsError: a round without rows, and as :func:`qiao_stats.estimation.estimate_many`.
    """
    codes, labels = encode(rounds)
    check_length(codes, column="rounds", rows=design.rows)
    for label in (first, second):
        if label not in labels:
            raise StatsError("No row belongs to the round %(round)s.", column="rounds", round=label)
    one, two = codes == labels.index(first), codes == labels.index(second)
    found: list[Change] = []
    nan = float("nan")
    for name, values in items.items():
        y = as_floats(values, column=name, rows=design.rows)
        asked = ~np.isnan(y) & (design.weights > 0)
        parts = (one & asked, two & asked)
        if not (parts[0].any() and parts[1].any()):
            found.append(_tested(name, str(first), str(second), nan, nan, nan, nan, confidence))
            continue
        by = make_groups({"round": np.where(parts[0], 1, np.where(parts[1], 2, 0))}, rows=design.rows)
        grid = estimate_many(design, {name: np.where(asked, y, np.nan)}, by=by, deff=None)
        place = {int(str(key["round"])): g for g, key in enumerate(grid.groups)}
        before, after = float(grid.estimate[0, place[1]]), float(grid.estimate[0, place[2]])
        w, y = design.weights, np.nan_to_num(y)
        z = np.where(parts[1], (y - after) / w[parts[1]].sum(), 0.0) - np.where(
            parts[0], (y - before) / w[parts[0]].sum(), 0.0
        )
        se = float(estimate_many(design, {name: z}, statistic="total", deff=None).se[0, 0])
        df = design.degrees_of_freedom(parts[0] | parts[1])
        found.append(_tested(name, str(first), str(second), before, after, se * se, df, confidence))
    return adjust_changes(found)


def chain(item: str, points: Sequence[Point], *, confidence: float = 0.95) -> tuple[Link, ...]:
    """Independent rounds in order of time, each with its step and its change since the last break.

    Nothing is said across a break: a point whose ``broken`` is not empty begins a new segment.
    """
    links: list[Link] = []
    segment, start = 0, 0
    for place, point in enumerate(points):
        if place == 0 or point.broken:
            segment += place > 0
            start = place
            links.append(Link(segment, point, None, None))
            continue
        step = change(item, points[place - 1], point, confidence=confidence)
        since = change(item, points[start], point, confidence=confidence)
        links.append(Link(segment, point, step, since))
    return tuple(links)


def point_of(name: str, figure: Estimate, *, broken: str = "") -> Point:
    """An estimate as a round's point."""
    return Point(name, figure.estimate, figure.se, figure.df, broken)


def adjust_p(p_values: Sequence[float] | FloatArray) -> FloatArray:
    """p values (k,) after Benjamini and Hochberg; NaN stays NaN and is not counted as a test."""
    p = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(p.size, np.nan)
    known = np.isfinite(p)
    if bool(known.any()):
        adjusted[known] = false_discovery_control(np.clip(p[known], 0.0, 1.0), method="bh")
    return adjusted


def adjust_changes(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The same changes with p values adjusted over all of them."""
    adjusted = adjust_p([one.p for one in changes])
    return tuple(replace(one, adjusted=float(value)) for one, value in zip(changes, adjusted, strict=True))


def _tested(
    item: str, first: str, second: str, before: float, after: float, variance: float, df: float, confidence: float
) -> Change:
    if not 0 < confidence < 1:
        raise StatsError("The confidence level must lie strictly between 0 and 1, not %(value)s.", value=confidence)
    difference, se = after - before, float(np.sqrt(variance))
    half = float(stdtrit(df, (1 + confidence) / 2)) * se if df > 0 else float("nan")
    p = 2 * float(stdtr(df, -abs(difference) / se)) if se > 0 and df > 0 else float("nan")
    return Change(
        item, first, second, before, after, difference, se, difference - half, difference + half, float(df), p, p
    )
