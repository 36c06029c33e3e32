"""Pages of the register of what is asked of the base."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.org.units.models import Unit
from qiao.org.upward import exports, queries, services
from qiao.org.upward.forms import DemandForm
from qiao.org.upward.models import ReportDemand
from qiao.org.upward.views.papers import XLSX


@page(PUBLIC)
def register(request: ActorRequest) -> HttpResponse:
    """Everything a union may be asked to fill in; with ``?unit=`` what this one is asked."""
    today = localdate(now())
    unit = Unit.objects.filter(label=request.GET.get("unit", "")).first()
    mine = {grant.unit_id for grant in request.actor.grants if "report.demand" in grant.actions}
    context = {
        "unit": unit,
        "burden": queries.burden_of(unit, on=today) if unit else None,
        "rows": queries.asked_of_unit(unit, on=today) if unit else queries.demands(on=today),
        "ended": [] if unit else queries.demands(on=today, ended=True)[:30],
        "today": today,
        "mine": mine,
        "may_demand": bool(mine),
    }
    return render(request, "upward/register.html", context)


@page(PUBLIC)
def workbook(request: ActorRequest) -> HttpResponse:
    """The register as XLSX."""
    response = HttpResponse(exports.register_workbook(queries.demands(on=localdate(now()))), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="register.xlsx"'
    return response


@page("report.demand")
def new(request: ActorRequest) -> HttpResponse:
    """Register a form or report."""
    form = DemandForm(request.POST or None, actor=request.actor, in_force=queries.demands(on=localdate(now())))
    if request.method == "POST" and form.is_valid():
        try:
            services.register_demand(actor=request.actor, now=now(), **form.cleaned_data)
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Registered. The units concerned see it from today on."))
            return redirect("upward:register")
    return render(request, "upward/new_demand.html", {"form": form})


@page("report.demand")
@require_POST
def end(request: ActorRequest, code: str) -> HttpResponse:
    """Stop asking for it."""
    try:
        services.end_demand(actor=request.actor, now=now(), code=code)
    except ReportDemand.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("From tomorrow on nobody needs to fill it in."))
    return redirect("upward:register")
