"""Planning rounds, the size calculator, the calendar, the privacy check."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.surveys import queries, rules, services
from qiao.hear.surveys.forms import CheckForm, RoundForm, SizeForm
from qiao.hear.surveys.models import Round
from qiao.org.units.queries import units_at, upper_units

#: What of the form is the plan.
PLAN = (
    "title", "purpose", "asked", "sample_size", "stratum_by", "design", "allocation", "given", "per_cluster",
    "earlier_code", "earlier_item", "expected_rate",
)  # fmt: skip


def _form(request: ActorRequest, initial: dict[str, object]) -> RoundForm:
    paths = request.actor.paths("round.plan")
    return RoundForm(
        request.POST or None, units=upper_units(paths) or units_at(paths),
        versions=queries.usable_versions(request.actor), initial=initial,
    )  # fmt: skip


@page("round.plan")
def plan(request: ActorRequest) -> HttpResponse:
    """Planning a round."""
    form = _form(request, {"version": request.GET.get("version"), "sample_size": request.GET.get("size")})
    if request.method == "POST" and form.is_valid():
        opens, closes = form.period
        wanted = {key: form.cleaned_data[key] for key in (*PLAN, "unit", "version")}
        try:
            survey = services.plan_round(actor=request.actor, now=now(), opens=opens, closes=closes, **wanted)
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("surveys:round", args=[survey.code]))
    versions = queries.usable_versions(request.actor)
    return render(request, "surveys/plan.html", {"form": form, "any": versions.exists()})


@page("round.plan")
def change(request: ActorRequest, code: str) -> HttpResponse:
    """Mending a plan that was sent back, or not passed yet."""
    survey = _found(request, code, "round.plan")
    initial: dict[str, object] = {key: getattr(survey, key) for key in PLAN}
    initial |= {
        "unit": survey.unit_id, "version": survey.version_id, "opens": survey.opens.date(),
        "closes": survey.closes.date(), "given": " ".join(f"{key}={size}" for key, size in survey.given.items()),
        "expected_rate": round(100 * survey.expected_rate) if survey.expected_rate else None,
    }  # fmt: skip
    form = _form(request, initial)
    if request.method == "POST" and form.is_valid():
        opens, closes = form.period
        wanted = {key: form.cleaned_data[key] for key in PLAN} | {"opens": opens, "closes": closes}
        facts = form.cleaned_data
        try:
            services.change_plan(
                actor=request.actor, now=now(), code=code, unit=facts["unit"], version=facts["version"], wanted=wanted
            )
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("surveys:round", args=[code]))
    return render(request, "surveys/plan.html", {"form": form, "any": True, "survey": survey})


@page("round.plan")
def size(request: ActorRequest) -> HttpResponse:
    """How many answers a margin needs, how many to ask for them, and what a number of answers gives."""
    form = SizeForm(request.GET or None, initial={"margin": 5, "rate": 25})
    found = None
    if request.GET and form.is_valid():
        facts = form.cleaned_data
        found = rules.sample_plan(facts["population"], facts["margin"] / 100, facts["rate"] / 100, facts["answers"])
    return render(request, "surveys/size.html", {"form": form, "found": found, "table": rules.size_table()})


@page("round.plan")
def calendar(request: ActorRequest) -> HttpResponse:
    """Which rounds are due."""
    return render(request, "surveys/calendar.html", {"rows": queries.due_calendar(request.actor, now())})


@page("round.check")
def check(request: ActorRequest, code: str) -> HttpResponse:
    """The sheet of the privacy check."""
    survey = _found(request, code, "round.check")
    sheet = queries.sheet_of(survey)
    form = CheckForm(request.POST or None, sheet=sheet)
    if request.method == "POST" and form.is_valid():
        facts, refuse = form.cleaned_data, request.POST.get("act") == "refuse"
        points = {key: key in facts["points"] for key, _label in queries.POINTS}
        try:
            if refuse:
                services.refuse_plan(
                    actor=request.actor, now=now(), code=code, reason=facts["reason"], sensitive=facts["sensitive"],
                    points=points,
                )  # fmt: skip
            else:
                services.pass_plan(
                    actor=request.actor, now=now(), code=code, sensitive=facts["sensitive"], points=points
                )
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("surveys:round", args=[code]))
    context = {
        "survey": survey, "sheet": sheet, "form": form, "checks": queries.checks_of(survey),
        "faults": [problem_text(fault) for fault in sheet.faults], "may_pass": rules.may_check(survey),
        "title": gettext("Privacy check"),
    }  # fmt: skip
    return render(request, "surveys/check.html", context, status=422 if form.errors else 200)


def _found(request: ActorRequest, code: str, action: str) -> Round:
    survey = queries.find_round(code)
    if survey is None or not queries.may_see(request.actor, survey):
        raise Http404
    require(request.actor, action, survey.unit.path)
    return survey
