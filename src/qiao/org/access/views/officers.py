"""Who holds which role in a unit: granting and ending."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.access import queries, services
from qiao.org.access.choices import Role
from qiao.org.access.forms import GrantForm
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label


@page("role.grant", fresh=True)
def officers(request: ActorRequest, label: str) -> HttpResponse:
    """The unit's grants, and a new one."""
    unit = _unit(request, label)
    form = GrantForm(request.POST or None, initial={"since": localdate(now())})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            grant = services.grant_to_address(
                actor=request.actor, now=now(), email=given["email"], display_name=given["display_name"],
                role=Role(given["role"]), unit=unit, since=given["since"], until=given["until"],
                own=given["own"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(
                request,
                _("%(name)s: %(role)s.") % {"name": grant.account.display_name, "role": grant.get_role_display()},
            )
            for warning in queries.second_accounts(grant.account):
                messages.warning(request, warning)
            return redirect("officers:officers", unit.label)
    today = localdate(now())
    grants = queries.grants_of(unit)
    context = {
        "unit": unit,
        "form": form,
        "held": [grant for grant in grants if grant.until is None or grant.until > today],
        "ended": [grant for grant in grants if grant.until is not None and grant.until <= today],
        "above": queries.grants_above(unit),
        "tied": queries.tied_officers(unit, today),
        "today": today,
    }
    return render(request, "access/officers.html", context)


@page("role.grant", fresh=True)
@require_POST
def end(request: ActorRequest, label: str, grant_id: int) -> HttpResponse:
    """End a grant of the unit."""
    unit = _unit(request, label)
    if grant_id not in {grant.pk for grant in queries.grants_of(unit)}:
        raise Http404
    services.end_grant(actor=request.actor, now=now(), grant_id=grant_id)
    return redirect("officers:officers", unit.label)


def _unit(request: ActorRequest, label: str) -> Unit:
    try:
        unit = unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None
    require(request.actor, "role.grant", unit.path)
    return unit
