"""Need-based allocation: worked by hand, limits, inequality, sensitivity, and what must hold for any sheet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qiao_stats.allocation import allocate, checked_weights, gini, moved_weights, sensitivity, whole_amounts
from qiao_stats.errors import StatsError

NAN = float("nan")


def test_a_sheet_worked_by_hand() -> None:
    # Ranks of the first input 0, 1/2, 1; of the second (less is more, a tie of two) 3/4, 3/4, 0.
    made = allocate(
        np.array([[100.0, 5.0], [200.0, 5.0], [900.0, 70.0]]), np.array([10.0, 20.0, 10.0]), [0.6, 0.4],
        less_is_more=[False, True],
    )  # fmt: skip
    assert made.ranks == pytest.approx(np.array([[0, 0.75], [0.5, 0.75], [1, 0]]))
    assert made.need == pytest.approx(np.array([0.3, 0.6, 0.6]))
    assert made.share == pytest.approx(np.array([3, 12, 6]) / 21)
    assert whole_amounts(made.share, 100) == [14, 57, 29]


def test_a_missing_input_is_the_median_and_marked() -> None:
    made = allocate(np.array([[1.0, NAN], [NAN, NAN], [9.0, NAN], [3.0, NAN]]), np.ones(4), [0.5, 0.5])
    assert made.filled[:, 0].tolist() == [1, 3, 9, 3]
    assert made.missing.tolist() == [[False, True], [True, True], [False, True], [False, True]]
    assert made.ranks[:, 1].tolist() == [0.5] * 4, "an input nobody has tells nobody apart"
    assert made.ranks[1, 0] == made.ranks[3, 0] == 0.5


def test_limits_hold_shares_near_those_of_the_year_before() -> None:
    members, inputs = np.ones(3), np.array([[0.0], [1.0], [2.0]])
    free = allocate(inputs, members, [1.0])
    assert free.share == pytest.approx([0, 1 / 3, 2 / 3])
    bound = allocate(inputs, members, [1.0], before=np.array([100.0, 100.0, 100.0]), limit=0.15)
    assert bound.share == pytest.approx([0.85 / 3, 1 / 3, 1.15 / 3])
    assert bound.raised.tolist() == [True, False, False]
    assert bound.held.tolist() == [False, False, True]
    new = allocate(inputs, members, [1.0], before=np.array([100.0, 100.0, NAN]), limit=0.15)
    assert new.share.sum() == pytest.approx(1)
    assert new.share[0] == pytest.approx(0.5 * 0.85 * 2 / 3), "the old ones make room for the new one"


def test_gini_by_hand_and_at_its_ends() -> None:
    assert gini(np.array([5.0, 5.0]), np.array([3.0, 9.0])) == pytest.approx(0)
    assert gini(np.array([0.0, 0.0]), np.ones(2)) == 0
    # Two people of four have everything: the curve runs (1/2, 0), (1, 1), area 1/4, so 1 - 2/4.
    assert gini(np.array([0.0, 7.0]), np.array([2.0, 2.0])) == pytest.approx(0.5)
    values = np.array([1.0, 4.0, 2.0])
    people = np.repeat(values, [2, 1, 3])
    differences = np.abs(people[:, None] - people[None, :]).mean()
    assert gini(values, np.array([2.0, 1.0, 3.0])) == pytest.approx(differences / (2 * people.mean()))


def test_moving_a_weight_moves_the_others_in_proportion() -> None:
    given_weights = checked_weights([0.2, 0.2, 0.6])
    assert moved_weights(given_weights, 2, 0.2).tolist() == pytest.approx([0.1, 0.1, 0.8])
    assert moved_weights(given_weights, 0, -0.9).tolist() == pytest.approx([0, 0.25, 0.75])
    inputs, members = np.array([[1.0, 9.0, 4.0], [2.0, 1.0, 4.0], [3.0, 5.0, 1.0]]), np.array([10.0, 30.0, 20.0])
    made = allocate(inputs, members, [0.2, 0.2, 0.6])
    found = sensitivity(made, members, [0.2, 0.2, 0.6])
    assert [(one.weight, one.moved) for one in found] == [(0, -0.05), (0, 0.05), (1, -0.05), (1, 0.05), (2, -0.05),
                                                          (2, 0.05)]  # fmt: skip
    for one in found:
        again = allocate(inputs, members, one.weights.tolist())
        assert one.share == pytest.approx(again.share)
        assert one.shifted == pytest.approx(np.abs(again.share - made.share).sum() / 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weights": [0.5, 0.4]}, "sum to 0.9"),
        ({"weights": [1.5, -0.5]}, "not negative"),
        ({"weights": [1.0]}, "2 inputs and 1 weights"),
        ({"members": np.array([1.0, 0.0])}, "above 0"),
        ({"members": np.array([1.0])}, "1 numbers of members for 2 units"),
        ({"inputs": np.array([[1.0, np.inf], [1.0, 1.0]])}, "infinite"),
        ({"inputs": np.empty((0, 2)), "members": np.empty(0)}, "no unit"),
        ({"before": np.array([1.0, -1.0]), "limit": 0.1}, "not be negative"),
        ({"before": np.array([1.0, 1.0]), "limit": 3.0}, "between 0 and 1"),
    ],
)
def test_what_cannot_be_computed_is_refused(change: dict[str, object], said: str) -> None:
    wanted: dict[str, object] = {
        "inputs": np.array([[1.0, 2.0], [2.0, 1.0]]), "members": np.array([1.0, 2.0]), "weights": [0.5, 0.5]
    } | change  # fmt: skip
    with pytest.raises(StatsError, match=said):
        allocate(**wanted)  # type: ignore[arg-type]


def test_the_fault_names_row_and_column() -> None:
    with pytest.raises(StatsError) as caught:
        allocate(np.ones((3, 1)), np.array([1.0, 2.0, NAN]), [1.0])
    assert (caught.value.row, caught.value.column) == (2, "members")


@given(st.data())
def test_whatever_the_sheet_shares_sum_to_one_and_keep_their_limits(data: st.DataObject) -> None:
    number = data.draw(st.integers(2, 12))
    value = st.one_of(st.just(NAN), st.floats(0, 1e6))
    inputs = data.draw(arrays.arrays(float, (number, 3), elements=value))
    members = data.draw(arrays.arrays(float, number, elements=st.floats(1, 1e6)))
    before = data.draw(arrays.arrays(float, number, elements=st.floats(1, 1e6)))
    limit = data.draw(st.floats(0.01, 1))
    try:
        made = allocate(inputs, members, [0.5, 0.3, 0.2], before=before, limit=limit)
    except StatsError as fault:
        assert "upper limits" in str(fault)  # noqa: PT017 - only then a sheet of this kind has no solution
        return
    share = before / before.sum()
    assert made.share.sum() == pytest.approx(1)
    assert (made.share >= share * (1 - limit) - 1e-9).all()
    assert (made.share <= share * (1 + limit) + 1e-9).all()
    amounts = whole_amounts(made.share, 1_000_003)
    assert sum(amounts) == 1_000_003
    assert min(amounts) >= 0
    # Only who is at a limit departs from the common factor.
    free = ~(made.raised | made.held)
    assert made.share[free] == pytest.approx(made.factor * made.wanted[free], abs=1e-9)


@given(st.permutations(range(6)))
def test_the_order_of_units_does_not_matter(order: list[int]) -> None:
    inputs = np.array([[3.0, NAN], [1.0, 2.0], [3.0, 9.0], [8.0, 4.0], [NAN, 2.0], [2.0, 1.0]])
    members = np.array([10.0, 200.0, 30.0, 4.0, 55.0, 6.0])
    there = allocate(inputs, members, [0.7, 0.3]).share
    assert allocate(inputs[order], members[order], [0.7, 0.3]).share == pytest.approx(there[order])
