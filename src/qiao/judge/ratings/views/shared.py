"""What the pages of ratings have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from qiao.base.access import ActorRequest, Refused
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.judge.ratings import queries, services
from qiao.judge.ratings.choices import BEFORE_OPENING, RESULT_STATES, State
from qiao.judge.ratings.models import Rating
from qiao.judge.ratings.rules.states import is_voting, steps

CALL, ANSWER, DECIDE = "rating.call", "rating.answer", "appeal.decide"


def found(code: str) -> Rating:
    """The rating; raises Http404."""
    try:
        return queries.rating_by_code(code)
    except Rating.DoesNotExist:
        raise Http404 from None


def above(rating: Rating) -> str:
    """The path of the union above the judged ones."""
    return rating.unit.path if rating.joint else rating.unit.path[:-5]


def may_above(request: ActorRequest, rating: Rating, action: str = CALL) -> bool:
    """Whether the reader acts for the union above."""
    path = above(rating)
    return bool(path) and request.actor.may(action, path)


def require_above(request: ActorRequest, rating: Rating, action: str = CALL) -> None:
    """Raise Refused unless the reader acts for the union above."""
    if not may_above(request, rating, action):
        raise Refused(f"{action} is not yours here")


def may_answer(request: ActorRequest, rating: Rating) -> bool:
    """Whether the reader speaks for a judged union."""
    paths = {unit.path for unit in queries.rated_units(rating)}
    return any(ANSWER in grant.actions and grant.path in paths for grant in request.actor.grants)


def said(form: forms.Form, problem: Problem | Problems) -> None:
    """Put what a service refused into the form, line by line."""
    for line in problem_text(problem).splitlines():
        form.add_error(None, line)


def press(request: ActorRequest, code: str, service: Callable[[], object], done: str) -> HttpResponse:
    """Run one service on POST and come back to the rating's page with what it says."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found(code)
    try:
        service()
    except (Problem, Problems) as problem:
        messages.error(request, problem_text(problem))
    else:
        messages.success(request, done)
    return redirect("ratings:rating", code)


def act(
    request: ActorRequest, rating: Rating, form: forms.Form, service: Callable[[], object], *, title: str, button: str,
    done: str, note: str = "",
) -> HttpResponse:  # fmt: skip
    """One form with one button: what it says goes to a service, and back to the rating's page."""
    if request.method == "POST" and form.is_valid():
        try:
            service()
        except (Problem, Problems) as problem:
            said(form, problem)
        else:
            messages.success(request, done)
            return redirect("ratings:rating", rating.code)
    context = {"rating": rating, "form": form, "title": title, "button": button, "note": note}
    return render(request, "ratings/act.html", context)


def page_context(request: ActorRequest, rating: Rating, moment: datetime) -> dict[str, object]:
    """All a rating's page shows to this reader now."""
    actor = request.actor
    line = queries.on_roll(rating, actor)
    voting = is_voting(rating.state, rating.closes, moment)
    officer, seat = may_above(request, rating), queries.own_seat(rating, actor)
    result = rating.state in RESULT_STATES
    kept, due = queries.kept_of(rating) if result else (0, 0)
    late_plan = rating.plan_due is not None and rating.plan_due < moment.date() and rating.state == State.PUBLISHED
    answers = may_answer(request, rating)
    over = rating.state == State.OPEN and not voting
    return {
        "rating": rating,
        "units": queries.rated_units(rating),
        "steps": steps(rating.state, tuple(rating.steps.values_list("state", flat=True))),
        "line": line,
        "voting": voting,
        "over": over,
        "result": result,
        "rows": queries.rows_of(rating),
        "turnout": queries.turnout_share(rating),
        "frontline": queries.frontline_share(rating),
        "trend": queries.trend(rating) if result else [],
        "beside": queries.beside_of(rating),
        "clocks": queries.clocks_of(rating, moment),
        "remedies": list(rating.remedies.all()) if result else [],
        "kept": kept,
        "due": due,
        "entries": queries.ledger_entries(rating.code),
        "seats": queries.seats_of(rating),
        "seat": seat,
        "rerun": getattr(rating, "rerun", None),
        "before_opening": rating.state in BEFORE_OPENING,
        "contestable": rating.state in (State.ROLL_FROZEN, State.ROLL_CONTESTED)
        and rating.objections_until is not None and moment < rating.objections_until,
        "officer": officer,
        "may_freeze": officer and rating.state == State.CALLED,
        "may_open": officer and rating.state == State.ROLL_FROZEN and rating.opens <= moment < rating.closes,
        "may_decide": may_above(request, rating, DECIDE) and rating.state == State.ROLL_CONTESTED,
        "may_key": seat is not None and rating.state in BEFORE_OPENING,
        "may_papers": seat is not None and rating.state == State.OPEN,
        "may_join": seat is not None and seat.joined is None and (over or rating.state == State.CLOSED),
        "may_close": officer and over,
        "may_respond": answers and result and not rating.response,
        "may_plan": rating.state == State.PUBLISHED and rating.poor and (answers or (officer and late_plan)),
        "may_report": answers and rating.state == State.REMEDY_PLAN,
        "may_recheck": officer and rating.state == State.REMEDY_PLAN,
        "may_end": officer
        and (rating.state == State.RECHECKED or (rating.state == State.PUBLISHED and not rating.poor)),
        "may_void": (officer or may_above(request, rating, "audit.read")) and not result and rating.state != State.VOID,
        "may_rerun": officer and rating.state == State.VOID and rating.rerun_due is not None
        and getattr(rating, "rerun", None) is None,
        "given": services.given_out(rating) if seat is not None and over else 0,
    }  # fmt: skip
