"""Exports of the register."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.membership import queries, services
from qiao.org.membership.exports import register_workbook
from qiao.org.membership.forms import PurposeForm
from qiao.org.membership.views.finding import found_unit

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("member.export", fresh=True)
def exports(request: ActorRequest, label: str) -> HttpResponse:
    """Requests for exports of the unit's register, and a new one."""
    unit = found_unit(request.actor, "member.export", label)
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_export(actor=request.actor, now=now(), unit=unit, purpose=form.cleaned_data["purpose"],
                contacts=form.cleaned_data["contacts"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error("purpose", problem_text(problem))
        else:
            messages.success(request, _("Asked. A second person approves; then you take the file here."))
            return redirect("membership:exports", unit.label)
    context = {"unit": unit, "form": form, "exports": queries.exports_of(unit)[:50], "now": now()}
    return render(request, "membership/exports.html", context)


@page("member.export", fresh=True)
@require_POST
def decide(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Approve, refuse or recall a request."""
    unit = found_unit(request.actor, "member.export", label)
    if not queries.exports_of(unit).filter(code=code).exists():
        raise Http404
    try:
        services.decide_export(actor=request.actor, now=now(), code=code, approve=request.POST.get("to") == "approve")
    except Problem as problem:
        messages.error(request, problem_text(problem))
    return redirect("membership:exports", unit.label)


@page("member.export", fresh=True)
def take(request: ActorRequest, label: str, code: str) -> FileResponse:
    """The file itself."""
    unit = found_unit(request.actor, "member.export", label)
    if not queries.exports_of(unit).filter(code=code).exists():
        raise Http404
    moment = now()
    taken = services.take_export(actor=request.actor, now=moment, code=code)
    response = FileResponse(
        register_workbook(taken, moment), as_attachment=True, filename=f"{code}.xlsx", content_type=_XLSX
    )
    response.headers["Cache-Control"] = "no-store"
    return response
