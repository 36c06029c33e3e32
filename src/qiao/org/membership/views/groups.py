"""Union groups and their leaders; asking members whether they know that they are members."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.membership import queries, services
from qiao.org.membership.forms import GroupForm, LeaderForm
from qiao.org.membership.views.finding import found_unit
from qiao.org.people.models import Account


@page("member.admit")
def groups(request: ActorRequest, label: str) -> HttpResponse:
    """The groups of a unit, and founding one."""
    unit = found_unit(request.actor, "member.admit", label)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.found_group(actor=request.actor, now=now(), unit=unit, name=form.cleaned_data["name"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("membership:groups", unit.label)
    context = {"unit": unit, "form": form, "groups": queries.groups_of(unit), "leader_form": LeaderForm()}
    return render(request, "membership/groups.html", context)


@page("member.admit")
@require_POST
def change(request: ActorRequest, label: str, key: int) -> HttpResponse:
    """Name the leader of a group, or close it."""
    unit = found_unit(request.actor, "member.admit", label)
    found = queries.group_by_key(key)
    if found is None or found.unit_id != unit.pk:
        raise Http404
    if "close" in request.POST:
        services.close_group(actor=request.actor, now=now(), group_id=key)
        return redirect("membership:groups", unit.label)
    form = LeaderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the address of an account, or nothing."))
        return redirect("membership:groups", unit.label)
    wanted = form.cleaned_data["leader"]
    leader = Account.objects.filter(email__iexact=wanted, is_active=True).first() if wanted else None
    if wanted and leader is None:
        messages.error(request, _("No account signs in with this address."))
    else:
        services.set_leader(actor=request.actor, now=now(), group_id=key, leader=leader)
    return redirect("membership:groups", unit.label)


@page("group.read")
def group(request: ActorRequest, label: str, key: int) -> HttpResponse:
    """The list of one's own group: name and state, nothing more, and every look is logged."""
    unit = found_unit(request.actor, "group.read", label)
    found = queries.group_by_key(key)
    if found is None or found.unit_id != unit.pk:
        raise Http404
    if not request.actor.did(found.leader_id):
        raise Refused("this group has another leader")
    rows = services.look_at_group(actor=request.actor, now=now(), group=found)
    return render(request, "membership/group.html", {"unit": unit, "group": found, "rows": rows})


@page("member.admit")
@require_POST
def ask(request: ActorRequest, label: str) -> HttpResponse:
    """Ask the members of a unit whether they know that they are members."""
    unit = found_unit(request.actor, "member.admit", label)
    number = services.ask_members(actor=request.actor, now=now(), unit=unit)
    text = ngettext("%(number)d member is asked.", "%(number)d members are asked.", number)
    messages.success(request, text % {"number": number})
    return redirect("membership:register", unit.label)
