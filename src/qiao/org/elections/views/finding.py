"""Objects by their address, or 404."""

from __future__ import annotations

from django.http import Http404

from qiao.org.elections import queries
from qiao.org.elections.models import Election, Motion
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label


def find_unit(label: str) -> Unit:
    """The unit with this label."""
    try:
        return unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None


def find_election(label: str, code: str) -> Election:
    """One election of the unit."""
    try:
        return queries.election_by_code(find_unit(label), code)
    except Election.DoesNotExist:
        raise Http404 from None


def find_petition(label: str, code: str) -> Motion:
    """One petition of the unit."""
    try:
        return queries.petition_by_code(find_unit(label), code)
    except Motion.DoesNotExist:
        raise Http404 from None
