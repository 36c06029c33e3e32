"""The public directory of units."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.org.units import queries
from qiao.org.units.models import Unit


@page(PUBLIC)
def directory(request: ActorRequest) -> HttpResponse:
    """The top of the tree."""
    root = queries.root_unit()
    return _show(request, root) if root else render(request, "units/none.html")


@page(PUBLIC)
def unit(request: ActorRequest, label: str) -> HttpResponse:
    """One unit: the line above it, what is directly below."""
    try:
        return _show(request, queries.unit_by_label(label))
    except Unit.DoesNotExist:
        raise Http404 from None


def _show(request: ActorRequest, unit: Unit) -> HttpResponse:
    context = {"unit": unit, "above": queries.line_above(unit), "groups": queries.children_by_kind(unit)}
    return render(request, "units/unit.html", context)
