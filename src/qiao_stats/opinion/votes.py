"""The votes as one sparse table: participants × statements, the last vote of each cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from qiao_stats.errors import StatsError

AGREE, PASS, DISAGREE = 1, 0, -1

IntArray: TypeAlias = npt.NDArray[np.signedinteger]


@dataclass(frozen=True, slots=True, eq=False)
class VoteTable:
    """Last votes, compressed by row (CSR): participant ``i`` voted ``value[j]`` on ``statement[j]`` for
    ``start[i] <= j < start[i + 1]``. Statements ascend within a participant; a pass is a stored 0, no vote is no entry.
    """

    start: IntArray
    statement: IntArray
    value: npt.NDArray[np.int8]
    statements: int

    @property
    def participants(self) -> int:
        """Number of rows, participants without a vote included."""
        return len(self.start) - 1

    def __len__(self) -> int:
        return len(self.value)

    def votes_per_participant(self) -> IntArray:
        """Votes of each participant (participants,)."""
        return np.diff(self.start)

    def votes_per_statement(self) -> IntArray:
        """Votes on each statement (statements,)."""
        return np.bincount(self.statement, minlength=self.statements)


def collect_votes(
    participant: npt.ArrayLike,
    statement: npt.ArrayLike,
    vote: npt.ArrayLike,
    *,
    order: npt.ArrayLike | None = None,
    participants: int | None = None,
    statements: int | None = None,
) -> VoteTable:
    """Gather single votes into a table; of several votes of one participant on one statement the last counts.

    Args:
        participant: codes 0 … participants − 1, one per vote (n,).
        statement: codes 0 … statements − 1 (n,).
        vote: 1 agree, 0 pass, −1 disagree (n,).
        order: when each vote was cast, any number that ascends with time (n,); equal ones, or all where it is left
            out, stand in the order of the arrays.
        participants: number of participants, by default the highest code + 1.
        statements: number of statements, likewise.

    Raises:
        StatsError: lengths differ, there is no vote, a code is out of range, or a vote is none of 1, 0, −1.
    """
    rows, columns, values = _checked(participant, statement, vote)
    shape = (_extent(rows, participants, "participant"), _extent(columns, statements, "statement"))
    table = _compressed(rows, columns, values, shape)
    if len(table) == len(values):
        return table
    # Only where somebody voted twice is it worth sorting all votes by cell and time.
    key = rows.astype(np.int64) * shape[1] + columns
    if order is None:
        by_time = np.argsort(key, kind="stable")
    else:
        moments = np.asarray(order)
        if moments.shape != values.shape:
            raise StatsError("“order” has %(got)s values for %(votes)s votes.", got=moments.size, votes=len(values))
        by_time = np.lexsort((moments, key))
    in_order = key[by_time]
    last = by_time[np.append(in_order[1:] != in_order[:-1], True)]
    return _compressed(rows[last], columns[last], values[last], shape)


def repeated_votes(participant: npt.ArrayLike, statement: npt.ArrayLike, order: npt.ArrayLike) -> IntArray:
    """Positions of votes that repeat participant, statement and moment of another, as pairs (pairs, 2).

    Each row gives a vote and the one before it (in the order of the arrays) with the same three marks. At one moment a
    person has one opinion of a statement: such pairs are double records, and with different votes a contradiction.
    """
    rows, columns, moments = np.asarray(participant), np.asarray(statement), np.asarray(order)
    sorting = np.lexsort((moments, columns, rows))
    same = np.ones(max(len(sorting) - 1, 0), dtype=np.bool_)
    for marks in (rows, columns, moments):
        ordered = marks[sorting]
        same &= ordered[1:] == ordered[:-1]
    at = np.flatnonzero(same)
    return np.stack([sorting[at], sorting[at + 1]], axis=1)


def _checked(
    participant: npt.ArrayLike, statement: npt.ArrayLike, vote: npt.ArrayLike
) -> tuple[IntArray, IntArray, npt.NDArray[np.int8]]:
    rows, columns, votes = np.asarray(participant), np.asarray(statement), np.asarray(vote)
    if not rows.shape == columns.shape == votes.shape or votes.ndim != 1:
        raise StatsError("Participants, statements and votes must be three rows of numbers of the same length.")
    if not votes.size:
        raise StatsError("There are no votes.")
    for name, codes in (("participant", rows), ("statement", columns)):
        if not np.issubdtype(codes.dtype, np.integer):
            raise StatsError("Codes must be whole numbers.", column=name)
    bad = (votes != AGREE) & (votes != PASS) & (votes != DISAGREE)
    if bad.any():
        row = int(bad.argmax())
        raise StatsError(
            "A vote must be 1 (agree), 0 (pass) or -1 (disagree), not %(value)s.",
            row=row, column="vote", value=votes[row],
        )  # fmt: skip
    return rows, columns, votes.astype(np.int8, copy=False)


def _extent(codes: IntArray, size: int | None, name: str) -> int:
    highest = int(codes.max())
    if size is None:
        size = highest + 1
    if highest >= size or int(codes.min()) < 0:
        row = int(((codes < 0) | (codes >= size)).argmax())
        raise StatsError(
            "Code %(code)s is not between 0 and %(last)s.", row=row, column=name, code=int(codes[row]), last=size - 1
        )
    return size


def _compressed(rows: IntArray, columns: IntArray, values: npt.NDArray[np.int8], shape: tuple[int, int]) -> VoteTable:
    """CSR form; cells that occur twice are merged, so the result is shorter than the input exactly then."""
    matrix = sparse.coo_array((values, (rows, columns)), shape=shape).tocsr()
    return VoteTable(matrix.indptr, matrix.indices, matrix.data, shape[1])
