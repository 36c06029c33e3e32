"""Quotas, quorum and majority: arithmetic on whole numbers, at every edge."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiao.base.problems import Problem
from qiao.decide.congress.choices import ProposalState, SessionState, Table
from qiao.decide.congress.rules.quota import (
    Electorate,
    Shares,
    apportion,
    at_least,
    at_most,
    demands,
    exact,
    fewest_delegates,
    front_line_demanded,
    more_than,
    women_demanded,
)
from qiao.decide.congress.rules.states import PROPOSAL_NEXT, SESSION_NEXT, TERM_NEXT, require_step
from qiao.decide.congress.rules.votes import (
    Tally,
    check_election,
    check_paper_share,
    check_presidium,
    check_quorum,
    check_tally,
    elect,
    needed_present,
    needed_votes,
    passes,
)

SHARES = st.integers(0, 100).map(lambda number: number / 100)
NUMBERS = st.integers(1, 5_000)


@pytest.mark.parametrize(
    ("table", "workers", "fewest"),
    [
        # SH-WC: 30 at 100, five more per hundred to 3,000, 175 above.
        ("sh", 100, 30), ("sh", 199, 30), ("sh", 200, 35), ("sh", 1_000, 75), ("sh", 3_000, 175), ("sh", 90_000, 175),
        # ZJ-EM: 40 and 7 per hundred; 100 at 1,000 and 20 per thousand; 200 above 5,000.
        ("zj", 100, 40), ("zj", 200, 47), ("zj", 999, 96), ("zj", 1_000, 100), ("zj", 5_000, 180), ("zj", 5_001, 200),
    ],
)  # fmt: skip
def test_the_tables_say_what_the_laws_say(table: str, workers: int, fewest: int) -> None:
    assert fewest_delegates(table, workers) == fewest


def test_below_a_hundred_workers_there_is_no_number() -> None:
    with pytest.raises(Problem, match="begins at 100"):
        fewest_delegates("sh", 99)


@given(st.sampled_from(list(Table)), st.integers(100, 20_000))
def test_more_workers_never_elect_fewer_delegates(table: Table, workers: int) -> None:
    assert fewest_delegates(table, workers) <= fewest_delegates(table, workers + 1)


def test_shares_are_the_fractions_that_were_meant() -> None:
    assert exact(2 / 3) == Fraction(2, 3)
    assert exact(1 / 3) == Fraction(1, 3)
    assert at_most(0.2, 30) == 6, "six of thirty are twenty per cent, whatever the float says"
    assert at_least(2 / 3, 30) == 20
    assert at_least(2 / 3, 31) == 21
    assert (more_than(0.5, 30), more_than(0.5, 31)) == (16, 16)


@given(SHARES, NUMBERS)
def test_a_floor_is_reached_and_a_ceiling_kept_and_both_are_tight(share: float, number: int) -> None:
    part = exact(share)
    least, most, above = at_least(share, number), at_most(share, number), more_than(share, number)
    assert Fraction(least, number) >= part > Fraction(least - 1, number)
    assert Fraction(most, number) <= part < Fraction(most + 1, number)
    assert Fraction(above, number) > part >= Fraction(above - 1, number)


@given(st.integers(1, 3_000), st.data())
def test_women_reach_their_share_of_the_workers_and_it_is_always_possible(workers: int, data: st.DataObject) -> None:
    women = data.draw(st.integers(0, workers))
    seats = data.draw(st.integers(1, workers))
    asked = women_demanded(seats, Electorate(workers, women, 0), 1.0)
    assert Fraction(asked, seats) >= Fraction(women, workers)
    assert asked <= min(seats, max(women, 0)) or women == 0
    assert women_demanded(seats, Electorate(workers, women, 0), 0.5) <= asked


@given(st.integers(1, 3_000), SHARES, st.data())
def test_front_line_workers_are_never_asked_for_beyond_their_share(
    workers: int, share: float, data: st.DataObject
) -> None:
    front = data.draw(st.integers(0, workers))
    seats = data.draw(st.integers(1, 300))
    asked = front_line_demanded(seats, Electorate(workers, 0, front), share)
    assert asked <= seats
    assert (asked == 0) == (front == 0 or exact(share) == 0)


def test_the_quota_table_says_demanded_elected_and_missing() -> None:
    table = demands(
        Electorate(100, 39, 70), Shares(0.2, 0.5, 1.0), seats=30, elected=30, women=11, front_line=20, managers=7
    )
    assert [(row.key, row.demanded, row.elected, row.missing) for row in table] == [
        ("front_line", 15, 20, 0), ("women", 12, 11, 1), ("managers", 6, 7, 1),
    ]  # fmt: skip


def test_an_empty_seat_makes_no_room_for_a_manager() -> None:
    table = demands(
        Electorate(100, 39, 70), Shares(0.2, 0.5, 1.0), seats=30, elected=20, women=8, front_line=10, managers=5
    )
    assert table[2].demanded == 4
    assert table[2].missing == 1


@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=25), st.integers(0, 300))
def test_seats_are_divided_whole_fairly_and_without_paradox(electors: list[int], more: int) -> None:
    seats = len(electors) + more
    given_seats = apportion(electors, seats)
    assert sum(given_seats) == seats
    assert min(given_seats) >= 1
    after = apportion(electors, seats + 1)
    assert all(later >= before for before, later in zip(given_seats, after, strict=True)), (
        "another seat takes none away"
    )
    for one, of_one in zip(electors, given_seats, strict=True):
        for other, of_other in zip(electors, given_seats, strict=True):
            assert not (one > other and of_one < of_other), "the larger constituency never has fewer"


def test_faults_of_constituencies() -> None:
    with pytest.raises(Problem, match="more constituencies"):
        apportion([5, 5, 5], 2)
    with pytest.raises(Problem, match="needs electors"):
        apportion([5, 0], 2)


@given(NUMBERS)
def test_quorum_and_majority_at_their_edges(delegates: int) -> None:
    needed = needed_present(delegates, 2 / 3)
    assert 3 * needed >= 2 * delegates > 3 * (needed - 1)
    check_quorum(needed, delegates, 2 / 3)
    with pytest.raises(Problem, match="cannot vote"):
        check_quorum(needed - 1, delegates, 2 / 3)
    votes = needed_votes(delegates, 0.5)
    assert passes(votes, delegates, 0.5)
    assert not passes(votes - 1, delegates, 0.5)
    assert 2 * votes > delegates >= 2 * (votes - 1)


def test_half_is_not_more_than_half() -> None:
    assert not passes(15, 30, 0.5)
    assert passes(16, 30, 0.5)


def test_the_presidium_is_at_least_half_front_line() -> None:
    check_presidium(2, 3, 0.5)
    check_presidium(2, 4, 0.5)
    with pytest.raises(Problem, match="must be front-line"):
        check_presidium(1, 3, 0.5)
    with pytest.raises(Problem, match="Name the presidium"):
        check_presidium(0, 0, 0.5)


def test_most_votes_are_elected_only_above_half_of_all() -> None:
    assert elect({1: 20, 2: 18, 3: 15}, seats=2, delegates=30, majority=0.5).elected == (1, 2)
    assert elect({1: 20, 2: 15}, seats=2, delegates=30, majority=0.5).elected == (1,), "15 of 30 is not more than half"
    assert elect({1: 3}, seats=1, delegates=30, majority=0.5).elected == ()


def test_a_tie_at_the_last_seat_elects_neither() -> None:
    found = elect({1: 20, 2: 18, 3: 18}, seats=2, delegates=30, majority=0.5)
    assert (found.elected, found.tied) == ((1,), (2, 3))


@given(st.dictionaries(st.integers(1, 12), st.integers(0, 40), min_size=1), st.integers(1, 6), st.integers(1, 40))
def test_nobody_elected_has_fewer_votes_than_somebody_left_out(votes: dict[int, int], seats: int, size: int) -> None:
    found = elect(votes, seats=seats, delegates=size, majority=0.5)
    assert len(found.elected) <= seats
    assert all(2 * votes[key] > size for key in found.elected)
    left = set(votes) - set(found.elected)
    assert all(votes[key] > votes[other] for key in found.elected for other in left if 2 * votes[other] > size)


def test_tellers_numbers_that_cannot_be() -> None:
    check_tally(Tally(10, 9, 1, {"for": 6, "against": 2, "abstain": 1}), single=True)
    for tally, said in (
        (Tally(10, 10, 1, {}), "More papers came back"),
        (Tally(10, 9, 0, {"for": 8}), "add up to 8"),
        (Tally(10, -1, 0, {}), "negative"),
    ):
        with pytest.raises(Problem, match=said):
            check_tally(tally, single=True)
    with pytest.raises(Problem, match="Nobody can have more"):
        check_tally(Tally(10, 5, 0, {"1": 6}), single=False)


def test_few_papers_beside_votes_by_phone_are_refused() -> None:
    check_paper_share(0, 20)
    check_paper_share(4, 0)
    check_paper_share(5, 20)
    with pytest.raises(Problem, match="Fewer than 5 papers"):
        check_paper_share(4, 20)


def test_too_few_electors() -> None:
    check_election(electors=60, took_part=40, turnout=2 / 3)
    with pytest.raises(Problem, match="40 are needed"):
        check_election(electors=60, took_part=39, turnout=2 / 3)
    with pytest.raises(Problem, match="More took part"):
        check_election(electors=60, took_part=61, turnout=2 / 3)


def test_no_step_out_of_order() -> None:
    for table in (SESSION_NEXT, TERM_NEXT, PROPOSAL_NEXT):
        assert set().union(*table.values()) <= set(table), "every state that follows has its own line"
    with pytest.raises(Problem, match="no longer, or not yet"):
        require_step(SESSION_NEXT, SessionState.CALLED, SessionState.QUORUM)
    with pytest.raises(Problem, match="no longer, or not yet"):
        require_step(PROPOSAL_NEXT, ProposalState.DRAFT, ProposalState.SUBMITTED)
