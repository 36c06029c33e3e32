"""The retelling of a count agrees with the kernel on whatever ballots there are."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from qiao.decide.ballots.rules import retell
from qiao_stats import share

PROJECTS = ("P-1", "P-2", "P-3", "P-4")


@given(
    costs=st.lists(st.integers(1, 400), min_size=4, max_size=4),
    papers=st.lists(st.sets(st.sampled_from(PROJECTS), min_size=1).map(sorted), min_size=1, max_size=14),
    budget=st.integers(400, 900),
    completion=st.sampled_from([share.Completion.NONE, share.Completion.GREEDY]),
)
def test_each_purchase_is_due_and_paid_to_the_last_part(costs, papers, budget, completion) -> None:
    election = share.Election(
        projects=tuple(share.Project(name, Fraction(cost)) for name, cost in zip(PROJECTS, costs, strict=True)),
        ballots=tuple(share.Ballot(str(number), tuple(paper)) for number, paper in enumerate(papers)),
        budget=Fraction(budget),
        vote_type=share.VoteType.APPROVAL,
    )
    by_shares = len(share.share_budget(election, share.Rule.EQUAL_SHARES).selected)
    bought = share.share_budget(election, share.Rule.EQUAL_SHARES, completion=completion).selected
    told = retell(
        budget=Fraction(budget),
        costs=dict(zip(PROJECTS, map(Fraction, costs), strict=True)),
        groups=Counter(frozenset(paper) for paper in papers),
        bought=bought,
        by_shares=by_shares,
    )
    assert [purchase.project for purchase in told] == list(bought)
    for place, purchase in enumerate(told):
        assert purchase.due
        # Of equal ones the first in the order of codes is bought.
        assert all(purchase.project < other for other in purchase.tied_with)
        assert purchase.by_shares == (purchase.paid is not None) == (place < by_shares)
        if purchase.paid:
            assert purchase.paid.supporters == purchase.paid.full + purchase.paid.rest
            assert purchase.paid.supporters == sum(purchase.project in paper for paper in papers)


def test_a_list_that_does_not_follow_the_rule_is_noticed() -> None:
    costs = {"P-1": Fraction(10), "P-2": Fraction(10)}
    groups = {frozenset({"P-1"}): 2, frozenset({"P-2"}): 1}
    wrong = retell(budget=Fraction(30), costs=costs, groups=groups, bought=("P-2", "P-1"), by_shares=2)
    assert [purchase.due for purchase in wrong] == [False, True]
    unpaid = retell(budget=Fraction(9), costs=costs, groups=groups, bought=("P-2",), by_shares=1)
    assert (unpaid[0].paid, unpaid[0].due) == (None, False)
