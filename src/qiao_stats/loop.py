"""The loop report (handbook C06): from one row for each task to four shares, for everybody to compute again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task: its year and unit, from how many ``needs`` of members it came and which ``decision``; whether it ended,
    which ``evaluation`` by users judged it, whether something new came of that; who proposed, did and judged it."""

    task: str
    year: int
    unit: str
    needs: int
    decision: str
    ended: bool
    evaluation: str
    changed: bool
    proposed_by: str
    done_by: str
    judged_by: str

    @property
    def traceable(self) -> bool:
        """Whether need, decision and task hang together."""
        return self.needs > 0 and bool(self.decision)

    @property
    def circling(self) -> bool:
        """Whether one office proposed, did and judged it."""
        return bool(self.proposed_by) and self.proposed_by == self.done_by == self.judged_by


@dataclass(frozen=True, slots=True)
class LoopShare:
    """``yes`` of ``of`` tasks; ``share`` None where there is none to count."""

    yes: int
    of: int

    @property
    def share(self) -> float | None:
        """yes ÷ of."""
        return self.yes / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Loop:
    """The four measures of the tasks of one year and unit: traceable and circling of all, judged by users of those
    that ended, changed of those that were judged, and the whole chain (need, decision, task, judgment) of the ended."""

    year: int | None
    unit: str
    traceable: LoopShare
    judged: LoopShare
    changed: LoopShare
    circling: LoopShare
    whole: LoopShare


def loop(rows: Sequence[TaskRow], *, year: int | None = None, unit: str = "") -> Loop:
    """The measures over these rows; ``year`` and ``unit`` only name the result."""
    ended = [row for row in rows if row.ended]
    judged = [row for row in rows if row.evaluation]
    return Loop(
        year,
        unit,
        LoopShare(sum(row.traceable for row in rows), len(rows)),
        LoopShare(sum(bool(row.evaluation) for row in ended), len(ended)),
        LoopShare(sum(row.changed for row in judged), len(judged)),
        LoopShare(sum(row.circling for row in rows), len(rows)),
        LoopShare(sum(row.traceable and bool(row.evaluation) for row in ended), len(ended)),
    )


def loops(rows: Iterable[TaskRow]) -> list[Loop]:
    """The measures by year and unit, then of each year, by name; nothing is ordered by how well it does."""
    groups: dict[tuple[int, str], list[TaskRow]] = {}
    for row in rows:
        groups.setdefault((row.year, ""), []).append(row)
        groups.setdefault((row.year, row.unit), []).append(row)
    return [loop(found, year=year, unit=unit) for (year, unit), found in sorted(groups.items())]
