"""Pages of members: the roll and objections, the ballot on a phone, what comes after it."""

from __future__ import annotations

import base64
import binascii

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base import sealing
from qiao.base.access import SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.judge.ratings import queries, services
from qiao.judge.ratings.choices import ObjectionKind, State
from qiao.judge.ratings.forms import GroundForm, ObjectionForm, VoteForm
from qiao.judge.ratings.models import RollObjection
from qiao.judge.ratings.rules.states import is_voting
from qiao.judge.ratings.views.shared import found, said

#: Where a member's own session keeps the numbers of receipts, so that a page reloaded shows them again.
_RECEIPTS = "rating_receipts"


@page(SIGNED_IN)
def roll(request: ActorRequest, code: str) -> HttpResponse:
    """Whether one stands on the roll, and objecting to it."""
    rating, moment = found(code), now()
    running = rating.state in (State.ROLL_FROZEN, State.ROLL_CONTESTED)
    open_now = running and rating.objections_until is not None and moment < rating.objections_until
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.object_to_roll(
                actor=request.actor, now=moment, code=code, kind=ObjectionKind(given["kind"]), ground=given["ground"],
                about=given["about"],
            )  # fmt: skip
        except (Problem, Problems) as problem:
            said(form, problem)
        else:
            messages.success(request, _("Your objection is filed. Somebody who did not call the rating decides on it."))
            return redirect("ratings:roll", code)
    context = {
        "rating": rating, "line": queries.on_roll(rating, request.actor), "form": form, "open_now": open_now,
        "objections": queries.own_objections(rating, request.actor),
    }  # fmt: skip
    return render(request, "ratings/roll.html", context)


@page(SIGNED_IN)
def appeal(request: ActorRequest, code: str) -> HttpResponse:
    """Appeal against a dismissed objection of one's own."""
    try:
        objection = queries.objection_by_code(code)
    except RollObjection.DoesNotExist:
        raise Http404 from None
    if not request.actor.concerns(objection.by_id):
        raise Http404
    form = GroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.appeal_objection(
                actor=request.actor, now=now(), code=code, ground=form.cleaned_data["ground"]
            )
        except (Problem, Problems) as problem:
            said(form, problem)
        else:
            messages.success(request, _("Your appeal is filed: receipt %(number)s.") % {"number": made.receipt})
            return redirect("ratings:roll", objection.rating.code)
    context = {
        "rating": objection.rating, "form": form, "title": _("Appeal against the decision"),
        "button": _("File the appeal"),
        "note": objection.reason,
    }  # fmt: skip
    return render(request, "ratings/act.html", context)


@page(SIGNED_IN)
def vote(request: ActorRequest, code: str) -> HttpResponse:
    """The ballot on a phone: every point graded, then one button that says the vote is counted."""
    rating, moment = found(code), now()
    if not is_voting(rating.state, rating.closes, moment):
        return redirect("ratings:rating", code)
    line = queries.on_roll(rating, request.actor)
    if line.voted:
        return redirect("ratings:voted", code)
    sealed = _sealed(request)
    form = VoteForm(request.POST if request.method == "POST" and sealed is None else None, rating=rating)
    fault = ""
    if line.on_roll and request.method == "POST" and (sealed is not None or form.is_valid()):
        try:
            receipt = services.cast_vote(
                actor=request.actor, now=moment, code=code, grades=None if sealed is not None else form.grades,
                sealed=sealed,
            )  # fmt: skip
        except services.VotedAlready:
            return redirect("ratings:voted", code)
        except Problem as problem:
            fault = problem_text(problem)
        else:
            request.session[_RECEIPTS] = {**request.session.get(_RECEIPTS, {}), code: receipt.number}
            return redirect("ratings:voted", code)
    context = {"rating": rating, "form": form, "line": line, "fault": fault, "pad": sealing.PAD}
    return render(request, "ratings/vote.html", context, status=422 if form.errors or fault else 200)


def _sealed(request: ActorRequest) -> bytes | None:
    """What the member's device sealed; None where the grades came as they are. Bytes that are none become empty."""
    text = request.POST.get("sealed", "")
    if not text:
        return None
    try:
        return base64.b64decode(text[: 2 * sealing.PAD], validate=True)
    except (binascii.Error, ValueError):
        return b""


@page(SIGNED_IN)
def voted(request: ActorRequest, code: str) -> HttpResponse:
    """After voting, and for whoever comes again: the vote is in, with the receipt where this session has it."""
    rating = found(code)
    if not queries.on_roll(rating, request.actor).voted:
        return redirect("ratings:rating", code)
    number = request.session.get(_RECEIPTS, {}).get(code, "")
    return render(request, "ratings/voted.html", {"rating": rating, "number": number})
