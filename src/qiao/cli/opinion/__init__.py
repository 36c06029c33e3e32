"""`qiao opinion`: opinion groups from agree / disagree / pass votes, as Polis exports them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qiao.base.problems import Problem
from qiao.cli.app import app
from qiao.cli.opinion.reading import read_conversation
from qiao.cli.opinion.showing import document, print_tables, statistics_rows
from qiao.cli.output import Format, FormatOption, located_errors, print_json, print_rows


@app.command()
def opinion(
    votes: Annotated[Path, typer.Argument(help="CSV with timestamp, comment-id, voter-id, vote (1, 0 or -1).")],
    statements: Annotated[
        Path | None, typer.Option(help="CSV with comment-id and moderated (-1: left out), e.g. comments.csv.")
    ] = None,
    groups: Annotated[
        Path | None, typer.Option(help="CSV with participant and group-id: take these groups, seek none.")
    ] = None,
    k: Annotated[int | None, typer.Option(min=1, help="Number of groups; by default the best of 2 to 5.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the random starts of the search for groups.")] = 0,
    form: FormatOption = Format.TABLE,
) -> None:
    """Find groups that vote alike, what sets each apart, and what all groups share."""
    with located_errors():
        if groups is not None and k is not None:
            raise Problem("Groups are given by a file and sought by --k at once.", hint="Leave out one of the two.")
        from qiao_stats.opinion import opinion_map

        read = read_conversation(votes, statements, groups)
        result = opinion_map(read.table, read.kept, groups=read.groups, k=k, seed=seed)
        names = read.group_names or tuple(str(code) for code in range(result.grouping.k))
        if form is Format.JSON:
            print_json(document(read, result, names, seed))
        elif form is Format.CSV:
            print_rows(statistics_rows(read, result, names), form)
        else:
            print_tables(read, result, names)
