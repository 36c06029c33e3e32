"""The opinion map: participants laid out in the plane so that those who vote alike lie close."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse
from scipy.sparse.linalg import LinearOperator, eigsh

from qiao_stats.errors import StatsError
from qiao_stats.opinion.statistics import FloatArray
from qiao_stats.opinion.votes import IntArray, VoteTable

#: Above this many multiplications the covariance matrix is not formed; its leading directions are found by iteration.
_DENSE_WORK = 10**11
_DENSE_STATEMENTS = 1500
_DENSE_CELLS = 1 << 22
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Coordinates in the plane of the two directions in which opinions differ most.

    ``coordinates`` (participants, 2) already carry the correction for few votes; ``components`` (2, statements) are the
    directions (unit length, zero where opinions do not differ at all), ``centre`` (statements,) the mean vote on each
    statement (0 where moderated out or unvoted), ``explained`` (2,) the directions' shares of the whole variance.
    """

    coordinates: FloatArray
    components: FloatArray
    centre: FloatArray
    explained: FloatArray


def project(table: VoteTable, kept: npt.ArrayLike | None = None) -> Projection:
    """Principal components of the votes, a missing vote standing at the statement's mean.

    Each vote is taken relative to the mean of its statement, so that a missing one is exactly 0 and the table stays
    sparse. A participant's scores are stretched by √(statements / votes cast), otherwise those who voted little would
    crowd the middle (Small et al. 2021); as in Polis, a moderated statement counts as voted on by everybody here.
    The sign of a component is free: the loading largest in size is made positive.

    Args:
        table: the votes.
        kept: whether each statement takes part (statements,), by default all; moderated ones do not.

    Raises:
        StatsError: ``kept`` does not fit the table.
    """
    use = np.ones(table.statements, dtype=np.bool_) if kept is None else np.asarray(kept, dtype=np.bool_)
    if use.shape != (table.statements,):
        raise StatsError(
            "“kept” has %(got)s values for %(statements)s statements.", got=use.size, statements=table.statements
        )
    voted = table.votes_per_statement()
    sums = np.bincount(table.statement, weights=table.value, minlength=table.statements)
    centre = np.where(use & (voted > 0), sums / np.maximum(voted, 1), 0.0)
    deviation = table.value - centre[table.statement]
    if not use.all():
        deviation *= use[table.statement]
    matrix = sparse.csr_array((deviation, table.statement, table.start), shape=(table.participants, table.statements))
    total = float(np.dot(deviation, deviation))
    strength, components = _leading_directions(matrix, total)
    gone = ~use & (voted > 0)
    cast = np.diff(table.start)
    if gone.any():
        on_gone = _count_in_rows(gone[table.statement], table.start)
        cast = cast - on_gone + int(gone.sum())
    stretch = np.sqrt(int((voted > 0).sum()) / np.maximum(cast, 1))
    coordinates = np.asarray(matrix @ components.T) * stretch[:, None]
    return Projection(coordinates, components, centre, strength / total if total > 0 else np.zeros(2))


def _count_in_rows(marked: npt.NDArray[np.bool_], start: IntArray) -> IntArray:
    running = np.concatenate(([0], np.cumsum(marked, dtype=np.int64)))
    result: IntArray = np.diff(running[start])
    return result


def _leading_directions(matrix: sparse.csr_array, total: float) -> tuple[FloatArray, FloatArray]:
    """Two largest eigenvalues of MᵀM (2,) and their eigenvectors (2, statements), signs fixed."""
    rows, columns = matrix.shape
    strength, directions = np.zeros(2), np.zeros((2, columns))
    if total <= 0:
        return strength, directions
    wanted = min(2, columns)
    if columns <= _DENSE_STATEMENTS and rows * columns * columns <= _DENSE_WORK:
        values, vectors = linalg.eigh(_gram(matrix), subset_by_index=(columns - wanted, columns - 1))
    else:
        transposed = matrix.T
        gram = LinearOperator((columns, columns), matvec=lambda x: transposed @ (matrix @ x), dtype=np.float64)
        # A fixed start makes the iteration repeatable; column norms are nearly never at right angles to the solution.
        begin = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel())
        values, vectors = eigsh(gram, k=wanted, which="LA", v0=begin, tol=1e-10)
    order = np.argsort(values)[::-1]
    strength[:wanted] = np.maximum(values[order], 0)
    directions[:wanted] = vectors[:, order].T
    directions[strength <= _NOTHING * total] = 0
    strength[strength <= _NOTHING * total] = 0
    for direction in directions:
        size = np.abs(direction)
        # Of loadings equal up to rounding the first decides, so that noise cannot turn the map over.
        if direction[int(np.argmax(size >= size.max() * (1 - 1e-9)))] < 0:
            direction *= -1
    return strength, directions


def _gram(matrix: sparse.csr_array) -> FloatArray:
    """MᵀM in blocks of rows: dense blocks are faster than a sparse product and bound the memory."""
    rows, columns = matrix.shape
    height = max(1, _DENSE_CELLS // columns)
    gram = np.zeros((columns, columns))
    for first in range(0, rows, height):
        block = matrix[first : first + height].toarray()
        gram += block.T @ block
    return gram
