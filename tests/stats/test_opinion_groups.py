"""Opinion groups: a case worked by hand, properties that must hold, and faults that must be refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from qiao_stats.errors import StatsError
from qiao_stats.opinion import (
    GroupVotes,
    choose_participants,
    collect_votes,
    consensus_statements,
    count_votes,
    find_groups,
    given_groups,
    group_informed_consensus,
    group_statistics,
    one_proportion_test,
    opinion_map,
    project,
    repeated_votes,
    representative_statements,
    two_proportion_test,
)

# Participants × statements; group 0 is the first three, group 1 the next two, the last is in none.
HAND = np.array(
    [
        [1, 1, -1, 1],
        [1, 0, -1, 1],
        [1, 1, -1, 9],
        [-1, 1, 1, 1],
        [-1, 9, 1, 1],
        [1, 1, 1, 1],
    ]
)
GROUP = np.array([0, 0, 0, 1, 1, -1])


def table_of(votes: np.ndarray):
    """A vote table of a full matrix in which 9 is no vote."""
    rows, columns = np.nonzero(votes != 9)
    return collect_votes(rows, columns, votes[rows, columns], participants=votes.shape[0], statements=votes.shape[1])


def test_counts_and_tests_worked_by_hand() -> None:
    statistics = group_statistics(count_votes(table_of(HAND), GROUP, 2))
    assert_array_equal(statistics.votes.agree, [[3, 2, 0, 2], [0, 1, 2, 2]])
    assert_array_equal(statistics.votes.disagree, [[0, 0, 3, 0], [2, 0, 0, 0]])
    assert_array_equal(statistics.votes.seen, [[3, 3, 3, 2], [2, 1, 2, 2]])
    # Statement 0, group 0: 3 of 3 agree → (3+1)/(3+2); the others 0 of 2 → 1/4.
    assert statistics.p_agree[0, 0] == pytest.approx(4 / 5)
    assert statistics.r_agree[0, 0] == pytest.approx((4 / 5) / (1 / 4))
    assert statistics.p_agree_z[0, 0] == pytest.approx(2 * math.sqrt(4) * (4 / 4 - 0.5))
    # Two shares 4/4 and 1/3, pooled 5/7.
    spread = math.sqrt(5 / 7 * 2 / 7 * (1 / 4 + 1 / 3))
    assert statistics.r_agree_z[0, 0] == pytest.approx((1 - 1 / 3) / spread)
    # Everybody agrees with statement 3: no variance, no difference.
    assert statistics.r_agree_z[0, 3] == 0
    agree, disagree = group_informed_consensus(statistics)
    assert_allclose(agree, [4 / 5 * 1 / 4, 3 / 5 * 2 / 3, 1 / 5 * 3 / 4, 3 / 4 * 3 / 4])
    assert disagree[3] == pytest.approx(1 / 4 * 1 / 4)


def test_representative_statements_worked_by_hand() -> None:
    statistics = group_statistics(count_votes(table_of(HAND), GROUP, 2))
    first, second = representative_statements(statistics)
    # Group 0 agrees with 0 and disagrees with 2, both 3 to 0 against 0 to 2; 1 and 3 hardly differ.
    assert [(pick.statement, pick.agree, pick.best_agree) for pick in first] == [(0, True, True), (2, False, False)]
    assert [(pick.statement, pick.agree, pick.best_agree) for pick in second] == [(2, True, True), (0, False, False)]
    assert (first[0].count, first[0].seen) == (3, 3)
    assert first[0].ratio == pytest.approx(3.2)


def test_a_statement_left_out_is_not_chosen_but_still_counted() -> None:
    statistics = group_statistics(count_votes(table_of(HAND), GROUP, 2))
    kept = np.array([False, True, True, True])
    chosen = {pick.statement for picks in representative_statements(statistics, kept) for pick in picks}
    assert 0 not in chosen
    assert chosen >= {2}


def test_a_group_without_a_telling_statement_gets_the_one_that_differs_most() -> None:
    votes = GroupVotes(np.array([[0, 0], [0, 0]]), np.array([[1, 0], [0, 0]]), np.array([[4, 4], [4, 4]]))
    first, _ = representative_statements(group_statistics(votes))
    assert [(pick.statement, pick.agree) for pick in first] == [(0, False)]


def test_picks_are_at_most_as_many_as_asked_and_agreement_stands_first() -> None:
    agree = np.array([[20, 20, 20, 0, 0, 0, 0], [0, 0, 0, 20, 20, 20, 20]])
    votes = GroupVotes(agree, 20 - agree, np.full_like(agree, 20))
    first, second = representative_statements(group_statistics(votes))
    assert len(first) == len(second) == 5
    for picks in (first, second):
        sides = [pick.agree for pick in picks]
        assert sides == sorted(sides, reverse=True)
        assert picks[0].best_agree
    assert len(representative_statements(group_statistics(votes), most=2)[0]) == 2


def test_consensus_asks_for_a_significant_majority() -> None:
    votes = GroupVotes(np.array([[9, 5, 1, 1]]), np.array([[1, 5, 9, 0]]), np.array([[10, 10, 10, 1]]))
    agreed, disagreed = consensus_statements(group_statistics(votes))
    # 1 of 1 is an estimated 2/3 with z 1.41: small, but significant one-sided at 0.9.
    assert [pick.statement for pick in agreed] == [0, 3]
    assert [pick.statement for pick in disagreed] == [2]
    assert agreed[0].ratio is None
    with pytest.raises(StatsError, match="one group"):
        consensus_statements(group_statistics(GroupVotes(*(np.ones((2, 1), dtype=int),) * 3)))


def test_tests_of_proportions() -> None:
    assert one_proportion_test(0, 0) == pytest.approx(1.0)
    assert one_proportion_test(7, 15) == pytest.approx(0.0)
    assert two_proportion_test(0, 0, 0, 0) == 0
    assert two_proportion_test(3, 3, 9, 9) == pytest.approx(0.0)
    assert two_proportion_test(8, 2, 10, 10) == pytest.approx(-two_proportion_test(2, 8, 10, 10))


def test_the_last_vote_counts_by_time_and_then_by_place() -> None:
    table = collect_votes([0, 0, 0, 1], [0, 0, 1, 0], [1, -1, 1, 0], order=[5, 3, 1, 9])
    assert_array_equal(table.value, [1, 1, 0])
    assert_array_equal(table.statement, [0, 1, 0])
    assert_array_equal(table.votes_per_participant(), [2, 1])
    assert_array_equal(collect_votes([0, 0], [0, 0], [1, -1], order=[7, 7]).value, [-1])
    assert_array_equal(collect_votes([0, 0], [0, 0], [1, -1]).value, [-1])


def test_repeated_votes_pairs_each_with_the_one_before() -> None:
    pairs = repeated_votes([1, 0, 1, 1, 1], [2, 2, 2, 2, 3], [8, 8, 8, 9, 8])
    assert_array_equal(pairs, [[0, 2]])
    assert repeated_votes([0], [0], [0]).shape == (0, 2)


votes_of_people = st.integers(2, 12).flatmap(
    lambda people: st.integers(1, 6).flatmap(
        lambda statements: st.lists(
            st.tuples(st.integers(0, people - 1), st.integers(0, statements - 1), st.sampled_from([-1, 0, 1])),
            min_size=1,
            max_size=60,
        ).map(lambda votes: (people, statements, np.array(votes)))
    )
)


@given(votes_of_people)
def test_collecting_keeps_the_last_vote_of_every_cell(case: tuple[int, int, np.ndarray]) -> None:
    people, statements, votes = case
    table = collect_votes(*votes.T, participants=people, statements=statements)
    last = {(person, statement): vote for person, statement, vote in votes.tolist()}
    found = {
        (person, int(table.statement[at])): int(table.value[at])
        for person in range(people)
        for at in range(table.start[person], table.start[person + 1])
    }
    assert found == last


@given(votes_of_people, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter_when_times_are_given(
    case: tuple[int, int, np.ndarray], random: object
) -> None:
    people, statements, votes = case
    time = np.arange(len(votes))
    shuffled = np.array(random.sample(range(len(votes)), len(votes)))  # type: ignore[attr-defined]
    one = collect_votes(*votes.T, order=time, participants=people, statements=statements)
    other = collect_votes(*votes[shuffled].T, order=time[shuffled], participants=people, statements=statements)
    assert_array_equal(one.start, other.start)
    assert_array_equal(one.statement, other.statement)
    assert_array_equal(one.value, other.value)


@given(votes_of_people, st.randoms(use_true_random=False))
def test_renaming_people_and_statements_renames_the_results(case: tuple[int, int, np.ndarray], random: object) -> None:
    people, statements, votes = case
    person = np.array(random.sample(range(people), people))  # type: ignore[attr-defined]
    statement = np.array(random.sample(range(statements), statements))  # type: ignore[attr-defined]
    groups = np.arange(people) % 2
    renamed = np.empty_like(groups)
    renamed[person] = groups
    one = collect_votes(*votes.T, participants=people, statements=statements)
    other = collect_votes(
        person[votes[:, 0]], statement[votes[:, 1]], votes[:, 2], participants=people, statements=statements
    )
    a = group_statistics(count_votes(one, groups, 2))
    b = group_statistics(count_votes(other, renamed, 2))
    for name in (
        "p_agree",
        "p_disagree",
        "p_agree_z",
        "p_disagree_z",
        "r_agree",
        "r_disagree",
        "r_agree_z",
        "r_disagree_z",
    ):
        assert_array_equal(getattr(a, name), getattr(b, name)[:, statement])
    # The map itself: distances between people stay, up to the free choice of sign and of equal directions.
    first, second = project(one), project(other)
    assert_allclose(first.explained, second.explained, atol=1e-9)
    assert_allclose(first.centre, second.centre[statement])


def two_camps(people: int = 60, statements: int = 12, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Votes of two camps, opposed on most statements, at one for the last three; 9 is no vote."""
    generator = np.random.default_rng(seed)
    camp = (np.arange(people) % 3 == 0).astype(int)
    lean = np.ones((2, statements), dtype=int)
    lean[1, : statements - 3] = -1
    votes = np.where(generator.random((people, statements)) < 0.1, -lean[camp], lean[camp])
    votes[generator.random((people, statements)) < 0.2] = 9
    return votes, camp


