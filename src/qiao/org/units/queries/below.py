"""What stands directly below a unit on a day, on either axis, under the names of that day, page by page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from django.db import connection

from qiao.base.i18n import Localized
from qiao.org.units.choices import Axis, Relation, UnitKind
from qiao.org.units.models import Unit

#: What a query of the tree is given.
Given = int | str | date | list[str]
#: Rows shown of each kind on a unit's page; the rest is a page of its own.
FIRST = 30
PAGE = 100


@dataclass(frozen=True, slots=True)
class Below:
    """One unit directly below another on a day. ``below``: how many stand directly below it on that day."""

    pk: int
    label: str
    name: Localized
    kind: str
    state: str
    relation: str
    below: int


@dataclass(frozen=True, slots=True)
class Group:
    """Units of one kind: how many there are, and the first of them or one page."""

    kind: UnitKind
    number: int
    units: tuple[Below, ...]

    @property
    def more(self) -> bool:
        """Whether not all are here."""
        return self.number > len(self.units)


_HELD = (
    "l.axis = %(axis)s AND l.relation = ANY(%(relations)s) AND l.since <= %(day)s"
    " AND (l.until IS NULL OR l.until > %(day)s)"
)
#: Name, kind and label of the day: the present ones stand with the unit, so only names that have ended are looked up.
_NAMED = """
    LEFT JOIN units_unitname n ON n.unit_id = u.id AND n.since <= %(day)s AND n.until > %(day)s
"""
_JOINED = f"FROM units_unitlink l JOIN units_unit u ON u.id = l.unit_id {_NAMED}"


def groups_below(unit: Unit, day: date, *, axis: Axis = Axis.PLACE, first: int = FIRST) -> list[Group]:
    """Everything directly below, by kind in the order of the kinds: the number and the ``first`` rows of each.

    One query that looks at each link once, whatever the size.
    """
    rows = _rows(
        f"""
        SELECT id, named, label, kind, relation, number FROM (
            SELECT u.id, n.id AS named, coalesce(n.label, u.label) AS label, coalesce(n.kind, u.kind) AS kind,
                l.relation,
                row_number() OVER (PARTITION BY coalesce(n.kind, u.kind) ORDER BY coalesce(n.label, u.label)) AS place,
                count(*) OVER (PARTITION BY coalesce(n.kind, u.kind)) AS number
            {_JOINED} WHERE l.above_id = %(unit)s AND {_HELD}
        ) ranked WHERE place <= %(first)s
        """,  # noqa: S608
        {**_given(unit, day, axis), "first": first},
    )
    numbers = {row.kind: number for row, number in rows}
    return [
        Group(kind, numbers[kind], tuple(row for row, _number in rows if row.kind == kind))
        for kind in UnitKind
        if kind in numbers
    ]


def page_below(unit: Unit, day: date, kind: UnitKind, *, page: int = 1, axis: Axis = Axis.PLACE) -> Group:
    """One page (from 1) of the units of one kind directly below; behind the last page there are none, and no number."""
    rows = _rows(
        f"""
        SELECT u.id, n.id AS named, coalesce(n.label, u.label) AS label, coalesce(n.kind, u.kind) AS kind, l.relation,
            count(*) OVER () AS number
        {_JOINED} WHERE l.above_id = %(unit)s AND {_HELD} AND coalesce(n.kind, u.kind) = %(kind)s
        ORDER BY 3 LIMIT %(limit)s OFFSET %(offset)s
        """,
        {**_given(unit, day, axis), "kind": kind.value, "limit": PAGE, "offset": (page - 1) * PAGE},
    )
    return Group(kind, rows[0][1] if rows else 0, tuple(row for row, _number in rows))


def sector_tops(day: date) -> list[Group]:
    """Sector and industry unions of a day that no other one leads or guides: where the sector axis begins."""
    given: dict[str, Given] = {
        "day": day,
        "axis": Axis.SECTOR.value,
        "relations": [relation.value for relation in Relation],
        "kinds": [UnitKind.INDUSTRY.value, UnitKind.SECTOR.value],
        "unborn": ["proposed", "preparing", "refused", "withdrawn"],
    }
    rows = _rows(
        f"""
        SELECT u.id, n.id AS named, coalesce(n.label, u.label) AS label, coalesce(n.kind, u.kind) AS kind,
            '' AS relation, 0 AS number
        FROM units_unit u {_NAMED}
        WHERE u.kind = ANY(%(kinds)s) AND u.founded <= %(day)s AND (u.closed IS NULL OR u.closed > %(day)s)
            AND u.state <> ALL(%(unborn)s)
            AND NOT EXISTS (SELECT 1 FROM units_unitlink l WHERE l.unit_id = u.id AND {_HELD})
        """,  # noqa: S608
        given,
    )
    return [
        Group(kind, len(units), units)
        for kind in UnitKind
        if (units := tuple(row for row, _number in rows if row.kind == kind))
    ]


def _given(unit: Unit, day: date, axis: Axis) -> dict[str, Given]:
    relations = [Relation.LEADS.value] if axis == Axis.PLACE else [relation.value for relation in Relation]
    return {"unit": unit.pk, "day": day, "axis": axis.value, "relations": relations}


def _rows(listed: str, given: dict[str, Given]) -> list[tuple[Below, int]]:
    """The rows of a query by label, each with name, state and what stands directly below it, and the query's number.

    ``named`` of the query is the former name that held on the day; names are read only for what is shown.
    """
    sql = f"""
        SELECT t.id, t.label,
            coalesce((SELECT n.name FROM units_unitname n WHERE n.id = t.named),
                     (SELECT u.name FROM units_unit u WHERE u.id = t.id))::text,
            t.kind, (SELECT u.state FROM units_unit u WHERE u.id = t.id), t.relation,
            (SELECT count(*) FROM units_unitlink l WHERE l.above_id = t.id AND {_HELD}), t.number
        FROM ({listed}) t ORDER BY t.label
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [
            (Below(pk, label, json.loads(name), kind, state, relation, below), number)
            for pk, label, name, kind, state, relation, below, number in cursor.fetchall()
        ]
