"""What an evaluation prints: exact where nobody stands out, and never enough to compute a small cell back."""

from __future__ import annotations

from collections import defaultdict

import pytest

from qiao.judge.evaluations.choices import Indicator
from qiao.judge.evaluations.rules.instrument import THREE_DEGREES_1
from qiao.judge.evaluations.rules.results import compute, is_small


def answered(
    satisfied: int, fairly: int, bad: int, unsure: int, others: int, solved: str = "solved"
) -> list[dict[str, object]]:
    """Users by their grade, and those who did not use it."""
    one = {"awareness": "yes", "solved": solved}
    made: list[dict[str, object]] = []
    for grade, number in (("satisfied", satisfied), ("fairly", fairly), ("not", bad), ("cannot_say", unsure)):
        made += [{**one, "participation": "yes", "satisfaction": grade}] * number
    return made + [{**one, "participation": "no", "satisfaction": ""}] * others


def test_figures_without_small_cells_are_exact() -> None:
    found = compute(THREE_DEGREES_1, answered(40, 20, 30, 3, 7), population=500)
    assert (found.figure(Indicator.SATISFACTION).base, found.figure(Indicator.SATISFACTION).estimate) == (90, 0.6667)
    assert found.figure(Indicator.TOP_BOX).estimate == round(40 / 90, 4)
    assert found.figure(Indicator.PARTICIPATION).estimate == 0.93
    assert found.figure(Indicator.COMPOSITE).estimate == pytest.approx(0.2 + 0.3 * 0.93 + 0.5 * 60 / 90, abs=1e-4)
    table = {(cell.question, cell.answer): cell.count for cell in found.table}
    assert [table["satisfaction", grade] for grade in ("satisfied", "fairly", "not", "cannot_say")] == [40, 20, 30, 3]
    assert table["awareness", "no"] == 0


def test_a_few_who_are_not_satisfied_do_not_hide_the_judgment_nor_their_number() -> None:
    rows = {
        bad: compute(THREE_DEGREES_1, answered(60, 40 - bad, bad, 0, 20), population=500).figure(Indicator.SATISFACTION)
        for bad in range(6)
    }
    assert len({rows[bad] for bad in (1, 2, 3, 4)}) == 1
    assert rows[0].estimate == 1
    assert rows[5].estimate == 0.95
    coarse = rows[3]
    assert (coarse.base, coarse.estimate) == (100, 0.975)
    assert coarse.lower is not None
    assert coarse.upper is not None
    assert coarse.lower < 0.96 < 0.99 < coarse.upper
    # A bad project is judged though few are content.
    poor = compute(THREE_DEGREES_1, answered(2, 1, 50, 0, 20), population=500).figure(Indicator.SATISFACTION)
    assert poor.estimate is not None
    assert poor.estimate < 0.1


@pytest.mark.parametrize("size", [8, 11, 13])
def test_no_small_cell_can_be_computed_back(size: int) -> None:
    """Every way to share out the answers: what prints the same leaves at least two numbers for each small cell."""
    alike = defaultdict(list)
    for satisfied in range(size + 1):
        for fairly in range(size + 1 - satisfied):
            for bad in range(size + 1 - satisfied - fairly):
                for unsure in range(size + 1 - satisfied - fairly - bad):
                    way = (satisfied, fairly, bad, unsure, size - satisfied - fairly - bad - unsure)
                    found = compute(THREE_DEGREES_1, answered(*way), population=2 * size)
                    alike[found.rows, found.table].append(way)
    for ways in alike.values():
        for place, name in ((0, "satisfied"), (1, "fairly"), (2, "not"), (4, "did not use it")):
            values = {way[place] for way in ways}
            assert len(values) > 1 or not is_small(min(values)), (name, ways)


@pytest.mark.parametrize("size", [8, 12])
def test_nor_of_the_trouble_solved(size: int) -> None:
    alike = defaultdict(list)
    for solved in range(size + 1):
        for partly in range(size + 1 - solved):
            for bad in range(size + 1 - solved - partly):
                way = {"solved": solved, "partly": partly, "not": bad, "no_need": size - solved - partly - bad}
                people = [one for answer, number in way.items() for one in answered(number, 0, 0, 0, 0, answer)]
                found = compute(THREE_DEGREES_1, people, population=2 * size)
                alike[found.rows, found.table].append(way)
    for ways in alike.values():
        for name in ("solved", "partly", "not"):
            values = {way[name] for way in ways}
            assert len(values) > 1 or not is_small(min(values)), (name, ways)