def test_two_camps_are_found_whatever_the_seed() -> None:
    votes, camp = two_camps()
    result = opinion_map(table_of(votes))
    assert result.grouping.k == 2
    assert result.grouping.sizes().tolist() == [40, 20]
    assert_array_equal(result.grouping.group, camp)
    assert set(result.grouping.silhouette) == {2, 3, 4, 5}
    for seed in (1, 2, 3):
        again = opinion_map(table_of(votes), seed=seed)
        assert_array_equal(again.grouping.group, result.grouping.group)
    best = np.argsort(result.consensus_agree)[-3:]
    assert set(best.tolist()) == {9, 10, 11}
    assert {pick.statement for pick in result.agreed} >= {9, 10, 11}


def test_moderated_statements_shape_no_map() -> None:
    votes, _ = two_camps()
    kept = np.ones(12, dtype=bool)
    kept[0] = False
    changed = votes.copy()
    changed[:, 0] = np.where(changed[:, 0] == 9, 9, 1)
    one, other = project(table_of(votes), kept), project(table_of(changed), kept)
    assert_allclose(one.coordinates, other.coordinates)
    assert_array_equal(one.components[:, 0], [0, 0])


def test_projection_is_that_of_the_filled_matrix() -> None:
    votes, _ = two_camps(people=30)
    table = table_of(votes)
    filled = np.where(votes == 9, np.nan, votes.astype(float))
    mean = np.nanmean(filled, axis=0)
    centred = np.where(np.isnan(filled), 0, filled - mean)
    _, singular, right = np.linalg.svd(centred, full_matrices=False)
    plane = project(table)
    assert_allclose(plane.centre, mean)
    assert_allclose(plane.explained, (singular**2 / (singular**2).sum())[:2])
    assert_allclose(np.abs((plane.components * right[:2]).sum(axis=1)), [1, 1])
    assert (plane.components.max(axis=1) >= -plane.components.min(axis=1)).all()
    stretch = np.sqrt(12 / (votes != 9).sum(axis=1))
    assert_allclose(np.abs(plane.coordinates), np.abs(centred @ right[:2].T) * stretch[:, None])


