"""Lineage: what came out of what, and the records from which the shell draws a thread.

Links are stored by public code. Every app that owns objects of the loop offers
``queries.stations(codes) -> list[Station]``; the shell asks them all and draws one line.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    """All codes connected with one code, and the links among them."""

    codes: frozenset[str]
    links: tuple[tuple[str, str], ...]


def link(*, source: str, target: str, now: datetime) -> None:
    """Store that ``target`` came out of ``source``; storing it twice changes nothing."""
    Link.objects.get_or_create(source=source, target=target, defaults={"at": now})


def sources_of(code: str) -> list[str]:
    """Codes the object directly came out of, oldest first."""
    return list(Link.objects.filter(target=code).order_by("at", "pk").values_list("source", flat=True))


def targets_of(code: str) -> list[str]:
    """Codes that directly came out of the object, oldest first."""
    return list(Link.objects.filter(source=code).order_by("at", "pk").values_list("target", flat=True))


def chain(code: str, *, limit: int = 400) -> Chain:
    """The thread of ``code``: everything it came out of and everything that came out of it.

    Sources are walked backwards and targets forwards, not sideways: a sister need of the same survey is another
    thread. At most ``limit`` codes are returned.
    """
    sql = """
        WITH RECURSIVE back(code) AS (
            SELECT %s::text UNION SELECT l.source FROM base_link l JOIN back b ON l.target = b.code
        ), forth(code) AS (
            SELECT %s::text UNION SELECT l.target FROM base_link l JOIN forth f ON l.source = f.code
        )
        SELECT code FROM back UNION SELECT code FROM forth LIMIT %s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [code, code, limit])
        codes = frozenset(row[0] for row in cursor.fetchall())
    return Chain(codes, links_among(codes))


def links_among(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The stored links both of whose ends are in ``codes``, oldest first."""
    known = list(codes)
    rows = Link.objects.filter(source__in=known, target__in=known).order_by("at", "pk")
    return tuple(rows.values_list("source", "target"))
