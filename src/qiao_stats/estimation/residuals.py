"""What known population totals explain of a figure, to be taken out of its error.

With X the columns whose totals the weights meet and d the weights before, a figure's linearised value z is replaced by
its residual e = z − Xβ, β = C·X'(d·z); C = (X'dX)⁻¹ makes it a regression (Deville and Särndal 1992, JASA 87). For
raked margins the plain means of one margin after the other are taken out, ten times around, as R's survey does: that
nears the regression with d = 1. Both are linear in z, so a sum over clusters needs only sums of w·x and of w·z.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array, hstack, issparse

from qiao_stats.estimation.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Controls:
    """``x`` (n, k) the columns, ``weighted`` (n, k) the same times the weights before the fit, ``solve`` (k, k): C."""

    x: csr_array
    weighted: csr_array
    solve: FloatArray

    def coefficients(self, z: FloatArray | csr_array) -> FloatArray:
        """β (k, p) of linearised values z (n, p)."""
        moments = self.weighted.T @ z
        dense: FloatArray = moments.toarray() if issparse(moments) else np.asarray(moments)
        found: FloatArray = self.solve @ dense
        return found

    def residuals(self, z: FloatArray) -> FloatArray:
        """e (n, p) of linearised values z (n, p)."""
        rest: FloatArray = z - np.asarray(self.x @ self.coefficients(z))
        return rest


def regression_controls(x: FloatArray, weights: FloatArray) -> Controls:
    """Controls of a calibration to totals of x (n, k) from start weights (n,)."""
    sparse = csr_array(x)
    weighted = csr_array(diags_array(weights) @ sparse)
    # Margins that overlap make the product singular: any solution gives the same residuals.
    inverse: FloatArray = np.linalg.pinv((weighted.T @ sparse).toarray(), rcond=1e-12, hermitian=True).astype(
        np.float64
    )
    return Controls(sparse, weighted, inverse)


def cell_controls(codes: Sequence[IntArray], sizes: Sequence[int], weights: FloatArray, *, rounds: int = 1) -> Controls:
    """Controls of margins whose means are taken out one after the other, ``rounds`` times around.

    Per margin the category (n,) of each row and how many categories there are; ``weights`` (n,) are those of the means.
    """
    n = weights.size
    rows = np.arange(n)
    blocks = [csr_array((np.ones(n), (rows, code)), shape=(n, k)) for code, k in zip(codes, sizes, strict=True)]
    x = csr_array(hstack(blocks))
    weighted = csr_array(diags_array(weights) @ x)
    moments = (weighted.T @ x).toarray()
    block = np.repeat(np.arange(len(sizes)), sizes)
    lower = np.where(block[:, None] >= block[None, :], moments, 0.0)
    diagonal = np.diagonal(lower)
    # A category without weight explains nothing.
    lower[np.diag_indices_from(lower)] = np.where(diagonal > 0, diagonal, 1.0)
    once = np.linalg.inv(lower)
    # Steps of Gauss and Seidel towards the regression on all margins.
    solve = once
    for _ in range(rounds - 1):
        solve = solve + once @ (np.eye(block.size) - moments @ solve)
    return Controls(x, weighted, solve)


def join_controls(parts: Sequence[Controls]) -> Controls:
    """Controls of fits made one after the other: each explains what those before it left."""
    joined = parts[0]
    for part in parts[1:]:
        overlap = (part.weighted.T @ joined.x).toarray()
        corner = -part.solve @ overlap @ joined.solve
        first, second = joined.solve.shape[0], part.solve.shape[0]
        solve = np.block([[joined.solve, np.zeros((first, second))], [corner, part.solve]])
        joined = Controls(
            csr_array(hstack([joined.x, part.x])), csr_array(hstack([joined.weighted, part.weighted])), solve
        )
    return joined
