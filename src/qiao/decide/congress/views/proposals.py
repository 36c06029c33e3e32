"""Delegates' proposals: writing and seconding on a phone, the committee, the reply, the rating."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem, Problems
from qiao.decide.congress import queries, services
from qiao.decide.congress.choices import ProposalState, Rating, ReviewWord
from qiao.decide.congress.forms import (
    AssignForm,
    DraftForm,
    RateForm,
    ReplyForm,
    ReviewForm,
    SplitForm,
    TextForm,
)
from qiao.decide.congress.models import DelegateProposal
from qiao.decide.congress.rules.states import PROPOSAL_HANDLED, PROPOSAL_NEXT, proposal_steps
from qiao.decide.congress.views.finding import asked, congress_of, pressed, proposal_of

REVIEW = "congress.review"
P = ProposalState


@page(PUBLIC)
def board(request: ActorRequest, code: str) -> HttpResponse:
    """The proposals of a congress."""
    found = congress_of(request, code)
    who = queries.standing(found, request.actor)
    rows = queries.proposals_for(found, who) if who.inside else found.proposals.none()
    counts = {state.label: number for state, number in _counts(found.proposals.values_list("state", flat=True))}
    context = {"congress": found, "who": who, "rows": rows[:200], "counts": counts, "now": now()}
    return render(request, "congress/proposals.html", context)


def _counts(states: object) -> list[tuple[ProposalState, int]]:
    """How many stand where, of those handed in; drafts are nobody's business."""
    held = [ProposalState(state) for state in states]  # type: ignore[attr-defined]
    shown = (P.FILED, P.ASSIGNED, P.IN_HAND, P.REPLIED, P.RE_HANDLED, P.CLOSED, P.REPORTED, P.AS_SUGGESTION, P.RETURNED)
    return [(state, held.count(state)) for state in shown if state in held]


@page(PUBLIC)
def proposal(request: ActorRequest, code: str) -> HttpResponse:
    """One proposal."""
    found = proposal_of(request, code)
    who = queries.standing(found.congress, request.actor)
    first = queries.is_maker(found, request.actor, first=True)
    maker = queries.is_maker(found, request.actor)
    following = PROPOSAL_NEXT[found.state]
    handles = who.may_review and not maker
    seconds = found.seconds.count()
    context = {
        "proposal": found,
        "congress": found.congress,
        "who": who,
        "steps": proposal_steps(found.state),
        "makers": queries.makers_shown(found, who, request.actor),
        "first": first,
        "seconds": seconds,
        "missing": max(found.needed - seconds, 0),
        "open_for_seconds": found.state in (P.DRAFT, P.SECONDED),
        "may_second": who.seat is not None and not maker and found.state in (P.DRAFT, P.SECONDED)
        and not queries.has_seconded(found, who.seat),
        "has_seconded": queries.has_seconded(found, who.seat),
        "may_submit": first and (found.state == P.SECONDED or (found.state == P.RETURNED and seconds >= found.needed)),
        "may_edit": first and found.state in (P.DRAFT, P.SECONDED, P.RETURNED),
        "may_withdraw": first and P.WITHDRAWN in following,
        "may_review": handles and found.state == P.SUBMITTED,
        "may_assign": handles and found.state == P.FILED,
        "may_reply": handles and found.state in PROPOSAL_HANDLED,
        "may_rate": first and found.state == P.REPLIED and not found.rating,
        "now": now(),
    }  # fmt: skip
    return render(request, "congress/proposal.html", context)


@page(SIGNED_IN)
def new(request: ActorRequest, code: str) -> HttpResponse:
    """Write a proposal."""
    found = congress_of(request, code)
    form = DraftForm(request.POST or None)
    if queries.standing(found, request.actor).seat is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft_proposal(
                actor=request.actor, now=now(), congress_code=code, language=get_language() or "zh-hans",
                **form.cleaned_data,
            )  # fmt: skip
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return redirect("congress:proposal", made.code)
    context = {
        "form": form, "title": _("Make a delegate's proposal"), "button": _("Save the draft"),
        "about": f"{pick(found.unit.name)} · {code}", "back": ("congress:proposals", code),
        "hint": _("Other delegates then second it; with enough of them you hand it in."),
    }  # fmt: skip
    return render(request, "congress/act.html", context, status=422 if form.errors else 200)


def _own(request: ActorRequest, code: str) -> DelegateProposal:
    found = proposal_of(request, code)
    if not queries.is_maker(found, request.actor, first=True):
        raise Http404
    return found


