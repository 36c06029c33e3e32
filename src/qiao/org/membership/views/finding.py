"""Finding the unit a page is about, and asking at once whether it is the officer's."""

from __future__ import annotations

from django.http import Http404

from qiao.base.access import Actor, require
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label


def found_unit(actor: Actor, action: str, label: str) -> Unit:
    """The unit with this label. Raises Http404, or Refused where the action is not the actor's there."""
    try:
        unit = unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None
    require(actor, action, unit.path)
    return unit
