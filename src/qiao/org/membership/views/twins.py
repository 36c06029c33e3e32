"""Pairs that may be one person, and persons who wait after an import."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.org.membership import queries, services
from qiao.org.membership.choices import TwinState
from qiao.org.membership.views.finding import found_unit


@page("member.admit")
def twins(request: ActorRequest, label: str) -> HttpResponse:
    """Pairs that wait for a decision."""
    unit = found_unit(request.actor, "member.admit", label)
    if request.method == "POST":
        number = services.search_twins(actor=request.actor, now=now(), unit=unit)
        messages.success(request, ngettext("%(n)d new pair found.", "%(n)d new pairs found.", number) % {"n": number})
        return redirect("membership:twins", unit.label)
    found = list(queries.twins_at(unit.path)[:100])
    for twin in found:
        units = [one for one in (twin.left_unit, twin.right_unit) if one is not None]
        twin.units = list(dict.fromkeys(pick(one.name) for one in units))  # type: ignore[attr-defined]
        twin.names = queries.seen_name(twin, request.actor)  # type: ignore[attr-defined]
    return render(request, "membership/twins.html", {"unit": unit, "twins": found})


@page("member.admit")
def twin(request: ActorRequest, label: str, key: int) -> HttpResponse:
    """Two records side by side."""
    unit = found_unit(request.actor, "member.admit", label)
    found = queries.twins_at(unit.path, tuple(TwinState.values)).filter(pk=key).first()
    if found is None:
        raise Http404
    to = request.POST.get("to", "")
    if request.method == "POST":
        try:
            if to == "undo":
                services.undo_merge(actor=request.actor, now=now(), twin_id=key)
            elif to in ("same", "different"):
                keep = "right" if request.POST.get("keep") == "right" else "left"
                services.decide_twin(actor=request.actor, now=now(), twin_id=key, same=to == "same", keep=keep)
        except Problem as problem:
            messages.error(request, problem_text(problem))
        return redirect("membership:twin", unit.label, key)
    pair = queries.pair_of(found, request.actor, now())
    return render(request, "membership/twin.html", {"unit": unit, "pair": pair})


@page("member.admit")
def held(request: ActorRequest, label: str) -> HttpResponse:
    """Persons who wait for consent, an employer, or the answer who they are."""
    unit = found_unit(request.actor, "member.admit", label)
    if request.method == "POST" and request.POST.get("hold", "").isdecimal():
        key, to = int(request.POST["hold"]), request.POST.get("to", "")
        if not queries.holds_at(unit.path).filter(pk=key).exists():
            return redirect("membership:held", unit.label)
        try:
            if to == "consent":
                day = parse_date(request.POST.get("day", ""))
                if day is None:
                    raise Problem("Say on which day they consented.")
                services.admit_held(actor=request.actor, now=now(), hold_id=key, day=day)
            elif to == "employer":
                services.place_held(
                    actor=request.actor, now=now(), hold_id=key, reg_code=request.POST.get("employer", "")
                )
            elif to == "erase":
                services.erase_held(actor=request.actor, now=now(), hold_id=key)
        except (Problem, ValueError) as problem:
            messages.error(request, problem_text(problem) if isinstance(problem, Problem) else _("This is no day."))
        return redirect("membership:held", unit.label)
    return render(request, "membership/held.html", {"unit": unit, "holds": queries.holds_at(unit.path)[:100]})
