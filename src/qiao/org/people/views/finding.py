"""Who a page is about."""

from __future__ import annotations

from django.http import Http404

from qiao.base.access import Actor, require
from qiao.org.people.models import Person
from qiao.org.people.queries import home_of
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label


def own_person(actor: Actor) -> Person:
    """The person behind the account; raises Http404 for an account that belongs to an office alone."""
    if actor.person_id is None:
        raise Http404
    return Person.objects.get(pk=actor.person_id)


def found_unit(actor: Actor, action: str, label: str) -> Unit:
    """The unit with this label. Raises Http404, or Refused where the action is not the actor's there."""
    try:
        unit = unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None
    require(actor, action, unit.path)
    return unit


def member_of(unit: Unit, number: int) -> Person:
    """A person with standing in the unit or below it; raises Http404 for anybody else."""
    home = home_of(number)
    if home is None or not home.path.startswith(unit.path):
        raise Http404
    return Person.objects.get(pk=number)
