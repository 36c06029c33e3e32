"""Closing a unit with its members and officers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.org.access import services
from qiao.org.access.forms import CloseForm
from qiao.org.membership.queries import member_count
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label


@page("unit.change")
def close(request: ActorRequest, label: str) -> HttpResponse:
    """Close the unit: its members are retained above."""
    try:
        unit = unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None
    require(request.actor, "unit.change", unit.parent.path if unit.parent else unit.path)
    form = CloseForm(request.POST or None, initial={"day": localdate(now())})
    if request.method == "POST" and form.is_valid():
        try:
            services.dissolve_unit(actor=request.actor, now=now(), unit=unit, day=form.cleaned_data["day"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("%(unit)s is closed.") % {"unit": pick(unit.name)})
            return redirect("units:unit", unit.label)
    return render(request, "access/close.html", {"unit": unit, "form": form, "members": member_count(unit.path)})
