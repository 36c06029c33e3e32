"""Pages by which anybody checks a vote: why the result is right, one's receipt, the files."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from qiao.base import throttle
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.ballots import queries
from qiao.decide.ballots.choices import BallotState
from qiao.decide.ballots.exports import bundle_response, papers_response
from qiao.decide.ballots.forms import ReceiptForm
from qiao.decide.ballots.views.shared import ballot_context, found_ballot


@page(PUBLIC)
def why(request: ActorRequest, code: str) -> HttpResponse:
    """Why the result is right, in one minute, with this vote's own numbers."""
    found = found_ballot(code)
    if found.state != BallotState.COUNTED:
        return redirect("ballots:ballot", code)
    context = ballot_context(request, found, now())
    items = queries.item_lines(found)
    valid = (found.turnout or 0) - found.blank
    context |= {
        "rounds": queries.rounds_of(found, items),
        "duels": queries.duels_of(found, items, valid),
        "sealed": queries.entry_of(code, "ballot.closed"),
        "bursts": queries.bursts_of(found),
    }
    return render(request, "ballots/why.html", context)


@page(PUBLIC)
def check_receipt(request: ActorRequest, code: str) -> HttpResponse:
    """Whether a receipt is among those the ledger holds the root of; it never tells what was chosen."""
    found, moment = found_ballot(code), now()
    form = ReceiptForm(request.POST or None)
    proof = None
    if request.method == "POST" and form.is_valid():
        address = throttle.address_of(request)
        try:
            throttle.ensure("ballot receipt", address, now=moment)
            proof = queries.receipt_proof(found, form.cleaned_data["number"])
        except Problem as problem:
            throttle.failed("ballot receipt", address, limit=20, per=timedelta(minutes=10), now=moment)
            form.add_error(None, problem_text(problem))
    return render(request, "ballots/receipt.html", {"ballot": found, "form": form, "proof": proof})


@page(PUBLIC)
def download(request: ActorRequest, code: str, ending: str) -> HttpResponse:
    """All papers of a counted vote in Pabulib's or PrefLib's form."""
    text = queries.result_file(code)
    if text is None or ending != queries.result_ending(code):
        raise Http404
    return papers_response(code, ending, text)


@page(PUBLIC)
def bundle(request: ActorRequest, code: str) -> HttpResponse:
    """Everything by which `qiao verify` checks a counted vote."""
    found = found_ballot(code)
    if not queries.result_ending(code):
        raise Http404
    return bundle_response(found)
