"""Searching the register by how a name begins, at any size: along the names, or through a small subtree."""

from __future__ import annotations

from django.db import connection

from qiao.org.membership.choices import HOLDING, Employment
from qiao.org.membership.models import Membership
from qiao.org.membership.queries.tally import PATH_LENGTH, member_count
from qiao.org.people.models import Person
from qiao.org.units.models import Unit

#: A subtree with no more members is looked through; in a larger one hits are dense enough to walk along the names.
_SMALL = 20_000
_MEMBER, _PERSON, _UNIT = (model._meta.db_table for model in (Membership, Person, Unit))
_HERE = "u.path >= %(path)s AND u.path <= %(end)s"
_HOLDS = "m.until IS NULL AND m.state = ANY(%(states)s)"
# The operators of the index on names, which hold whatever the collation of the database.
_BEGINS = "p.name ~>=~ %(low)s AND p.name ~<~ %(high)s"
_AFTER = "AND (p.name ~>~ %(name)s OR (p.name = %(name)s AND p.id > %(after)s))"

_THROUGH_SUBTREE = f"""
    WITH here AS MATERIALIZED (
        SELECT m.id, m.person_id, m.employment FROM {_UNIT} u JOIN {_MEMBER} m ON m.unit_id = u.id
        WHERE {_HERE} AND {_HOLDS}
    )
    SELECT here.id FROM here JOIN {_PERSON} p ON p.id = here.person_id
    WHERE {_BEGINS} {{after}} {{employment}} ORDER BY p.name USING ~<~, p.id LIMIT %(limit)s
"""  # noqa: S608
_ALONG_NAMES = f"""
    SELECT here.id FROM {_PERSON} p CROSS JOIN LATERAL (
        SELECT m.id, m.employment FROM {_MEMBER} m JOIN {_UNIT} u ON u.id = m.unit_id
        WHERE m.person_id = p.id AND {_HOLDS} AND {_HERE} OFFSET 0
    ) here
    WHERE {_BEGINS} {{after}} {{employment}} ORDER BY p.name USING ~<~, p.id LIMIT %(limit)s
"""  # noqa: S608


def found_by_name(path: str, begins: str, *, employment: str = "", after: int = 0, limit: int) -> list[Membership]:
    """Members of the subtree whose name begins so, by name and number, from the one after person ``after`` on."""
    last = Person.objects.filter(pk=after).order_by("pk").values_list("name", flat=True).first() if after else None
    statement = _THROUGH_SUBTREE if member_count(path) <= _SMALL else _ALONG_NAMES
    statement = statement.format(
        after=_AFTER if last is not None else "",
        employment="AND here.employment = %(employment)s" if employment in Employment.values else "",
    )
    given = {
        "path": path, "end": path.ljust(PATH_LENGTH, "z"), "states": [state.value for state in HOLDING],
        "low": begins if last is None else max(begins, last), "high": _next(begins), "name": last, "after": after,
        "employment": employment, "limit": limit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        keys = [key for (key,) in cursor.fetchall()]
    found = Membership.objects.select_related("person", "unit", "bound_for").in_bulk(keys)
    return [found[key] for key in keys]


def _next(text: str) -> str:
    """The first text after all that begin with this one, sign by sign."""
    last = ord(text[-1]) + 1
    # The range of surrogates is no text.
    return text[:-1] + chr(0xE000 if 0xD800 <= last < 0xE000 else min(last, 0x10FFFF))
