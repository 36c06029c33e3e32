"""`qiao share`: counts a vote again: a budget from Pabulib's format, a ranked vote from one of PrefLib's."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qiao.base.problems import Place, Problem, Problems
from qiao.cli.app import app
from qiao.cli.output import Format, FormatOption, located_errors, print_json, print_rows
from qiao.cli.share_ranked import ENDINGS, print_ranked

if TYPE_CHECKING:
    from qiao_stats.share import Election, Result

MAX_BYTES = 512 * 1024 * 1024
"""Larger files are refused unread; the largest election of Pabulib has about 10 MB."""


class RuleName(StrEnum):
    """The rules by name."""

    EQUAL_SHARES = "equal-shares"
    GREEDY = "greedy"
    PHRAGMEN = "phragmen"
    SCHULZE = "schulze"
    INSTANT_RUNOFF = "instant-runoff"


RANKED = {RuleName.SCHULZE, RuleName.INSTANT_RUNOFF}
"""The rules for ranked ballots."""


class SatisfactionName(StrEnum):
    """The measures by name; auto goes by the type of ballots."""

    AUTO = "auto"
    COST = "cost"
    CARDINALITY = "cardinality"
    ADDITIVE_CARDINAL = "additive_cardinal"
    ADDITIVE_BORDA = "additive_borda"


class CompletionName(StrEnum):
    """What becomes of money left over."""

    NONE = "none"
    GREEDY = "greedy"
    ADD1 = "add1"
    ADD1_GREEDY = "add1+greedy"


@app.command()
def share(
    election: Annotated[
        Path,
        typer.Argument(help="The vote: a .pb file as Pabulib, or .soc, .soi, .toc, .toi as PrefLib describes it."),
    ],
    rule: Annotated[
        RuleName | None,
        typer.Option(help="How it is counted: equal-shares unless said for a budget, schulze for ranked ballots."),
    ] = None,
    satisfaction: Annotated[
        SatisfactionName,
        typer.Option(help="What a chosen project is worth. auto: cost for approvals, points, or Borda scores."),
    ] = SatisfactionName.AUTO,
    completion: Annotated[
        CompletionName, typer.Option(help="What equal shares do with what is left over.")
    ] = CompletionName.NONE,
    increment: Annotated[str, typer.Option(help="By how much add1 raises each voter's share.")] = "1",
    output: FormatOption = Format.TABLE,
) -> None:
    """Choose projects within a budget, or rank candidates, by the ballots. Exact.

    Ties break by the project's id, or by the order of the candidates.
    """
    from qiao_stats.share import Completion, Rule, Satisfaction, share_budget

    with located_errors():
        ranked = election.suffix.lower() in ENDINGS
        counted_by = rule or (RuleName.SCHULZE if ranked else RuleName.EQUAL_SHARES)
        if ranked != (counted_by in RANKED):
            raise Problem(
                "The rule %(rule)s counts %(kind)s only.",
                place=Place(election.name),
                rule=counted_by.value,
                kind="ranked ballots (.soc, .soi, .toc, .toi)" if counted_by in RANKED else "votes over a budget (.pb)",
            )
        if ranked:
            print_ranked(election.name, _text(election), counted_by.value, output)
            return
        read = _read(election)
        step = _increment(increment)
        result = share_budget(
            read,
            Rule(counted_by.value),
            satisfaction=None if satisfaction is SatisfactionName.AUTO else Satisfaction(satisfaction.value),
            completion=Completion(completion.value),
            increment=step,
        )
        _print(election.stem, read, result, output)


def _increment(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise Problem("--increment must be a number, not '%(text)s'.", text=text) from None


def _text(path: Path) -> str:
    """The text of a file, whatever of UTF-8, UTF-16 and GBK it is written in."""
    place = Place(path.name)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Problem("The file has more than %(most)d MB.", place=place, most=MAX_BYTES // 2**20)
        data = path.read_bytes()
    except OSError as fault:
        raise Problem("It cannot be read: %(why)s.", place=place, why=fault.strerror or str(fault)) from None
    return _decode(data, place)


def _read(path: Path) -> Election:
    from qiao_stats.share import PabulibError, read_pabulib

    text = _text(path)
    try:
        return read_pabulib(text)
    except PabulibError as fault:
        raise Problems(
            [
                Problem(
                    "%(fault)s",
                    place=Place(path.name, row=one.line, column=one.column),
                    fault=one.message % one.params if one.params else one.message,
                )
                for one in fault.faults
            ]
        ) from None


def _decode(data: bytes, place: Place) -> str:
    encodings = ["utf-16"] if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Problem("The file is no text in UTF-8 or GBK.", place=place, hint="Save it as UTF-8.")


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _print(name: str, election: Election, result: Result, output: Format) -> None:
    projects = {project.id: project for project in election.projects}
    rows = []
    spent = Fraction(0)
    for place, chosen in enumerate(result.selected, start=1):
        project = projects[chosen]
        spent += project.cost
        rows.append(
            {
                "place": place,
                "project": chosen,
                "name": project.name,
                "cost": _number(project.cost),
                "votes": result.votes[chosen],
                "spent": _number(spent),
            }
        )
    if output is Format.JSON:
        print_json(
            {
                "instance": name,
                "rule": result.rule.value,
                "satisfaction": result.satisfaction.value,
                "completion": result.completion.value,
                "vote_type": election.vote_type.value,
                "votes": len(election.ballots),
                "projects": len(election.projects),
                "budget": _number(result.budget),
                "selected": list(result.selected),
                "n": len(result.selected),
                "total_cost": _number(result.cost),
                "budget_used": float(result.share),
                "chosen": rows,
            }
        )
        return
    print_rows(rows, output)
    if output is Format.TABLE:
        typer.echo(
            f"{name}: {len(result.selected)} of {len(projects)} projects for {_number(result.cost):,} of "
            f"{_number(result.budget):,} ({float(result.share):.1%} used), {len(election.ballots):,} votes, "
            f"{result.rule.value}, satisfaction {result.satisfaction.value}"
            + (f", completed by {result.completion.value}" if result.completion.value != "none" else "")
        )
