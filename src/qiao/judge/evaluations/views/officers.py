"""What the executive and the evaluator do."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, page, require
from qiao.base.addresses import full_address
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.deliver.programmes.models import Project
from qiao.deliver.programmes.queries import project_by_code
from qiao.judge.evaluations import queries, services
from qiao.judge.evaluations.forms import (
    CloseForm,
    CommissionForm,
    KeyForm,
    ReasonForm,
    ResultForm,
    SeedForm,
)
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.rules.states import FEWEST_ANSWERS
from qiao.judge.evaluations.views.public import found


def _start_of(day: date) -> datetime:
    """The first moment of a day here."""
    return datetime.combine(day, time.min, get_current_timezone())


def _end_of(day: date) -> datetime:
    """The last second of a day here: every page that prints it names the right day."""
    return datetime.combine(day, time(23, 59, 59), get_current_timezone())


def _own(request: ActorRequest, code: str) -> Evaluation:
    """This evaluator's evaluation; Refused for another's."""
    evaluation = found(code)
    services.require_evaluator(request.actor, evaluation)
    return evaluation


@page("evaluation.commission")
def new(request: ActorRequest) -> HttpResponse:
    """Fix the terms of an evaluation. Without a project: choose one that awaits judgment."""
    project_code = request.GET.get("project", "")
    if not project_code:
        return render(request, "evaluations/choose.html", {"projects": queries.projects_to_judge(request.actor)})
    try:
        project = project_by_code(project_code)
    except Project.DoesNotExist:
        raise Http404 from None
    require(request.actor, "evaluation.commission", project.unit.path)
    today = localdate(now())
    start = {
        "title": project.title,
        "names": "\n".join(project.title.values()),
        "opens": today,
        "closes": today + timedelta(days=13),
    }
    form = CommissionForm(request.POST or None, unit=project.unit, today=today, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            evaluation = services.commission_evaluation(
                actor=request.actor,
                now=now(),
                project_code=project.code,
                title=data["title"],
                names=data["names"].splitlines(),
                contacts=data["contacts"] or 0,
                evaluator=data["evaluator"],
                opens=_start_of(data["opens"]),
                closes=_end_of(data["closes"]),
                sample_size=data["sample_size"] if data["asked"] == "sample" else None,
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The terms are fixed and in the ledger. The evaluator registers a key next."))
            return redirect("evaluations:detail", evaluation.code)
    instrument = queries.instrument_for(project.unit.path, today)
    context = {"form": form, "project": project, "instrument": instrument, "fewest": FEWEST_ANSWERS}
    return render(request, "evaluations/new.html", context, status=422 if form.errors else 200)


@page("evaluation.run", fresh=True)
def key(request: ActorRequest, code: str) -> HttpResponse:
    """Register the public keys."""
    evaluation = _own(request, code)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.register_key(actor=request.actor, now=now(), code=code, keys=form.cleaned_data["public_key"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(
                request, _("The public keys are registered. Keep the private ones safe: without them nothing opens.")
            )
            return redirect("evaluations:detail", code)
    context = {"evaluation": evaluation, "form": form}
    return render(request, "evaluations/key.html", context, status=422 if form.errors else 200)


@page("evaluation.run")
def freeze(request: ActorRequest, code: str) -> HttpResponse:
    """Freeze the frame the sample is drawn from."""
    _own(request, code)
    if request.method == "POST":
        try:
            services.freeze_frame(actor=request.actor, now=now(), code=code)
        except Problem as problem:
            messages.error(request, problem_text(problem))
        else:
            messages.success(request, _("The frame is frozen. Now your seed can be told."))
    return redirect("evaluations:detail", code)


@page("evaluation.run")
def open_round(request: ActorRequest, code: str) -> HttpResponse:
    """Draw with the seed, open, send the invitations."""
    _own(request, code)
    if request.method == "POST":
        form = SeedForm(request.POST)
        seed = form.cleaned_data["seed"] if form.is_valid() else ""
        try:
            site = full_address("/").rstrip("/")
            services.open_evaluation(actor=request.actor, now=now(), code=code, seed=seed, site=site)
        except Problem as problem:
            messages.error(request, problem_text(problem))
        else:
            messages.success(request, _("It is open. Invitations are being mailed to those who have an account."))
    return redirect("evaluations:detail", code)


@page("evaluation.run")
def close_round(request: ActorRequest, code: str) -> HttpResponse:
    """Close it; before its day with a reason."""
    _own(request, code)
    if request.method == "POST":
        form = CloseForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        try:
            services.close_evaluation(actor=request.actor, now=now(), code=code, reason=reason)
        except (Problem, Problems) as problem:
            messages.error(request, problem_text(problem))
        else:
            messages.success(request, _("It is closed. The root over all sealed answers stands in the ledger."))
    return redirect("evaluations:detail", code)


@page("evaluation.run", fresh=True)
def result(request: ActorRequest, code: str) -> HttpResponse:
    """Bring the signed result: it is checked and published with this request."""
    evaluation = _own(request, code)
    form = ResultForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_result(actor=request.actor, now=now(), code=code, files=form.cleaned_data["result"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The result is published."))
            return redirect("evaluations:detail", code)
    context = {"evaluation": evaluation, "form": form}
    return render(request, "evaluations/result.html", context, status=422 if form.errors else 200)


@page("desk.open")
def void(request: ActorRequest, code: str) -> HttpResponse:
    """Declare it void: the evaluator until the results are out, the executive before it opens."""
    evaluation = found(code)
    services.require_voider(request.actor, evaluation)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.void_evaluation(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"])
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("evaluations:detail", code)
    context = {"evaluation": evaluation, "form": form}
    return render(request, "evaluations/void.html", context, status=422 if form.errors else 200)
