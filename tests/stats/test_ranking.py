"""Ranked ballots: worked examples, definitions applied by brute force, and files that others read."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from preflibtools.instances import OrdinalInstance

from qiao_stats import ranking
from qiao_stats.errors import StatsError

#: Schulze (2011), section 3.1: 45 voters, order of the result E > A > C > B > D.
SCHULZE = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}


def _election(letters: str, ballots: dict[str, int]) -> ranking.RankedElection:
    return ranking.RankedElection(
        tuple(letters), {tuple((letters.index(one),) for one in order): times for order, times in ballots.items()}
    )


@st.composite
def elections(draw: st.DrawFn, most: int = 5) -> ranking.RankedElection:
    """Small elections with equal places, short and blank ballots."""
    size = draw(st.integers(1, most))
    ballots: dict[ranking.Order, int] = {}
    for _ in range(draw(st.integers(0, 8))):
        named = draw(st.permutations(range(size)))[: draw(st.integers(0, size))]
        groups: list[list[int]] = []
        for one in named:
            if groups and draw(st.integers(0, 3)) == 0:
                groups[-1].append(one)
            else:
                groups.append([one])
        order = tuple(tuple(sorted(group)) for group in groups)
        ballots[order] = ballots.get(order, 0) + draw(st.integers(1, 4))
    return ranking.RankedElection(tuple("ABCDE"[:size]), ballots)


def _place(order: ranking.Order, one: int) -> int:
    return next((place for place, group in enumerate(order) if one in group), len(order))


def test_the_example_of_schulzes_paper() -> None:
    election = _election("ABCDE", SCHULZE)
    result = ranking.schulze(election)
    assert "".join(election.candidates[one] for one in result.order) == "EACBD"
    assert result.paths is not None
    assert result.paths.tolist() == [
        [0, 28, 28, 30, 24], [25, 0, 28, 33, 24], [25, 29, 0, 29, 24], [25, 28, 28, 0, 24], [25, 28, 28, 31, 0],
    ]  # fmt: skip
    assert result.tied == ()


def test_the_capital_of_tennessee_by_both_rules() -> None:
    """Memphis 42, Nashville 26, Chattanooga 15, Knoxville 17: the run-off takes Knoxville, the duels Nashville."""
    election = _election("MNCK", {"MNCK": 42, "NCKM": 26, "CKNM": 15, "KCNM": 17})
    runoff = ranking.instant_runoff(election)
    assert [election.candidates[one] for one in runoff.order] == ["K", "M", "N", "C"]
    assert runoff.rounds[2].votes == {0: 42, 3: 58}
    assert election.candidates[ranking.schulze(election).winner] == "N"


def test_equal_places_share_a_ballot_and_blank_ones_are_counted() -> None:
    election = ranking.RankedElection(("A", "B", "C"), {((0, 1),): 3, ((2,),): 2, (): 1})
    first = ranking.instant_runoff(election).rounds[0]
    assert first.votes == {0: Fraction(3, 2), 1: Fraction(3, 2), 2: Fraction(2)}
    assert (first.exhausted, first.out, first.tied) == (1, 1, (0,))


def test_ties_break_by_the_order_of_the_paper_and_are_named() -> None:
    election = _election("AB", {"AB": 2, "BA": 2})
    for rule in ranking.RankedRule:
        result = ranking.count_ranked(election, rule)
        assert (result.order, result.tied) == ((0, 1), ((0, 1),))


@given(elections())
def test_schulze_by_all_paths(election: ranking.RankedElection) -> None:
    """The definition: strength of the strongest of all paths without repetition, each as weak as its weakest link."""
    size = len(election.candidates)
    duel = [
        [sum(n for order, n in election.ballots.items() if _place(order, a) < _place(order, b)) for b in range(size)]
        for a in range(size)
    ]

    def strength(a: int, b: int) -> int:
        best = 0
        others = [one for one in range(size) if one not in {a, b}]
        for length in range(len(others) + 1):
            for middle in permutations(others, length):
                path = (a, *middle, b)
                links = [duel[x][y] if duel[x][y] > duel[y][x] else 0 for x, y in pairwise(path)]
                best = max(best, min(links))
        return best

    result = ranking.schulze(election)
    assert result.beats is not None
    assert result.beats.tolist() == duel
    places = {one: place for place, one in enumerate(result.order)}
    for a in range(size):
        for b in range(size):
            if a != b and strength(a, b) > strength(b, a):
                assert places[a] < places[b]
    condorcet = [a for a in range(size) if all(duel[a][b] > duel[b][a] for b in range(size) if b != a)]
    assert not condorcet or result.winner == condorcet[0]


@given(elections())
def test_instant_runoff_voter_by_voter(election: ranking.RankedElection) -> None:
    """Every ballot alone, every round anew."""
    voters = [order for order, times in election.ballots.items() for _ in range(times)]
    inside, out = list(range(len(election.candidates))), []
    while len(inside) > 1:
        votes = dict.fromkeys(inside, Fraction(0))
        for order in voters:
            best = min((_place(order, one) for one in inside), default=0)
            if best < len(order):
                first = [one for one in inside if _place(order, one) == best]
                for one in first:
                    votes[one] += Fraction(1, len(first))
        last = min(inside, key=lambda one: (votes[one], -one))
        inside.remove(last)
        out.append(last)
    result = ranking.instant_runoff(election)
    assert result.order == (*inside, *reversed(out))
    for each in result.rounds:
        assert sum(each.votes.values()) + each.exhausted == election.voters


@given(elections())
def test_a_recount_of_the_file_is_the_result(election: ranking.RankedElection) -> None:
    read = ranking.read_preflib(ranking.to_preflib(election, title="票决"))
    assert (read.candidates, dict(read.ballots)) == (election.candidates, dict(election.ballots))
    for rule in ranking.RankedRule:
        assert ranking.count_ranked(read, rule).order == ranking.count_ranked(election, rule).order


@settings(max_examples=30)
@given(elections().filter(lambda election: election.ballots))
def test_preflibtools_reads_the_file_alike(election: ranking.RankedElection) -> None:
    theirs = OrdinalInstance()
    kind = ranking.data_type(election)
    theirs.parse_str(ranking.to_preflib(election, title="票决"), kind)
    assert {int(key): name for key, name in theirs.alternatives_name.items()} == dict(enumerate(election.candidates, 1))
    found = {
        tuple(tuple(sorted(one - 1 for one in group)) for group in order): times
        for order, times in theirs.multiplicity.items()
    }
    assert found == dict(election.ballots)


def test_every_fault_of_a_file_is_named_with_its_line() -> None:
    text = "# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 1: B\n2: 1\nx: 1\n0: 1\n1: 1,,2\n1: 7\n1: 1,1\n"
    with pytest.raises(ranking.PrefLibError) as caught:
        ranking.read_preflib(text)
    assert [line for line, _message, _params in caught.value.faults] == [2, 4, 5, 6, 7, 8]
    assert "line 7: there is no alternative 7" in str(caught.value)


@pytest.mark.parametrize("text", ["", "1: 1\n", "# NUMBER VOTERS: 3\n# ALTERNATIVE NAME 1: A\n2: 1\n"])
def test_a_file_that_is_no_election_or_was_cut_off_is_refused(text: str) -> None:
    with pytest.raises(StatsError):
        ranking.read_preflib(text)


@pytest.mark.parametrize(
    ("names", "ballots"), [((), {}), (("A",), {((0,), (0,)): 1}), (("A",), {((1,),): 1}), (("A",), {((0,),): 0})]
)
def test_what_no_rule_can_count_is_refused(names: tuple[str, ...], ballots: dict[ranking.Order, int]) -> None:
    with pytest.raises(StatsError):
        ranking.instant_runoff(ranking.RankedElection(names, ballots))
