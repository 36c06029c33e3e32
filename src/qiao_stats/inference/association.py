"""Whether two categorical questions hang together, under a design.

Pearson's X² of the weighted shares (times the number of rows asked) is not χ² distributed under a design; with δ the
eigenvalues of the generalised design effects it follows Σ δ·χ²₁ (Rao and Scott 1981, JASA 76; 1984, Annals of
Statistics 12). ``F``: X²/Σδ against F with d₀ = (Σδ)²/Σδ² and d₀·ν degrees of freedom, ν the design's (the usual
choice); ``Chisq``: X²/mean δ against χ²; ``exact``: the mixture over χ² with d₀·ν degrees of freedom, integrated;
``saddlepoint``: the same approximated, and ``lincom`` too, as R's survey does where nothing there can integrate it.
``Wald``: of the distances from independence of the cells, against F (Koch, Freeman and Freeman 1975, International
Statistical Review 43); ``adjWald``: the same with fewer degrees of freedom (Thomas and Rao 1987, JASA 82).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.stats import chi2
from scipy.stats import f as f_distribution

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import BoolArray, Column, FloatArray, IntArray, check_length, encode
from qiao_stats.estimation.covariance import total_covariance
from qiao_stats.estimation.design import Design
from qiao_stats.inference.mixtures import mixture_tail

AssociationTest: TypeAlias = Literal["F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint", "exact"]
ASSOCIATION_TESTS: tuple[AssociationTest, ...] = ("F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint", "exact")


@dataclass(frozen=True, slots=True, eq=False)
class Association:
    """A test of two questions: the ``statistic`` as compared (X² itself for ``Chisq`` and the mixtures),
    its degrees of freedom (``ddf`` NaN where there is but one), ``p``, the rows ``n``, and the ``shares`` (r, c) of
    the cells with the names of ``rows`` and ``columns``."""

    form: AssociationTest
    statistic: float
    ndf: float
    ddf: float
    p: float
    n: int
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    shares: FloatArray


def association_test(
    design: Design,
    first: Column,
    second: Column,
    *,
    form: AssociationTest = "F",
    where: BoolArray | None = None,
) -> Association:
    """Test whether two questions are independent.

    Args:
        design: of n rows.
        first, second: categories (n,); rows that lack one are left out, their clusters stay.
        form: see above.
        where: a subset (n,).

    Raises:
        StatsError: a question with fewer than two answers, more cells than the design can tell apart, an unknown form.
    """
    if form not in ASSOCIATION_TESTS:
        raise StatsError("Unknown form of the test: %(form)s.", column="form", form=form)
    a, kept_a, rows = _levels(design, first, where, "first")
    b, kept_b, columns = _levels(design, second, where, "second")
    kept = kept_a & kept_b
    a, rows = _present(a, kept, rows, "first")
    b, columns = _present(b, kept, columns, "second")
    cells = np.zeros((design.rows, len(rows), len(columns)))
    places = np.flatnonzero(kept)
    cells[places, a[places], b[places]] = 1.0
    w = np.where(kept, design.weights, 0.0)
    whole = float(w.sum())
    shares: FloatArray = np.tensordot(w, cells, axes=1) / whole
    # As R's survey: X² counts all rows of the subset, though some lack an answer. The other forms do not depend on it.
    n = design.rows if where is None else int(where.sum())
    # R's survey takes the degrees of freedom of the rows that are left.
    nu = design.degrees_of_freedom(kept)
    make = _wald if form in ("Wald", "adjWald") else _rao_scott
    statistic, ndf, ddf, p = make(design, cells, kept, w, shares, n, nu, form)
    names = tuple(str(label) for label in rows), tuple(str(label) for label in columns)
    return Association(form, statistic, ndf, ddf, p, int(kept.sum()), names[0], names[1], shares)


def _levels(
    design: Design, values: Column, where: BoolArray | None, name: str
) -> tuple[IntArray, BoolArray, tuple[object, ...]]:
    codes, labels = encode(values)
    check_length(codes, column=name, rows=design.rows)
    kept = (codes >= 0) & (design.weights > 0)
    if where is not None:
        kept = kept & check_length(where, column="where", rows=design.rows)
    return codes, kept, labels


def _present(
    codes: IntArray, kept: BoolArray, labels: tuple[object, ...], name: str
) -> tuple[IntArray, tuple[object, ...]]:
    """Codes of the levels that occur among the rows kept; others would be empty rows of the table."""
    seen = np.unique(codes[kept])
    if seen.size < 2:
        raise StatsError(
            "The question has %(count)s answers among the rows that count; a test needs at least two.",
            column=name, count=seen.size,
        )  # fmt: skip
    place = np.full(len(labels) + 1, -1, dtype=np.int64)
    place[seen] = np.arange(seen.size)
    return place[codes], tuple(labels[code] for code in seen)


def _rao_scott(
    design: Design, cells: FloatArray, kept: BoolArray, w: FloatArray, shares: FloatArray, n: int, nu: int,
    form: AssociationTest,
) -> tuple[float, float, float, float]:  # fmt: skip
    r, c = shares.shape
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    x2 = n * float(((shares - expected) ** 2 / expected).sum())
    flat = cells.reshape(design.rows, r * c)
    p = shares.ravel()
    z = np.where(kept[:, None], (flat - p) / w.sum(), 0.0)
    v = total_covariance(design, z, kept)
    # What is left of the interactions beside the main effects of rows and columns.
    row, column = np.repeat(np.arange(r), c), np.tile(np.arange(c), r)
    main = np.column_stack([row[:, None] == np.arange(r), column[:, None] == np.arange(1, c)]).astype(np.float64)
    both = [(row == i) & (column == j) for i in range(1, r) for j in range(1, c)]
    crossed = np.column_stack(both).astype(np.float64)
    contrasts = crossed - main @ np.linalg.lstsq(main, crossed, rcond=None)[0]
    inverse = np.divide(1.0, p, out=np.zeros_like(p), where=p > 0)
    scaled = contrasts * inverse[:, None]
    simple = contrasts.T @ (contrasts * (inverse / n)[:, None])
    delta = _solve(simple, scaled.T @ v @ scaled)
    trace = float(np.trace(delta))
    if form == "F":
        d0 = trace**2 / float(np.trace(delta @ delta))
        return x2 / trace, d0, d0 * nu, float(f_distribution.sf(x2 / trace, d0, d0 * nu))
    k = delta.shape[0]
    if form == "Chisq":
        return x2, float(k), float("nan"), float(chi2.sf(x2 / (trace / k), k))
    values = np.real(np.linalg.eigvals(delta))
    d0 = trace**2 / float(np.trace(delta @ delta))
    method: Literal["integration", "saddlepoint"] = "integration" if form == "exact" else "saddlepoint"
    return x2, float(k), d0 * nu, mixture_tail(x2, values, d0 * nu, method)


def _wald(
    design: Design, cells: FloatArray, kept: BoolArray, w: FloatArray, shares: FloatArray, n: int, nu: int,  # noqa: ARG001
    form: AssociationTest,
) -> tuple[float, float, float, float]:  # fmt: skip
    r, c = shares.shape
    by_row, by_column = shares.sum(axis=1), shares.sum(axis=0)
    distance = shares - np.outer(by_row, by_column)
    # The linearised value of N·(share − product of the margins), as of totals.
    in_row, in_column = cells.sum(axis=2), cells.sum(axis=1)
    z = (
        cells
        - in_row[:, :, None] * by_column[None, None, :]
        - by_row[None, :, None] * in_column[:, None, :]
        + np.outer(by_row, by_column)[None]
    )
    z = np.where(kept[:, None, None], z, 0.0)[:, 1:, 1:].reshape(design.rows, -1)
    y = distance[1:, 1:].ravel() * w.sum()
    v = total_covariance(design, z, kept)
    k = (r - 1) * (c - 1)
    wald = float(y @ _solve(v, y)) / k
    if form == "Wald":
        return wald, float(k), float(nu), float(f_distribution.sf(wald, k, nu)) if nu > 0 else float("nan")
    ddf = nu - k + 1
    adjusted = wald * ddf / nu if nu > 0 else float("nan")
    return adjusted, float(k), float(ddf), float(f_distribution.sf(adjusted, k, ddf)) if ddf > 0 else float("nan")


def _solve(matrix: FloatArray, right: FloatArray) -> FloatArray:
    try:
        found: FloatArray = np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    except np.linalg.LinAlgError:
        found = np.full(right.shape, np.nan)
    if not bool(np.all(np.isfinite(found))):
        raise StatsError(
            "The design has too few clusters to tell the cells of this table apart. Join answers that are few."
        )
    return found
