"""What may be published of the votes: shares with intervals, groups of opinion, their map, no small number.

Rules (docs/algorithms/answering.md): shares are of those who took a side; a side fewer than five took is not counted
out, only bounded; groups are named only where each has five voters, and a group's share is told only where neither it
nor what is left of the total without the told groups has a side smaller than five.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import binomtest

from qiao_stats.errors import StatsError
from qiao_stats.opinion import OpinionMap, Pick, Picture, collect_votes, draw_picture, opinion_map

SMALLEST = 5
#: Fewer voters are not parted into groups.
FEWEST_VOTERS = 15
MOST_MARKS = 3
#: A statement is common ground where every group agrees by at least this share.
COMMON = 0.6

Row = tuple[str, int, int]


def published_results(
    numbers: Sequence[int], votes: Sequence[Row], *, before: Sequence[tuple[float, float]] = ()
) -> dict[str, Any]:
    """The published results as JSON.

    Args:
        numbers: of the statements, in order.
        votes: (voter, statement number, 1 agree / 0 pass / −1 disagree), at most one per voter and statement; votes on
            statements that are not among the numbers (moderation took them out) count nowhere.
        before: centres of the groups on the last live map, by which the final one is kept the same way round.
    """
    votes = [vote for vote in votes if vote[1] in frozenset(numbers)]
    voters = len({voter for voter, _number, _value in votes})
    place = {number: position for position, number in enumerate(numbers)}
    codes = {voter: code for code, voter in enumerate(sorted({voter for voter, _number, _value in votes}))}
    table = np.zeros((3, len(numbers)), dtype=np.int64)
    for _voter, number, value in votes:
        table[value + 1, place[number]] += 1
    statements = [
        {
            "number": number,
            "share": _share(int(table[2, position]), int(table[0, position])),
            "passed": _passed(table[:, position]),
        }
        for position, number in enumerate(numbers)
    ]
    found: OpinionMap | None = None
    if voters >= FEWEST_VOTERS and len(numbers) >= 2:
        found = _groups(
            np.array([codes[voter] for voter, _number, _value in votes]),
            np.array([place[number] for _voter, number, _value in votes]),
            np.array([value for _voter, _number, value in votes]),
            voters,
            len(numbers),
        )
    return {
        "voters": voters if voters >= SMALLEST else None,
        "statements": statements,
        "groups": _published_groups(found, numbers) if found else [],
        "common": _common(found, numbers),
        "map": _map(found, numbers, before) if found else None,
    }


def live_picture(
    numbers: Sequence[int], votes: Sequence[Row], *, before: Sequence[tuple[float, float]], smallest: int
) -> dict[str, Any] | None:
    """The map as it is shown while a consultation is open: areas and words, no number; None where there is none.

    ``before``: centres of the groups on the picture before; ``smallest``: the fewest members of a group.
    """
    known = frozenset(numbers)
    kept = [vote for vote in votes if vote[1] in known]
    codes = {voter: code for code, voter in enumerate(sorted({voter for voter, _number, _value in kept}))}
    place = {number: position for position, number in enumerate(numbers)}
    if len(numbers) < 2 or len(codes) < FEWEST_VOTERS:
        return None
    found = _groups(
        np.array([codes[voter] for voter, _number, _value in kept]),
        np.array([place[number] for _voter, number, _value in kept]),
        np.array([value for _voter, _number, value in kept]),
        len(codes),
        len(numbers),
        smallest,
    )
    if found is None:
        return None
    drawn = draw_picture(found.projection, found.grouping, threshold=SMALLEST, before=before)
    groups = _published_groups(found, numbers)
    return {
        **_drawn(drawn, numbers, cells=False),
        "groups": [{"name": group["name"], "marks": [mark[:2] for mark in group["marks"]]} for group in groups],
        "common": _common(found, numbers),
    }


def _map(found: OpinionMap, numbers: Sequence[int], before: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """The final map: areas, densities, and how clearly this number of groups stands out from others."""
    drawn = draw_picture(found.projection, found.grouping, threshold=SMALLEST, before=before)
    widths = {str(k): round(width, 3) for k, width in sorted(found.grouping.silhouette.items())}
    return {**_drawn(drawn, numbers, cells=True), "silhouette": widths}


def _drawn(drawn: Picture, numbers: Sequence[int], *, cells: bool) -> dict[str, Any]:
    return {
        "areas": [[area.x, area.y, area.wide, area.high, area.turn] for area in drawn.areas],
        "cells": [[cell.group, cell.column, cell.row, cell.level] for cell in drawn.cells] if cells else [],
        "grid": drawn.columns,
        "right": [[numbers[statement], agree] for statement, agree in drawn.right],
        "up": [[numbers[statement], agree] for statement, agree in drawn.up],
        "explained": drawn.explained,
    }


def _share(agree: int, disagree: int) -> dict[str, Any] | None:
    """Share of agreement with its 95 % Wilson interval; bounds only where a side is small; None below five."""
    n = agree + disagree
    if n < SMALLEST:
        return None
    if max(agree, disagree) < SMALLEST:
        return None
    if min(agree, disagree) < SMALLEST:
        few = "agree" if agree < disagree else "disagree"
        bound = (SMALLEST - 1) / n
        lower, upper = (0.0, min(1.0, bound)) if few == "agree" else (max(0.0, 1 - bound), 1.0)
        return {"n": n, "agree": None, "lower": round(lower, 4), "upper": round(upper, 4), "few": few}
    interval = binomtest(agree, n).proportion_ci(confidence_level=0.95, method="wilson")
    return {
        "n": n, "agree": round(agree / n, 4), "lower": round(float(interval.low), 4),
        "upper": round(float(interval.high), 4), "few": "",
    }  # fmt: skip


def _passed(counts: np.ndarray[Any, Any]) -> float | None:
    disagree, passed, agree = (int(count) for count in counts)
    total = disagree + passed + agree
    return round(passed / total, 4) if passed >= SMALLEST and total - passed >= SMALLEST else None


def _groups(
    participant: np.ndarray[Any, Any],
    statement: np.ndarray[Any, Any],
    value: np.ndarray[Any, Any],
    voters: int,
    statements: int,
    smallest: int = SMALLEST,
) -> OpinionMap | None:
    """The map with as many groups as show best and are large enough; None where there are none to tell of."""
    table = collect_votes(participant, statement, value, participants=voters, statements=statements)
    try:
        drawn = opinion_map(table, seed=0)
        while drawn.grouping.sizes().min() < smallest and drawn.grouping.k > 2:
            drawn = opinion_map(table, k=drawn.grouping.k - 1, seed=0)
    except StatsError:
        # All voted alike, or too few voted enough: there are no groups, which is a result too.
        return None
    ungrouped = int((drawn.grouping.group < 0).sum())
    if drawn.grouping.k < 2 or int(drawn.grouping.sizes().min()) < smallest or 0 < ungrouped < SMALLEST:
        return None
    return drawn


def _published_groups(drawn: OpinionMap, numbers: Sequence[int]) -> list[dict[str, Any]]:
    votes, sizes = drawn.statistics.votes, drawn.grouping.sizes()
    everybody = drawn.overall
    shares: list[list[dict[str, Any] | None]] = [[None] * len(numbers) for _group in sizes]
    for s in range(len(numbers)):
        counts = [(int(votes.agree[g, s]), int(votes.disagree[g, s])) for g in range(len(sizes))]
        total = (int(everybody.agree[0, s]), int(everybody.disagree[0, s]))
        for group in _told(counts, total):
            shares[group][s] = _share(*counts[group])
    return [
        {
            "name": "ABCDE"[group],
            "size": int(sizes[group]),
            "shares": shares[group],
            "marks": [
                [numbers[pick.statement], pick.agree, _clear(pick)]
                for pick in drawn.representative[group]
                if shares[group][pick.statement]
            ][:MOST_MARKS],
        }
        for group in range(len(sizes))
    ]


def _clear(pick: Pick) -> int:
    """How clearly a statement sets a group apart, 0 to 2, by the weaker of its two one-sided tests.

    Levels only, at 95 and 99 per cent: from z itself the other groups' counts could be computed.
    """
    z = min(pick.share_z, pick.ratio_z or 0.0)
    return int(z > 1.6449) + int(z > 2.3263)


def _told(counts: Sequence[tuple[int, int]], total: tuple[int, int]) -> list[int]:
    """The groups whose share on one statement may be told, so that no side smaller than five can be computed.

    A group with a small side is not told. Whoever subtracts the told groups from the total gets the rest: the untold
    groups and those in no group. So the smallest told group is taken back until each side of the rest is nought
    altogether or has five.
    """
    told = sorted((sum(pair), group) for group, pair in enumerate(counts) if min(pair) >= SMALLEST)
    while told:
        rest = [total[side] - sum(counts[group][side] for _n, group in told) for side in (0, 1)]
        if not any(rest) or min(rest) >= SMALLEST:
            break
        told.pop(0)
    return sorted(group for _n, group in told)


def _common(drawn: OpinionMap | None, numbers: Sequence[int]) -> list[int]:
    """Statements every group is for: at least `COMMON` of those in it who took a side, and there are five of them.

    The one every group is most for (group-informed consensus) stands first.
    """
    if drawn is None:
        return []
    votes = drawn.statistics.votes
    sides = votes.agree + votes.disagree
    fit = np.all((sides >= SMALLEST) & (votes.agree >= COMMON * sides), axis=0)
    order = np.argsort(-drawn.consensus_agree, kind="stable")
    return [numbers[int(place)] for place in order if fit[place]]