def test_iteration_finds_the_same_plane_as_the_full_covariance(monkeypatch: pytest.MonkeyPatch) -> None:
    votes, _ = two_camps(people=90, statements=30)
    full = project(table_of(votes))
    monkeypatch.setattr("qiao_stats.opinion.projection._DENSE_STATEMENTS", 0)
    assert_allclose(project(table_of(votes)).coordinates, full.coordinates, atol=1e-8)


def test_one_statement_and_unanimous_votes_give_flat_maps() -> None:
    flat = project(table_of(np.array([[1], [-1], [1]])))
    assert_array_equal(flat.coordinates[:, 1], [0, 0, 0])
    nothing = project(table_of(np.ones((4, 3), dtype=int)))
    assert_array_equal(nothing.coordinates, np.zeros((4, 2)))
    assert_array_equal(nothing.explained, [0, 0])


def test_those_who_voted_little_are_not_grouped_unless_few_did_more() -> None:
    votes = np.ones((40, 10), dtype=int)
    votes[:20, 6:] = 9
    assert_array_equal(choose_participants(table_of(votes)), np.arange(40) >= 20)
    votes[:35, 6:] = 9
    votes[0, 0] = 9
    chosen = choose_participants(table_of(votes))
    assert chosen.sum() == 15
    assert chosen[35:].all()
    assert not chosen[0]
    short = np.ones((20, 3), dtype=int)
    assert choose_participants(table_of(short)).all()


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_groups_follow_the_people_when_their_order_changes(random: object) -> None:
    votes, camp = two_camps(people=30, statements=9)
    order = np.array(random.sample(range(30), 30))  # type: ignore[attr-defined]
    result = find_groups(project(table_of(votes[order])).coordinates, k=2)
    assert_array_equal(result.group, camp[order])


