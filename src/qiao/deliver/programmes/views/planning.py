"""Making projects of decisions, and starting them."""

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
from qiao.deliver.programmes import queries, services
from qiao.deliver.programmes.forms import MilestoneFormSet, PlanForm, planned_milestones
from qiao.deliver.programmes.views.showing import project_or_404
from qiao.org.units.queries import units_at


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """An officer's projects: what is to be planned, what to be done. Everybody else goes to the public board."""
    actor = request.actor
    if not any(actor.may(action) for action in ("project.plan", "project.report", "project.verify")):
        return redirect("web:deliver")
    adopted = queries.plannable(actor.paths("project.plan")) if actor.may("project.plan") else []
    listed = {each.url for each in adopted}
    items = [item for item in queries.desk_items(actor=actor, now=now()) if item.url not in listed]
    context = {"items": items, "plannable": adopted}
    return render(request, "programmes/work.html", context)


@page("project.plan")
def plan(request: ActorRequest, decision_code: str, proposal_code: str) -> HttpResponse:
    """Make a project of one adopted proposal."""
    moment = now()
    waiting = queries.plannable(request.actor.paths("project.plan"), again=True)
    adopted = next(
        (each for each in waiting if (each.decision_code, each.proposal.code) == (decision_code, proposal_code)), None
    )
    if adopted is None:
        raise Http404
    proposal = adopted.proposal
    initial = {
        "title": proposal.title,
        "goal": proposal.text,
        "unit": proposal.unit_id,
        "budget": proposal.cost,
        "starts": localdate(moment),
    }
    paths = request.actor.paths("project.plan")
    form = PlanForm(
        request.POST or None,
        initial=initial,
        units=units_at(paths),
        owners=queries.owners_within(paths, localdate(moment)),
    )
    rows = MilestoneFormSet(request.POST or None, prefix="milestones")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        data = form.cleaned_data
        try:
            made = services.plan_project(
                actor=request.actor,
                now=moment,
                decision_code=decision_code,
                proposal_code=proposal_code,
                title=data["title"],
                goal=data["goal"],
                unit=data["unit"],
                owner=data["owner"],
                budget=data["budget"],
                provider=data["provider"],
                provider_code=data["provider_code"],
                starts=data["starts"],
                due=data["due"],
                milestones=planned_milestones(rows),
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem).splitlines())
        else:
            messages.info(request, _("Planned. Its dates and its budget are frozen when it starts."))
            return redirect("programmes:project", made.code)
    context = {"form": form, "rows": rows, "adopted": adopted}
    return render(request, "programmes/plan.html", context, status=422 if form.errors or _bad(rows, request) else 200)


def _bad(rows: object, request: ActorRequest) -> bool:
    return request.method == "POST" and bool(getattr(rows, "total_error_count", lambda: 0)())


@page("project.plan")
@require_POST
def start(request: ActorRequest, code: str) -> HttpResponse:
    """Start a project: its baseline is frozen."""
    services.start_project(actor=request.actor, now=now(), code=project_or_404(code).code)
    messages.info(request, _("Started. The target dates and the budget are frozen and stand in the ledger."))
    return redirect("programmes:project", code)
