"""Reporting, spending, moving dates."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import SIGNED_IN, ActorRequest, Refused, page, require
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem, Problems
from qiao.deliver.programmes import services
from qiao.deliver.programmes.choices import State
from qiao.deliver.programmes.forms import AnswerForm, DeadlineForm, ReportForm, SpendForm
from qiao.deliver.programmes.models import Milestone
from qiao.deliver.programmes.views.showing import may_answer, project_or_404


@page("project.report")
def report(request: ActorRequest, code: str, milestone_id: int) -> HttpResponse:
    """Report how far a milestone is."""
    project = project_or_404(code)
    require(request.actor, "project.report", project.unit.path)
    milestone = project.milestones.prefetch_related("reports__evidence").filter(pk=milestone_id).first()
    if milestone is None:
        raise Http404
    initial = {"progress": milestone.progress, "version": milestone.version}
    form = ReportForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.report_milestone(
                actor=request.actor,
                now=now(),
                milestone_id=milestone.pk,
                progress=data["progress"],
                note=data["note"],
                evidence_file=data["file"],
                link=data["link"],
                asked=data["asked"],
                confirmed=data["confirmed"],
                seen_version=data["version"],
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem).splitlines())
            form = _with_version(form, request, milestone)
        else:
            messages.info(request, _("Reported: everybody sees it on this page."))
            return redirect("programmes:project", code)
    context = {"form": form, "project": project, "milestone": milestone, "last": milestone.reports.last()}
    return render(request, "programmes/report.html", context, status=422 if form.errors else 200)


def _with_version(form: ReportForm, request: ActorRequest, milestone: Milestone) -> ReportForm:
    """The same form and what was typed, with the version that is true now: sending it again is a decision."""
    milestone.refresh_from_db(fields=["version", "progress"])
    data = request.POST.copy()
    data["version"] = str(milestone.version)
    form.data = data
    return form


@page("project.report")
def spend(request: ActorRequest, code: str) -> HttpResponse:
    """Enter money spent."""
    project = project_or_404(code)
    require(request.actor, "project.report", project.unit.path)
    form = SpendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.spend(
                actor=request.actor,
                now=now(),
                code=project.code,
                amount=data["amount"],
                purpose=data["purpose"],
                reason=data["reason"],
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem).splitlines())
        else:
            messages.info(request, _("Entered."))
            return redirect("programmes:project", code)
    context = {"form": form, "project": project, "left": project.budget - project.spent}
    return render(request, "programmes/spend.html", context, status=422 if form.errors else 200)


@page(SIGNED_IN)
def ask_date(request: ActorRequest, code: str) -> HttpResponse:
    """Ask for another date."""
    project = project_or_404(code)
    path = project.unit.path
    if not (request.actor.may("project.plan", path) or request.actor.may("project.report", path)):
        raise Refused("project.report")
    milestones = list(project.milestones.filter(progress__lt=100).order_by("due", "position"))
    form = DeadlineForm(request.POST or None, milestones=milestones, initial={"what": request.GET.get("milestone", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.ask_deadline_change(
                actor=request.actor,
                now=now(),
                code=project.code,
                new_due=data["new_due"],
                reason=data["reason"],
                milestone_id=int(data["what"]) if data["what"] else None,
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem).splitlines())
        else:
            messages.info(request, _("Asked: the other side consents or declines; the source target stays shown."))
            return redirect("programmes:project", code)
    context = {"form": form, "project": project, "possible": project.state == State.RUNNING}
    return render(request, "programmes/ask_date.html", context, status=422 if form.errors else 200)


@page(SIGNED_IN)
def answer_date(request: ActorRequest, code: str, change_id: int) -> HttpResponse:
    """Consent to another date, or decline."""
    project = project_or_404(code)
    change = project.deadline_changes.select_related("milestone").filter(pk=change_id).first()
    if change is None:
        raise Http404
    if not may_answer(request.actor, project, change):
        raise Refused("project.report")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_deadline_change(
                actor=request.actor,
                now=now(),
                change_id=change.pk,
                consent=form.cleaned_data["consent"] == "yes",
                answer=form.cleaned_data["answer"],
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem).splitlines())
        else:
            messages.info(request, _("Answered."))
            return redirect("programmes:project", code)
    what = pick(change.milestone.title) if change.milestone else _("End of the project")
    context = {"form": form, "project": project, "change": change, "what": what}
    return render(request, "programmes/answer_date.html", context, status=422 if form.errors else 200)
