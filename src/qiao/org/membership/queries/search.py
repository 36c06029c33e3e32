"""Searching the register by how a name begins, at any size: along the names, or through a small subtree."""

from __future__ import annotations

from django.db import connection

from qiao.org.membership.choices import HOLDING, Employment
from qiao.org.membership.models import Membership
from qiao.org.membership.models.tally import MemberTally
from qiao.org.membership.queries.tally import PATH_LENGTH
from qiao.org.people.models import Person
from qiao.org.units.models import Unit

#: A subtree with no more members is looked through; in a larger one hits are dense enough to walk along the names.
_SMALL = 20_000
#: Of a subtree with no more units the keys are gathered first; in a larger one each hit's unit is looked up instead.
_FEW_UNITS = 8_192
_MEMBER, _PERSON, _UNIT, _TALLY = (model._meta.db_table for model in (Membership, Person, Unit, MemberTally))
_HERE = "u.path >= %(path)s AND u.path <= %(end)s"
_HOLDS = "m.until IS NULL AND m.state = ANY(%(states)s)"
# The operators of the index on names, which hold whatever the collation of the database.
_BEGINS = "p.name ~>=~ %(low)s AND p.name ~<~ %(high)s"
_AFTER = "AND (p.name ~>~ %(name)s OR (p.name = %(name)s AND p.id > %(after)s))"

_THROUGH_SUBTREE = f"""
    WITH here AS MATERIALIZED (
        SELECT m.person_id, m.employment FROM {_UNIT} u JOIN {_MEMBER} m ON m.unit_id = u.id
        WHERE {_HERE} AND {_HOLDS}
    )
    SELECT p.id FROM here JOIN {_PERSON} p ON p.id = here.person_id
    WHERE {_BEGINS} {{after}} {{employment}} ORDER BY p.name USING ~<~, p.id LIMIT %(limit)s
"""  # noqa: S608
# Names with the keys of their persons, and their standings with unit and state, are read from the indexes alone:
# nothing else may be selected here.
_ALONG_NAMES = f"""
    SELECT p.id FROM {_PERSON} p CROSS JOIN LATERAL (
        SELECT m.employment FROM {_MEMBER} m
        WHERE m.person_id = p.id AND {_HOLDS} AND {{inside}} OFFSET 0
    ) here
    WHERE {_BEGINS} {{after}} {{employment}} ORDER BY p.name USING ~<~, p.id LIMIT %(limit)s
"""  # noqa: S608
# Given as values: the database guesses the number of units below a path badly and would walk them all for each name.
# Of the column's very type: only then they are looked up by hash; else each name is compared with all of them.
_AMONG_FEW = "m.unit_id = ANY(%(units)s::bigint[])"
_EACH_ALONE = f"EXISTS (SELECT 1 FROM {_UNIT} u WHERE u.id = m.unit_id AND {_HERE} OFFSET 0)"  # noqa: S608


def found_by_name(path: str, begins: str, *, employment: str = "", after: int = 0, limit: int) -> list[Membership]:
    """Members of the subtree whose name begins so, by name and number, from the one after person ``after`` on."""
    last = Person.objects.filter(pk=after).order_by("pk").values_list("name", flat=True).first() if after else None
    members, units = _extent(path)
    few, through = units < _FEW_UNITS, members <= _SMALL and units < _FEW_UNITS
    statement = (_THROUGH_SUBTREE if through else _ALONG_NAMES).format(
        inside=_AMONG_FEW if few else _EACH_ALONE,
        after=_AFTER if last is not None else "",
        employment="AND here.employment = %(employment)s" if employment in Employment.values else "",
    )
    given = {
        "path": path, "end": path.ljust(PATH_LENGTH, "z"), "states": [state.value for state in HOLDING],
        "low": begins if last is None else max(begins, last), "high": _next(begins), "name": last, "after": after,
        "employment": employment, "limit": limit, "units": _with_members(path) if few and not through else [],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        keys = [key for (key,) in cursor.fetchall()]
    standings = Membership.objects.filter(person_id__in=keys, until__isnull=True).order_by("pk")
    found = {standing.person_id: standing for standing in standings.select_related("person", "unit", "bound_for")}
    return [found[key] for key in keys]


def _extent(path: str) -> tuple[int, int]:
    """Members and units of the subtree as far as they need be counted to choose a way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(t.direct + t.agency + t.platform + t.freelance), 0), count(*) FROM (SELECT * FROM"  # noqa: S608
            f" {_TALLY} WHERE path >= %s AND path <= %s ORDER BY path LIMIT %s) t",
            [path, path.ljust(PATH_LENGTH, "z"), _FEW_UNITS],
        )
        members, units = cursor.fetchone()
    return int(members), int(units)


def _with_members(path: str) -> list[int]:
    """The units of the subtree that have members."""
    below = MemberTally.objects.filter(path__gte=path, path__lte=path.ljust(PATH_LENGTH, "z"))
    return list(below.order_by("path").values_list("unit_id", flat=True))


def _next(text: str) -> str:
    """The first text after all that begin with this one, sign by sign."""
    last = ord(text[-1]) + 1
    # The range of surrogates is no text.
    return text[:-1] + chr(0xE000 if 0xD800 <= last < 0xE000 else min(last, 0x10FFFF))
