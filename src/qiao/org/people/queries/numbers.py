"""Reading changes of lost numbers."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from qiao.base.access import Actor
from qiao.org.people.choices import NumberState
from qiao.org.people.models import NumberChange
from qiao.org.people.queries.homes import Home, homes_of

#: After a stop, the unit above confirms for so long.
STOP_COUNTS = timedelta(days=365)
_STEP = 5


def number_change(code: str) -> NumberChange:
    """The change with this code; raises NumberChange.DoesNotExist."""
    return NumberChange.objects.select_related("person", "asked_by", "decided_by").get(code=code)


def open_change(person_id: int) -> NumberChange | None:
    """The change of a person's number that is under way."""
    return NumberChange.objects.filter(person_id=person_id, ended__isnull=True).first()


def confirming_path(change: NumberChange) -> str:
    """The unit whose officer confirms: the member's own, or the one above after a stop within a year before."""
    stopped = NumberChange.objects.filter(
        person_id=change.person_id, state=NumberState.STOPPED, ended__gt=change.asked - STOP_COUNTS
    ).exists()
    return change.unit_path[:-_STEP] or change.unit_path if stopped else change.unit_path


def to_confirm(actor: Actor) -> list[NumberChange]:
    """What waits for this officer as the second person, oldest first."""
    condition = Q(pk__in=[])
    for path in actor.paths("person.keep"):
        condition |= Q(unit_path__startswith=path)
    rows = NumberChange.objects.filter(condition, state=NumberState.SHOWN).exclude(actor.tied_to("unit_path"))
    found = rows.select_related("person").order_by("asked", "pk")[:50]
    return [
        row
        for row in found
        if not actor.did(row.asked_by_id)
        and not actor.concerns(row.person_id)
        and actor.may("person.keep", confirming_path(row))
    ]


def with_homes(rows: list[NumberChange]) -> list[tuple[NumberChange, Home]]:
    """Each change with the unit of its member; whoever has left in between is left out."""
    homes = homes_of([row.person_id for row in rows])
    return [(row, homes[row.person_id]) for row in rows if row.person_id in homes]


def change_by_link(print_of_secret: bytes) -> NumberChange | None:
    """The change the link in a warning stops; None where it holds no more."""
    return NumberChange.objects.select_related("person").filter(stop_hash=print_of_secret, ended__isnull=True).first()


def steps_of(change: NumberChange) -> list[tuple[str, bool, bool]]:
    """The steps of a change for the page: label, done, current."""
    order = [NumberState.ASKED, NumberState.SHOWN, NumberState.CONFIRMED, NumberState.SET]
    state = NumberState(change.state)
    if state not in order:
        order = [NumberState.ASKED, state]
    at = order.index(state)
    return [(str(step.label), place < at, place == at) for place, step in enumerate(order)]
