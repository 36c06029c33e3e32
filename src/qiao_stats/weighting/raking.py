"""Post-stratification and raking: weights that meet the sizes of cells, or of several margins, of the population.

Post-stratification (Holt and Smith 1979, JRSS A 142): within a cell w = d · N / Σ d. Raking (Deming and Stephan 1940)
does the same margin after margin until all hold. Their standard errors take out what cells explain
(:mod:`qiao_stats.estimation.residuals`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import Column, FloatArray, IntArray, bin_sums
from qiao_stats.estimation.residuals import cell_controls
from qiao_stats.weighting.margins import (
    Margins,
    Weighting,
    check_sums,
    check_weights,
    key_of,
    label_codes,
    match_margin,
)

#: Joins the categories of crossed columns to one name.
CROSS = " × "
# How often the means of all margins are taken out for the standard error; R's survey does it ten times.
_ROUNDS = 10


def poststratify(
    weights: Column, cells: Mapping[str, Column], totals: Mapping[object, float] | Mapping[tuple[object, ...], float]
) -> Weighting:
    """Weights that add up to the known size of every cell.

    Args:
        weights: start weights (n,).
        cells: columns (n,); their crossing makes the cells.
        totals: the population size of each cell, by category, or for several columns by tuple of categories (in the
            order of ``cells``). Every cell that occurs needs a total and every total a row.

    Raises:
        StatsError: see :func:`qiao_stats.weighting.margins.match_margin`.
    """
    w = check_weights(weights)
    if not cells:
        raise StatsError("No columns to post-stratify by.", column="cells")
    name = CROSS.join(cells)
    known: dict[object, float] = {}
    for label, total in totals.items():
        parts = label if isinstance(label, tuple) else (label,)
        if len(parts) != len(cells) and len(cells) > 1:
            raise StatsError(
                "The total of “%(cell)s” does not name a category of each of: %(columns)s.",
                column=name, cell=label, columns=", ".join(cells),
            )  # fmt: skip
        known[CROSS.join(key_of(part) for part in parts)] = total
    if len(cells) == 1:
        column: Column = next(iter(cells.values()))
    else:
        coded = [label_codes(values, own, w.size) for own, values in cells.items()]
        texts = [[key_of(label) for label in labels] for _, labels in coded]
        column = [
            CROSS.join(text[code] for text, code in zip(texts, row, strict=True))
            for row in zip(*(codes.tolist() for codes, _ in coded), strict=True)
        ]
    codes, sizes, _ = match_margin(column, known, w, name)
    fitted = _fit(w, codes, sizes)
    return Weighting(fitted, w, 1, _gap(fitted, codes, sizes), cell_controls([codes], [sizes.size], w))


def rake(
    weights: Column,
    columns: Mapping[str, Column],
    margins: Margins,
    *,
    tolerance: float = 1e-12,
    most: int = 1000,
) -> Weighting:
    """Weights that add up to every category's total of every margin, as near to the start weights as can be.

    Args:
        weights: start weights (n,).
        columns: the categorical columns (n,), by name; those without a margin are left aside.
        margins: per column the population total of each of its categories.
        tolerance: all totals are met to this relative distance.
        most: rounds over all margins after which to give up.

    Raises:
        StatsError: no margin or one of a column that is not given; margins that add up to different totals; see
            :func:`qiao_stats.weighting.margins.match_margin`; no convergence after ``most`` rounds.
    """
    w = check_weights(weights)
    if not margins:
        raise StatsError("No margins to rake to.", column="margins")
    coded: list[tuple[IntArray, FloatArray]] = []
    names: list[str] = []
    for name, known in margins.items():
        if name not in columns:
            raise StatsError("The margin %(name)s has no column.", column=name, name=name)
        codes, totals, _ = match_margin(columns[name], known, w, name)
        coded.append((codes, totals))
        names.append(name)
    check_sums({name: float(totals.sum()) for name, (_, totals) in zip(names, coded, strict=True)})
    fitted, worst = w, np.inf
    for count in range(1, most + 1):
        for codes, totals in coded:
            fitted = _fit(fitted, codes, totals)
        gaps = [_gap(fitted, codes, totals) for codes, totals in coded]
        worst = max(gaps)
        if worst <= tolerance:
            controls = cell_controls(
                [codes for codes, _ in coded],
                [totals.size for _, totals in coded],
                (fitted > 0).astype(np.float64),
                rounds=_ROUNDS,
            )
            return Weighting(fitted, w, count, worst, controls)
    raise StatsError(
        "Raking does not converge: after %(most)s rounds a total of %(name)s is still %(gap)s off. Margins whose "
        "categories never meet in one row can contradict each other; join small categories.",
        column=names[int(np.argmax(gaps))], most=most, name=names[int(np.argmax(gaps))], gap=f"{worst:.1%}",
    )  # fmt: skip


def _fit(weights: FloatArray, codes: IntArray, totals: FloatArray) -> FloatArray:
    reached = bin_sums(codes, weights, totals.size)
    factor = np.divide(totals, reached, out=np.zeros(totals.size), where=reached > 0)
    fitted: FloatArray = weights * factor[codes]
    return fitted


def _gap(weights: FloatArray, codes: IntArray, totals: FloatArray) -> float:
    reached = bin_sums(codes, weights, totals.size)
    return float((np.abs(reached - totals) / np.where(totals > 0, totals, 1.0)).max())
