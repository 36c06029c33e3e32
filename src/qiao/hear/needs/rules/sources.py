"""Where a digest takes its lines from. Each source is a function; apps above register theirs when they start.

An app that stands above needs (consultations with their opinions, evaluations) calls in its ``AppConfig.ready()``::

    from qiao.hear.needs.rules import Line, register_source
    register_source("opinions", label=_("Opinions in consultations"), collect=opinion_lines)

with ``opinion_lines(path=…, since=…, until=…) -> list[Line]``: what the units below ``path`` brought from the first to
the last of these days. Counts are true counts: the digest hides small ones itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Protocol

from django.utils.functional import Promise

from qiao.base.i18n import Localized
from qiao_stats.disclosure import DELICATE, ORDINARY, suppress_line
from qiao_stats.needs import rank_ranges


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a digest: something members need, with its figure.

    ``key`` tells it from all other lines of the digest. A share with its interval, n and response rate, or a plain
    ``count`` of people (with ``texts``), or both. ``quotes`` have passed the rules already. ``delicate``: health or
    complaints, for which counts below ten are hidden. ``adjusted``: see `qiao_stats.needs`.
    """

    key: str
    title: Localized
    url: str = ""
    unit: Localized = field(default_factory=dict)
    group: Localized = field(default_factory=dict)
    share: float | None = None
    lower: float | None = None
    upper: float | None = None
    n: float | None = None
    rate: float | None = None
    adjusted: float | None = None
    count: int | None = None
    texts: int | None = None
    quotes: tuple[Localized, ...] = ()
    note: Localized = field(default_factory=dict)
    delicate: bool = False


class Collector(Protocol):
    """What a source has to say of a stretch of days in a subtree."""

    def __call__(self, *, path: str, since: date, until: date) -> Sequence[Line]:
        """The lines, in any order."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source: its key, what it is called, and what it has to say."""

    key: str
    label: str | Promise
    collect: Collector


_SOURCES: dict[str, Source] = {}


def register_source(key: str, *, label: str | Promise, collect: Collector) -> None:
    """Add a source; the same again changes nothing. Raises ValueError for a key of another source."""
    known = _SOURCES.setdefault(key, Source(key, label, collect))
    if known.collect is not collect:
        raise ValueError(f"{key} is a source already")


def all_sources() -> list[Source]:
    """All sources in the order they came."""
    return list(_SOURCES.values())


def kept(source: str, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The lines of one source as a digest keeps them: largest first, with the ranks they may have, small ones marked.

    ``hidden`` marks counts that the public version must not show: those below the cell threshold and as many more as
    are needed that none can be computed back from the sum of the source, which is shown.
    """
    ordered = sorted(lines, key=lambda line: (-(line.share or 0.0), -(line.count or 0), line.key))
    ranks = _ranks(ordered)
    hidden = _hidden(ordered)
    made = []
    for line, rank, hide in zip(ordered, ranks, hidden, strict=True):
        row = asdict(line)
        row |= {"source": source, "quotes": list(line.quotes), "rank": rank, "hidden": hide}
        made.append(row)
    return made


def _ranks(lines: Sequence[Line]) -> list[tuple[int, int] | None]:
    """Ranks among the lines of the same people: a group's share is no rival of everybody's."""
    made: list[tuple[int, int] | None] = [None] * len(lines)
    places = [place for place, line in enumerate(lines) if line.lower is not None and not line.group]
    if places:
        low = [float(lines[place].lower or 0.0) for place in places]
        high = [float(lines[place].upper or 0.0) for place in places]
        for place, rank in zip(places, rank_ranges(_array(low), _array(high)), strict=True):
            made[place] = rank
    counted = [place for place, line in enumerate(lines) if line.lower is None and line.count is not None]
    for place in counted:
        better = sum((lines[other].count or 0) > (lines[place].count or 0) for other in counted)
        made[place] = (1 + better, 1 + better)
    return made


def _hidden(lines: Sequence[Line]) -> list[bool]:
    hidden = [False] * len(lines)
    for delicate, threshold in ((False, ORDINARY), (True, DELICATE)):
        places = [
            place
            for place, line in enumerate(lines)
            if line.delicate is delicate and line.count is not None and line.share is None
        ]
        chosen = suppress_line([int(lines[place].count or 0) for place in places], threshold=threshold)
        for place, hide in zip(places, chosen.hidden, strict=True):
            hidden[place] = bool(hide)
    for place, line in enumerate(lines):
        if line.share is None and line.count is None:
            # Its own app hides it already.
            hidden[place] = True
        if line.share is not None and line.n is not None and line.n < (DELICATE if line.delicate else ORDINARY):
            hidden[place] = True
    return hidden


def _array(values: Sequence[float]) -> Any:
    import numpy as np

    return np.asarray(values, dtype=np.float64)


#: A source of the loop report: facts on tasks of a subtree.
TaskLister = Callable[[str], "Sequence[Task]"]


@dataclass(frozen=True, slots=True)
class Task:
    """One task (a project) as the loop report counts it. Offices are labels of units or accounts, "" where unknown."""

    code: str
    title: Localized
    url: str
    ended: bool
    proposed_by: str = ""
    done_by: str = ""
    judged_by: str = ""
    changed_after: bool = False


_TASKS: list[TaskLister] = []


def register_tasks(lister: TaskLister) -> None:
    """Have tasks counted that ``lister`` knows; from AppConfig.ready(), once each."""
    if lister not in _TASKS:
        _TASKS.append(lister)


def all_tasks(path: str) -> list[Task]:
    """The tasks of all who list them."""
    return [task for lister in _TASKS for task in lister(path)]
