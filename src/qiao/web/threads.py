"""Drawing a thread: the bar of four stations, and the whole chain with its flags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from qiao.base.lineage import Chain, Stage, Station, chain, targets_of
from qiao.web.providers import stations

#: Codes of what brings many threads together: survey rounds, consultations, rounds of deeds, ballots, decisions.
GATHERING = ("S-", "C-", "DD-", "B-", "D-")
#: Codes of matters with a whole-process record: decisions, proposals, tasks and projects, consultations.
RECORDED = ("D-", "P-", "W-", "C-")
SIGNS = {Stage.HEAR: "听", Stage.DECIDE: "定", Stage.DELIVER: "办", Stage.JUDGE: "评"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One station of the bar."""

    stage: str
    sign: str
    title: str
    note: str
    url: str
    now: bool
    to_come: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """The thread bar of one object."""

    code: str
    cells: tuple[Cell, ...]
    flags: tuple[str, ...]

    @property
    def recorded(self) -> bool:
        """Whether the matter has a whole-process record: who could take part at each stage."""
        return self.code.startswith(RECORDED)


@dataclass(frozen=True, slots=True)
class ThreadStage:
    """One stage of the thread page with all its objects, oldest first."""

    stage: str
    sign: str
    label: str
    stations: tuple[Station, ...]
    awaits: str


@dataclass(frozen=True, slots=True)
class Thread:
    """The whole thread of one object."""

    code: str
    here: Station
    stages: tuple[ThreadStage, ...]
    sources: dict[str, tuple[Station, ...]]
    flags: tuple[str, ...]


def stage_label(stage: Stage) -> str:
    """The station's name in the language of the request."""
    return {Stage.HEAR: _("Hear"), Stage.DECIDE: _("Decide"), Stage.DELIVER: _("Deliver"), Stage.JUDGE: _("Judge")}[
        stage
    ]


def stage_heading(stage: Stage) -> str:
    """The station as a heading, in more than one word."""
    return {
        Stage.HEAR: _("Hear the members"),
        Stage.DECIDE: _("Decide together"),
        Stage.DELIVER: _("Deliver what was decided"),
        Stage.JUDGE: _("Judge the union"),
    }[stage]


def awaited(stage: Stage) -> str:
    """What is awaited at a station nothing has reached yet."""
    return {
        Stage.HEAR: _("No need behind it yet"),
        Stage.DECIDE: _("Awaits a proposal and a decision"),
        Stage.DELIVER: _("Awaits a project"),
        Stage.JUDGE: _("Awaits the judgment of those served"),
    }[stage]


def flags_of(found: Sequence[Station], here: str = "") -> tuple[str, ...]:
    """What the first promise of the house asks to be said aloud: no need before it, no judgment after it.

    A flag of another object than the one with the code ``here`` names it: a decision has several projects.
    """
    stages = {station.stage for station in found}
    flags = [
        flag if station.code == here or not here else _("%(title)s: %(flag)s") % {"title": station.title, "flag": flag}
        for station in found
        for flag in station.flags
    ]
    if stages & {Stage.DECIDE, Stage.DELIVER} and Stage.HEAR not in stages:
        flags.insert(0, _("No need stands behind this: nobody is recorded as having asked for it."))
    return tuple(dict.fromkeys(flags))


def bar(code: str) -> Bar | None:
    """The bar of the object with this code, or None where no app knows it.

    Stations before the present one show what it came out of, later ones what came out of it: a need that an
    evaluation handed back begins a round of its own, it does not show the decision of the round before.
    """
    line = chain(code, gathering=GATHERING)
    found = stations(line.codes)
    here = next((station for station in found if station.code == code), None)
    if here is None:
        return None
    order = list(Stage)
    cells = []
    for stage in order:
        side = line.before if order.index(stage) < order.index(here.stage) else line.after
        own = [station for station in found if station.stage == stage and station.code in side]
        if here.stage == stage:
            cells.append(_cell(stage, here, now=True))
        elif own:
            cells.append(_cell(stage, max(own, key=_weight), now=False))
        else:
            # In Chinese the name of a station is its sign: written once is enough.
            label = "" if stage_label(stage) == SIGNS[stage] else stage_label(stage)
            cells.append(Cell(stage, SIGNS[stage], label, awaited(stage), "", False, True, False))
    return Bar(code, tuple(cells), flags_of(found, code))


def _weight(station: Station) -> tuple[int, float]:
    return station.weight, station.at.timestamp() if station.at else 0.0


def _cell(stage: Stage, station: Station, *, now: bool) -> Cell:
    parts = []
    if station.at:
        parts.append(date_format(localtime(station.at), "DATE_FORMAT"))
    parts.append(station.figure or station.state)
    return Cell(stage, SIGNS[stage], station.kind, " · ".join(parts), station.url, now, False, station.late)


def thread(code: str) -> Thread | None:
    """The whole thread, stage by stage in both directions; None where no app knows the code."""
    line: Chain = chain(code, gathering=GATHERING)
    found = {station.code: station for station in stations(line.codes)}
    here = found.get(code)
    if here is None:
        return None
    stages = []
    for stage in Stage:
        own = sorted(
            (station for station in found.values() if station.stage == stage),
            key=lambda station: (station.at is None, station.at.timestamp() if station.at else 0.0, station.code),
        )
        stages.append(ThreadStage(stage, SIGNS[stage], stage_heading(stage), tuple(own), "" if own else awaited(stage)))
    sources: dict[str, tuple[Station, ...]] = {}
    for source, target in line.links:
        if source in found:
            sources[target] = (*sources.get(target, ()), found[source])
    return Thread(code, here, tuple(stages), sources, flags_of(list(found.values()), code))


def offspring(code: str) -> list[Station]:
    """What directly came out of an object, oldest first."""
    found = {station.code: station for station in stations(targets_of(code))}
    return [found[target] for target in targets_of(code) if target in found]
