"""The page of one project."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from qiao.base.access import PUBLIC, Actor, ActorRequest, page
from qiao.base.clock import now
from qiao.deliver.programmes import queries, rules
from qiao.deliver.programmes.choices import ChangeState, Side, State
from qiao.deliver.programmes.models import DeadlineChange, Project


def project_or_404(code: str) -> Project:
    """The project with this code, or a page that says there is none."""
    try:
        return queries.project_by_code(code)
    except Project.DoesNotExist:
        raise Http404 from None


@page(PUBLIC)
def project(request: ActorRequest, code: str) -> HttpResponse:
    """Who, by when, with what money, how far, shown by what, and everything that happened."""
    found = project_or_404(code)
    today = localdate(now())
    row = queries.board_rows([found], today=today)[0]
    changes = list(found.deadline_changes.select_related("milestone").order_by("-asked", "-pk"))
    reached = next((each.before for each in found.transitions.order_by("-pk") if each.after == State.STOPPED), "")
    context = {
        "project": found,
        "row": row,
        "steps": [
            (str(state.label), done, current) for state, done, current in rules.state_steps(found.state, reached)
        ],
        "milestones": queries.milestone_views(found, today=today),
        "changes": [(change, may_answer(request.actor, found, change)) for change in changes],
        "spendings": [(entry, f"¥{entry.amount:,.2f}") for entry in found.spendings.order_by("-at", "-pk")],
        "history": queries.history(found),
        "may": _may(request.actor, found),
    }
    return render(request, "programmes/project.html", context)


def may_answer(actor: Actor, found: Project, change: DeadlineChange) -> bool:
    """Whether this actor stands on the side that consents to the change, and it is open."""
    if change.state != ChangeState.ASKED:
        return False
    action = "project.report" if change.side == Side.ABOVE else "project.plan"
    return actor.may(action, found.unit.path) and not actor.did(change.asked_by)


def _may(actor: Actor, found: Project) -> dict[str, bool]:
    """What this actor can do with the project now: one main action at most is offered first."""
    path, state = found.unit.path, found.state
    plans, reports = actor.may("project.plan", path), actor.may("project.report", path)
    running = state == State.RUNNING
    involved = {found.owner_id, found.claimed_by}
    return {
        "start": plans and state == State.PLANNED,
        "report": reports and running,
        "claim": reports and running and found.progress == 100,
        "spend": reports and state in (State.RUNNING, State.DONE_CLAIMED, State.VERIFIED),
        "move": (plans or reports) and running,
        "verify": actor.may("project.verify", path)
        and state == State.DONE_CLAIMED
        and rules.may_verify(account_id=actor.account_id, involved=involved),
        "stop": plans and state in (State.PLANNED, State.RUNNING, State.DONE_CLAIMED),
        "again": plans and state == State.STOPPED,
        "close": plans and state == State.VERIFIED,
        "open_evidence": any(
            actor.may(action, path) for action in ("project.plan", "project.report", "project.verify", "evaluation.run")
        ),
    }
