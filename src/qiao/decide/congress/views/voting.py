"""Items of business: settled, voted on by phone or paper, carried into the register of decisions."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.decide.congress import queries, services
from qiao.decide.congress.choices import Aspect, Grade, ItemKind, ItemState, Stance, Way
from qiao.decide.congress.forms import (
    BallotForm,
    OpenForm,
    SettleForm,
    TallyForm,
)
from qiao.decide.congress.models import Item
from qiao.decide.congress.rules.states import VOTED
from qiao.decide.congress.views.finding import asked, item_of, pressed

RUN = "congress.run"
#: The receipt of a vote, for the page after it; kept with the session alone.
_RECEIPTS = "congress_receipts"


@page(RUN)
def settle(request: ActorRequest, code: str) -> HttpResponse:
    """Settle an item without a vote."""
    found = item_of(request, code, RUN)
    form = SettleForm(request.POST or None, initial={"postponed": found.kind in VOTED})

    def act() -> None:
        services.settle_item(actor=request.actor, now=now(), code=code, **form.cleaned_data)

    return asked(request, form, act, title=_("What came of the item"), button=_("Write it down"),
                 about=pick(found.title), to=("congress:item", code))  # fmt: skip


@page(RUN)
def open_vote(request: ActorRequest, code: str) -> HttpResponse:
    """Open the secret vote on an item."""
    found = item_of(request, code, RUN)
    form = OpenForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.open_vote(actor=request.actor, now=now(), code=code, way=Way(given["way"]), minutes=given["minutes"])

    return asked(request, form, act, title=_("Open the secret vote"), button=_("Open the vote"),
                 about=pick(found.title), to=("congress:item", code),
                 hint=_("The result is measured by all delegates, whoever of them is here."))  # fmt: skip


@require_POST
@page(RUN)
def hand(request: ActorRequest, code: str) -> HttpResponse:
    """Hand papers to everybody present who has not voted."""
    item_of(request, code, RUN)
    return pressed(request, lambda: services.hand_papers(actor=request.actor, now=now(), code=code),
                   _("Everybody present who had not voted has a paper."), "congress:item", code)  # fmt: skip


@require_POST
@page(RUN)
def close_vote(request: ActorRequest, code: str) -> HttpResponse:
    """Close the vote."""
    item_of(request, code, RUN)
    return pressed(request, lambda: services.close_vote(actor=request.actor, now=now(), code=code),
                   _("The vote is closed."), "congress:item", code)  # fmt: skip


@page(RUN)
def tally(request: ActorRequest, code: str) -> HttpResponse:
    """Type the tellers' sheet: the first time, and by another account the second."""
    found = item_of(request, code, RUN)
    if found.state != ItemState.CLOSED:
        raise Http404
    second = bool(found.tally) and not request.actor.did(found.tally_by_id)
    form = TallyForm(request.POST or None, keys=_keys(found), names=not second)

    def act() -> None:
        given = form.cleaned_data
        numbers = {"valid": given["valid"], "invalid": given["invalid"], "counts": form.counts()}
        if second:
            services.confirm_tally(actor=request.actor, now=now(), code=code, **numbers)
        else:
            services.enter_tally(actor=request.actor, now=now(), code=code, tellers=form.tellers(), **numbers)

    return asked(
        request, form, act,
        title=_("The tellers' sheet, second entry") if second else _("The tellers' sheet, first entry"),
        button=_("Enter"), about=pick(found.title), to=("congress:item", code),
        hint=_("Two tellers count the papers; two accounts type their sheet. Equal entries settle the vote."),
    )  # fmt: skip


def _keys(found: Item) -> list[tuple[str, str]]:
    if found.kind == ItemKind.PASS:
        return [(word.value, str(word.label)) for word in Stance]
    if found.kind == ItemKind.ELECT:
        return [(str(row.position), pick(row.name)) for row in found.options.order_by("position")]
    return [(f"{aspect}:{grade}", f"{aspect.label}: {grade.label}") for aspect in Aspect for grade in Grade]


@page(SIGNED_IN)
def vote(request: ActorRequest, code: str) -> HttpResponse:
    """The ballot paper on a phone."""
    found = item_of(request, code)
    who = queries.standing(found.session.congress, request.actor)
    if who.seat is None:
        raise Http404
    if queries.has_voted(found, who.seat):
        return redirect("congress:voted", code)
    moment = now()
    if found.state != ItemState.OPEN or found.closes is None or moment >= found.closes or found.way == Way.PAPER:
        return redirect("congress:item", code)
    if not queries.is_there(found.session, who.seat):
        return redirect("congress:here", found.session.code)
    form = BallotForm(request.POST if request.method == "POST" else None, item=found)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = services.cast_vote(actor=request.actor, now=moment, code=code, choices=form.choices())
        except services.VotedAlready:
            return redirect("congress:voted", code)
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            request.session[_RECEIPTS] = {**request.session.get(_RECEIPTS, {}), code: receipt.number}
            return redirect("congress:voted", code)
    context = {"item": found, "session": found.session, "form": form}
    return render(request, "congress/vote.html", context, status=422 if form.errors else 200)


@page(SIGNED_IN)
def voted(request: ActorRequest, code: str) -> HttpResponse:
    """After voting: the vote is in, with the receipt where this session has it."""
    found = item_of(request, code)
    who = queries.standing(found.session.congress, request.actor)
    if who.seat is None:
        raise Http404
    if not queries.has_voted(found, who.seat):
        return redirect("congress:item", code)
    number = request.session.get(_RECEIPTS, {}).get(code, "")
    return render(request, "congress/voted.html", {"item": found, "session": found.session, "number": number})


@require_POST
@page("decision.take")
def register(request: ActorRequest, code: str) -> HttpResponse:
    """Carry a resolution into the register of decisions."""
    item_of(request, code, "decision.take")
    return pressed(request, lambda: services.register_decision(actor=request.actor, now=now(), code=code),
                   _("The resolution stands in the register of decisions."), "congress:item", code)  # fmt: skip
