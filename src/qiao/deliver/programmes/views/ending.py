"""Claiming, verifying, stopping, closing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.deliver.programmes import services
from qiao.deliver.programmes.forms import NoteForm, ReasonForm, VerifyForm
from qiao.deliver.programmes.queries.projects import users_confirmed
from qiao.deliver.programmes.views.showing import project_or_404


@page("project.report")
def claim(request: ActorRequest, code: str) -> HttpResponse:
    """Claim that a project is done."""
    project = project_or_404(code)
    require(request.actor, "project.report", project.unit.path)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.claim_done(actor=request.actor, now=now(), code=project.code, note=form.cleaned_data["note"])
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem).splitlines())
        else:
            messages.info(request, _("Claimed: another office verifies it with those who use it."))
            return redirect("programmes:project", code)
    context = {"form": form, "project": project, "open": project.milestones.filter(progress__lt=100).count()}
    return render(request, "programmes/claim.html", context, status=422 if form.errors else 200)


@page("project.verify")
def verify(request: ActorRequest, code: str) -> HttpResponse:
    """Verify a claim with users' evidence, or send it back."""
    project = project_or_404(code)
    require(request.actor, "project.verify", project.unit.path)
    form = VerifyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.verify_project(
                actor=request.actor,
                now=now(),
                code=project.code,
                found_true=data["found"] == "yes",
                asked=data["asked"] or 0,
                confirmed=data["confirmed"] or 0,
                note=data["note"],
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem).splitlines())
        else:
            messages.info(request, _("Kept, and shown on this page."))
            return redirect("programmes:project", code)
    context = {"form": form, "project": project, "reported": users_confirmed(project)}
    return render(request, "programmes/verify.html", context, status=422 if form.errors else 200)


@page("project.plan")
def stop(request: ActorRequest, code: str) -> HttpResponse:
    """Stop a project with a public reason."""
    return _end(request, code, stopping=True)


@page("project.plan")
def close(request: ActorRequest, code: str) -> HttpResponse:
    """Close a verified project nobody will judge, with a public reason."""
    return _end(request, code, stopping=False)


def _end(request: ActorRequest, code: str, *, stopping: bool) -> HttpResponse:
    project = project_or_404(code)
    require(request.actor, "project.plan", project.unit.path)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        service = services.stop_project if stopping else services.close_unjudged
        try:
            service(actor=request.actor, now=now(), code=project.code, reason=form.cleaned_data["reason"])
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem).splitlines())
        else:
            messages.info(request, _("Kept, and shown on this page."))
            return redirect("programmes:project", code)
    context = {"form": form, "project": project, "stopping": stopping}
    return render(request, "programmes/end.html", context, status=422 if form.errors else 200)
