"""Counting rankings by instant run-off or by Schulze's method."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from django.utils.timezone import localdate

from qiao.base.i18n import pick
from qiao.base.problems import Problem
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import Rule
from qiao.decide.ballots.models import Ballot, BallotItem
from qiao.decide.ballots.services.tally.outcome import Outcome, Said
from qiao_stats import ranking


def count_rankings(ballot: Ballot, items: Sequence[BallotItem], said: Said) -> Outcome:
    """Count orders of preference. Raises Problem where the second way gives another result."""
    codes = [item.proposal_code for item in items]
    election = rankings_of(ballot, items, said)
    if not election.ballots:
        return Outcome((), dict.fromkeys(codes, 0), [], ranking.to_preflib(election, kind="soi"), "soi")
    result = ranking.count_ranked(election, ranking.RankedRule(ballot.rule))
    numbered = {code: number for number, code in enumerate(codes)}
    papers = {
        tuple((numbered[code], rank) for code, rank in zip(marks, ranks, strict=True)): times
        for (marks, ranks), times in said.items()
        if marks
    }
    follows = rules.follows_runoff if ballot.rule == Rule.INSTANT_RUNOFF else rules.follows_schulze
    if not follows(papers, result.order):
        raise Problem("Counting again by another way gave another result. Nothing was published; call the auditor.")
    named = {one for order in election.ballots for group in order for one in group}
    kind = ranking.data_type(election)
    return Outcome(
        # Nobody is chosen whom no paper names.
        chosen=tuple(codes[one] for one in result.order[: ballot.winners] if one in named),
        votes=_first_choices(codes, said),
        ties=[{"bought": codes[one], "equal": [codes[other]]} for one, other in result.tied],
        text=ranking.to_preflib(election, title=pick(ballot.title, "zh-hans"), kind=kind),
        ending=kind,
        working=_working(codes, result),
    )


def rankings_of(ballot: Ballot, items: Sequence[BallotItem], said: Said) -> ranking.RankedElection:
    """The papers as orders of candidates in the order of the ballot."""
    numbered = {item.proposal_code: number for number, item in enumerate(items)}
    orders: dict[ranking.Order, int] = {}
    for (marks, ranks), times in said.items():
        if marks:
            pairs = zip(ranks, marks, strict=True)
            order = tuple(
                tuple(sorted(numbered[code] for _rank, code in group))
                for _, group in groupby(pairs, lambda one: one[0])
            )
            orders[order] = orders.get(order, 0) + times
    day = f"{localdate(ballot.closes):%Y-%m-%d}"
    return ranking.RankedElection(
        tuple(f"{item.proposal_code} {pick(item.title, 'zh-hans')}" for item in items),
        orders,
        {
            "DESCRIPTION": f"{ballot.code}, rule {ballot.rule}, {ballot.winners} chosen, most {ballot.most or 'all'}",
            "MODIFICATION TYPE": "original",
            "PUBLICATION DATE": day,
        },
    )


def _first_choices(codes: Sequence[str], said: Said) -> dict[str, int]:
    """On how many papers each stands first, alone or with others."""
    first = dict.fromkeys(codes, 0)
    for (marks, ranks), times in said.items():
        for code, rank in zip(marks, ranks, strict=True):
            if rank == 1:
                first[code] += times
    return first


def _working(codes: Sequence[str], result: ranking.RankedResult) -> dict[str, object]:
    """Every step by code, in numbers that JSON keeps exactly."""
    working: dict[str, object] = {"order": [codes[one] for one in result.order]}
    if result.beats is None or result.paths is None:
        working["rounds"] = [
            {
                "votes": {codes[one]: _number(votes) for one, votes in each.votes.items()},
                "exhausted": _number(each.exhausted),
                "out": None if each.out is None else codes[each.out],
                "tied": [codes[one] for one in each.tied],
            }
            for each in result.rounds
        ]
    else:
        working["codes"] = list(codes)
        working["beats"] = result.beats.tolist()
        working["paths"] = result.paths.tolist()
    return working


def _number(value: Fraction) -> int | float:
    """Whole votes as they are; parts of votes (equal ranks) to the hundredth."""
    return value.numerator if value.denominator == 1 else round(float(value), 2)
