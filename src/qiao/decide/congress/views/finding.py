"""Objects of an address as far as the visitor may see them, and the two ways in which a page acts."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from qiao.base.access import ActorRequest, require
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.decide.congress import queries
from qiao.decide.congress.choices import TermState
from qiao.decide.congress.models import Affair, Congress, DelegateProposal, Item, Session


def congress_of(request: ActorRequest, code: str, action: str = "") -> Congress:
    """A term; one not certified yet only for who works on it. With ``action``: it must be the visitor's here."""
    try:
        found = queries.congress_by_code(code)
    except Congress.DoesNotExist:
        raise Http404 from None
    who = queries.standing(found, request.actor)
    if found.state not in (TermState.IN_TERM, TermState.ENDED) and not (who.may_run or who.may_certify):
        raise Http404
    if action:
        path = found.unit.path
        require(request.actor, action, (path[:-5] or path) if action == "congress.certify" else path)
    return found


def session_of(request: ActorRequest, code: str, action: str = "") -> Session:
    """A meeting, or 404."""
    try:
        found = queries.session_by_code(code)
    except Session.DoesNotExist:
        raise Http404 from None
    if action:
        require(request.actor, action, found.congress.unit.path)
    return found


def item_of(request: ActorRequest, code: str, action: str = "") -> Item:
    """An item of business, or 404."""
    try:
        found = queries.item_by_code(code)
    except Item.DoesNotExist:
        raise Http404 from None
    if action:
        require(request.actor, action, found.session.congress.unit.path)
    return found


def proposal_of(request: ActorRequest, code: str, action: str = "") -> DelegateProposal:
    """A delegate's proposal the visitor may read, or 404."""
    try:
        found = queries.proposal_by_code(code)
    except DelegateProposal.DoesNotExist:
        raise Http404 from None
    who = queries.standing(found.congress, request.actor)
    if action:
        require(request.actor, action, found.congress.unit.path)
    elif not queries.may_read(found, who, request.actor):
        raise Http404
    return found


def affair_of(request: ActorRequest, code: str, action: str = "") -> Affair:
    """An item of open affairs, or 404."""
    try:
        found = queries.affair_by_code(code)
    except Affair.DoesNotExist:
        raise Http404 from None
    if action:
        require(request.actor, action, found.congress.unit.path)
    return found


def pressed(request: ActorRequest, act: Callable[[], object], said: str, to: str, *args: object) -> HttpResponse:
    """Do what a button says, and go where its result stands."""
    try:
        act()
    except (Problem, Problems) as fault:
        messages.error(request, problem_text(fault))
    else:
        messages.success(request, said)
    return redirect(to, *args)


def asked(
    request: ActorRequest,
    form: forms.Form,
    act: Callable[[], object],
    *,
    title: str,
    button: str,
    about: str,
    to: tuple[str, str],
    hint: str = "",
    refused: str = "",
    quote: str = "",
) -> HttpResponse:
    """One form on a page of its own: ``about`` says what it belongs to, ``to`` (address, code) is where that stands.

    ``quote``: somebody's words the form speaks of, shown above it.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except (Problem, Problems) as fault:
            for line in problem_text(fault).splitlines():
                form.add_error(None, line)
        else:
            return redirect(*to)
    context = {
        "form": form, "title": title, "button": button, "about": about, "back": to, "hint": hint, "refused": refused,
        "quote": quote,
    }  # fmt: skip
    return render(request, "congress/act.html", context, status=422 if form.errors else 200)
