"""Pages of requests and reports upward."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem, Problems
from qiao.org.upward import exports, queries, rules, services
from qiao.org.upward.choices import WAITING, PaperKind, PaperState
from qiao.org.upward.forms import AnswerForm, PaperForm, ReasonForm, RevisionForm
from qiao.org.upward.models import Paper

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("desk.open")
def board(request: ActorRequest) -> HttpResponse:
    """Papers of this officer's units, out and in, newest first."""
    box, state = request.GET.get("box", ""), request.GET.get("state", "")
    late = now() if request.GET.get("late") else None
    shown = Paginator(queries.papers_for(request.actor, box=box, state=state, late_at=late), queries.PAGE)
    context = {
        "page": shown.get_page(request.GET.get("page")),
        "boxes": [("", _("All papers")), ("in", _("From below")), ("out", _("Our own"))],
        "box": box,
        "late": bool(late),
        "may_draft": queries.units_to_draft_for(request.actor).exists(),
    }
    return render(request, "upward/board.html", context)


@page("desk.open")
def workbook(request: ActorRequest) -> HttpResponse:
    """The same list as XLSX."""
    content = exports.papers_workbook(queries.papers_for(request.actor)[:10_000])
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="papers.xlsx"'
    return response


@page(SIGNED_IN)
def times(request: ActorRequest) -> HttpResponse:
    """How fast each unit answers those below it: open to everybody inside the federation."""
    moment = now()
    context = {"rows": queries.measures_of(now=moment), "per_base": queries.papers_per_base(now=moment)}
    return render(request, "upward/times.html", context)


@page("paper.draft")
def draft(request: ActorRequest) -> HttpResponse:
    """Draft a paper."""
    form = PaperForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft_paper(actor=request.actor, now=now(), **form.cleaned_data)
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Drafted as %(code)s. The chair signs it.") % {"code": made.code})
            return redirect("upward:paper", made.code)
    return render(request, "upward/draft.html", {"form": form, "units": queries.units_to_draft_for(request.actor)})


@page("desk.open")
def paper(request: ActorRequest, code: str) -> HttpResponse:
    """One paper: its text, its clock, its answer, its log."""
    return _show(request, _found(request, code))


def _show(request: ActorRequest, found: Paper, answer: AnswerForm | None = None) -> HttpResponse:
    actor, state = request.actor, found.state
    names = {"holder": pick(found.holder.name), "unit": pick(found.unit.name)}
    lower = rules.acts_for(actor, "paper.draft", found.unit)
    handles = actor.may("paper.handle", found.holder.path)
    is_late = state in WAITING and found.due is not None and found.due < now()
    context = {
        "paper": found,
        "log": found.log.all(),
        "steps": rules.steps(found.kind, state),
        "awaits": rules.next_actor(found.kind, state, **names),
        "is_late": is_late,
        "may_revise": lower and state in (PaperState.DRAFT, PaperState.RETURNED),
        "may_sign": state in (PaperState.DRAFT, PaperState.RETURNED)
        and rules.acts_for(actor, "paper.issue", found.unit)
        and not actor.did(found.drafted_by_id),
        "may_close": lower and rules.may_become(found.kind, state, PaperState.CLOSED),
        "may_chase": lower and is_late,
        "may_receive": handles and rules.may_become(found.kind, state, PaperState.RECEIVED),
        "may_review": handles and rules.may_become(found.kind, state, PaperState.IN_REVIEW),
        "may_read": handles and rules.may_become(found.kind, state, PaperState.READ),
        "may_return": handles and rules.may_become(found.kind, state, PaperState.RETURNED),
        "answer_form": (answer or AnswerForm())
        if rules.may_become(found.kind, state, PaperState.ANSWERED)
        and actor.may("paper.answer", found.holder.path)
        and not actor.did(found.drafted_by_id, found.issued_by_id)
        else None,
    }  # fmt: skip
    return render(request, "upward/paper.html", context)


@page("paper.draft")
def revise(request: ActorRequest, code: str) -> HttpResponse:
    """Change a draft or a paper that was sent back."""
    found = _found(request, code)
    fields = ("matter", "title", "text", "question", "proposal")
    form = RevisionForm(request.POST or None, initial={name: getattr(found, name) for name in fields})
    if request.method == "POST" and form.is_valid():
        try:
            services.revise_paper(actor=request.actor, now=now(), code=code, **form.cleaned_data)
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("upward:paper", code)
    return render(request, "upward/revise.html", {"form": form, "paper": found})


@page("paper.issue")
@require_POST
def issue(request: ActorRequest, code: str) -> HttpResponse:
    """Sign and send."""
    return _act(request, code, services.issue_paper)


@page("paper.draft")
@require_POST
def withdraw(request: ActorRequest, code: str) -> HttpResponse:
    """Give a draft up."""
    return _act(request, code, services.withdraw_paper)


@page("paper.handle")
@require_POST
def handle(request: ActorRequest, code: str) -> HttpResponse:
    """Receive, take into review, or read: whichever comes next."""
    found = _found(request, code)
    if found.kind == PaperKind.REPORT:
        return _act(request, code, services.read_report)
    if found.state == PaperState.RECEIVED:
        return _act(request, code, services.review_paper)
    return _act(request, code, services.receive_paper)


@page("paper.handle")
def send_back(request: ActorRequest, code: str) -> HttpResponse:
    """Send a request back with the reason."""
    found = _found(request, code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.return_paper(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"])
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("upward:paper", code)
    return render(request, "upward/return.html", {"form": form, "paper": found})


@page("paper.answer")
@require_POST
def answer(request: ActorRequest, code: str) -> HttpResponse:
    """Sign the written answer."""
    found = _found(request, code)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer_paper(actor=request.actor, now=now(), code=code, **form.cleaned_data)
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("upward:paper", code)
    return _show(request, found, form)


@page("paper.draft")
@require_POST
def close(request: ActorRequest, code: str) -> HttpResponse:
    """Close an answered request."""
    return _act(request, code, services.close_paper)


@page("paper.draft")
def chase(request: ActorRequest, code: str) -> HttpResponse:
    """Push an overdue request."""
    found = _found(request, code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.chase_paper(actor=request.actor, now=now(), code=code, words=form.cleaned_data["reason"])
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("upward:paper", code)
    return render(request, "upward/chase.html", {"form": form, "paper": found})


def _act(request: ActorRequest, code: str, service: Callable[..., Paper]) -> HttpResponse:
    _found(request, code)
    try:
        service(actor=request.actor, now=now(), code=code)
    except (Problem, Problems) as problem:
        messages.error(request, problem_text(problem))
    return redirect("upward:paper", code)


def _found(request: ActorRequest, code: str) -> Paper:
    try:
        return queries.paper_for(request.actor, code)
    except Paper.DoesNotExist:
        raise Http404 from None
