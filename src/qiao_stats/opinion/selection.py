"""Which few statements speak for a group, and which for everybody (rules of Polis)."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from qiao_stats.errors import StatsError
from qiao_stats.opinion.statistics import FloatArray, GroupStatistics
from qiao_stats.opinion.votes import IntArray

#: A share below this is no consensus, however certain.
_CONSENSUS_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen statement with the figures of the side (agree or disagree) it was chosen for.

    ``ratio`` and ``ratio_z`` compare with the other groups; both are None for a consensus of everybody.
    """

    statement: int
    agree: bool
    count: int
    seen: int
    share: float
    share_z: float
    ratio: float | None = None
    ratio_z: float | None = None
    best_agree: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """The statistics of one group, statements along the arrays."""

    seen: IntArray
    agree: IntArray
    disagree: IntArray
    pa: FloatArray
    pd: FloatArray
    pat: FloatArray
    pdt: FloatArray
    ra: FloatArray
    rd: FloatArray
    rat: FloatArray
    rdt: FloatArray

    def pick(self, statement: int, *, best_agree: bool = False) -> Pick:
        """The statement on its more telling side: the one with the higher z against the other groups."""
        agree = bool(self.rat[statement] > self.rdt[statement])
        count, p, z, ratio, ratio_z = (
            (self.agree, self.pa, self.pat, self.ra, self.rat)
            if agree
            else (self.disagree, self.pd, self.pdt, self.rd, self.rdt)
        )
        return Pick(
            statement, agree, int(count[statement]), int(self.seen[statement]), float(p[statement]),
            float(z[statement]), float(ratio[statement]), float(ratio_z[statement]), best_agree,
        )  # fmt: skip


def representative_statements(
    statistics: GroupStatistics,
    kept: npt.ArrayLike | None = None,
    *,
    most: int = 5,
    confidence: float = 0.9,
) -> tuple[tuple[Pick, ...], ...]:
    """For each group up to ``most`` statements that set it apart; those it agrees with stand first.

    A statement qualifies if on one side both its share (against one half) and its difference from the other groups are
    significant at ``confidence`` (one-sided). First comes the statement the group most clearly agrees with, then the
    qualified ones by ratio · z · share · z; of equal ones the later goes first. If none qualifies, the one with the
    highest z against the others is taken.

    Args:
        statistics: of the groups.
        kept: whether each statement may be chosen (statements,), by default all; moderated ones are not.
        most: how many per group at most.
        confidence: of the one-sided tests, between 0.5 and 1.

    Raises:
        StatsError: ``confidence`` is out of range.
    """
    critical = _critical(confidence)
    votes = statistics.votes
    allowed = _allowed(kept, votes.seen.shape[1])
    chosen = []
    for group in range(statistics.groups):
        row = _Row(*(array[group] for array in (
            votes.seen, votes.agree, votes.disagree, statistics.p_agree, statistics.p_disagree, statistics.p_agree_z,
            statistics.p_disagree_z, statistics.r_agree, statistics.r_disagree, statistics.r_agree_z,
            statistics.r_disagree_z,
        )))  # fmt: skip
        chosen.append(_representative(row, np.flatnonzero(allowed), critical, most))
    return tuple(chosen)


def _representative(row: _Row, candidates: IntArray, critical: float, most: int) -> tuple[Pick, ...]:
    for_agree = (row.pat > critical) & (row.rat > critical)
    for_disagree = (row.pdt > critical) & (row.rdt > critical)
    qualified = candidates[(for_agree | for_disagree)[candidates]]
    on_agree = row.rat > row.rdt
    merit = np.where(on_agree, row.ra * row.rat * row.pa * row.pat, row.rd * row.rdt * row.pd * row.pdt)
    ranked = [int(statement) for statement in _descending(qualified, merit)]
    head = _best_agree(row, candidates, critical)
    picks = []
    if head is not None:
        picks.append(row.pick(head, best_agree=True))
    elif not ranked and len(candidates):
        strongest = np.maximum(row.rat, row.rdt)[candidates]
        picks.append(row.pick(int(candidates[strongest.argmax()])))
    picks += [row.pick(statement) for statement in ranked if statement != head]
    return tuple(sorted(picks[:most], key=lambda pick: not pick.agree))


def _best_agree(row: _Row, candidates: IntArray, critical: float) -> int | None:
    """The statement the group most clearly agrees with, so that each group also says what it is for.

    Walks the statements in order: a first one must be agreed with significantly, or more than elsewhere by a majority;
    a later one takes its place by a higher merit, judged against the others only if the present best is, too.
    """
    against_others = row.ra * row.rat * row.pa * row.pat
    alone = row.pa * row.pat
    start = (row.pat > critical) | ((row.ra > 1.0) & (row.pa > 0.5))
    best: int | None = None
    for statement in candidates[(row.agree + row.disagree)[candidates] > 0]:
        if best is None:
            better = bool(start[statement])
        else:
            merit = against_others if row.ra[best] > 1.0 else alone
            better = bool(merit[statement] > merit[best])
        if better:
            best = int(statement)
    return best


def consensus_statements(
    statistics: GroupStatistics,
    kept: npt.ArrayLike | None = None,
    *,
    most: int = 5,
    confidence: float = 0.9,
) -> tuple[tuple[Pick, ...], tuple[Pick, ...]]:
    """Statements that all participants together agree with, and those they disagree with, up to ``most`` each.

    A statement qualifies with an estimated share above one half that is significant at ``confidence``; they are ranked
    by share · z; of equal ones the later goes first.

    Args:
        statistics: of all participants as one group, (1, statements).
        kept: whether each statement may be chosen (statements,), by default all.
        most: how many per side at most.
        confidence: of the one-sided test, between 0.5 and 1.

    Raises:
        StatsError: ``statistics`` is of several groups, or ``confidence`` is out of range.
    """
    if statistics.groups != 1:
        raise StatsError("Consensus is asked of all participants as one group, not of %(k)s.", k=statistics.groups)
    critical = _critical(confidence)
    votes = statistics.votes
    candidates = np.flatnonzero(_allowed(kept, votes.seen.shape[1]))
    sides = []
    for agree, counts, shares, tests in (
        (True, votes.agree[0], statistics.p_agree[0], statistics.p_agree_z[0]),
        (False, votes.disagree[0], statistics.p_disagree[0], statistics.p_disagree_z[0]),
    ):
        fit = candidates[((shares > _CONSENSUS_SHARE) & (tests > critical))[candidates]]
        sides.append(
            tuple(
                Pick(int(s), agree, int(counts[s]), int(votes.seen[0, s]), float(shares[s]), float(tests[s]))
                for s in _descending(fit, shares * tests)[:most]
            )
        )
    return sides[0], sides[1]


def _descending(statements: IntArray, merit: FloatArray) -> IntArray:
    """Statements by falling merit; of equal ones the later first."""
    result: IntArray = statements[np.argsort(merit[statements], kind="stable")[::-1]]
    return result


def _critical(confidence: float) -> float:
    if not 0.5 <= confidence < 1:
        raise StatsError("The confidence must be at least 0.5 and below 1, not %(value)s.", value=confidence)
    return NormalDist().inv_cdf(confidence)


def _allowed(kept: npt.ArrayLike | None, statements: int) -> npt.NDArray[np.bool_]:
    allowed = np.ones(statements, dtype=np.bool_) if kept is None else np.asarray(kept, dtype=np.bool_)
    if allowed.shape != (statements,):
        raise StatsError("“kept” has %(got)s values for %(statements)s statements.", got=allowed.size,
                         statements=statements)  # fmt: skip
    return allowed