def test_large_numbers_are_grouped_through_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qiao_stats.opinion.grouping._RESTART_SAMPLE", 400)
    monkeypatch.setattr("qiao_stats.opinion.grouping._SILHOUETTE_SAMPLE", 300)
    generator = np.random.default_rng(3)
    camp = generator.choice(3, 2_000, p=[0.5, 0.3, 0.2])
    centres = np.array([[0, 0], [8, 0], [0, 8]])
    grouping = find_groups(centres[camp] + generator.normal(0, 1, (2_000, 2)), seed=5)
    assert grouping.k == 3
    assert (grouping.group == camp).mean() > 0.999


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: collect_votes([], [], []), "no votes"),
        (lambda: collect_votes([0], [0], [2]), "must be 1 .* not 2"),
        (lambda: collect_votes([0, 1], [0], [1]), "same length"),
        (lambda: collect_votes([0.5], [0], [1]), "whole numbers"),
        (lambda: collect_votes([-1], [0], [1]), "-1 is not between"),
        (lambda: collect_votes([3], [0], [1], participants=3), "3 is not between 0 and 2"),
        (lambda: collect_votes([0, 0], [0, 0], [1, 1], order=[1]), "order"),
        (lambda: count_votes(table_of(HAND), [0], 1), "1 group codes for 6"),
        (lambda: count_votes(table_of(HAND), [0, 0, 0, 0, 0, 4], 2), "between -1 and 1"),
        (lambda: given_groups([0, 0], 2), "at least one"),
        (lambda: given_groups([0, 2], 2), "between -1 and 1"),
        (lambda: project(table_of(HAND), [True]), "1 values for 4"),
        (lambda: find_groups(np.arange(6.0).reshape(3, 2), k=4), "4 groups cannot be formed of 3"),
        (lambda: find_groups(np.zeros((5, 2)), k=2), "only 1 different"),
        (lambda: find_groups(np.zeros((5, 2))), "voted alike"),
        (lambda: find_groups(np.zeros((2, 2))), "too few"),
        (lambda: find_groups(np.zeros((2, 2)), k=0), "at least 1"),
        (lambda: find_groups(np.zeros((2, 2)), [True]), "one value"),
    ],
)
def test_faults_are_refused(call: object, words: str) -> None:
    with pytest.raises(StatsError, match=words):
        call()  # type: ignore[operator]


def test_a_wrong_vote_is_located() -> None:
    with pytest.raises(StatsError) as caught:
        collect_votes([0, 1, 2], [0, 0, 0], [1, 0, 5])
    assert (caught.value.row, caught.value.column) == (2, "vote")


def test_confidence_and_kept_are_checked() -> None:
    statistics = group_statistics(count_votes(table_of(HAND), GROUP, 2))
    with pytest.raises(StatsError, match="confidence"):
        representative_statements(statistics, confidence=1)
    with pytest.raises(StatsError, match="kept"):
        representative_statements(statistics, [True])
