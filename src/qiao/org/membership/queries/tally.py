"""How many members there are, from the tally the database keeps: a sum over a span of paths, never a count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import F, QuerySet, Sum

from qiao.org.membership.choices import Employment
from qiao.org.membership.models import MemberTally
from qiao.org.units.models import Unit

#: Longest path there is: a subtree is the span of paths from its own to its own filled up with the last sign.
PATH_LENGTH = 120
_ALL = F("direct") + F("agency") + F("platform") + F("freelance")


def _span(path: str) -> QuerySet[MemberTally]:
    return MemberTally.objects.filter(path__gte=path, path__lte=path.ljust(PATH_LENGTH, "z")).order_by()


def member_count(path: str) -> int:
    """How many members the subtree at ``path`` has."""
    return int(_span(path).aggregate(number=Sum(_ALL))["number"] or 0)


def employment_counts(path: str) -> Mapping[Employment, int]:
    """Members of the subtree at ``path`` by kind of employment."""
    found = _span(path).aggregate(**{kind.value: Sum(kind.value) for kind in Employment})
    return {kind: int(found[kind.value] or 0) for kind in Employment}


def member_counts(units: Iterable[Unit]) -> dict[int, int]:
    """Members of each unit with all below it, in one query."""
    paths = {unit.pk: unit.path for unit in units}
    if not paths:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.key, coalesce((SELECT sum(t.direct + t.agency + t.platform + t.freelance)"  # noqa: S608
            f" FROM {MemberTally._meta.db_table} t WHERE t.path >= w.path AND t.path <= rpad(w.path, %s, 'z')), 0)"
            " FROM unnest(%s::bigint[], %s::text[]) AS w(key, path)",
            [PATH_LENGTH, list(paths), list(paths.values())],
        )
        return {int(key): int(number) for key, number in cursor.fetchall()}
