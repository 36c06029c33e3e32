"""Suspension, expulsion, lapse and death: proposed by one officer, confirmed by another."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.joining.forms import RulingForm
from qiao.org.membership import services
from qiao.org.membership.choices import RulingKind, RulingState
from qiao.org.membership.queries import ruling_by_code, standing_of
from qiao.org.membership.rules import VOTED
from qiao.org.units.models import Unit


@page("standing.rule")
def propose(request: ActorRequest, label: str, number: int) -> HttpResponse:
    """Enter what a body decided, or what a unit notes."""
    unit = _unit(request, label)
    standing = standing_of(number)
    if standing is None or not standing.unit.path.startswith(unit.path):
        raise Http404
    form = RulingForm(request.POST or None, request.FILES or None, state=standing.state)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        kind = RulingKind(given["kind"])
        minutes = given["minutes_hash"]
        if given.get("minutes"):
            # Hashed and forgotten: the minutes stay with the unit.
            minutes = hashlib.sha256(given["minutes"].read()).hexdigest()
        voted = kind in VOTED and None not in (given["favour"], given["against"], given["abstained"])
        try:
            made = services.propose_ruling(
                actor=request.actor, now=now(), membership_id=standing.pk, kind=kind, day=given["day"],
                reason=given["reason"],
                votes=services.Votes(given["favour"], given["against"], given["abstained"]) if voted else None,
                minutes_hash=minutes, last_part=given["last_part"], proof=given["proof"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("applications:ruling", standing.unit.label, made.code)
    return render(request, "joining/propose.html", {"unit": unit, "standing": standing, "form": form})


@page("standing.rule")
def ruling(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """One ruling: read it, confirm it as second person, or take it back."""
    unit = _unit(request, label)
    found = ruling_by_code(code)
    if found is None or found.unit_id != unit.pk:
        raise Http404
    if request.method == "POST":
        try:
            if "confirm" in request.POST:
                services.confirm_ruling(actor=request.actor, now=now(), code=code)
                messages.success(request, _("Confirmed. It is in force, and the member is told."))
            elif "withdraw" in request.POST:
                services.withdraw_ruling(actor=request.actor, now=now(), code=code)
                messages.success(request, _("Taken back. Nothing has changed."))
        except Problem as problem:
            messages.error(request, problem_text(problem))
        return redirect("applications:ruling", unit.label, code)
    waits = found.state == RulingState.PROPOSED
    own = request.actor.did(found.proposed_by_id)
    context = {"unit": unit, "ruling": found, "waits": waits, "may_confirm": waits and not own,
               "voted": found.kind in VOTED}  # fmt: skip
    return render(request, "joining/ruling.html", context)


def _unit(request: ActorRequest, label: str) -> Unit:
    found = Unit.objects.filter(label=label).order_by("pk").first()
    if found is None:
        raise Http404
    require(request.actor, "standing.rule", found.path)
    return found