@page(SIGNED_IN)
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change a draft."""
    found = _own(request, code)
    form = TextForm(request.POST or None, initial={"title": found.title, "text": found.text})

    def act() -> None:
        services.edit_proposal(actor=request.actor, now=now(), code=code, **form.cleaned_data)

    return asked(request, form, act, title=_("Change your proposal"), button=_("Save"), about=found.code,
                 to=("congress:proposal", code),
                 hint=_("Who seconded it seconded another text: it looks for seconders again."))  # fmt: skip


@page(SIGNED_IN)
def split(request: ActorRequest, code: str) -> HttpResponse:
    """Split a proposal into two."""
    found = _own(request, code)
    form = SplitForm(request.POST or None, initial={"first_title": found.title, "first_text": found.text})

    def act() -> None:
        given = form.cleaned_data
        services.split_proposal(
            actor=request.actor, now=now(), code=code, first=(given["first_title"], given["first_text"]),
            second=(given["second_title"], given["second_text"]),
        )  # fmt: skip

    return asked(request, form, act, title=_("Make two proposals of it"), button=_("Split it"), about=found.code,
                 to=("congress:proposals", found.congress.code),
                 hint=_("Both keep those who make and second it."))  # fmt: skip


@require_POST
@page(SIGNED_IN)
def step(request: ActorRequest, code: str, deed: str) -> HttpResponse:
    """A button of a delegate: second, join, hand in, take back."""
    proposal_of(request, code)
    deeds = {
        "second": (services.second_proposal, _("You second the proposal.")),
        "join": (services.join_proposal, _("You make the proposal together with others.")),
        "submit": (services.submit_proposal, _("The proposal is handed in.")),
        "withdraw": (services.withdraw_proposal, _("The proposal is taken back.")),
    }
    if deed not in deeds:
        raise Http404
    act, said = deeds[deed]
    return pressed(request, lambda: act(actor=request.actor, now=now(), code=code), said, "congress:proposal", code)


@page(REVIEW)
def review(request: ActorRequest, code: str) -> HttpResponse:
    """The committee's word."""
    found = proposal_of(request, code, REVIEW)
    if found.state != P.SUBMITTED:
        raise Http404
    form = ReviewForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.review_proposal(
            actor=request.actor, now=now(), code=code, word=ReviewWord(given["word"]), reason=given["reason"]
        )

    return asked(request, form, act, title=_("Review the proposal"), button=_("Say so"), about=found.title,
                 to=("congress:proposal", code),
                 hint=_("Two matters in one: return it with this reason, and its maker splits it."))  # fmt: skip


@page(REVIEW)
def assign(request: ActorRequest, code: str) -> HttpResponse:
    """Say which office replies."""
    found = proposal_of(request, code, REVIEW)
    if found.state != P.FILED:
        raise Http404
    form = AssignForm(request.POST or None)

    def act() -> None:
        services.assign_proposal(actor=request.actor, now=now(), code=code, handler=form.cleaned_data["handler"])

    return asked(request, form, act, title=_("Say which office replies"), button=_("Start its clock"),
                 about=found.title, to=("congress:proposal", code))  # fmt: skip


@require_POST
@page(REVIEW)
def take(request: ActorRequest, code: str) -> HttpResponse:
    """The office has it in hand."""
    proposal_of(request, code, REVIEW)
    return pressed(request, lambda: services.take_in_hand(actor=request.actor, now=now(), code=code),
                   _("The proposal is in hand."), "congress:proposal", code)  # fmt: skip


@page(REVIEW)
def reply(request: ActorRequest, code: str) -> HttpResponse:
    """Enter the reply that came on paper."""
    found = proposal_of(request, code, REVIEW)
    form = ReplyForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.reply_proposal(
            actor=request.actor, now=now(), code=code, reply=given["text"], signed_by=given["signed_by"]
        )

    return asked(request, form, act, title=_("Enter the reply"), button=_("Enter"), about=found.title,
                 to=("congress:proposal", code),
                 hint=_("As it came on paper, signed by the leader in charge. The proposer rates it."))  # fmt: skip


@page(SIGNED_IN)
def rate(request: ActorRequest, code: str) -> HttpResponse:
    """The proposer rates the reply."""
    found = _own(request, code)
    form = RateForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.rate_proposal(
            actor=request.actor, now=now(), code=code, rating=Rating(given["rating"]), rating_note=given["rating_note"]
        )

    hint = (
        _("Not satisfied: the congress hears of it.")
        if found.handled_twice
        else _("Not satisfied: it is handled once more, with a new clock.")
    )
    return asked(request, form, act, title=_("Rate the reply"), button=_("Rate"), about=found.title,
                 to=("congress:proposal", code), hint=hint, quote=found.reply)  # fmt: skip
