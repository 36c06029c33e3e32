"""From opened answers to figures and the table that may be printed.

A share with its base is a count, so what the table hides the figures must not tell. Of a question with an answer that
1 to 4 gave (a small cell) the table shows no count, and of its figures

- one that would tell a small cell is told coarsely: as if 2½ had answered so, with an interval that covers 1 to 4;
- one that would tell it together with another figure likewise (satisfied, and fairly satisfied or better);
- below a base of 10 neither, and none at all below 5: there what is left to think of is too little.

How many gave an answer is told by every base: those who cannot say or never had the trouble are no cell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from qiao.judge.evaluations.choices import Indicator
from qiao.judge.evaluations.rules.instrument import Instrument, Question
from qiao.judge.evaluations.rules.modes import mode_of, told_modes
from qiao.judge.evaluations.rules.states import ANOMALY, SATISFACTION_FLOOR, SMALLEST_CELL
from qiao_stats.judgment import WEIGHTS, Share, share_of_answers, three_degrees

Answers = Sequence[Mapping[str, object]]

#: Grades 1 and 2 of five are satisfied, the third is fairly so (handbook C22). A version offers three of them or all.
GRADES = {"very": 2, "satisfied": 2, "fairly": 1, "not": 0, "not_at_all": 0}
SOLVED = {"solved": 2, "partly": 1, "not": 0}
#: Questions whose other answers are none of the cells.
_CODES: Mapping[str, Mapping[str, int]] = {"satisfaction": GRADES, "solved": SOLVED}
#: The middle of 1 to 4.
_MIDDLE = SMALLEST_CELL / 2
#: Smallest base of a coarse figure.
COARSE_BASE = 2 * SMALLEST_CELL


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as published; all None where it is not printed."""

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
    #: How many answered in each mode, as it may be told (`rules.modes`).
    modes: Mapping[str, int | None]

    def figure(self, indicator: Indicator) -> Row:
        """The row of one indicator."""
        return next(row for row in self.rows if row.indicator == indicator)


@dataclass(frozen=True, slots=True)
class Teller:
    """Makes the printed row of a share."""

    answers: int
    population: int

    def row(self, indicator: Indicator, share: Share) -> Row:
        """Exact, coarse where one of its sides is small, nothing where the base is."""
        low, high = is_small(share.hits), is_small(share.n - share.hits)
        if low or high:
            return self.coarse(indicator, share.n, 0 if low else share.n - SMALLEST_CELL)
        if share.n < SMALLEST_CELL:
            return nothing(indicator)
        return _printed(indicator, share.n, share.estimate, share.lower, share.upper)

    def coarse(self, indicator: Indicator, base: int, known: int) -> Row:
        """The row where all that is told is that 1 to 4 more than ``known`` of ``base`` answered so."""
        if base < COARSE_BASE:
            return nothing(indicator)
        lower = self.share(base, known + 1).lower
        upper = self.share(base, known + SMALLEST_CELL - 1).upper
        return _printed(indicator, base, (known + _MIDDLE) / base, lower, upper)

    def share(self, base: int, hits: int) -> Share:
        """The share of ``hits`` among ``base`` of all answers."""
        return _share(self.answers, self.population, base, hits)


@lru_cache(maxsize=4096)
def _share(answers: int, population: int, base: int, hits: int) -> Share:
    place = np.arange(answers)
    return share_of_answers(place < hits, place < base, population=population)


def codes_of(question: Question) -> dict[str, int]:
    """The answers that are cells of the table, each with its code; an answer without a code counts as 0."""
    values = [option.value for option in question.options]
    codes = _CODES.get(question.key)
    return dict.fromkeys(values, 0) if codes is None else {value: codes[value] for value in values if value in codes}


def indicators_of(instrument: Instrument) -> list[Indicator]:
    """The figures a version yields, in order."""
    return [one for one in Indicator if one != Indicator.UNPROMPTED or instrument.first is not None]


def is_small(count: int) -> bool:
    """Whether a count is a cell that is not told: from 1 to below the smallest."""
    return 0 < count < SMALLEST_CELL


