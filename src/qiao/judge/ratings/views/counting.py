"""Pages of count officers: their key, papers, joining keys."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.judge.ratings import queries, services
from qiao.judge.ratings.choices import BEFORE_OPENING, RESULT_STATES, State
from qiao.judge.ratings.forms import FinishForm, HandInForm, JoinForm, KeyForm, VoteForm
from qiao.judge.ratings.models import CountKey, Rating
from qiao.judge.ratings.rules.states import is_voting
from qiao.judge.ratings.views.shared import found, said


def _seat(request: ActorRequest, code: str) -> tuple[Rating, CountKey]:
    rating = found(code)
    seat = queries.own_seat(rating, request.actor)
    if seat is None:
        raise Refused("rating.count is not yours here")
    return rating, seat


@page("rating.count", fresh=True)
def key(request: ActorRequest, code: str) -> HttpResponse:
    """Register the public half of one's key."""
    rating, seat = _seat(request, code)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.register_key(actor=request.actor, now=now(), code=code, public_key=form.cleaned_data["public_key"])
        except Problem as problem:
            said(form, problem)
        else:
            messages.success(request, _("Your key is registered."))
            return redirect("ratings:rating", code)
    context = {"rating": rating, "seat": seat, "form": form, "running": rating.state in BEFORE_OPENING}
    return render(request, "ratings/key.html", context)


@page("rating.count", fresh=True)
def make_key(request: ActorRequest, code: str) -> HttpResponse:
    """Make a pair here and hand its private half out as a file, once."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    _seat(request, code)
    try:
        pair = services.make_key(actor=request.actor, now=now(), code=code)
    except Problem as problem:
        messages.error(request, problem_text(problem))
        return redirect("ratings:key", code)
    text = f"# Qiao private key of {code}: keep it off the server, in two places\n{pair.private}\n"
    response = HttpResponse(text, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{code}.key"'
    response["Cache-Control"] = "no-store"
    return response


@page("rating.count", fresh=True)
def join(request: ActorRequest, code: str) -> HttpResponse:
    """Join one's key for the count."""
    rating, seat = _seat(request, code)
    if seat.joined is not None and rating.state == State.CLOSED:
        messages.success(request, _("Your key is joined; another count officer's is missing."))
        return redirect("ratings:rating", code)
    # Two ways, two forms: a file from one's own machine, or the key itself.
    here = "private_key" in request.POST
    hand_in = HandInForm(None if here else request.POST or None, None if here else request.FILES or None)
    form = JoinForm(request.POST if here else None)
    chosen: HandInForm | JoinForm = form if here else hand_in
    if request.method == "POST" and chosen.is_valid():
        given = chosen.cleaned_data
        try:
            after = services.join_key(
                actor=request.actor, now=now(), code=code, private_key=given.get("private_key", ""),
                file=given.get("file", ""),
            )  # fmt: skip
        except (Problem, Problems) as problem:
            said(chosen, problem)
        else:
            messages.success(request, _joined(after))
            return redirect("ratings:rating", code)
    return render(request, "ratings/join.html", {"rating": rating, "form": form, "hand_in": hand_in})


@page("rating.count", fresh=True)
def sealed_keys(request: ActorRequest, code: str) -> HttpResponse:
    """The box's key, still sealed for this officer, to take the seal off elsewhere."""
    _seat(request, code)
    try:
        text = services.sealed_keys(actor=request.actor, now=now(), code=code)
    except Problem as problem:
        messages.error(request, problem_text(problem))
        return redirect("ratings:rating", code)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{code}.keys.json"'
    response["Cache-Control"] = "no-store"
    return response


def _joined(rating: Rating) -> str:
    if rating.state in RESULT_STATES:
        return _("The box is open, the ballots are counted, the result is published.")
    if rating.state == State.VOID:
        return _("The rating is void; the reason stands on its page.")
    return _("Your seal is off. Another count officer's key is missing.")


@page("rating.count")
def papers(request: ActorRequest, code: str) -> HttpResponse:
    """While the vote is open the roll is searched and marked, afterwards the papers are typed."""
    rating, _seat_row = _seat(request, code)
    moment = now()
    voting = is_voting(rating.state, rating.closes, moment)
    over = rating.state == State.OPEN and not voting
    wanted = request.POST.get("wanted", "")
    given = services.given_out(rating) if over else 0
    context = {
        "rating": rating,
        "voting": voting,
        "over": over,
        "wanted": wanted,
        "lines": queries.find_on_roll(rating, wanted) if voting else [],
        "given": given,
        "typed": rating.sheets.count() if over else 0,
        "settled": rating.sheets.filter(settled=True).count() if over else 0,
        "next_number": queries.next_sheet(rating, given, request.actor) if over and not rating.papers_done else None,
        "finish": FinishForm(),
    }
    return render(request, "ratings/papers.html", context)


@page("rating.count")
def give(request: ActorRequest, code: str) -> HttpResponse:
    """Mark a member and show the receipt that goes with the paper, on this answer only."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    rating, _seat_row = _seat(request, code)
    person = request.POST.get("person", "")
    if not (person.isascii() and person.isdigit() and len(person) < 16):
        messages.error(request, _("Choose a member of the roll from the list."))
        return redirect("ratings:papers", code)
    try:
        receipt = services.give_paper(actor=request.actor, now=now(), code=code, person_id=int(person))
    except services.VotedAlready:
        messages.error(request, _("This member's vote is used already. One member has one vote, whatever the way."))
    except Problem as problem:
        messages.error(request, problem_text(problem))
    else:
        return render(request, "ratings/handed_out.html", {"rating": rating, "number": receipt.number})
    return redirect("ratings:papers", code)


@page("rating.count")
def type_paper(request: ActorRequest, code: str) -> HttpResponse:
    """Type one paper ballot."""
    rating, _seat_row = _seat(request, code)
    moment = now()
    if rating.state != State.OPEN or moment < rating.closes or rating.papers_done:
        return redirect("ratings:papers", code)
    sent = request.POST.get("number", "")
    typed = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else None
    number = typed or queries.next_sheet(rating, services.given_out(rating), request.actor)
    if number is None:
        messages.success(request, _("Nothing is left for you to type here."))
        return redirect("ratings:papers", code)
    form = VoteForm(request.POST if request.method == "POST" else None, rating=rating, paper=True)
    if request.method == "POST" and form.is_valid():
        try:
            services.type_sheet(actor=request.actor, now=moment, code=code, number=number, grades=form.grades)
        except Problem as problem:
            said(form, problem)
        else:
            return redirect("ratings:type", code)
    return render(request, "ratings/type.html", {"rating": rating, "form": form, "number": number})


@page("rating.count")
def finish(request: ActorRequest, code: str) -> HttpResponse:
    """Seal the typed papers into the box."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    _seat(request, code)
    form = FinishForm(request.POST)
    if form.is_valid():
        try:
            services.finish_papers(
                actor=request.actor, now=now(), code=code, missing=form.cleaned_data["missing"],
                reason=form.cleaned_data["reason"] or {},
            )  # fmt: skip
        except (Problem, Problems) as problem:
            messages.error(request, problem_text(problem))
        else:
            messages.success(request, _("The papers are sealed into the box."))
    else:
        messages.error(request, _("Write how many papers are missing as a number; 0 where none is."))
    return redirect("ratings:papers", code)
