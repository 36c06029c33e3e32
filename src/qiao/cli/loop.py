"""`qiao loop`: computes the loop report again from its file."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qiao.base.problems import Place, Problem, Problems
from qiao.cli.app import app
from qiao.cli.output import Format, FormatOption, located_errors, print_rows

if TYPE_CHECKING:
    from qiao_stats.loop import Loop, LoopShare, TaskRow

COLUMNS = (
    "task", "year", "unit", "needs", "decision", "ended", "evaluation", "changed",
    "proposed_by", "done_by", "judged_by",
)  # fmt: skip
MAX_BYTES = 64 * 1024 * 1024


@app.command()
def loop(
    table: Annotated[Path, typer.Argument(help="The loop report's file: one line for each task.", exists=True)],
    format_: FormatOption = Format.TABLE,
) -> None:
    """Compute the shares traceable, judged by users, changed and circling again, by year and unit."""
    from qiao_stats.loop import loops

    with located_errors():
        found = loops(read_tasks(table))
    print_rows(
        [
            {"year": one.year, "unit": one.unit or "*", **{key: _text(share) for key, share in _shares(one)}}
            for one in found
        ],
        format_,
    )


def read_tasks(path: Path) -> list[TaskRow]:
    """The rows of a file. Raises Problems with the place of each fault: file, line, column."""
    from qiao_stats.loop import TaskRow

    if path.stat().st_size > MAX_BYTES:
        raise Problem("The file is larger than %(mib)d MiB.", mib=MAX_BYTES >> 20, place=Place(path.name))
    faults: list[Problem] = []
    found: list[TaskRow] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
            if missing:
                raise Problem(
                    "The column %(column)s is missing.", column=missing[0], place=Place(path.name, row=1),
                    hint="The first line names the columns: " + ", ".join(COLUMNS),
                )  # fmt: skip
            for line, row in enumerate(reader, start=2):
                wrong = _faults_of(row, Place(path.name, row=line))
                faults += wrong
                if wrong:
                    continue
                found.append(
                    TaskRow(
                        row["task"], int(row["year"]), row["unit"], int(row["needs"]), row["decision"],
                        row["ended"] == "yes", row["evaluation"], row["changed"] == "yes", row["proposed_by"],
                        row["done_by"], row["judged_by"],
                    )
                )  # fmt: skip
    except UnicodeDecodeError:
        raise Problem("The file is not UTF-8 text.", place=Place(path.name)) from None
    if faults:
        raise Problems(faults[:100])
    return found


def _faults_of(row: dict[str, str], place: Place) -> list[Problem]:
    """What is wrong with one line: numbers that are none, answers other than yes and no."""
    numbers = [
        Problem("“%(value)s” is not a whole number.", value=row[column] or "", place=replace(place, column=column))
        for column in ("year", "needs")
        if not ((row[column] or "").isascii() and (row[column] or "").isdigit())
    ]
    answers = [
        Problem("Write yes or no, not “%(value)s”.", value=row[column] or "", place=replace(place, column=column))
        for column in ("ended", "changed")
        if row[column] not in ("yes", "no")
    ]
    return numbers + answers


def _shares(one: Loop) -> list[tuple[str, LoopShare]]:
    return [
        ("traceable", one.traceable), ("judged", one.judged), ("changed", one.changed), ("circling", one.circling),
        ("whole", one.whole),
    ]  # fmt: skip


def _text(share: LoopShare) -> str:
    return f"{share.yes}/{share.of}" + (f" = {share.share:.1%}" if share.share is not None else "")
