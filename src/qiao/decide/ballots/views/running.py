"""Pages of those who run a vote, and the public page of one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.decide.ballots import queries, services
from qiao.decide.ballots.choices import Leftover, Rule
from qiao.decide.ballots.forms import PlanForm, WithdrawForm
from qiao.decide.ballots.views.shared import act, ballot_context, found_ballot


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """All votes, newest first."""
    pages = Paginator(queries.all_ballots(), queries.PER_PAGE)
    context = {"page": pages.get_page(request.GET.get("page")), "may_plan": request.actor.may("ballot.run")}
    return render(request, "ballots/board.html", context)


@page(PUBLIC)
def ballot(request: ActorRequest, code: str) -> HttpResponse:
    """One vote: what is voted on, by what rule, and once it is counted the result."""
    return render(request, "ballots/ballot.html", ballot_context(request, found_ballot(code), now()))


@page("ballot.run")
def plan(request: ActorRequest) -> HttpResponse:
    """Plan a vote."""
    form = PlanForm(request.POST or None, actor=request.actor, initial=_wished(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.plan_ballot(
                actor=request.actor,
                now=now(),
                unit=given["unit"],
                title=given["title"],
                rule=Rule(given["rule"] or Rule.EQUAL_SHARES),
                budget=given["budget"],
                winners=given["winners"],
                most=given["most"],
                proposal_codes=given["proposals"],
                consultation_code=given["consultation"],
                opens=given["opens"],
                closes=given["closes"],
                leftover=Leftover(given["leftover"] or Leftover.KEEP),
            )
        except (Problem, Problems) as problem:
            for line in problem_text(problem).splitlines():
                form.add_error(None, line)
        else:
            messages.success(request, _("The vote is planned and its rules stand in the ledger."))
            return redirect("ballots:ballot", made.code)
    return render(request, "ballots/plan.html", {"form": form})


@page("ballot.run")
def open_vote(request: ActorRequest, code: str) -> HttpResponse:
    """Freeze the roll and open the vote."""
    return act(
        request, code, lambda: services.open_ballot(actor=request.actor, now=now(), code=code), _("The vote is open.")
    )


@page("ballot.run")
def withdraw(request: ActorRequest, code: str) -> HttpResponse:
    """Withdraw a planned vote, with the reason."""
    found = found_ballot(code)
    require(request.actor, "ballot.run", found.unit.path)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_ballot(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("ballots:ballot", code)
    return render(request, "ballots/withdraw.html", {"form": form, "ballot": found})


@page("ballot.count")
def count(request: ActorRequest, code: str) -> HttpResponse:
    """Close the vote and count it, at once or by a job."""
    return act(
        request,
        code,
        lambda: services.start_count(actor=request.actor, now=now(), code=code),
        _("The vote is closed and counted, or its count has begun: this page tells."),
    )


def _wished(request: ActorRequest) -> dict[str, object]:
    """What a link to the form asks for: ?proposal=P-1&proposal=P-2&consultation=C-1."""
    return {"proposals": request.GET.getlist("proposal"), "consultation": request.GET.get("consultation", "")}
