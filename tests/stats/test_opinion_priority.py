"""The next statement: the formula by hand, what it favours, and that nobody is asked twice."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from qiao_stats.errors import StatsError
from qiao_stats.opinion import (
    collect_votes,
    importance,
    next_statement_priority,
    project,
    statement_extremity,
    statement_priorities,
)

VOTES = np.array(
    [
        [1, 1, -1, 0],
        [1, -1, -1, 0],
        [1, 1, 1, 0],
        [1, -1, 1, 1],
    ]
)


def table(votes: np.ndarray = VOTES):
    """A full table of votes."""
    rows, columns = np.nonzero(np.ones_like(votes))
    return collect_votes(rows, columns, votes.ravel())


def test_importance_worked_by_hand() -> None:
    # 3 agree, 1 passes, 10 saw it, E = 0.5: (1 − 2/12)(1.5)(4/12) = 0.41667; new: 1 + 8 · 2^(−2) = 3.
    assert importance(3, 1, 10, 0.5) == pytest.approx((0.5 / 1.2 * 3) ** 2)
    # Unseen: (1 − 1/2)(1)(1/2) = 1/4, times 9, squared.
    assert importance(0, 0, 0, 0) == pytest.approx((9 / 4) ** 2)


def test_extremity_is_the_length_of_one_agreement_on_the_map() -> None:
    votes = table()
    plane = project(votes)
    for statement in range(4):
        alone = (1 - plane.centre[statement]) * plane.components[:, statement] * math.sqrt(4)
        assert statement_extremity(plane)[statement] == pytest.approx(float(np.linalg.norm(alone)))


def test_what_divides_comes_before_what_all_pass_on() -> None:
    many = np.tile(VOTES, (10, 1))
    found = statement_priorities(table(many), np.ones(4, bool))
    assert found[3] == found.min()
    assert found[1] > found[3]


def test_moderated_statements_are_never_asked() -> None:
    found = statement_priorities(table(), [True, False, True, True])
    assert found[1] == 0
    assert 1 not in {next_statement_priority(found, np.zeros(4, bool), seed=seed) for seed in range(60)}
    assert_allclose(statement_priorities(None, [True, True, False]), [81 / 16, 81 / 16, 0])


def test_a_new_statement_comes_up() -> None:
    votes = np.tile(VOTES, (20, 1))
    rows, columns = np.nonzero(np.ones_like(votes))
    with_new = collect_votes(rows, columns, votes.ravel(), statements=5)
    found = statement_priorities(with_new, np.ones(5, bool))
    assert found.argmax() == 4


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.integers(0, 2**63), st.data(),
)  # fmt: skip
def test_nothing_voted_on_is_asked_again_and_the_seed_decides(weights: list[float], seed: int, data) -> None:
    voted = data.draw(st.lists(st.booleans(), min_size=len(weights), max_size=len(weights)))
    found = next_statement_priority(weights, voted, seed=seed)
    assert found == next_statement_priority(weights, voted, seed=seed)
    left = [place for place, weight in enumerate(weights) if weight > 0 and not voted[place]]
    assert found in left if left else found is None


def test_drawn_by_priority() -> None:
    drawn = [next_statement_priority([1.0, 3.0], [False, False], seed=seed) for seed in range(2000)]
    assert np.mean(drawn) == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize("weights", [[-1.0], [float("nan")], [[1.0]]])
def test_faults_are_refused(weights: list[float]) -> None:
    with pytest.raises(StatsError):
        next_statement_priority(weights, [False], seed=1)
