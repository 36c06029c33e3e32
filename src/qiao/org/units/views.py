"""The public directory of units, and the pages on which the unit above changes them."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.org.units import queries, services
from qiao.org.units.forms import DayForm, FoundForm, MoveForm, RenameForm
from qiao.org.units.models import Unit
from qiao.org.units.rules import kinds_below, takes_in


@page(PUBLIC)
def directory(request: ActorRequest) -> HttpResponse:
    """The top of the tree."""
    root = queries.root_unit()
    return _show(request, root) if root else render(request, "units/none.html")


@page(PUBLIC)
def unit(request: ActorRequest, label: str) -> HttpResponse:
    """One unit: the line above it, what is directly below; with ``?on=`` as it was on that day."""
    return _show(request, _unit(label))


def _show(request: ActorRequest, unit: Unit) -> HttpResponse:
    today = localdate(now())
    asked = DayForm(request.GET) if "on" in request.GET else None
    day: date | None = asked.cleaned_data["on"] if asked and asked.is_valid() else None
    if day is None or day >= today:
        day = None
        above, groups = queries.line_above(unit), queries.children_by_kind(unit)
    else:
        above, groups = queries.line_above_on(unit, day), queries.grouped(queries.children_on(unit, day))
    context = {
        "unit": unit,
        "above": above,
        "groups": groups,
        "day": day,
        "existed": day is None or (unit.founded <= day and (unit.closed is None or unit.closed > day)),
        "day_form": DayForm(initial={"on": day or today}),
        "moves": queries.moves_of(unit),
        "doors": _doors(request, unit) if request.actor.is_officer and day is None else {},
    }
    return render(request, "units/unit.html", context)


def _doors(request: ActorRequest, unit: Unit) -> dict[str, bool]:
    """Which of the officers' pages of this unit are open to the one who looks."""
    actor = request.actor
    is_open = takes_in(unit)
    above = unit.path[:-5]
    return {
        "members": actor.may("member.list", unit.path),
        "officers": actor.may("role.grant", unit.path),
        "found": is_open and bool(kinds_below(unit.kind)) and actor.may("unit.found", unit.path),
        "rename": is_open and actor.may("unit.change", above or unit.path),
        "move": is_open and bool(above) and actor.may("unit.change", above),
    }


@page("unit.found")
def found(request: ActorRequest, label: str) -> HttpResponse:
    """Found a unit below this one."""
    above = _unit(label)
    require(request.actor, "unit.found", above.path)
    form = FoundForm(
        request.POST or None, above=above, initial={"founded": localdate(now()), "label": f"{above.label}-"}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.found_unit(
                actor=request.actor, now=now(), kind=given["kind"], name=given["name"], label=given["label"],
                parent=above, founded=given["founded"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("%(unit)s is founded.") % {"unit": pick(made.name)})
            return redirect("units:unit", made.label)
    return render(request, "units/found.html", {"unit": above, "form": form})


@page("unit.change")
def rename(request: ActorRequest, label: str) -> HttpResponse:
    """Give the unit another name."""
    renamed = _changeable(request, label)
    form = RenameForm(request.POST or None, initial={"name": renamed.name})
    if request.method == "POST" and form.is_valid():
        services.rename_unit(actor=request.actor, now=now(), unit=renamed, name=form.cleaned_data["name"])
        return redirect("units:unit", renamed.label)
    return render(request, "units/rename.html", {"unit": renamed, "form": form})


@page("unit.change")
def move(request: ActorRequest, label: str) -> HttpResponse:
    """Put the unit, with all below it, under another one."""
    moved = _changeable(request, label)
    form = MoveForm(request.POST or None, initial={"since": localdate(now())})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.move_unit(actor=request.actor, now=now(), unit=moved, above=given["above"], since=given["since"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("%(unit)s has moved.") % {"unit": pick(moved.name)})
            return redirect("units:unit", moved.label)
    context = {"unit": moved, "form": form, "below": queries.subtree(moved.path).count() - 1}
    return render(request, "units/move.html", context)


def _unit(label: str) -> Unit:
    try:
        return queries.unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None


def _changeable(request: ActorRequest, label: str) -> Unit:
    """The unit, for those who may change it: officers of the unit above."""
    unit = _unit(label)
    require(request.actor, "unit.change", unit.path[:-5] or unit.path)
    return unit
