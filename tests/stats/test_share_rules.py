"""Sharing a budget: worked by hand, and what must hold for any election."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiao_stats.errors import StatsError
from qiao_stats.share import (
    Ballot,
    Completion,
    Election,
    Project,
    Rule,
    Satisfaction,
    VoteType,
    default_satisfaction,
    share_budget,
)


def _election(costs: dict[str, int], votes: list[str], budget: int) -> Election:
    return Election(
        tuple(Project(name, Fraction(cost)) for name, cost in costs.items()),
        tuple(Ballot(str(index), tuple(vote)) for index, vote in enumerate(votes)),
        Fraction(budget),
        VoteType.APPROVAL,
    )


# Two thirds want a and b, one third wants c. Each voter has 100; a costs its four supporters 50 each, b the other 50;
# the two who want c can pay its 200 with all they have.
SPLIT = _election({"a": 200, "b": 200, "c": 200}, ["ab", "ab", "ab", "ab", "c", "c"], 600)


def test_equal_shares_leave_the_minority_its_part() -> None:
    result = share_budget(SPLIT, Rule.EQUAL_SHARES)
    assert result.selected == ("a", "b", "c")
    assert result.cost == 600
    assert result.share == 1
    assert result.votes == {"a": 4, "b": 4, "c": 2}


def test_greedy_takes_what_most_want_and_skips_what_no_longer_fits() -> None:
    election = _election({"a": 50, "b": 60, "c": 40, "d": 10}, ["a", "a", "a", "b", "b", "c", "d"], 100)
    # By votes: a (3); b (2) no longer fits; then c and d (1 each), c first by name, and d still fits.
    assert share_budget(election, Rule.GREEDY).selected == ("a", "c", "d")


def test_greedy_by_number_of_projects_prefers_the_cheap() -> None:
    election = _election({"a": 90, "b": 10}, ["a", "a", "b"], 95)
    assert share_budget(election, Rule.GREEDY).selected == ("a",)
    assert share_budget(election, Rule.GREEDY, satisfaction=Satisfaction.CARDINALITY).selected == ("b",)


def test_ties_break_by_the_id_as_text() -> None:
    election = _election({"10": 50, "9": 50}, ["9", "10"], 50)
    assert share_budget(Election(election.projects, (Ballot("v", ("9",)), Ballot("w", ("10",))), Fraction(50),
                                 VoteType.APPROVAL), Rule.GREEDY).selected == ("10",)  # fmt: skip


def test_completions_spend_what_equal_shares_leave_over() -> None:
    # Each of ten has 10. a (60) has five supporters with 50; b (30) has four with 40: only b can be paid for.
    election = _election({"a": 60, "b": 30}, ["a"] * 5 + ["b"] * 4 + [""], 100)
    assert share_budget(election, Rule.EQUAL_SHARES).selected == ("b",)
    assert share_budget(election, Rule.EQUAL_SHARES, completion=Completion.GREEDY).selected == ("b", "a")
    # With 12 each, the five can pay 60.
    assert set(share_budget(election, Rule.EQUAL_SHARES, completion=Completion.ADD1).selected) == {"a", "b"}


def test_phragmen_alternates_between_groups() -> None:
    result = share_budget(SPLIT, Rule.PHRAGMEN)
    assert result.selected == ("a", "b", "c")


def test_points_and_ranks_have_their_own_measures() -> None:
    projects = (Project("a", Fraction(50)), Project("b", Fraction(50)))
    pointed = Election(
        projects,
        (Ballot("1", ("a", "b"), (Fraction(1), Fraction(9))), Ballot("2", ("a",), (Fraction(2),))),
        Fraction(50),
        VoteType.CUMULATIVE,
    )
    assert share_budget(pointed, Rule.GREEDY).selected == ("b",)
    assert share_budget(pointed, Rule.GREEDY, satisfaction=Satisfaction.COST).selected == ("a",)
    ranked = Election(
        projects,
        (Ballot("1", ("b", "a")), Ballot("2", ("b", "a")), Ballot("3", ("a", "b"))),
        Fraction(50),
        VoteType.ORDINAL,
    )
    assert share_budget(ranked, Rule.GREEDY).selected == ("b",)
    assert [default_satisfaction(kind).value for kind in VoteType] == [
        "cost", "cost", "additive_cardinal", "additive_cardinal", "additive_borda",
    ]  # fmt: skip


def test_nobody_voted_or_nothing_is_on_the_ballot() -> None:
    for rule in Rule:
        assert share_budget(_election({"a": 1}, [], 10), rule).selected == ()
        assert share_budget(_election({}, [""], 10), rule).selected == ()
        assert share_budget(_election({"a": 1}, ["", ""], 10), Rule.EQUAL_SHARES).selected == ()


def test_very_many_projects_do_not_exhaust_the_stack() -> None:
    election = _election({f"p{index}": 1 for index in range(1000)}, [], 1000)
    everybody = Ballot("all", tuple(project.id for project in election.projects))
    election = Election(election.projects, (everybody,), election.budget, election.vote_type)
    assert len(share_budget(election, Rule.PHRAGMEN).selected) == 1000


@pytest.mark.parametrize(
    ("election", "column"),
    [
        (_election({"a": 1}, ["a"], 0), "budget"),
        (_election({"a": 0}, ["a"], 5), "cost"),
        (_election({"a": -1}, ["a"], 5), "cost"),
        (_election({"a": 1}, ["b"], 5), "vote"),
        (_election({"a": 1}, ["aa"], 5), "vote"),
        (Election((Project("a", Fraction(1)),) * 2, (), Fraction(5), VoteType.APPROVAL), "project_id"),
        (Election((), (Ballot("v", ()),) * 2, Fraction(5), VoteType.APPROVAL), "voter_id"),
        (Election((Project("a", Fraction(1)),), (Ballot("v", ("a",)),), Fraction(5), VoteType.SCORING), "points"),
    ],
)
def test_what_cannot_be_counted_is_refused(election: Election, column: str) -> None:
    with pytest.raises(StatsError) as caught:
        share_budget(election, Rule.GREEDY)
    assert caught.value.column == column


def test_measures_rules_and_completions_that_do_not_fit() -> None:
    for arguments in (
        {"satisfaction": Satisfaction.ADDITIVE_BORDA},
        {"satisfaction": Satisfaction.ADDITIVE_CARDINAL},
        {"completion": Completion.ADD1, "rule": Rule.GREEDY},
        {"increment": Fraction(0)},
    ):
        with pytest.raises(StatsError):
            share_budget(SPLIT, **{"rule": Rule.EQUAL_SHARES, **arguments})  # type: ignore[arg-type] # mixed keywords


ELECTIONS = st.builds(
    _election,
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 60), min_size=6, max_size=6),
    st.lists(st.sets(st.sampled_from("abcdef")).map(lambda names: "".join(sorted(names))), max_size=8),
    st.integers(1, 150),
)


@settings(max_examples=60, deadline=None)
@given(ELECTIONS, st.sampled_from(Rule), st.sampled_from([Satisfaction.COST, Satisfaction.CARDINALITY]))
def test_no_rule_overspends_or_takes_what_nobody_wants_first(
    election: Election, rule: Rule, satisfaction: Satisfaction
) -> None:
    result = share_budget(election, rule, satisfaction=satisfaction)
    assert len(set(result.selected)) == len(result.selected)
    assert result.cost <= election.budget
    if rule is Rule.EQUAL_SHARES:
        assert all(result.votes[project] > 0 for project in result.selected)
    backwards = Election(election.projects[::-1], election.ballots[::-1], election.budget, election.vote_type)
    assert share_budget(backwards, rule, satisfaction=satisfaction).selected == result.selected
