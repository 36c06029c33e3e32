"""Hidden cells cannot be computed back: hand-worked tables, and linear programming as the reader who tries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.optimize import linprog

from qiao_stats.disclosure import Suppression, sensitive_cells, suppress, suppress_line
from qiao_stats.errors import StatsError


def reach(
    table: np.ndarray, hidden: np.ndarray, cell: tuple[int, int], upper: np.ndarray,
    open_rows: np.ndarray, open_columns: np.ndarray,
) -> tuple[float, float]:  # fmt: skip
    """What a reader who knows all shown cells, sums and bounds can say of a hidden cell: smallest and largest value."""
    places = [tuple(place) for place in np.argwhere(hidden)]
    index = {place: number for number, place in enumerate(places)}
    lines, sums = [], []
    for row in np.flatnonzero(~open_rows):
        lines.append([float(place[0] == row) for place in places])
        sums.append(table[row, hidden[row]].sum())
    for column in np.flatnonzero(~open_columns):
        lines.append([float(place[1] == column) for place in places])
        sums.append(table[hidden[:, column], column].sum())
    aim = np.zeros(len(places))
    aim[index[cell]] = 1
    bounds = [(0, None if np.isinf(upper[place]) else max(upper[place], table[place])) for place in places]
    found = []
    for sign in (1, -1):
        kwargs = {"A_eq": np.array(lines), "b_eq": np.array(sums)} if lines else {}
        answer = linprog(sign * aim, bounds=bounds, **kwargs)
        found.append(float("inf") if answer.status == 3 else sign * answer.fun)
    return found[0], found[1]


def test_a_lone_small_cell_takes_three_others_with_it() -> None:
    table = np.array([[3, 40, 60], [20, 30, 50], [70, 80, 90]])
    found = suppress(table)
    # By hand: rows 0 and 1, columns 0 and 1 form the cheapest rectangle (20 + 40 + 30) in which 3 may move by 5.
    assert found.hidden.tolist() == [[True, True, False], [True, True, False], [False, False, False]]
    assert found.sensitive.sum() == 1
    assert found.protected


def test_one_way_table_hides_a_second_cell() -> None:
    # A column of counts whose sum is shown and whose rows have no sums of their own.
    found = suppress([[2], [9], [40], [60]], rows_open=[True] * 4)
    assert found.hidden[:, 0].tolist() == [True, True, False, False]


def test_nearly_everybody_is_as_telling_as_nearly_nobody() -> None:
    counts, upper = np.array([[98], [40], [50]]), np.array([[100.0], [90.0], [100.0]])
    assert sensitive_cells(counts, upper=upper)[:, 0].tolist() == [True, False, False]
    assert suppress(counts, upper=upper, rows_open=[True] * 3).hidden[:, 0].tolist() == [True, True, False]


def test_where_nothing_helps_all_is_hidden() -> None:
    found = suppress([[3, 0]])
    assert not found.protected
    assert found.hidden.all()


def test_a_hidden_sum_protects_by_itself() -> None:
    found = suppress([[3, 50]], columns_open=[True, True])
    assert found.protected
    assert found.hidden.tolist() == [[True, True]]


def test_nothing_small_nothing_hidden() -> None:
    assert not suppress([[10, 0], [30, 7]]).hidden.any()
    assert suppress(np.zeros((0, 3))).protected


@pytest.mark.parametrize(
    ("given_", "said"), [({"counts": [[-1]]}, "negative"), ({"counts": [[1]], "threshold": 0}, "1")]
)
def test_what_makes_no_sense_is_refused(given_: dict[str, object], said: str) -> None:
    with pytest.raises(StatsError, match=said):
        suppress(**given_)  # type: ignore[arg-type]


tables = arrays.arrays(
    np.int64,
    st.tuples(st.integers(1, 5), st.integers(1, 4)),
    elements=st.one_of(st.integers(0, 6), st.integers(0, 200)),
)


@settings(max_examples=60, deadline=None)
@given(tables, st.data())
def test_no_hidden_cell_can_be_computed_back(table: np.ndarray, data: st.DataObject) -> None:
    rows, columns = table.shape
    open_rows = np.array(data.draw(st.lists(st.booleans(), min_size=rows, max_size=rows)))
    open_columns = np.array(data.draw(st.lists(st.booleans(), min_size=columns, max_size=columns)))
    room = data.draw(arrays.arrays(np.int64, table.shape, elements=st.integers(0, 60)))
    upper = np.where(room > 50, np.inf, table + room)
    forced = data.draw(arrays.arrays(bool, table.shape))
    found: Suppression = suppress(table, upper=upper, forced=forced, rows_open=open_rows, columns_open=open_columns)
    assert (found.hidden | ~found.sensitive).all()
    assert (found.hidden | ~forced).all()
    if not found.protected:
        return
    for place in np.argwhere(found.sensitive | forced):
        low, high = reach(table, found.hidden, tuple(place), upper, open_rows, open_columns)
        assert high - low >= 5 - 1e-6


def test_a_line_hides_as_many_as_it_takes() -> None:
    # Rooms of 2, 1 and 1 above: no two of them let a cell range over 5, all three with the fourth (room 9) do.
    counts, upper = np.array([50, 40, 30, 60, 80]), np.array([52.0, 41.0, 31.0, 69.0, 200.0])
    found = suppress_line(counts, upper=upper)
    assert found.hidden.tolist() == [True, True, True, True, False]
    assert suppress_line(counts, upper=upper, sum_open=True).hidden.tolist() == [True, True, True, False, False]
    assert not suppress_line([3]).protected


@settings(max_examples=60, deadline=None)
@given(arrays.arrays(np.int64, st.integers(1, 8), elements=st.integers(0, 40)), st.data())
def test_no_hidden_cell_of_a_line_can_be_computed_back(line: np.ndarray, data: st.DataObject) -> None:
    room = data.draw(arrays.arrays(np.int64, line.shape, elements=st.integers(0, 12)))
    upper = np.where(room > 9, np.inf, line + room)
    found = suppress_line(line, upper=upper)
    if not found.protected:
        assert found.hidden.all()
        return
    table, closed = line[:, None], np.array([False])
    for place in np.flatnonzero(found.sensitive):
        low, high = reach(
            table, found.hidden[:, None], (int(place), 0), upper[:, None], np.ones(len(line), bool), closed
        )
        assert high - low >= 5 - 1e-6
