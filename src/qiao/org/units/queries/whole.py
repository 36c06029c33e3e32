"""The whole tree of a day on one axis, streamed: for files and programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from qiao.base.i18n import Localized
from qiao.org.units.choices import UNBORN, Axis, Relation

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class TreeUnit:
    """One unit of the tree of a day. ``above`` is the label of a unit above; on the sector axis there may be several
    rows of one unit, one for each link."""

    label: str
    name: Localized
    kind: str
    state: str
    founded: date
    closed: date | None
    above: str
    relation: str


def whole_tree(day: date, axis: Axis = Axis.PLACE) -> Iterator[TreeUnit]:
    """Every unit that stood on the day with the unit above it, by label, under the names of the day.

    On the sector axis: the sector and industry unions, and every unit with a link. Read through a cursor of the
    database: memory stays flat.
    """
    relations = [Relation.LEADS.value] if axis == Axis.PLACE else [relation.value for relation in Relation]
    sql = """
        SELECT coalesce(n.label, u.label), coalesce(n.name, u.name)::text, coalesce(n.kind, u.kind), u.state, u.founded,
            u.closed, coalesce(an.label, a.label, ''), coalesce(l.relation, '')
        FROM units_unit u
        LEFT JOIN units_unitname n ON n.unit_id = u.id AND n.since <= %(day)s AND (n.until IS NULL OR n.until > %(day)s)
        LEFT JOIN units_unitlink l ON l.unit_id = u.id AND l.axis = %(axis)s AND l.relation = ANY(%(relations)s)
            AND l.since <= %(day)s AND (l.until IS NULL OR l.until > %(day)s)
        LEFT JOIN units_unit a ON a.id = l.above_id
        LEFT JOIN units_unitname an
            ON an.unit_id = a.id AND an.since <= %(day)s AND (an.until IS NULL OR an.until > %(day)s)
        WHERE u.founded <= %(day)s AND (u.closed IS NULL OR u.closed > %(day)s) AND u.state <> ALL(%(unborn)s)
            AND (%(axis)s = 'place' OR l.id IS NOT NULL OR u.kind IN ('sector', 'industry'))
        ORDER BY 1, 7
    """
    given: dict[str, date | str | list[str]] = {
        "day": day,
        "axis": axis.value,
        "relations": relations,
        "unborn": [state.value for state in UNBORN],
    }
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, given)
        while rows := cursor.fetchmany(_CHUNK):
            for label, name, *rest in rows:
                yield TreeUnit(label, json.loads(name), *rest)
