"""Petitions of members."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import MEMBER, PUBLIC, ActorRequest, page, require, require_member
from qiao.base.clock import now
from qiao.base.counts import count_text, is_small
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.elections import queries, services
from qiao.org.elections.choices import PetitionKind, PetitionState
from qiao.org.elections.forms import MeetingForm, MeetingResultForm, PetitionForm, file_hash
from qiao.org.elections.models import Motion
from qiao.org.elections.views.finding import find_petition, find_unit
from qiao.org.membership.queries import member_count


@page(MEMBER)
def petition_start(request: ActorRequest, label: str) -> HttpResponse:
    """Begin a petition."""
    unit = find_unit(label)
    require_member(request.actor, unit.path)
    form = PetitionForm(request.POST or None, mandates=queries.recallable_mandates(unit))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, receipt = services.start_petition(
                actor=request.actor, now=now(), unit=unit, kind=PetitionKind(given["kind"]),
                subject=given["subject"], mandate_id=given["mandate_id"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(
                request,
                _("The petition is open, and you have signed it. Your receipt: %(number)s")
                % {"number": receipt.number},
            )
            return redirect("elections:petition", label, made.code)
    return render(request, "elections/petition_start.html", {"unit": unit, "form": form})


@page(PUBLIC)
def petition(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """A petition: how many have signed of how many needed, and what became of it."""
    found = find_petition(label, code)
    if request.method == "POST":
        return _act(request, found)
    path = found.unit.path
    is_member = any(own.startswith(path) for own in request.actor.member_paths)
    may_run, may_decide = (
        request.actor.may("election.run", path), request.actor.may("election.confirm", path[:-5] or path),
    )  # fmt: skip
    inside = is_member or may_run or may_decide
    context = {
        "unit": found.unit,
        "petition": found,
        "signed": queries.signatures_text(found, inside=inside),
        "members": count_text(found.members, inside=inside),
        # How many are needed is a share of all members: of few it would tell how many there are.
        "needed": found.needed if inside or not is_small(found.members) else "–",
        "sees_votes": inside or not is_small(min(found.members, found.all_members or found.members)),
        "sees_all": inside,
        "has_signed": is_member and queries.has_signed(found, request.actor),
        "may_sign": is_member
        and found.state in (PetitionState.COLLECTING, PetitionState.REACHED)
        and found.closes >= localdate(now()),
        "may_run": may_run,
        "may_decide": may_decide,
    }
    return render(request, "elections/petition.html", context)


def _act(request: ActorRequest, found: Motion) -> HttpResponse:
    """Sign, or confirm the result of the meeting."""
    try:
        if request.POST.get("step") == "sign":
            receipt = services.sign_petition(actor=request.actor, now=now(), code=found.code)
            messages.success(request, _("You have signed. Your receipt: %(number)s") % {"number": receipt.number})
        elif request.POST.get("step") == "confirm":
            services.confirm_meeting(actor=request.actor, now=now(), code=found.code)
            messages.success(request, _("The result is confirmed."))
    except Problem as problem:
        messages.error(request, problem_text(problem))
    return redirect("elections:petition", found.unit.label, found.code)


@page("election.run")
def petition_call(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Call the meeting the members asked for."""
    found = find_petition(label, code)
    require(request.actor, "election.run", found.unit.path)
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.call_meeting(actor=request.actor, now=now(), code=code, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The meeting is called."))
            return redirect("elections:petition", label, code)
    return render(request, "elections/petition_call.html", {"unit": found.unit, "petition": found, "form": form})


@page("election.run")
def petition_result(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Record what the meeting decided."""
    found = find_petition(label, code)
    require(request.actor, "election.run", found.unit.path)
    form = MeetingResultForm(
        request.POST or None,
        request.FILES or None,
        initial={"all_members": member_count(found.unit.path), "held_on": found.meeting_on},
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        digest, _name = file_hash(given.pop("minutes"))
        try:
            services.hold_meeting(actor=request.actor, now=now(), code=code, minutes_sha256=digest, **given)
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The result is recorded; the unit above confirms it."))
            return redirect("elections:petition", label, code)
    return render(request, "elections/petition_result.html", {"unit": found.unit, "petition": found, "form": form})
