"""Counting by equal shares, by most votes within a budget, and by approval (a budget of places, each costing one)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.timezone import localtime

from qiao.base.i18n import pick
from qiao.base.problems import Problem
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import Leftover, Rule
from qiao.decide.ballots.models import Ballot, BallotItem
from qiao.decide.ballots.services.tally.outcome import Outcome, Said
from qiao_stats import share

_COMPLETION = {Leftover.KEEP: share.Completion.NONE, Leftover.MOST_VOTES: share.Completion.GREEDY}


def count_budget(ballot: Ballot, items: Sequence[BallotItem], papers: Sequence[tuple[str, ...]], said: Said) -> Outcome:
    """Count approvals. Raises Problem where the second way gives another result."""
    election = election_of(ballot, items, papers)
    equal = ballot.rule == Rule.EQUAL_SHARES
    by = share.Rule.EQUAL_SHARES if equal else share.Rule.GREEDY
    completion = _COMPLETION[Leftover(ballot.leftover)] if equal else share.Completion.NONE
    result = share.share_budget(election, by, completion=completion)
    first = len(result.selected) if equal else 0
    if completion is not share.Completion.NONE:
        first = len(share.share_budget(election, by).selected)
    told = rules.retell(
        budget=election.budget,
        costs={project.id: project.cost for project in election.projects},
        groups={frozenset(marks): times for (marks, _ranks), times in said.items() if marks},
        bought=result.selected,
        by_shares=first,
    )
    if not all(purchase.due for purchase in told):
        raise Problem("Counting again by another way gave another result. Nothing was published; call the auditor.")
    payments = {purchase.project: _payment(purchase, equal=equal) for purchase in told}
    money = ballot.shares_money
    return Outcome(
        chosen=result.selected,
        votes=result.votes,
        ties=[{"bought": one.project, "equal": list(one.tied_with)} for one in told if one.tied_with],
        text=share.to_pabulib(election, selected=result.selected),
        ending="pb",
        spent=result.cost if money else None,
        share=election.budget / len(papers) if equal and papers else None,
        payments=payments if money else {},
    )


def election_of(ballot: Ballot, items: Sequence[BallotItem], papers: Sequence[tuple[str, ...]]) -> share.Election:
    """The papers as an election, in the order of their random keys and numbered in it.

    Where votes alone decide, what nobody chose is left out: it must not be bought because money or places are left.
    """
    if ballot.rule != Rule.EQUAL_SHARES or ballot.leftover == Leftover.MOST_VOTES:
        wanted = set().union(*set(papers))
        items = [item for item in items if item.proposal_code in wanted]
    return share.Election(
        projects=tuple(
            share.Project(
                item.proposal_code,
                Fraction(item.cost) if ballot.shares_money else Fraction(1),
                pick(item.title, "zh-hans"),
                {"name_en": pick(item.title, "en")},
            )
            for item in items
        ),
        ballots=tuple(share.Ballot(str(number), paper) for number, paper in enumerate(papers, 1)),
        budget=Fraction(ballot.budget) if ballot.budget is not None else Fraction(ballot.winners or 1),
        vote_type=share.VoteType.APPROVAL,
        meta={
            "description": pick(ballot.title, "en"),
            "country": "",
            "unit": ballot.unit.label,
            "instance": ballot.code,
            "rule": _rule_name(ballot),
            "date_begin": f"{localtime(ballot.opens):%d.%m.%Y}",
            "date_end": f"{localtime(ballot.closes):%d.%m.%Y}",
            "min_length": "1",
            "max_length": str(rules.most_of(ballot.rule, ballot.most, len(items)) if items else 0),
        },
    )


def _rule_name(ballot: Ballot) -> str:
    if ballot.rule != Rule.EQUAL_SHARES:
        return "greedy"
    return "equalshares" if ballot.leftover == Leftover.KEEP else "equalshares/greedy"


def _payment(purchase: rules.Purchase, *, equal: bool) -> dict[str, object]:
    paid = purchase.paid
    if paid is None:
        return {"leftover": True} if equal else {"votes_first": True}
    return {"supporters": paid.supporters, "most": str(money(paid.most)), "full": paid.full, "rest": paid.rest}


def money(value: Fraction) -> Decimal:
    """An exact amount in whole hundredths, halves up."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
