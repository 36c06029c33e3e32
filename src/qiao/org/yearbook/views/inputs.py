"""Inputs of need-based allocation: entered, contested, decided; the sheet of a level."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import SIGNED_IN, ActorRequest, Refused, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.units.models import Unit
from qiao.org.yearbook import queries, services
from qiao.org.yearbook.choices import InputKind
from qiao.org.yearbook.exports import sheet_lines
from qiao.org.yearbook.forms import ContestForm, DecideForm, InputForm
from qiao.org.yearbook.models import AllocationInput
from qiao.org.yearbook.views.table import find_unit


@page(SIGNED_IN)
def inputs(request: ActorRequest, label: str) -> HttpResponse:
    """What is entered for a unit, for its own officers and those above."""
    unit = find_unit(label)
    may_enter = request.actor.may("allocation.enter", _above(unit))
    may_contest = request.actor.may("allocation.contest", unit.path)
    if not (may_enter or may_contest):
        raise Refused("allocation.contest")
    context = {
        "unit": unit,
        "inputs": queries.inputs_of(unit),
        "may_enter": may_enter,
        "may_contest": may_contest,
        "account_id": request.actor.account_id,
        "levels": _levels(unit),
    }
    return render(request, "yearbook/inputs.html", context)


@page("allocation.enter")
def enter(request: ActorRequest, label: str) -> HttpResponse:
    """Enter a number for a unit."""
    unit = find_unit(label)
    require(request.actor, "allocation.enter", _above(unit))
    form = InputForm(request.POST or None, initial={"day": localdate(now())})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.enter_input(
                actor=request.actor, now=now(), unit=unit, kind=InputKind(given["kind"]), value=given["value"],
                day=given["day"], source=given["source"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The number is entered; the unit may contest it."))
            return redirect("yearbook:inputs", label)
    return render(request, "yearbook/enter.html", {"unit": unit, "form": form})


@page("allocation.contest")
def contest(request: ActorRequest, label: str, key: int) -> HttpResponse:
    """Contest a number of one's own unit."""
    unit, held = _held(label, key)
    require(request.actor, "allocation.contest", unit.path)
    form = ContestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.contest_input(actor=request.actor, now=now(), input_id=held.pk, ground=form.cleaned_data["ground"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(
                request, _("The objection is with the unit above; somebody else than who entered it decides.")
            )
            return redirect("yearbook:inputs", label)
    return render(request, "yearbook/contest.html", {"unit": unit, "input": held, "form": form})


@page("allocation.enter")
def decide(request: ActorRequest, label: str, key: int) -> HttpResponse:
    """Decide on an objection."""
    unit, held = _held(label, key)
    require(request.actor, "allocation.enter", _above(unit))
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.decide_contest(
                actor=request.actor, now=now(), input_id=held.pk, upheld=given["upheld"], answer=given["answer"],
                value=given["value"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The objection is decided."))
            return redirect("yearbook:inputs", label)
    return render(request, "yearbook/decide.html", {"unit": unit, "input": held, "form": form})


@page("allocation.contest")
def sheet(request: ActorRequest, label: str, level: str) -> HttpResponse:
    """The inputs of all units of a level below a unit."""
    unit = _sheet_unit(request, label, level)
    context = {"unit": unit, "sheet": queries.sheet_of(unit, level), "levels": _levels(unit)}
    return render(request, "yearbook/sheet.html", context)


@page("allocation.contest")
def sheet_text(request: ActorRequest, label: str, level: str) -> HttpResponse:
    """The same as CSV, with every unit and its missing inputs marked."""
    unit = _sheet_unit(request, label, level)
    content = "\ufeff" + "".join(sheet_lines(queries.sheet_of(unit, level, limit=None)))
    response = HttpResponse(content.encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="inputs-{unit.label}-{level}.csv"'
    return response


def _sheet_unit(request: ActorRequest, label: str, level: str) -> Unit:
    unit = find_unit(label)
    require(request.actor, "allocation.contest", unit.path)
    if level not in queries.LEVELS:
        raise Http404
    return unit


def _levels(unit: Unit) -> list[tuple[str, str]]:
    """Levels there are below a unit of this kind."""
    names = {"district": _("Districts and sectors"), "hub": _("Hub unions"), "base": _("Base unions")}
    order = list(names)
    first = {"federation": 0, "district": 1, "sector": 1, "hub_unit": 2}.get(unit.kind, 3)
    return [(key, names[key]) for key in order[first:]]


def _above(unit: Unit) -> str:
    return unit.path[:-5] or unit.path


def _held(label: str, key: int) -> tuple[Unit, AllocationInput]:
    unit = find_unit(label)
    try:
        return unit, queries.input_by_id(unit, key)
    except AllocationInput.DoesNotExist:
        raise Http404 from None
