"""Whether a unit can be reached: a named officer with a public channel, and what the last test of it came to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from qiao.base.lookups import among
from qiao.org.mandates.choices import TestOutcome
from qiao.org.mandates.models import TestContact
from qiao.org.mandates.queries.posts import named
from qiao.org.units.models import Unit


@dataclass(frozen=True, slots=True)
class Reach:
    """``named``: an officer of the unit itself with a public channel. ``answered`` None: never tested."""

    named: bool
    tested: date | None = None
    answered: bool | None = None

    @property
    def holds(self) -> bool:
        """Named, and the last test, if there was one, was answered (test (b) of effective coverage)."""
        return self.named and self.answered is not False


def reachable(unit_ids: Collection[int] | QuerySet[Unit, int], on: date) -> dict[int, Reach]:
    """How far each of these units could be reached on a day: two queries. Units without officer and test are no key.

    Give a queryset of ids for many: it becomes a subquery.
    """
    officers = set(named(on).filter(among("unit_id", unit_ids)).order_by().values_list("unit_id", flat=True).distinct())
    tests = last_tests(unit_ids, on)
    return {
        key: Reach(
            named=key in officers,
            tested=tests[key].tested if key in tests else None,
            answered=tests[key].outcome == TestOutcome.ANSWERED if key in tests else None,
        )
        for key in officers | set(tests)
    }


def last_tests(unit_ids: Collection[int] | QuerySet[Unit, int], on: date) -> dict[int, TestContact]:
    """The last test of each unit's channel up to a day."""
    rows = (
        TestContact.objects.filter(among("unit_id", unit_ids), tested__lte=on)
        .order_by("unit_id", "-tested", "-pk")
        .distinct("unit_id")
    )
    return {row.unit_id: row for row in rows}
