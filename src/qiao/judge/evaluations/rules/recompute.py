"""The published figures computed again from the published table, and what the two together would give away.

Where the table shows a question, its figures follow from it and must be exactly these. Where it hides one, a figure
must be one that the rules of disclosure print (`results`), and every hidden small cell must still have at least two
possible values for whoever reads table and figures together. So a result that was made with another program, or by a
hand that wished to tell more or other than the rules allow, is found on any machine.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qiao.base.problems import Problem
from qiao.judge.evaluations.choices import Indicator
from qiao.judge.evaluations.rules.instrument import Instrument
from qiao.judge.evaluations.rules.results import (
    GRADES,
    SOLVED,
    Row,
    TableCell,
    Teller,
    codes_of,
    indicators_of,
    is_small,
    tell_composite,
    tell_grades,
)
from qiao.judge.evaluations.rules.states import SMALLEST_CELL
from qiao_stats.judgment import WEIGHTS

#: Figures are printed with four digits; two machines may round the last one apart.
_TOLERANCE = 1.5e-4

_YES: Mapping[str, int] = {"yes": 1, "no": 0}
#: Per indicator its question, the codes in its base and the code from which on an answer is a hit.
_OF: Mapping[Indicator, tuple[str, Mapping[str, int], int]] = {
    Indicator.UNPROMPTED: ("unprompted", _YES, 1),
    Indicator.AWARENESS: ("awareness", _YES, 1),
    Indicator.PARTICIPATION: ("participation", _YES, 1),
    Indicator.SATISFACTION: ("satisfaction", GRADES, 1),
    Indicator.TOP_BOX: ("satisfaction", GRADES, 2),
    Indicator.SOLVED: ("solved", SOLVED, 2),
}


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How many figures follow from the table, how many obey the rules of what is hidden, how many are withheld."""

    exact: int
    ruled: int
    withheld: int


def recompute(
    instrument: Instrument,
    rows: Sequence[Row],
    table: Sequence[TableCell],
    *,
    answers: int,
    population: int,
    weights: Mapping[str, float] = WEIGHTS,
) -> Recomputed:
    """Raises Problem naming the first figure or cell that does not follow from the rest or tells too much."""
    counts = _counts(instrument, table)
    printed = {row.indicator: row for row in rows}
    if list(printed) != indicators_of(instrument) or len(rows) != len(printed):
        raise Problem("The figures are not those every evaluation has, each once.")
    tell = Teller(answers, population)
    _check_table(instrument, counts, answers)
    exact = ruled = 0
    for indicator, (question, codes, least) in _OF.items():
        if indicator not in printed:
            continue
        row = printed[indicator]
        cells = {value: counts[question, value] for value in codes if (question, value) in counts}
        known = [count for count in cells.values() if count is not None]
        if len(known) == len(cells):
            hits = sum(count for value, count in zip(cells, known, strict=True) if codes[value] >= least)
            if not same(row, tell.row(indicator, tell.share(sum(known), hits))):
                raise _differs(indicator)
            exact += 1
        elif row.estimate is not None:
            if not possible_hits(tell, row, printed):
                raise _differs(indicator)
            ruled += 1
    _check_grades(tell, printed, counts)
    composite = tell_composite(
        answers,
        printed[Indicator.AWARENESS],
        printed[Indicator.PARTICIPATION],
        printed[Indicator.SATISFACTION],
        weights,
    )
    if not same(printed[Indicator.COMPOSITE], composite):
        raise _differs(Indicator.COMPOSITE)
    exact += printed[Indicator.COMPOSITE].estimate is not None
    return Recomputed(exact, ruled, sum(row.estimate is None for row in rows))


def same(one: Row, other: Row) -> bool:
    """Whether two rows print the same, but for the last digit."""
    if one.base != other.base:
        return False
    for left, right in ((one.estimate, other.estimate), (one.lower, other.lower), (one.upper, other.upper)):
        if (left is None) != (right is None):
            return False
        if left is not None and right is not None and abs(left - right) > _TOLERANCE:
            return False
    return True


