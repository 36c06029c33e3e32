"""The opinion map ready to be drawn: areas, densities and words, from the published results or the live pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from qiao.base.i18n import Localized
from qiao.decide.consultations.models import Consultation, MapPicture, Statement
from qiao.decide.consultations.rules.desk import LIVE_MAP
from qiao.org.settings.queries import value_of

#: Side of the drawn square; pictures shown of the way there.
SIDE = 300.0
MOST_BEFORE = 3
NAMES = "ABCDE"
#: Hue of each group, largest first, and how its edge is dashed: told apart without colour, too.
STYLES = (
    ("var(--decide)", ""),
    ("var(--hear)", "7 4"),
    ("var(--judge)", "2 4"),
    ("var(--deliver)", "10 3 2 3"),
    ("var(--ink-3)", "1 2"),
)
#: Radius of a circle of density by its level, as a part of its cell.
_RADII = {1: 0.2, 2: 0.31, 3: 0.44}


@dataclass(frozen=True, slots=True)
class Blob:
    """The area of one group: its letter, hue and dash, centre, half axes and turn, in signs of the figure."""

    name: str
    hue: str
    dash: str
    x: float
    y: float
    wide: float
    high: float
    turn: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle of density: five or more members of one group who answered nearly alike."""

    hue: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """One map: areas, circles, and the statements that pull to the right and upwards (number, text, whether agreeing).

    ``explained``: the part of all differences the plane shows. ``taken``: of a picture made while it was open.
    """

    blobs: tuple[Blob, ...]
    dots: tuple[Dot, ...]
    right: tuple[tuple[int, Localized, bool], ...]
    up: tuple[tuple[int, Localized, bool], ...]
    explained: float
    taken: datetime | None = None


@dataclass(frozen=True, slots=True)
class MapGroup:
    """One group in words: how many (None while open), what sets it apart: (number, text, agrees, how clearly 0–2)."""

    name: str
    hue: str
    size: int | None
    marks: tuple[tuple[int, Localized, bool, int], ...]


@dataclass(frozen=True, slots=True)
class OpinionMapPage:
    """Everything the page of the map tells. ``voters`` is None while open."""

    drawing: Drawing
    before: tuple[Drawing, ...]
    groups: tuple[MapGroup, ...]
    common: tuple[tuple[int, Localized], ...]
    voters: int | None
    silhouette: tuple[tuple[int, float], ...]
    live: bool


def shows_live(consultation: Consultation) -> bool:
    """Whether the map is shown while it is open: the setting of the day it was announced holds."""
    if consultation.noticed is None:
        return False
    return value_of(LIVE_MAP, path=consultation.unit.path, on=localdate(consultation.noticed))


def last_centres(consultation: Consultation) -> list[tuple[float, float]]:
    """Centres of the groups on the last live picture; [] where there was none."""
    last = MapPicture.objects.filter(consultation=consultation).order_by("-taken").first()
    return [(x, y) for x, y, *_rest in last.content["areas"]] if last else []


def map_page(consultation: Consultation) -> OpinionMapPage | None:
    """The map of a consultation: after the close the published one, before it the latest live one, or None."""
    statements = {one.number: one for one in Statement.objects.filter(consultation=consultation).order_by("number")}
    pictures = list(MapPicture.objects.filter(consultation=consultation).order_by("-taken")[: MOST_BEFORE + 1])
    kept: Mapping[str, Any] | None = consultation.results
    if kept is not None:
        if not kept.get("map"):
            return None
        return OpinionMapPage(
            _drawing(kept["map"], statements),
            tuple(_drawing(one.content, statements, one.taken) for one in pictures[:MOST_BEFORE][::-1]),
            tuple(_group(place, group, statements) for place, group in enumerate(kept["groups"])),
            _texts(kept["common"], statements),
            kept["voters"],
            tuple((int(k), width) for k, width in kept["map"]["silhouette"].items()),
            live=False,
        )
    if not pictures:
        return None
    newest, *older = pictures
    return OpinionMapPage(
        _drawing(newest.content, statements, newest.taken),
        tuple(_drawing(one.content, statements, one.taken) for one in older[::-1]),
        tuple(_group(place, group, statements) for place, group in enumerate(newest.content["groups"])),
        _texts(newest.content["common"], statements),
        None,
        (),
        live=True,
    )


def _drawing(kept: Mapping[str, Any], statements: Mapping[int, Statement], taken: datetime | None = None) -> Drawing:
    cell = SIDE / kept["grid"]
    return Drawing(
        tuple(
            Blob(NAMES[group], *STYLES[group], round(SIDE * x, 1), round(SIDE * (1 - y), 1), round(SIDE * wide, 1),
                 round(SIDE * high, 1), -turn)
            for group, (x, y, wide, high, turn) in enumerate(kept["areas"])
        ),
        tuple(
            Dot(STYLES[group][0], round(cell * (column + 0.5), 1), round(SIDE - cell * (row + 0.5), 1),
                round(cell * _RADII[level], 1))
            for group, column, row, level in kept["cells"]
        ),
        _pulls(kept["right"], statements),
        _pulls(kept["up"], statements),
        kept["explained"],
        taken,
    )  # fmt: skip


def _pulls(
    kept: Sequence[Sequence[Any]], statements: Mapping[int, Statement]
) -> tuple[tuple[int, Localized, bool], ...]:
    return tuple((number, statements[number].text, agree) for number, agree in kept if number in statements)


def _group(place: int, kept: Mapping[str, Any], statements: Mapping[int, Statement]) -> MapGroup:
    marks = tuple(
        (mark[0], statements[mark[0]].text, mark[1], mark[2] if len(mark) > 2 else 0)
        for mark in kept["marks"]
        if mark[0] in statements
    )
    return MapGroup(kept["name"], STYLES[place][0], kept.get("size"), marks)


def _texts(numbers: Sequence[int], statements: Mapping[int, Statement]) -> tuple[tuple[int, Localized], ...]:
    return tuple((number, statements[number].text) for number in numbers if number in statements)
