"""Hidden figures of a question cannot be computed back: tried by linear programming on random tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from qiao_stats.errors import StatsError
from qiao_stats.release import Table, hidden_groups, release, release_several


def attack(shown: list[tuple[np.ndarray, float]], size: int, cell: int) -> float:
    """How far apart the least and the most are that a cell can be, given linear facts about all cells."""
    a = np.array([row for row, _ in shown])
    b = np.array([value for _, value in shown])
    ends = []
    for sign in (1, -1):
        cost = np.zeros(size)
        cost[cell] = sign
        found = linprog(cost, A_eq=a, b_eq=b, bounds=(0, None), method="highs")
        ends.append(np.inf if found.status == 3 else sign * found.fun)
    return float(ends[1] - ends[0])


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[np.ndarray], bool]:
    """Everybody's answer (silent last) and two groupings of everybody, as tables of counts (rows, options + 1)."""
    seed, options = draw(st.integers(0, 2**32)), draw(st.integers(2, 4))
    rng = np.random.default_rng(seed)
    people = draw(st.integers(5, 90))
    shares = rng.dirichlet(np.full(options + 1, draw(st.sampled_from([0.3, 1.0, 4.0]))))
    answer = rng.choice(options + 1, people, p=shares)
    tables = []
    for _ in range(2):
        rows = draw(st.integers(2, 4))
        group = rng.choice(rows, people, p=rng.dirichlet(np.full(rows, 0.8)))
        sizes = np.bincount(group, minlength=rows)
        veiled = hidden_groups(sizes, threshold=5)
        # What is no shown group is one row.
        place = np.cumsum(~veiled) - 1
        last = int((~veiled).sum())
        row = np.where(veiled[group], last, place[group])
        counts = np.zeros((last + int(veiled.any()), options + 1), dtype=np.int64)
        np.add.at(counts, (row, answer), 1)
        tables.append(counts)
    return tables, draw(st.booleans())


@settings(max_examples=50, deadline=None)
@given(questions())
def test_one_option_each_cannot_be_computed_back(case: tuple[list[np.ndarray], bool]) -> None:
    tables, filtered = case
    total = tables[0][:, :-1].sum(axis=0)
    silent = int(tables[0][:, -1].sum())
    found = release(
        [Table(t[:, :-1], t[:, -1], 5, filtered) for t in tables], total, silent, threshold=5
    )  # fmt: skip
    if found.question:
        assert total.sum() < 5 or filtered
        return
    # Unknowns: each table's cells; known: shown cells, sums of rows, shared totals, the shown line.
    sizes = [t.size for t in tables]
    size = sum(sizes)
    offset = [0, sizes[0]]
    facts: list[tuple[np.ndarray, float]] = []

    def fact(places: list[int], value: float, minus: list[int] | None = None) -> None:
        row = np.zeros(size)
        row[places] = 1
        row[minus or []] = -1
        facts.append((row, value))

    width = total.size + 1
    for number, t in enumerate(tables):
        for r in range(t.shape[0]):
            start = offset[number] + r * width
            fact(list(range(start, start + width)), t[r].sum())
            if not found.bases[number][r]:
                fact([start + width - 1], t[r, -1])
            for o in np.flatnonzero(~found.cells[number][r]):
                fact([start + int(o)], t[r, o])
        for o in range(width):
            column = [offset[number] + r * width + o for r in range(t.shape[0])]
            if o == width - 1 or not found.total[o]:
                fact(column, t[:, o].sum())
    for o in np.flatnonzero(found.total):
        first = [r * width + int(o) for r in range(tables[0].shape[0])]
        second = [offset[1] + r * width + int(o) for r in range(tables[1].shape[0])]
        fact(first, 0, second)
    for number, t in enumerate(tables):
        for r in range(t.shape[0]):
            for o in range(width - 1):
                if 0 < t[r, o] < 5:
                    assert found.cells[number][r, o]
                    assert attack(facts, size, offset[number] + r * width + o) >= 5 - 1e-6


def test_a_hidden_option_over_everybody_is_hidden_in_every_group() -> None:
    found = release([Table(np.array([[20, 3, 9], [20, 0, 8]]), np.zeros(2, int), 5)], [40, 3, 17], 0, threshold=5)
    assert found.total.tolist() == [False, True, True]
    assert found.cells[0].tolist() == [[False, True, True], [False, True, True]]


def test_several_options_hide_nearly_all_as_well_as_nearly_none() -> None:
    counts = np.array([[30, 2], [28, 15]])
    found = release_several([Table(counts, np.zeros(2, int), 5)], [[31, 31]], [58, 17], 62, 0, threshold=5)
    # 31 − 30 = 1 did not choose the first; 2 chose the second.
    assert found.total.tolist() == [True, False]
    assert found.cells[0].tolist() == [[True, True], [True, True]]


def test_a_question_few_were_asked_is_hidden_whole() -> None:
    table = Table(np.array([[2, 1], [1, 0]]), np.array([30, 30]), 5, filtered=True)
    assert release([table], [3, 1], 60, threshold=5).question


def test_a_row_few_were_asked_in_hides_its_number() -> None:
    table = Table(np.array([[2, 1], [10, 12], [9, 9]]), np.array([30, 20, 20]), 5, filtered=True)
    found = release([table], [21, 22], 70, threshold=5)
    assert found.bases[0].tolist()[0] is True
    assert sum(found.bases[0].tolist()) == 2


def test_tables_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(StatsError, match="add up"):
        release([Table(np.array([[2, 1]]), np.zeros(1, int), 5)], [3, 1], 0, threshold=5)