def compute(
    instrument: Instrument, answers: Answers, *, population: int, weights: Mapping[str, float] = WEIGHTS
) -> Results:
    """Figures with 95 % intervals and the table of answers, small cells hidden. The order of answers plays no part.

    What was written to the open question is coded (`coding`) before it comes here. ``weights`` are the composite's.
    """
    grade = np.array([GRADES.get(str(one["satisfaction"]), -1) for one in answers], dtype=np.int64)
    solved = np.array([SOLVED.get(str(one["solved"]), -1) for one in answers], dtype=np.int64)
    found = three_degrees(
        aware=np.array([one["awareness"] == "yes" for one in answers], dtype=np.bool_),
        used=np.array([one["participation"] == "yes" for one in answers], dtype=np.bool_),
        grade=grade,
        solved=solved,
        population=population,
    )
    tell = Teller(len(answers), population)
    awareness = tell.row(Indicator.AWARENESS, found.awareness)
    # All but one gave a grade: that tells of the one as soon as anything is known of who used it.
    lone = len(answers) - found.satisfaction.n == 1
    participation = nothing(Indicator.PARTICIPATION) if lone else tell.row(
        Indicator.PARTICIPATION, found.participation
    )  # fmt: skip
    satisfaction, top_box = tell_grades(tell, found.satisfaction, found.top_box)
    rows = [
        awareness, participation, satisfaction, top_box, tell.row(Indicator.SOLVED, found.solved),
        tell_composite(len(answers), awareness, participation, satisfaction, weights),
    ]  # fmt: skip
    if instrument.first is not None:
        named = sum(one[instrument.first.key] == "yes" for one in answers)
        rows.insert(0, tell.row(Indicator.UNPROMPTED, tell.share(len(answers), named)))
    users_told = not (lone or is_small(found.users) or is_small(len(answers) - found.users))
    table = _table(instrument, answers, users_told=users_told)
    return Results(len(answers), tuple(rows), table, told_modes(mode_of(one) for one in answers))


def tell_grades(tell: Teller, satisfaction: Share, top_box: Share) -> tuple[Row, Row]:
    """At least fairly satisfied, and satisfied: told so that both together give none of the three grades away."""
    base, at_least_fairly, best = satisfaction.n, satisfaction.hits, top_box.hits
    fairly, bad = at_least_fairly - best, base - at_least_fairly
    if base < COARSE_BASE and any(is_small(cell) for cell in (best, fairly, bad)):
        return nothing(Indicator.SATISFACTION), nothing(Indicator.TOP_BOX)
    share = tell.row(Indicator.SATISFACTION, satisfaction)
    if at_least_fairly == SMALLEST_CELL + 1 and (is_small(fairly) or is_small(best)):
        # 5 and 1: what is coarse about the one tells the other.
        return share, nothing(Indicator.TOP_BOX)
    told_exactly = not (is_small(at_least_fairly) or is_small(bad))
    if is_small(fairly) and not is_small(best) and told_exactly:
        return share, tell.coarse(Indicator.TOP_BOX, base, at_least_fairly - SMALLEST_CELL)
    if is_small(fairly) and is_small(bad) and fairly + bad in {2, 2 * (SMALLEST_CELL - 1)}:
        # Two small cells with this sum are known.
        return share, nothing(Indicator.TOP_BOX)
    return share, tell.row(Indicator.TOP_BOX, top_box)


def tell_composite(
    answers: int, awareness: Row, participation: Row, satisfaction: Row, weights: Mapping[str, float]
) -> Row:
    """The weighted sum of what is printed of the three, so that it tells no more than they do."""
    parts = {"awareness": awareness, "participation": participation, "satisfaction": satisfaction}
    sums = []
    for name in ("estimate", "lower", "upper"):
        values = [getattr(parts[key], name) for key in weights]
        if any(value is None for value in values):
            return nothing(Indicator.COMPOSITE)
        sums.append(math.fsum(weights[key] * value for key, value in zip(weights, values, strict=True)))
    return _printed(Indicator.COMPOSITE, answers, *sums)


def nothing(indicator: Indicator) -> Row:
    """The row of a figure that is not printed."""
    return Row(indicator, None, None, None, None)


def _printed(indicator: Indicator, base: int, estimate: float, lower: float, upper: float) -> Row:
    """Four digits: more would only pretend. Rounding keeps the estimate inside its bounds."""
    if math.isnan(estimate):
        return nothing(indicator)
    return Row(indicator, base, round(estimate, 4), round(lower, 4), round(upper, 4))


def _table(instrument: Instrument, answers: Answers, *, users_told: bool) -> tuple[TableCell, ...]:
    """Counts of each question: all of its cells, or none where one is small or they are few together."""
    cells: list[TableCell] = []
    for question in instrument.tabled:
        values = [option.value for option in question.options]
        counts = {value: sum(one[question.key] == value for one in answers) for value in values}
        codes = codes_of(question)
        base = sum(counts[value] for value in codes)
        hidden = base < SMALLEST_CELL or any(is_small(counts[value]) for value in codes)
        hidden = hidden or (question.key == "participation" and not users_told)
        # With the base the others tell how many used it.
        others_hidden = base < SMALLEST_CELL or (question.users_only and not users_told)
        for value in values:
            secret = hidden if value in codes else others_hidden
            cells.append(TableCell(question.key, value, None if secret else counts[value]))
    return tuple(cells)


def is_poor(satisfaction: float | None) -> bool:
    """Whether satisfaction among users goes back to Hear as a finding."""
    return satisfaction is not None and satisfaction < SATISFACTION_FLOOR


def is_anomalous(estimate: float | None) -> bool:
    """Whether a share is so high that the way of asking deserves a second look."""
    return estimate is not None and estimate >= ANOMALY
