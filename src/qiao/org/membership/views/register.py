"""The register: looking, admitting, leaving, going over."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.membership import queries, services
from qiao.org.membership.choices import Confirmation, Standing
from qiao.org.membership.forms import LeaveForm, SearchForm, TransferForm
from qiao.org.membership.models import Membership
from qiao.org.membership.views.finding import found_unit


@page("member.list")
def register(request: ActorRequest, label: str) -> HttpResponse:
    """The members of a unit with all below it."""
    unit = found_unit(request.actor, "member.list", label)
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    text, employment = wanted.get("q", ""), wanted.get("employment", "")
    retained = wanted.get("standing", "") == "retained"
    shown = services.look_at_register(
        actor=request.actor, now=now(), unit=unit, text=text, employment=employment, retained=retained,
        after=request.GET.get("after", ""),
    )  # fmt: skip
    query = {"q": text, "employment": employment, "standing": wanted.get("standing", ""), "after": shown.following}
    context = {
        "unit": unit,
        "form": form,
        "page": shown,
        "total": None if text or employment or retained else queries.member_count(unit.path),
        "filtered": bool(text or employment or retained),
        "further": urlencode({key: value for key, value in query.items() if value}) if shown.following else "",
        "arriving": queries.arriving_count(unit.path) if request.actor.may("member.admit", unit.path) else 0,
        "may_admit": request.actor.may("member.admit", unit.path),
        "may_export": request.actor.may("member.export", unit.path),
    }
    return render(request, "membership/register.html", context)


@page("member.admit")
def admit(request: ActorRequest, label: str) -> HttpResponse:
    """Nobody is made a member: an officer enters an application, the worker confirms it, another officer decides."""
    unit = found_unit(request.actor, "member.admit", label)
    return redirect("applications:assist", unit.label)


@page("member.list")
def member(request: ActorRequest, label: str, number: int) -> HttpResponse:
    """One member's standing."""
    unit = found_unit(request.actor, "member.list", label)
    file = services.look_at_member(actor=request.actor, now=now(), number=number)
    if file is None or (file.at_home and not file.standing.unit.path.startswith(unit.path)):
        raise Http404
    standing = file.standing
    state = Standing(standing.state)
    line = [Standing.ACTIVE, Standing.TRANSFERRING]
    steps = (
        [(kind.label, line.index(kind) < line.index(state), kind == state) for kind in line] if state in line else []
    )
    admits = request.actor.may("member.admit", standing.unit.path)
    if request.method == "POST" and admits:
        group = request.POST.get("group", "")
        try:
            services.assign_group(
                actor=request.actor, now=now(), membership_id=standing.pk,
                group_id=int(group) if group.isdecimal() else None,
            )  # fmt: skip
        except Problem as problem:
            messages.error(request, problem_text(problem))
        return redirect("membership:member", unit.label, number)
    context = {
        "unit": unit,
        "may_look": file.at_home and request.actor.may("contact.look", standing.unit.path),
        "file": file,
        "steps": steps or [(state.label, False, True)],
        "may_admit": admits,
        "may_rule": request.actor.may("standing.rule", standing.unit.path),
        "groups": queries.groups_of(standing.unit) if admits else [],
        "rulings": queries.former_rulings(number) if request.actor.may("standing.rule", standing.unit.path) else [],
    }
    return render(request, "membership/member.html", context)


@page("member.admit")
def leave(request: ActorRequest, label: str, number: int) -> HttpResponse:
    """Enter that a member has left."""
    unit = found_unit(request.actor, "member.admit", label)
    standing = _standing(unit.path, number)
    form = LeaveForm(request.POST or None, initial={"day": localdate(now())})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_membership(
                actor=request.actor, now=now(), membership_id=standing.pk, day=form.cleaned_data["day"],
                how=Confirmation(form.cleaned_data["how"]),
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Entered: %(name)s has left.") % {"name": standing.person.name})
            return redirect("membership:register", unit.label)
    return render(request, "membership/leave.html", {"unit": unit, "form": form, "standing": standing})


@page("member.admit")
def transfer(request: ActorRequest, label: str, number: int) -> HttpResponse:
    """Enter a worker's wish to go over to another unit."""
    unit = found_unit(request.actor, "member.admit", label)
    standing = _standing(unit.path, number)
    form = TransferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.start_transfer(
                actor=request.actor, now=now(), membership_id=standing.pk, to=form.cleaned_data["unit"],
                how=Confirmation(form.cleaned_data["how"]),
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("membership:member", unit.label, number)
    return render(request, "membership/transfer.html", {"unit": unit, "form": form, "standing": standing})


@page("member.admit")
@require_POST
def stay(request: ActorRequest, label: str, number: int) -> HttpResponse:
    """Take the wish to go over back."""
    unit = found_unit(request.actor, "member.admit", label)
    standing = _standing(unit.path, number)
    services.withdraw_transfer(actor=request.actor, now=now(), membership_id=standing.pk)
    return redirect("membership:member", unit.label, number)


@page("member.admit")
def arrivals(request: ActorRequest, label: str) -> HttpResponse:
    """Members who wish to come to a unit here, and receiving them."""
    unit = found_unit(request.actor, "member.admit", label)
    if request.method == "POST" and request.POST.get("standing", "").isdecimal():
        waiting = {standing.pk for standing in queries.arriving(unit.path, request.actor)}
        key = int(request.POST["standing"])
        if key in waiting:
            try:
                here = services.accept_transfer(actor=request.actor, now=now(), membership_id=key)
            except Problem as problem:
                messages.error(request, problem_text(problem))
            else:
                messages.success(request, _("%(name)s is received.") % {"name": here.person.name})
        return redirect("membership:arrivals", unit.label)
    context = {"unit": unit, "arriving": queries.arriving(unit.path, request.actor)}
    return render(request, "membership/arrivals.html", context)


def _standing(path: str, number: int) -> Membership:
    found = queries.standing_of(number)
    if found is None or not found.unit.path.startswith(path):
        raise Http404
    return found
