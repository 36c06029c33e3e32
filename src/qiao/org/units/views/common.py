"""What the pages of units share."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import Http404

from qiao.base.access import ActorRequest, require
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.org.units import queries
from qiao.org.units.models import Unit


def unit_or_404(label: str) -> Unit:
    """The unit that bears or bore this label."""
    try:
        return queries.unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None


def changeable(request: ActorRequest, label: str) -> Unit:
    """The unit, for those who may change it: officers of the unit above."""
    unit = unit_or_404(label)
    require(request.actor, "unit.change", unit.path[:-5] or unit.path)
    return unit


def attempt(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether a valid form's act went through; its faults stand on the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except (Problem, Problems) as problem:
        form.add_error(None, problem_text(problem))
        return False
    return True
