"""The ballot paper on a phone, and what comes after it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from qiao.base.access import SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.ballots import queries, rules, services
from qiao.decide.ballots.forms import VoteForm
from qiao.decide.ballots.views.shared import found_ballot, full_share

#: Where a member's own session keeps the numbers of receipts, so that a page reloaded shows them again.
_RECEIPTS = "ballot_receipts"


@page(SIGNED_IN)
def vote(request: ActorRequest, code: str) -> HttpResponse:
    """The ballot paper on a phone."""
    found, moment = found_ballot(code), now()
    if not rules.is_voting(found.state, found.closes, moment):
        return redirect("ballots:ballot", code)
    line = queries.on_roll(found, request.actor)
    if line.voted:
        return redirect("ballots:voted", code)
    items = queries.item_lines(found)
    form = VoteForm(request.POST if request.method == "POST" else None, ballot=found, items=items)
    if line.on_roll and form.is_valid():
        try:
            receipt = services.cast_ballot(
                actor=request.actor, now=moment, code=code, proposal_codes=form.chosen, ranks=form.ranks
            )
        except services.VotedAlready:
            return redirect("ballots:voted", code)
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            request.session[_RECEIPTS] = {**request.session.get(_RECEIPTS, {}), code: receipt.number}
            return redirect("ballots:voted", code)
    context = {"ballot": found, "items": items, "form": form, "line": line, "full_share": full_share(found)}
    return render(request, "ballots/vote.html", context)


@page(SIGNED_IN)
def voted(request: ActorRequest, code: str) -> HttpResponse:
    """After voting, and for whoever comes again: the vote is in, with the receipt where this session has it."""
    found = found_ballot(code)
    if not queries.on_roll(found, request.actor).voted:
        return redirect("ballots:ballot", code)
    number = request.session.get(_RECEIPTS, {}).get(code, "")
    return render(request, "ballots/voted.html", {"ballot": found, "number": number})
