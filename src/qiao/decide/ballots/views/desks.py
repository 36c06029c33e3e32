"""Pages of the places where members vote on paper or in the booth."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base import throttle
from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.ballots import queries, rules, services
from qiao.decide.ballots.choices import Channel
from qiao.decide.ballots.forms import BoothForm, DeskForm, FinishForm, VoteForm
from qiao.decide.ballots.models import Desk
from qiao.decide.ballots.views.shared import found_ballot, full_share, row_number, said_kindly


@page("ballot.count")
def desks(request: ActorRequest, code: str) -> HttpResponse:
    """The places of a vote, for its count officers."""
    found, moment = found_ballot(code), now()
    require(request.actor, "ballot.count", found.unit.path)
    context = {
        "ballot": found,
        "desks": queries.desks_of(found),
        "may_add": found.state in ("planned", "open") and found.closes > moment,
    }
    return render(request, "ballots/desks.html", context)


@page("ballot.count")
def desk_new(request: ActorRequest, code: str) -> HttpResponse:
    """Open a place."""
    found = found_ballot(code)
    require(request.actor, "ballot.count", found.unit.path)
    form = DeskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.open_desk(
                actor=request.actor, now=now(), code=code, name=given["name"], channel=Channel(given["channel"])
            )
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("ballots:desk", code, made.pk)
    return render(request, "ballots/desk_new.html", {"ballot": found, "form": form})


@page("ballot.count")
def desk(request: ActorRequest, code: str, key: int) -> HttpResponse:
    """One place: while the vote is open the roll is searched and marked, afterwards its papers are typed."""
    place, moment = _found_desk(request, code, key), now()
    ballot = place.ballot
    wanted = request.POST.get("wanted", "")
    voting = rules.is_voting(ballot.state, ballot.closes, moment)
    over = rules.is_due_to_close(ballot.state, ballot.closes, moment)
    context = {
        "ballot": ballot,
        "desk": place,
        "voting": voting,
        "over": over,
        "wanted": wanted,
        "lines": queries.find_on_roll(ballot, wanted) if voting else [],
        "papers": queries.desk_line(place) if over and place.channel == Channel.PAPER else None,
        "next_number": queries.next_sheet(place, request.actor) if over and place.finished is None else None,
        "finish": FinishForm(),
    }
    return render(request, "ballots/desk.html", context)


@page("ballot.count")
def desk_hand_out(request: ActorRequest, code: str, key: int) -> HttpResponse:
    """Mark a member and hand out the paper's receipt, or the booth's code; shown once, on this answer only."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    place = _found_desk(request, code, key)
    person = row_number(request.POST.get("person"))
    if person is None:
        messages.error(request, _("Find the member on the roll first."))
        return redirect("ballots:desk", code, key)
    context: dict[str, object] = {"ballot": place.ballot, "desk": place}
    try:
        if place.channel == Channel.PAPER:
            context["number"] = services.give_paper(
                actor=request.actor, now=now(), desk_id=place.pk, person_id=person
            ).number
        else:
            context["booth_code"] = services.give_booth_code(
                actor=request.actor, now=now(), desk_id=place.pk, person_id=person
            )
    except services.VotedAlready:
        messages.error(request, said_kindly())
        return redirect("ballots:desk", code, key)
    except Problem as problem:
        messages.error(request, problem_text(problem))
        return redirect("ballots:desk", code, key)
    return render(request, "ballots/handed_out.html", context)


@page("ballot.count")
def desk_type(request: ActorRequest, code: str, key: int) -> HttpResponse:
    """Type one paper out of the box."""
    place, moment = _found_desk(request, code, key), now()
    ballot = place.ballot
    if not rules.is_due_to_close(ballot.state, ballot.closes, moment) or place.finished is not None:
        return redirect("ballots:desk", code, key)
    items = queries.item_lines(ballot)
    number = row_number(request.POST.get("number")) or queries.next_sheet(place, request.actor)
    if number is None:
        messages.success(request, _("Nothing is left for you to type here."))
        return redirect("ballots:desk", code, key)
    form = VoteForm(request.POST if request.method == "POST" else None, ballot=ballot, items=items, blank=True)
    if request.method == "POST" and form.is_valid():
        try:
            services.type_sheet(
                actor=request.actor, now=moment, desk_id=place.pk, number=number, proposal_codes=form.chosen,
                ranks=form.ranks,
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("ballots:desk_type", code, key)
    context = {"ballot": ballot, "desk": place, "items": items, "form": form, "number": number}
    return render(request, "ballots/desk_type.html", context)


@page("ballot.count")
def desk_finish(request: ActorRequest, code: str, key: int) -> HttpResponse:
    """Put the typed papers of a place into the box of the vote."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    place = _found_desk(request, code, key)
    form = FinishForm(request.POST)
    if form.is_valid():
        try:
            services.finish_desk(
                actor=request.actor, now=now(), desk_id=place.pk, missing=form.cleaned_data["missing"],
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Problem as problem:
            messages.error(request, problem_text(problem))
        else:
            messages.success(request, _("The papers of this place are in the box."))
    else:
        messages.error(request, _("Write how many papers are missing as a number; 0 where none is."))
    return redirect("ballots:desk", code, key)


@page(PUBLIC)
def booth(request: ActorRequest, code: str) -> HttpResponse:
    """The device in the hall: code, ballot paper, receipt. Nobody is signed in on it."""
    found, moment = found_ballot(code), now()
    voting = rules.is_voting(found.state, found.closes, moment)
    if not voting:
        return redirect("ballots:ballot", code)
    entered = BoothForm(request.POST or None)
    items = queries.item_lines(found)
    context: dict[str, object] = {"ballot": found, "entered": entered, "items": items, "full_share": full_share(found)}
    if request.method == "POST" and entered.is_valid():
        booth_code, address = entered.cleaned_data["booth_code"], throttle.address_of(request)
        try:
            throttle.ensure("booth code", address, now=moment)
            if not queries.booth_code_waits(code, booth_code):
                throttle.failed("booth code", address, limit=20, per=timedelta(minutes=10), now=moment)
                raise Problem("This code opens no ballot paper here: it was used, or mistyped.")
            form = VoteForm(request.POST if "marked" in request.POST else None, ballot=found, items=items)
            context["form"] = form
            if form.is_valid():
                receipt = services.cast_in_booth(
                    now=moment, code=code, booth_code=booth_code, proposal_codes=form.chosen, ranks=form.ranks
                )
                return render(request, "ballots/booth_done.html", {"ballot": found, "number": receipt.number})
        except Problem as problem:
            entered.add_error(None, problem_text(problem))
    return render(request, "ballots/booth.html", context)


def _found_desk(request: ActorRequest, code: str, key: int) -> Desk:
    found = found_ballot(code)
    require(request.actor, "ballot.count", found.unit.path)
    try:
        return queries.desk_by_key(code, key)
    except Desk.DoesNotExist:
        raise Http404 from None
