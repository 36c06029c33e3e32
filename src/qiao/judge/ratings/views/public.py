"""Pages everybody reads: the board, one rating with its result, the bundle, the check of a receipt."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from qiao.base import throttle
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.judge.ratings import queries
from qiao.judge.ratings.choices import RESULT_STATES
from qiao.judge.ratings.exports import bundle
from qiao.judge.ratings.forms import ReceiptForm
from qiao.judge.ratings.views.shared import found, page_context


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """All ratings, newest first; the reader's own unions' petitions."""
    pages = Paginator(queries.all_ratings(), queries.PER_PAGE)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "petitions": queries.petitions_for(request.actor),
        "may_call": request.actor.may("rating.call"),
        "may_petition": request.actor.is_member,
    }
    return render(request, "ratings/board.html", context)


@page(PUBLIC)
def rating(request: ActorRequest, code: str) -> HttpResponse:
    """One rating: who is judged, by when, and the result whether the union likes it or not."""
    return render(request, "ratings/rating.html", page_context(request, found(code), now()))


@page(PUBLIC)
def archive(request: ActorRequest, code: str) -> HttpResponse:
    """Counts, facts and manifest of a result, for `qiao verify`."""
    one = found(code)
    if one.state not in RESULT_STATES:
        raise Http404
    response = HttpResponse(bundle(one), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{one.code}.zip"'
    return response


@page(PUBLIC)
def receipt(request: ActorRequest, code: str) -> HttpResponse:
    """Whether a receipt is among those the ledger holds the root of; it never tells what was chosen."""
    one, moment = found(code), now()
    form = ReceiptForm(request.POST or None)
    proof = None
    if request.method == "POST" and form.is_valid():
        address = throttle.address_of(request)
        try:
            throttle.ensure("rating receipt", address, now=moment)
            proof = queries.receipt_proof(one, form.cleaned_data["number"])
        except Problem as problem:
            throttle.failed("rating receipt", address, limit=20, per=timedelta(minutes=10), now=moment)
            form.add_error(None, problem_text(problem))
    return render(request, "ratings/receipt.html", {"rating": one, "form": form, "proof": proof})
