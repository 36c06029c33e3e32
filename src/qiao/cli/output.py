"""How every command prints: a table, JSON or CSV on stdout; located errors on stderr with exit code 2."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer

from qiao.base.problems import Problem, Problems
from qiao_stats.errors import StatsError


class Format(StrEnum):
    """Output formats."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the result.")]


@contextmanager
def located_errors() -> Iterator[None]:
    """Turn known faults into a message on stderr and exit code 2; anything else is a bug and keeps its traceback."""
    try:
        yield
    except (Problem, Problems, StatsError) as fault:
        typer.echo(f"error: {fault}", err=True)
        raise typer.Exit(2) from None


@contextmanager
def progress(word: str, total: int, *, shown: bool = True) -> Iterator[Callable[[int], None]]:
    """Tell on stderr how much of ``total`` is done: a bar on a terminal, a line for every tenth elsewhere.

    Yields what is called with the amount done so far. ``shown`` False tells nothing.
    """
    if not shown:
        yield lambda _done: None
        return
    if not sys.stderr.isatty():
        told = [0]

        def line(done: int) -> None:
            tenth = 10 * done // max(total, 1)
            if tenth > told[0]:
                told[0] = tenth
                typer.echo(f"{word}: {10 * tenth} %", err=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(word, total=total)
        yield lambda done: bar.update(task, completed=done)


def print_json(document: object) -> None:
    """Print one JSON document, UTF-8, NaN as null."""
    json.dump(_finite(document), sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write("\n")


def print_rows(rows: Sequence[Mapping[str, object]], form: Format) -> None:
    """Print rows of equal keys as an aligned table or CSV (JSON: a list)."""
    if form is Format.JSON:
        print_json(list(rows))
        return
    if not rows:
        return
    head = list(rows[0])
    if form is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(head)
        writer.writerows([_cell(row[name], 17) for name in head] for row in rows)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in head:
        numeric = all(isinstance(row[name], (int, float)) or row[name] is None for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[name], 6) for name in head))
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False).print(table)


def _cell(value: object, digits: int) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def _finite(value: object) -> object:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
