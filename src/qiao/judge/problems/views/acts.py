"""Officers' acts on a problem: taking on, naming the owner, mending, checking from above."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import SIGNED_IN, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.judge.problems import queries, services
from qiao.judge.problems.choices import Say, State
from qiao.judge.problems.forms import (
    AcceptForm,
    ClaimForm,
    ExtendForm,
    OwnerForm,
    RecheckForm,
    RemedyForm,
    WordsForm,
)
from qiao.judge.problems.models import Entry
from qiao.judge.problems.queries.owners import possible_owners
from qiao.judge.problems.views.reading import found


@page("problem.accept")
def accept(request: ActorRequest, code: str) -> HttpResponse:
    """Take a raised problem on."""
    entry = _open(request, code, "problem.accept", State.RAISED)
    form = AcceptForm(request.POST or None, earlier=queries.earlier_of(entry, now=now()))

    def act() -> None:
        services.accept_problem(
            actor=request.actor, now=now(), code=entry.code, repeat_of=form.cleaned_data["repeat_of"]
        )

    return _asked(request, entry, form, act, title=_("Take the problem on"), button=_("Enter it into the ledger"))


@page("problem.accept")
def decline(request: ActorRequest, code: str) -> HttpResponse:
    """Decline a raised problem."""
    entry = _open(request, code, "problem.accept", State.RAISED)
    form = WordsForm(request.POST or None, label=_("Why it is not taken on"))

    def act() -> None:
        services.decline_problem(
            actor=request.actor, now=now(), code=entry.code, reason=form.cleaned_data["text"]
        )  # fmt: skip

    return _asked(request, entry, form, act, title=_("Do not take it on"), button=_("Decline with this reason"),
                  done="problems:board")  # fmt: skip


@page("problem.accept")
def owner(request: ActorRequest, code: str) -> HttpResponse:
    """Name who answers for it."""
    entry = _open(request, code, "problem.accept", State.ACCEPTED, State.OWNED, State.RUNNING, State.REOPENED)
    form = OwnerForm(request.POST or None, owners=possible_owners(entry, localdate(now())))

    def act() -> None:
        account, unit = form.chosen
        services.name_owner(actor=request.actor, now=now(), code=entry.code, unit=unit, owner=account)

    return _asked(request, entry, form, act, title=_("Who answers for it"), button=_("Name this person"))


@page("problem.own")
def plan(request: ActorRequest, code: str) -> HttpResponse:
    """Plan the remedy."""
    entry = _owners(request, code, State.OWNED, State.REOPENED)
    form = RemedyForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.plan_remedy(
            actor=request.actor, now=now(), code=entry.code, remedy=given["remedy"], steps=given["steps"]
        )

    return _asked(request, entry, form, act, title=_("Plan the remedy"), button=_("Begin the remedy"))


@require_POST
@page("problem.own")
def step(request: ActorRequest, code: str, position: int) -> HttpResponse:
    """Mark one step as done."""
    entry = _owners(request, code, State.RUNNING)
    try:
        services.do_step(actor=request.actor, now=now(), code=entry.code, position=position)
    except Problem as fault:
        messages.error(request, problem_text(fault))
    else:
        messages.success(request, _("The step is done."))
    return redirect("problems:problem", entry.code)


@page("problem.own")
def extend(request: ActorRequest, code: str) -> HttpResponse:
    """Give the remedy more time."""
    entry = _owners(request, code, State.RUNNING)
    form = ExtendForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.extend_remedy(
            actor=request.actor, now=now(), code=entry.code, until=given["until"], reason=given["text"]
        )

    return _asked(request, entry, form, act, title=_("More time"), button=_("Set the new day"))


@page("problem.own")
def claim(request: ActorRequest, code: str) -> HttpResponse:
    """Say that it is mended."""
    entry = _owners(request, code, State.RUNNING)
    form = ClaimForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.claim_mended(
            actor=request.actor, now=now(), code=entry.code, claim=given["text"], users_asked=given["users_asked"],
            users_confirmed=given["users_confirmed"],
        )  # fmt: skip

    return _asked(request, entry, form, act, title=_("Say that it is mended"), button=_("Have it checked"))


@page("problem.verify")
def recheck(request: ActorRequest, code: str) -> HttpResponse:
    """Check from above where nobody spoke in time."""
    entry = _open(request, code, "problem.verify", State.CLAIMED)
    form = RecheckForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.recheck_problem(
            actor=request.actor, now=now(), code=entry.code, say=Say(given["say"]), ground=given["text"]
        )

    return _asked(request, entry, form, act, title=_("Check it from above"), button=_("Enter what you found"))


@page(SIGNED_IN)
def close(request: ActorRequest, code: str) -> HttpResponse:
    """Close it with what it teaches: by those who raised it, or from above."""
    entry = _voices(request, code, State.RECHECKED)
    form = WordsForm(request.POST or None, label=_("What it teaches"))

    def act() -> None:
        services.close_problem(actor=request.actor, now=now(), code=entry.code, lesson=form.cleaned_data["text"])

    return _asked(request, entry, form, act, title=_("Close the problem"), button=_("Close it"))


@page(SIGNED_IN)
def reopen(request: ActorRequest, code: str) -> HttpResponse:
    """Open it again: by those who raised it, or from above."""
    entry = _voices(request, code, State.RECHECKED, State.CLOSED)
    form = WordsForm(request.POST or None, label=_("What is wrong again"))

    def act() -> None:
        services.reopen_problem(actor=request.actor, now=now(), code=entry.code, reason=form.cleaned_data["text"])

    return _asked(request, entry, form, act, title=_("Open it again"), button=_("Open it again"))


def _open(request: ActorRequest, code: str, action: str, *states: State) -> Entry:
    """The problem, if the action is the actor's there and it is in one of the states."""
    entry = found(request, code)
    require(request.actor, action, entry.unit.path)
    if entry.state not in states:
        raise Http404
    return entry


def _owners(request: ActorRequest, code: str, *states: State) -> Entry:
    """The problem, if the actor answers for it."""
    entry = found(request, code)
    if entry.state not in states or entry.owner_unit is None:
        raise Http404
    require(request.actor, "problem.own", entry.owner_unit.path)
    if not request.actor.did(entry.owner_id):
        raise Http404
    return entry


def _voices(request: ActorRequest, code: str, *states: State) -> Entry:
    """The problem, if the actor is asked about it or verifies from above."""
    entry = found(request, code)
    if services.voice_of(actor=request.actor, entry=entry) is None:
        require(request.actor, "problem.verify", (entry.owner_unit or entry.unit).path)
    if entry.state not in states:
        raise Http404
    return entry


def _asked(
    request: ActorRequest, entry: Entry, form: forms.Form, act: Callable[[], None], *, title: str, button: str,
    done: str = "",
) -> HttpResponse:  # fmt: skip
    """The form's page, or the act and back to the problem."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return redirect(done) if done else redirect("problems:problem", entry.code)
    context = {"entry": entry, "form": form, "title": title, "button": button}
    return render(request, "problems/act.html", context, status=422 if form.errors else 200)
