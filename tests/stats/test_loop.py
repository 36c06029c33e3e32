"""The loop report by hand."""

from __future__ import annotations

from dataclasses import replace

from qiao_stats.loop import TaskRow, loop, loops

ROW = TaskRow("W-1", 2025, "D1", 2, "D-1", True, "E-1", True, "F", "D1", "evaluator")


def test_the_five_measures() -> None:
    rows = [
        ROW,
        replace(ROW, task="W-2", changed=False),
        replace(ROW, task="W-3", needs=0, evaluation="", changed=False, proposed_by="D1", judged_by="D1"),
        replace(ROW, task="W-4", ended=False, evaluation="", changed=False, judged_by=""),
    ]
    found = loop(rows)
    assert (found.traceable.yes, found.traceable.of) == (3, 4)
    assert (found.judged.yes, found.judged.of) == (2, 3)
    assert (found.changed.yes, found.changed.of) == (1, 2)
    assert (found.circling.yes, found.circling.of) == (1, 4)
    assert (found.whole.yes, found.whole.of) == (2, 3)
    assert loop([]).traceable.share is None


def test_by_year_and_unit_in_the_order_of_names() -> None:
    rows = [ROW, replace(ROW, unit="D2"), replace(ROW, year=2024, unit="D2")]
    assert [(one.year, one.unit) for one in loops(rows)] == [
        (2024, ""), (2024, "D2"), (2025, ""), (2025, "D1"), (2025, "D2"),
    ]  # fmt: skip
