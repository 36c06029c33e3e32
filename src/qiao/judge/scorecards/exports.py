"""The report of the loop as a file anybody computes again with `qiao loop`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from qiao_stats.loop import TaskRow

COLUMNS = (
    "task", "year", "unit", "needs", "decision", "ended", "evaluation", "changed",
    "proposed_by", "done_by", "judged_by",
)  # fmt: skip


def loop_csv(rows: Iterable[TaskRow]) -> bytes:
    """One line for each task, in UTF-8, lines ending in a line feed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            [
                row.task, row.year, row.unit, row.needs, row.decision, "yes" if row.ended else "no", row.evaluation,
                "yes" if row.changed else "no", row.proposed_by, row.done_by, row.judged_by,
            ]
        )  # fmt: skip
    return stream.getvalue().encode()
