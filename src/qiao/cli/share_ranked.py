"""Counting ranked ballots for `qiao share`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import typer

from qiao.base.problems import Place, Problem, Problems
from qiao.cli.output import Format, print_json, print_rows

if TYPE_CHECKING:
    from qiao_stats.ranking import RankedElection, RankedResult

ENDINGS = frozenset({".soc", ".soi", ".toc", ".toi"})
"""PrefLib's formats of ranked ballots."""


def print_ranked(name: str, text: str, rule: str, output: Format) -> None:
    """Count the election in ``text`` and print the order. Raises Problems with the lines that are wrong."""
    from qiao_stats.ranking import PrefLibError, RankedRule, count_ranked, read_preflib

    try:
        election = read_preflib(text)
    except PrefLibError as fault:
        raise Problems(
            [
                Problem("%(fault)s", place=Place(name, row=line), fault=message % params if params else message)
                for line, message, params in fault.faults
            ]
        ) from None
    _print(name.rpartition(".")[0], election, count_ranked(election, RankedRule(rule)), output)


def _print(name: str, election: RankedElection, result: RankedResult, output: Format) -> None:
    rows = [
        {"place": place, "candidate": election.candidates[one], **_figures(result, one)}
        for place, one in enumerate(result.order, start=1)
    ]
    if output is Format.JSON:
        print_json(
            {
                "instance": name,
                "rule": result.rule.value,
                "votes": election.voters,
                "candidates": len(election.candidates),
                "winner": election.candidates[result.winner],
                "order": [election.candidates[one] for one in result.order],
                "tied": [[election.candidates[one] for one in pair] for pair in result.tied],
                "beats": None if result.beats is None else result.beats.tolist(),
                "rounds": [
                    {
                        "votes": {election.candidates[one]: _number(votes) for one, votes in each.votes.items()},
                        "exhausted": _number(each.exhausted),
                        "out": None if each.out is None else election.candidates[each.out],
                    }
                    for each in result.rounds
                ],
                "chosen": rows,
            }
        )
        return
    print_rows(rows, output)
    if output is Format.TABLE:
        ties = f", {len(result.tied)} ties broken by the order of the paper" if result.tied else ""
        typer.echo(
            f"{name}: {election.candidates[result.winner]} of {len(election.candidates)} candidates, "
            f"{election.voters:,} votes, {result.rule.value}{ties}"
        )


def _figures(result: RankedResult, one: int) -> dict[str, object]:
    """Why it stands where it stands: the votes of its last round, or the duels it won and lost."""
    if result.beats is None:
        last = max(place for place, each in enumerate(result.rounds) if one in each.votes)
        return {"round": last + 1, "votes": _number(result.rounds[last].votes[one])}
    beats = result.beats
    return {
        "duels_won": int((beats[one] > beats[:, one]).sum()),
        "duels_lost": int((beats[one] < beats[:, one]).sum()),
    }


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)
