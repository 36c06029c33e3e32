"""Which figures of a question stay hidden, and by which groupings it is told at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qiao.hear.surveys.queries.computing.run import FloatArray, Run
from qiao.hear.surveys.queries.groupings import Condition
from qiao_stats.release import Released, Table, release, release_several


def hide(
    run: Run, name: str, columns: Sequence[FloatArray], answered: npt.NDArray[np.bool_], by: list[int],
    exclusive: bool,
) -> tuple[Released, list[int]]:  # fmt: skip
    """What of a question is hidden, and by which groupings it is told at all."""
    condition = run.conditions.get(name, Condition("", frozenset()))
    threshold = run.threshold(name)
    leaning = next(iter(condition.names)) if len(condition.names) == 1 else ""
    known = run.done.get(leaning)
    if condition.names and known is None and not _alone(run, condition):
        # Several conditions on one answer that is told nowhere: their differences would tell it by group.
        by = []
    tables, asked = [], []
    matrix = np.nan_to_num(np.stack(columns, axis=1)) > 0
    for place in by:
        grouping = run.groupings[place]
        rows = len(grouping.keys) + 1
        counts = np.stack(
            [np.bincount(grouping.codes, weights=matrix[:, k], minlength=rows) for k in range(matrix.shape[1])], axis=1
        ).astype(np.int64)
        came = np.bincount(grouping.codes, weights=answered, minlength=rows).astype(np.int64)
        forced: npt.NDArray[np.bool_] | None = None
        if known is not None and grouping.source != leaning:
            forced = np.ones(rows, np.bool_)
            if place in known[1]:
                forced = np.asarray(known[0].cells[known[1].index(place)].any(axis=1), dtype=np.bool_)
        tables.append(
            Table(counts, grouping.sizes - came, max(threshold, grouping.threshold), bool(condition.text), forced)
        )
        asked.append(came)
    total, n = matrix.sum(axis=0).astype(np.int64), int(answered.sum())
    silent = answered.size - n
    if exclusive:
        found = release(tables, total, silent, threshold=threshold)
    else:
        found = release_several(tables, asked, total, n, silent, threshold=threshold)
    secret = known is not None and (known[0].question or bool(known[0].total.any()))
    if condition.names and known is None and not found.question:
        secret = secret or any(0 < abs(n - other) < threshold for other in run.told)
        if not secret:
            run.told.append(n)
    if secret:
        found = Released(True, np.ones_like(found.total), tuple(np.ones_like(cell) for cell in found.cells),
                         tuple(np.ones_like(base) for base in found.bases))  # fmt: skip
    if exclusive:
        run.done[name] = (found, by)
    return found, by


def _alone(run: Run, condition: Condition) -> bool:
    """Whether no other condition speaks of the same answers."""
    return all(
        other.text == condition.text or not other.names & condition.names
        for other in run.conditions.values()
        if not (len(other.names) == 1 and next(iter(other.names)) in run.done)
    )


def bases_of(
    run: Run, answered: npt.NDArray[np.bool_], released: Released, by: list[int]
) -> tuple[list[int | None], list[int]]:
    """How many answered over all and in every group: as told, and as they are."""
    told: list[int | None] = [None if released.question else int(answered.sum())]
    rows = [int(answered.sum())]
    for place, grouping in enumerate(run.groupings):
        came = np.bincount(grouping.codes, weights=answered, minlength=len(grouping.keys) + 1).astype(np.int64)
        for group in range(len(grouping.keys)):
            rows.append(int(came[group]))
            secret = released.question or place not in by or bool(released.bases[by.index(place)][group])
            told.append(None if secret else int(came[group]))
    return told, rows


def hidden_by_group(run: Run, released: Released, by: list[int]) -> list[npt.NDArray[np.bool_] | None]:
    """Hidden options over all and for every group; None for groups the question is not told by."""
    found: list[npt.NDArray[np.bool_] | None] = [released.total]
    for place, grouping in enumerate(run.groupings):
        groups = range(len(grouping.keys))
        found.extend(released.cells[by.index(place)][group] if place in by else None for group in groups)
    return found
