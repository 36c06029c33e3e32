"""From opened answers to figures and the table that may be printed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qiao.judge.evaluations.choices import Indicator
from qiao.judge.evaluations.rules.instrument import Instrument
from qiao.judge.evaluations.rules.states import ANOMALY, SATISFACTION_FLOOR, SMALLEST_CELL
from qiao_stats.judgment import Share, hide_small_cells, three_degrees

Answers = Sequence[Mapping[str, object]]

GRADES = {"satisfied": 2, "fairly": 1, "not": 0}
SOLVED = {"solved": 2, "partly": 1, "not": 0}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as published; all None where its base is too small to print."""

    indicator: Indicator
    base: int | None
    estimate: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class TableCell:
    """One line of the table of answers; ``count`` is None where hidden."""

    question: str
    answer: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Results:
    """What an evaluation publishes."""

    answers: int
    rows: tuple[Row, ...]
    table: tuple[TableCell, ...]

    def figure(self, indicator: Indicator) -> Row:
        """The row of one indicator."""
        return next(row for row in self.rows if row.indicator == indicator)


def compute(instrument: Instrument, answers: Answers, *, population: int) -> Results:
    """Figures with 95 % intervals and the table of answers, small cells hidden. The order of answers plays no part."""
    grade = np.array([GRADES.get(str(one["satisfaction"]), -1) for one in answers], dtype=np.int64)
    solved = np.array([SOLVED.get(str(one["solved"]), -1) for one in answers], dtype=np.int64)
    found = three_degrees(
        aware=np.array([one["awareness"] == "yes" for one in answers], dtype=np.bool_),
        used=np.array([one["participation"] == "yes" for one in answers], dtype=np.bool_),
        grade=grade,
        solved=solved,
        population=population,
    )
    shares = (
        (Indicator.AWARENESS, found.awareness),
        (Indicator.PARTICIPATION, found.participation),
        (Indicator.SATISFACTION, found.satisfaction),
        (Indicator.TOP_BOX, found.top_box),
        (Indicator.SOLVED, found.solved),
    )
    rows = [_row(indicator, share) for indicator, share in shares]
    parts_printed = all(row.estimate is not None for row in rows[:3])
    composite = found.composite if parts_printed else (math.nan,) * 3
    rows.append(_printed(Indicator.COMPOSITE, len(answers), *composite))
    return Results(len(answers), tuple(rows), _table(instrument, answers))


def _row(indicator: Indicator, share: Share) -> Row:
    if share.n < SMALLEST_CELL:
        return Row(indicator, None, None, None, None)
    return _printed(indicator, share.n, share.estimate, share.lower, share.upper)


def _printed(indicator: Indicator, base: int, estimate: float, lower: float, upper: float) -> Row:
    """Four digits: more would only pretend. Rounding keeps the estimate inside its bounds."""
    if math.isnan(estimate):
        return Row(indicator, None, None, None, None)
    return Row(indicator, base, round(estimate, 4), round(lower, 4), round(upper, 4))


def _table(instrument: Instrument, answers: Answers) -> tuple[TableCell, ...]:
    cells: list[TableCell] = []
    for question in instrument.questions:
        values = [option.value for option in question.options]
        counts = [sum(one[question.key] == value for one in answers) for value in values]
        shown = hide_small_cells(counts, smallest=SMALLEST_CELL)
        cells.extend(TableCell(question.key, value, count) for value, count in zip(values, shown, strict=True))
    return tuple(cells)


def is_poor(satisfaction: float | None) -> bool:
    """Whether satisfaction among users goes back to Hear as a finding."""
    return satisfaction is not None and satisfaction < SATISFACTION_FLOOR


def is_anomalous(estimate: float | None) -> bool:
    """Whether a share is so high that the way of asking deserves a second look."""
    return estimate is not None and estimate >= ANOMALY
