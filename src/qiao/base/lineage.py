"""Lineage: what came out of what, and the records from which the shell draws a thread.

Links are stored by public code. Every app that owns objects of the loop offers
``queries.stations(codes) -> list[Station]``; the shell asks them all and draws one line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection

from qiao.base.models import Link


class Stage(StrEnum):
    """The four stations of the loop, in order."""

    HEAR = "hear"
    DECIDE = "decide"
    DELIVER = "deliver"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Station:
    """One object on a thread, as the shell shows it. Texts are already in the language of the request."""

    code: str
    stage: Stage
    kind: str
    title: str
    url: str
    state: str
    at: datetime | None = None
    figure: str = ""
    finished: bool = False
    awaits: str = ""
    due: datetime | None = None
    late: bool = False
    flags: tuple[str, ...] = ()
    #: Of several objects at one station the bar shows the weightiest: a decision before its consultation.
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """All codes connected with one code, and the links among them.

    ``before`` are those it came out of, ``after`` those that came out of it; both without the code itself.
    """

    codes: frozenset[str]
    links: tuple[tuple[str, str], ...]
    before: frozenset[str]
    after: frozenset[str]


def link(*, source: str, target: str, now: datetime) -> None:
    """Store that ``target`` came out of ``source``; storing it twice changes nothing."""
    Link.objects.get_or_create(source=source, target=target, defaults={"at": now})


def sources_of(code: str) -> list[str]:
    """Codes the object directly came out of, oldest first."""
    return list(Link.objects.filter(target=code).order_by("at", "pk").values_list("source", flat=True))


def targets_of(code: str) -> list[str]:
    """Codes that directly came out of the object, oldest first."""
    return list(Link.objects.filter(source=code).order_by("at", "pk").values_list("target", flat=True))


def chain(code: str, *, gathering: Collection[str] = (), limit: int = 400) -> Chain:
    """The thread of ``code``: everything it came out of and everything that came out of it.

    Sources are walked backwards and targets forwards, not sideways: a sister need of the same survey is another
    thread. ``gathering`` are the code prefixes of objects that bring many threads together (one decision on ten
    proposals): the thread passes into them and on to other gathering objects, but does not leave them into threads
    of others, unless it begins at such an object: then all its threads are shown. At most ``limit`` codes are returned.
    """
    gathers = [] if code.startswith(tuple(gathering)) else [f"{prefix}%" for prefix in gathering]
    # A step is taken from an object of one thread, or between two that gather.
    step = "(NOT w.code LIKE ANY(%s::text[]) OR l.{far} LIKE ANY(%s::text[]))"
    sql = f"""
        WITH RECURSIVE back(code) AS (
            SELECT %s::text
            UNION SELECT l.source FROM base_link l JOIN back w ON l.target = w.code WHERE {step.format(far="source")}
        ), forth(code) AS (
            SELECT %s::text
            UNION SELECT l.target FROM base_link l JOIN forth w ON l.source = w.code WHERE {step.format(far="target")}
        )
        SELECT code, 'before' FROM back UNION ALL SELECT code, 'after' FROM forth LIMIT %s
    """  # noqa: S608 - no value is put into the text
    with connection.cursor() as cursor:
        cursor.execute(sql, [code, gathers, gathers, code, gathers, gathers, limit])
        rows = cursor.fetchall()
    codes = frozenset(found for found, _side in rows)
    sides = {
        side: frozenset(found for found, one in rows if one == side and found != code) for side in ("before", "after")
    }
    return Chain(codes, links_among(codes), sides["before"], sides["after"])


def links_among(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The stored links both of whose ends are in ``codes``, oldest first."""
    known = list(codes)
    rows = Link.objects.filter(source__in=known, target__in=known).order_by("at", "pk")
    return tuple(rows.values_list("source", "target"))
