"""Pages of budget votes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, SIGNED_IN, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.decide.ballots import queries, rules, services
from qiao.decide.ballots.choices import BallotState, Leftover
from qiao.decide.ballots.exports import pabulib_response
from qiao.decide.ballots.forms import PlanForm, VoteForm, WithdrawForm
from qiao.decide.ballots.models import Ballot
from qiao.decide.ballots.services.cast_ballot import VotedAlready

#: Where a member's own session keeps the numbers of receipts, so that a page reloaded shows them again.
_RECEIPTS = "ballot_receipts"


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """All budget votes, newest first."""
    pages = Paginator(queries.all_ballots(), queries.PER_PAGE)
    context = {"page": pages.get_page(request.GET.get("page")), "may_plan": request.actor.may("ballot.run")}
    return render(request, "ballots/board.html", context)


@page(PUBLIC)
def ballot(request: ActorRequest, code: str) -> HttpResponse:
    """One vote: what is voted on, by what rule, and once it is counted the result and why it is right."""
    found = _found(code)
    return render(request, "ballots/ballot.html", _context(request, found, now()))


@page("ballot.run")
def plan(request: ActorRequest) -> HttpResponse:
    """Plan a budget vote."""
    form = PlanForm(request.POST or None, actor=request.actor, initial=_wished(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.plan_ballot(
                actor=request.actor,
                now=now(),
                unit=given["unit"],
                title=given["title"],
                budget=given["budget"],
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
    return _act(
        request, code, lambda: services.open_ballot(actor=request.actor, now=now(), code=code), _("The vote is open.")
    )


@page("ballot.run")
def withdraw(request: ActorRequest, code: str) -> HttpResponse:
    """Withdraw a planned vote, with the reason."""
    found = _found(code)
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


@page(SIGNED_IN)
def vote(request: ActorRequest, code: str) -> HttpResponse:
    """The ballot paper on a phone."""
    found, moment = _found(code), now()
    if not rules.is_voting(found.state, found.closes, moment):
        return redirect("ballots:ballot", code)
    line = queries.on_roll(found, request.actor)
    if line.voted:
        return redirect("ballots:voted", code)
    items = queries.item_lines(found)
    form = VoteForm(request.POST if request.method == "POST" else None, items=items)
    if line.on_roll and form.is_valid():
        try:
            receipt = services.cast_ballot(
                actor=request.actor, now=moment, code=code, proposal_codes=form.cleaned_data["projects"]
            )
        except VotedAlready:
            return redirect("ballots:voted", code)
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            request.session[_RECEIPTS] = {**request.session.get(_RECEIPTS, {}), code: receipt.number}
            return redirect("ballots:voted", code)
    context = {
        "ballot": found,
        "items": items,
        "form": form,
        "line": line,
        "full_share": _full_share(found),
        "chosen": request.POST.getlist("projects"),
    }
    return render(request, "ballots/vote.html", context)


@page(SIGNED_IN)
def voted(request: ActorRequest, code: str) -> HttpResponse:
    """After voting, and for whoever comes again: the vote is in, with the receipt where this session has it."""
    found = _found(code)
    if not queries.on_roll(found, request.actor).voted:
        return redirect("ballots:ballot", code)
    number = request.session.get(_RECEIPTS, {}).get(code, "")
    return render(request, "ballots/voted.html", {"ballot": found, "number": number})


@page("ballot.count")
def count(request: ActorRequest, code: str) -> HttpResponse:
    """Close the vote and count it."""
    return _act(
        request,
        code,
        lambda: services.count_ballot(actor=request.actor, now=now(), code=code),
        _("The vote is counted."),
    )


@page(PUBLIC)
def download(request: ActorRequest, code: str) -> HttpResponse:
    """All papers of a counted vote in Pabulib form."""
    text = queries.result_file(code)
    if text is None:
        raise Http404
    return pabulib_response(code, text)


def _context(request: ActorRequest, found: Ballot, moment: datetime) -> dict[str, object]:
    actor, path = request.actor, found.unit.path
    line = queries.on_roll(found, actor)
    voting = rules.is_voting(found.state, found.closes, moment)
    items = queries.item_lines(found)
    return {
        "ballot": found,
        "items": items,
        "names": {item.proposal_code: item.title for item in items},
        "steps": rules.steps(found.state),
        "line": line,
        "voting": voting,
        "over": found.state == BallotState.OPEN and not voting,
        "result": queries.result_of(found),
        "full_share": _full_share(found),
        "recount": _recount(found),
        "entries": queries.ledger_entries(found.code),
        "may_open": rules.is_due_to_open(found.state, found.opens, moment) and actor.may("ballot.run", path),
        "may_withdraw": rules.may_change(found.state, BallotState.WITHDRAWN) and actor.may("ballot.run", path),
        "may_count": actor.may("ballot.count", path)
        and (found.state == BallotState.CLOSED or rules.is_due_to_close(found.state, found.closes, moment)),
        "may_decide": found.state == BallotState.COUNTED and actor.may("decision.take", path),
    }


def _recount(found: Ballot) -> str:
    """The line by which anybody counts the file again."""
    leftover = " --completion greedy" if found.leftover == Leftover.MOST_VOTES else ""
    return f"qiao share {found.code}.pb --rule equal-shares{leftover}"


def _full_share(found: Ballot) -> float | None:
    """What a voter's share would be if the whole roll voted."""
    return float(found.budget) / found.roll_size if found.roll_size else None


def _act(request: ActorRequest, code: str, service: Callable[[], Ballot], done: str) -> HttpResponse:
    """Run one service on POST and come back to the ballot's page with what it says."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    _found(code)
    try:
        service()
    except Problem as problem:
        messages.error(request, problem_text(problem))
    else:
        messages.success(request, done)
    return redirect("ballots:ballot", code)


def _wished(request: ActorRequest) -> dict[str, object]:
    """What a link to the form asks for: ?proposal=P-1&proposal=P-2&consultation=C-1."""
    return {"proposals": request.GET.getlist("proposal"), "consultation": request.GET.get("consultation", "")}


def _found(code: str) -> Ballot:
    try:
        return queries.ballot_by_code(code)
    except Ballot.DoesNotExist:
        raise Http404 from None
