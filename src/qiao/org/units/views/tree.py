"""The public tree: the top, one unit, a page of what stands below, search; today or on a day, on either axis."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.days import require_plausible
from qiao.base.problems import Problem
from qiao.org.units import queries
from qiao.org.units.choices import UNBORN, Axis, UnitKind
from qiao.org.units.forms import DayForm, FindForm
from qiao.org.units.models import Unit
from qiao.org.units.queries.find import MOST_FOUND
from qiao.org.units.rules import takes_in
from qiao.org.units.views.common import unit_or_404
from qiao.org.units.views.founding import show_founding


@page(PUBLIC)
def directory(request: ActorRequest) -> HttpResponse:
    """The top of the tree; on the sector axis the sector and industry unions."""
    root = queries.root_unit()
    if root is None:
        return render(request, "units/none.html")
    day, axis = asked_day(request)
    if axis == Axis.SECTOR:
        groups = queries.sector_tops(day or localdate(now()))
        context = {"groups": groups, "root": root, **_day_context(day, axis), "find_form": FindForm()}
        return render(request, "units/sectors.html", context)
    return _show(request, root)


@page(PUBLIC)
def unit(request: ActorRequest, label: str) -> HttpResponse:
    """One unit: the line above it, what is directly below; with ``?on=`` as it was on that day."""
    found = unit_or_404(label)
    if not queries.may_see(request.actor, found):
        raise Http404
    if found.label != label:
        query = request.META.get("QUERY_STRING", "")
        response = redirect("units:unit", found.label)
        if query:
            response["Location"] += f"?{query}"
        return response
    if found.state in UNBORN:
        return show_founding(request, found)
    return _show(request, found)


def asked_day(request: ActorRequest) -> tuple[date | None, Axis]:
    """The day and axis asked for; None for today, for a day to come, and for what is no day."""
    form = DayForm(request.GET)
    form.is_valid()
    day: date | None = form.cleaned_data.get("on")
    axis = Axis(form.cleaned_data.get("axis") or Axis.PLACE)
    if day is not None and day >= localdate(now()):
        day = None
    if day is not None:
        try:
            require_plausible(day.replace(year=max(day.year, 2000)))
        except (Problem, ValueError):
            day = None
    return day, axis


def _day_context(day: date | None, axis: Axis) -> dict[str, object]:
    """What every page of the tree needs of the day and the axis: the form, and the query its links carry."""
    parts = [*([f"on={day.isoformat()}"] if day else []), *(["axis=sector"] if axis == Axis.SECTOR else [])]
    return {
        "day": day,
        "axis": axis.value,
        "query": "?" + "&".join(parts) if parts else "",
        "on_query": f"?on={day.isoformat()}" if day else "",
        "day_form": DayForm(initial={"on": day or localdate(now()), "axis": axis.value}),
    }


def _show(request: ActorRequest, unit: Unit) -> HttpResponse:
    today = localdate(now())
    day, axis = asked_day(request)
    at = day or today
    founding, closing = queries.founding_of(unit), queries.closing_of(unit)
    context = {
        "unit": unit,
        "called": queries.name_on(unit, at),
        "above": queries.line_above_on(unit, at),
        "groups": queries.groups_below(unit, at, axis=axis),
        "sector_links": queries.sector_links_of(unit, at),
        "existed": unit.founded <= at and (unit.closed is None or unit.closed > at),
        "moves": queries.moves_of(unit),
        "names": queries.names_of(unit),
        "steps": queries.state_steps(unit, founding),
        "history": queries.steps_of(unit),
        "next": queries.next_act(unit, founding, closing, now()),
        "closing": closing,
        "open": takes_in(unit),
        "doors": _doors(request, unit) if request.actor.is_officer and day is None else {},
        **_day_context(day, axis),
    }
    return render(request, "units/unit.html", context)


def _doors(request: ActorRequest, unit: Unit) -> dict[str, bool]:
    """Which of the officers' pages of this unit are open to the one who looks."""
    actor = request.actor
    return {"members": actor.may("member.list", unit.path), "officers": actor.may("role.grant", unit.path)}


@page(PUBLIC)
def below(request: ActorRequest, label: str, kind: str) -> HttpResponse:
    """All units of one kind directly below another, page by page."""
    above = unit_or_404(label)
    if kind not in UnitKind.values or not queries.may_see(request.actor, above):
        raise Http404
    day, axis = asked_day(request)
    number = _page_number(request)
    group = queries.page_below(above, day or localdate(now()), UnitKind(kind), page=number, axis=axis)
    if number > 1 and not group.units:
        raise Http404
    context = {
        "unit": above,
        "group": group,
        "page": number,
        "before": number - 1,
        "after": number + 1 if number * queries.PAGE < group.number else 0,
        **_day_context(day, axis),
    }
    return render(request, "units/below.html", context)


@page(PUBLIC)
def find(request: ActorRequest) -> HttpResponse:
    """Units by name, label, place and kind."""
    form = FindForm(request.GET or None)
    rows: list[queries.Found] = []
    more, number = False, _page_number(request)
    asked = form.is_bound and form.is_valid() and bool(form.cleaned_data["q"] or form.cleaned_data["kind"])
    if asked:
        kind = form.cleaned_data["kind"]
        rows, more = queries.find_units(form.cleaned_data["q"], kind=UnitKind(kind) if kind else None, page=number)
    context = {
        "form": form,
        "rows": rows,
        "asked": asked,
        "short": asked and 0 < len(form.cleaned_data["q"]) < 2,
        "before": number - 1,
        "after": number + 1 if more else 0,
        "capped": MOST_FOUND if number * len(rows) == MOST_FOUND else 0,
    }
    return render(request, "units/find.html", context)


def _page_number(request: ActorRequest) -> int:
    given = request.GET.get("page", "1")
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 6 and int(given) else 1
