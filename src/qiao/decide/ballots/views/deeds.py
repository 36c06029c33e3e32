"""Pages of rounds of practical deeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qiao.base.access import MEMBER, PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.decide.ballots import queries, rules, services
from qiao.decide.ballots.choices import DeedState, IdeaState, Rule
from qiao.decide.ballots.forms import CheckForm, DeedForm, IdeaForm, ReportForm, VoteDatesForm
from qiao.decide.ballots.models import DeedRound, Idea


@page(PUBLIC)
def deeds_board(request: ActorRequest) -> HttpResponse:
    """All rounds, newest first."""
    pages = Paginator(queries.deed_rounds(), queries.PER_PAGE)
    context = {"page": pages.get_page(request.GET.get("page")), "may_plan": request.actor.may("ballot.run")}
    return render(request, "ballots/deeds_board.html", context)


@page(PUBLIC)
def deeds(request: ActorRequest, code: str) -> HttpResponse:
    """One round: its dates, its rule, and where each idea went."""
    found, moment = _found(code), now()
    lines = queries.idea_lines(found)
    runs = request.actor.may("ballot.run", found.unit.path)
    step = rules.follows(found.state)
    context = {
        "round": found,
        "steps": rules.deed_steps(found.state),
        "lines": lines,
        "figures": queries.deed_figures(found, lines),
        "takes_ideas": rules.takes_ideas(found.state, found.opens, found.closes, moment),
        "is_member": any(path.startswith(found.unit.path) for path in request.actor.member_paths),
        "runs": runs,
        "checking": runs and found.state == DeedState.CHECK,
        "next_step": DeedState(step).label if step and step != DeedState.VOTE and runs else "",
        "later": queries.later_rounds(found) if runs and found.state in ("listed", "running", "rated") else [],
        "report_due": queries.next_report(found) if found.state == DeedState.RUNNING else None,
        "moment": moment,
        "reports": [(datetime.fromisoformat(row["at"]), row["text"]) for row in reversed(found.reports)],
        "waiting": any(line.idea.state == IdeaState.FILED for line in lines),
    }
    return render(request, "ballots/deeds.html", context)


@page("ballot.run")
def deeds_new(request: ActorRequest) -> HttpResponse:
    """Plan a round."""
    form = DeedForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.plan_deeds(
                actor=request.actor, now=now(), unit=given["unit"], title=given["title"], call=given["call"],
                need_codes=given["needs"], rule=Rule(given["rule"]), budget=given["budget"], winners=given["winners"],
                most=given["most"], opens=given["opens"], closes=given["closes"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("ballots:deeds", made.code)
    return render(request, "ballots/deeds_new.html", {"form": form})


@page(MEMBER)
def idea_new(request: ActorRequest, code: str) -> HttpResponse:
    """File an idea."""
    found = _found(code)
    form = IdeaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = services.file_idea(
                actor=request.actor, now=now(), code=code, title=form.cleaned_data["title"],
                text=form.cleaned_data["text"], language="en" if get_language() == "en" else "zh-hans",
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return render(request, "ballots/idea_filed.html", {"round": found, "number": receipt.number})
    return render(request, "ballots/idea_new.html", {"round": found, "form": form})


@page(PUBLIC)
def idea(request: ActorRequest, code: str, idea_code: str) -> HttpResponse:
    """One idea: its words, what was merged into it, where it went."""
    found = _idea(code, idea_code)
    context = {"round": found.round, "idea": found, "sources": queries.sources_of_idea(found)}
    return render(request, "ballots/idea.html", context)


@page("ballot.run")
def idea_check(request: ActorRequest, code: str, idea_code: str) -> HttpResponse:
    """Say whether an idea can be done."""
    found = _idea(code, idea_code)
    require(request.actor, "ballot.run", found.round.unit.path)
    form = CheckForm(request.POST or None, round_=found.round)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.check_idea(
                actor=request.actor, now=now(), code=idea_code, feasible=given["feasible"] == "yes",
                cost=given["cost"], need_code=given["need"], reason=given["reason"], title=given["title"],
                text=given["text"], note=given["note"],
            )  # fmt: skip
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("ballots:deeds", code)
    return render(request, "ballots/idea_check.html", {"round": found.round, "idea": found, "form": form})


@page("ballot.run")
def ideas_merge(request: ActorRequest, code: str) -> HttpResponse:
    """Merge the ideas ticked into the first of them."""
    ticked = request.POST.getlist("idea")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    require(request.actor, "ballot.run", _found(code).unit.path)
    if len(ticked) < 2:
        messages.error(request, _("Tick two or more ideas that want the same."))
        return redirect("ballots:deeds", code)
    _idea(code, ticked[0])
    return _act(request, code, lambda: services.merge_ideas(
        actor=request.actor, now=now(), into=ticked[0], codes=ticked[1:]
    ))  # fmt: skip


@page("ballot.run")
def deeds_move(request: ActorRequest, code: str) -> HttpResponse:
    """Take the next step of a round."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    require(request.actor, "ballot.run", _found(code).unit.path)
    return _act(request, code, lambda: services.move_deeds(actor=request.actor, now=now(), code=code))


@page("ballot.run")
def deeds_vote(request: ActorRequest, code: str) -> HttpResponse:
    """Put the feasible ideas to the vote."""
    found = _found(code)
    require(request.actor, "ballot.run", found.unit.path)
    form = VoteDatesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ballot = services.start_deed_vote(
                actor=request.actor, now=now(), code=code, opens=form.cleaned_data["opens"],
                closes=form.cleaned_data["closes"],
            )  # fmt: skip
        except (Problem, Problems) as problem:
            for line in problem_text(problem).splitlines():
                form.add_error(None, line)
        else:
            return redirect("ballots:ballot", ballot.code)
    return render(request, "ballots/deeds_vote.html", {"round": found, "form": form})


@page("ballot.run")
def deeds_report(request: ActorRequest, code: str) -> HttpResponse:
    """Publish how far the projects of a round are."""
    found = _found(code)
    require(request.actor, "ballot.run", found.unit.path)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.report_deeds(actor=request.actor, now=now(), code=code, text=form.cleaned_data["text"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("ballots:deeds", code)
    return render(request, "ballots/deeds_report.html", {"round": found, "form": form})


@page("ballot.run")
def deeds_carry(request: ActorRequest, code: str) -> HttpResponse:
    """Carry the ideas that were not chosen over into a later round."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    require(request.actor, "ballot.run", _found(code).unit.path)
    into = request.POST.get("into", "")
    if not into:
        messages.error(request, _("Choose the round that takes the ideas."))
        return redirect("ballots:deeds", code)
    _found(into)
    return _act(request, code, lambda: services.carry_over(actor=request.actor, now=now(), code=code, into=into))


def _act(request: ActorRequest, code: str, service: Callable[[], object]) -> HttpResponse:
    try:
        service()
    except Problem as problem:
        messages.error(request, problem_text(problem))
    return redirect("ballots:deeds", code)


def _found(code: str) -> DeedRound:
    try:
        return queries.deed_round(code)
    except DeedRound.DoesNotExist:
        raise Http404 from None


def _idea(code: str, idea_code: str) -> Idea:
    try:
        return queries.idea_by_code(idea_code, code)
    except Idea.DoesNotExist:
        raise Http404 from None