def possible_hits(tell: Teller, row: Row, printed: Mapping[Indicator, Row]) -> list[int]:
    """Every number of hits for which the rules print this very row; [] for a row they never print."""
    base = row.base
    if base is None or row.estimate is None or not 0 < base <= tell.answers:
        return []
    if row.indicator in (Indicator.UNPROMPTED, Indicator.AWARENESS, Indicator.PARTICIPATION) and base != tell.answers:
        return []
    low, high = (round(base * (row.estimate + step)) for step in (-_TOLERANCE, _TOLERANCE))
    for hits in range(max(low, 0), min(high, base) + 1):
        share = tell.share(base, hits)
        # Small on neither side, or the rules would tell it coarsely.
        if not is_small(hits) and not is_small(base - hits) and same(row, tell.row(row.indicator, share)):
            return [hits]
    known = {0, base - SMALLEST_CELL}
    if row.indicator == Indicator.TOP_BOX:
        known |= {hits - SMALLEST_CELL for hits in possible_hits(tell, printed[Indicator.SATISFACTION], printed)}
    for told in sorted(known):
        if told >= 0 and same(row, tell.coarse(row.indicator, base, told)):
            return list(range(told + 1, told + SMALLEST_CELL))
    return []


def _check_table(instrument: Instrument, counts: Mapping[tuple[str, str], int | None], answers: int) -> None:
    """No small cell is shown, none hidden alone, and what is shown adds up."""
    for question in instrument.tabled:
        values = [option.value for option in question.options]
        codes = codes_of(question)
        cells = [counts[question.key, value] for value in values if value in codes]
        shown = [count for count in cells if count is not None]
        if any(is_small(count) for count in shown):
            raise Problem(
                "The table shows fewer than %(least)d who gave an answer to “%(question)s”.",
                least=SMALLEST_CELL, question=question.key,
            )  # fmt: skip
        if 0 < len(shown) < len(cells):
            raise Problem("The table hides a part of “%(question)s”: all or nothing.", question=question.key)
        every = [counts[question.key, value] for value in values]
        total = sum(count for count in every if count is not None)
        complete = not any(count is None for count in every)
        if total > answers or (complete and not question.users_only and total != answers):
            raise Problem("The table of “%(question)s” does not add up to all answers.", question=question.key)


def _check_grades(
    tell: Teller, printed: Mapping[Indicator, Row], counts: Mapping[tuple[str, str], int | None]
) -> None:  # fmt: skip
    """Both figures of satisfaction together: what three grades may lie behind them, and does that tell a small one."""
    share, top = printed[Indicator.SATISFACTION], printed[Indicator.TOP_BOX]
    if counts["satisfaction", "satisfied"] is not None or share.base is None:
        if share.base is None and top.base is not None:
            raise _differs(Indicator.TOP_BOX)
        return
    base = share.base
    found = []
    for fairly_up in possible_hits(tell, share, printed):
        for best in _best(tell, top, printed, fairly_up):
            rows = tell_grades(tell, tell.share(base, fairly_up), tell.share(base, best))
            if same(rows[0], share) and same(rows[1], top):
                found.append((best, fairly_up - best, base - fairly_up))
    if not found:
        raise _differs(Indicator.TOP_BOX)
    for cell in zip(*found, strict=True):
        if len(set(cell)) == 1 and is_small(cell[0]):
            raise Problem("A hidden number of the question “satisfaction” can be computed back from the figures.")


def _best(tell: Teller, top: Row, printed: Mapping[Indicator, Row], fairly_up: int) -> list[int]:
    """How many may have given the best grade."""
    if top.base is not None:
        return [hits for hits in possible_hits(tell, top, printed) if hits <= fairly_up]
    # Withheld though satisfaction is printed: only where few are at one of the ends.
    edge = 2 * SMALLEST_CELL
    return sorted({*range(min(edge, fairly_up + 1)), *range(max(0, fairly_up - edge), fairly_up + 1)})


def _counts(instrument: Instrument, table: Sequence[TableCell]) -> dict[tuple[str, str], int | None]:
    counts = {(cell.question, cell.answer): cell.count for cell in table}
    wanted = [(question.key, option.value) for question in instrument.tabled for option in question.options]
    if list(counts) != wanted or len(counts) != len(table):
        raise Problem("The table does not hold the answers of these questions, each once.")
    return counts


def _differs(indicator: Indicator) -> Problem:
    return Problem("The figure “%(name)s” does not follow from the published table.", name=indicator.value)


def row_of(indicator: str, texts: Sequence[str]) -> Row:
    """A line of the file of figures. Raises ValueError for what is none."""
    base, *numbers = (None if text == "" else float(text) for text in texts)
    values = [base, *numbers]
    if any(value is None for value in values) != all(value is None for value in values):
        raise ValueError("a figure is printed whole or not at all")
    if base is None:
        return Row(Indicator(indicator), None, None, None, None)
    estimate, lower, upper = (float(value) for value in numbers if value is not None)
    if not (base.is_integer() and base > 0 and 0 <= lower <= estimate <= upper <= 1) or math.isnan(estimate):
        raise ValueError("a figure lies inside its bounds")
    return Row(Indicator(indicator), int(base), estimate, lower, upper)
