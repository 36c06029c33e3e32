"""A request in the hands of whoever brought it: by receipt and secret, or signed in where it is in their name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qiao.base import throttle
from qiao.base.access import ANONYMOUS, PUBLIC, SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.codes import normal_receipt_number
from qiao.base.deadlines import progress
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.window import services
from qiao.hear.window.choices import ENDED, RUNNING, State
from qiao.hear.window.forms.asker import (
    AppealForm,
    LookupForm,
    OutcomeForm,
    OwnForm,
    RateForm,
    ReopenForm,
    StillForm,
    WriteForm,
)
from qiao.hear.window.models import FollowUp, Request
from qiao.hear.window.queries.proof import proof_of_filing
from qiao.hear.window.queries.reading import (
    attachments_of,
    conversation,
    request_by_code,
    request_by_receipt,
    transitions_of,
)
from qiao.hear.window.rules.states import REOPENABLE, steps
from qiao.org.appeals.queries import appeals_of

_ACTS: dict[str, type[forms.Form]] = {
    "write": WriteForm, "outcome": OutcomeForm, "rate": RateForm, "reopen": ReopenForm, "appeal": AppealForm,
    "still": StillForm,
}  # fmt: skip


@page(PUBLIC)
def state(request: ActorRequest) -> HttpResponse:
    """Ask for receipt and secret; show the request to whoever has both. Every act comes with them: no session."""
    if request.method != "POST":
        number = normal_receipt_number(request.GET.get("number", "")) or ""
        return render(request, "window/state.html", {"form": LookupForm(initial={"number": number})})
    form = LookupForm(request.POST)
    found = _by_secret(request, form) if form.is_valid() else None
    if found is None:
        if not form.errors:
            form.add_error(None, _("Receipt number and secret do not belong together."))
        return render(request, "window/state.html", {"form": form})
    if not found.secret_own or request.POST.get("act") == "own":
        return _own_secret(request, found, form.cleaned_data["secret"])
    keys = {"number": found.receipt, "secret": form.cleaned_data["secret"]}
    return _page(request, found, keys)


@page(SIGNED_IN)
def own_request(request: ActorRequest, code: str) -> HttpResponse:
    """A request in one's own name."""
    try:
        found = request_by_code(code)
    except Request.DoesNotExist:
        raise Http404 from None
    if not request.actor.concerns(found.person_id):
        raise Http404
    return _page(request, found, {})


def _by_secret(request: ActorRequest, form: LookupForm) -> Request | None:
    number = normal_receipt_number(form.cleaned_data["number"])
    try:
        found = request_by_receipt(number or "-")
    except Request.DoesNotExist:
        found = None
    if found is not None and (services.secret_fits(found, form.cleaned_data["secret"]) or _made(request, found)):
        return found
    # The right pair always opens: a secret has 58 bits, and nobody who types nonsense, be it from the same canteen's
    # network, may shut an asker out. Only wrong pairs are slowed.
    try:
        throttle.check("window.secret", throttle.address_of(request), limit=30, per=timedelta(minutes=10), now=now())
    except throttle.TooMany as problem:
        form.add_error(None, problem_text(problem))
    return None


def _made(request: ActorRequest, found: Request) -> bool:
    """Whether the form that made the asker's own secret was sent again: the code of the slip has ended by then."""
    nonce = request.POST.get("nonce", "")
    made = request.POST.get("act") == "own" and 8 <= len(nonce) <= 64
    return made and services.secret_fits(found, services.own_secret_of(nonce))


def _own_secret(request: ActorRequest, found: Request, code: str) -> HttpResponse:
    """With the code of a slip: make a secret of one's own, which the window has not seen."""
    form = OwnForm(request.POST if request.POST.get("act") == "own" else None)
    secret = ""
    if form.is_valid():
        try:
            secret = services.take_secret(now=now(), code=found.code, nonce=form.cleaned_data["nonce"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
    context = {"number": found.receipt, "code": code, "form": form, "secret": secret}
    response = render(request, "window/own_secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _page(request: ActorRequest, found: Request, keys: dict[str, str]) -> HttpResponse:
    done = ""
    bound: dict[str, forms.Form] = {}
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act == "proof":
        return _proof(found)
    if act in _ACTS:
        form = _ACTS[act](request.POST, request.FILES)
        if form.is_valid():
            try:
                done = _DO[act](request, found, form)
            except (Problem, Problems) as problem:
                form.add_error(None, problem_text(problem))
        if not form.is_valid():
            bound[act] = form
        found = request_by_code(found.code)
    response = render(request, "window/asker.html", _context(found, keys, bound, done))
    response["Cache-Control"] = "no-store"
    return response


def _context(found: Request, keys: dict[str, str], bound: dict[str, forms.Form], done: str) -> dict[str, object]:
    moment = now()
    follow_up = FollowUp.objects.filter(request=found).first()
    appeals = appeals_of("request", found.code)
    rating = found.ratings.filter(turn=found.reopened).first()
    offered = {
        "outcome": found.state == State.ANSWERED or (found.state == State.ANSWERED_AT_ONCE and not found.outcome),
        "rate": found.answered is not None and rating is None,
        "still": follow_up is not None and follow_up.asked is not None and follow_up.still_solved is None,
        "write": found.state not in ENDED,
        "reopen": found.state in REOPENABLE and not found.reopened,
        "appeal": found.state in REOPENABLE and found.reopened > 0 and not appeals,
    }
    return {
        "request_": found,
        "keys": keys,
        "done": done,
        "steps": steps(found),
        "overdue": found.state in RUNNING and found.due < moment,
        "progress": progress(found.clock_from, found.due, moment) if found.state in RUNNING else None,
        "conversation": conversation(found, notes=False),
        "transitions": [one for one in transitions_of(found) if one.ground or one.serial == 1 or one.after],
        "files": attachments_of(found),
        "looks": list(found.looks.order_by("-at", "-pk")[:50]),
        "extensions": list(found.extensions.order_by("serial")),
        "orders": list(found.orders.select_related("body").order_by("made", "pk")),
        "rating": rating,
        "appeals": appeals,
        "acts": {act: bound.get(act) or _ACTS[act](auto_id=f"{act}_%s") for act, open_ in offered.items() if open_},
    }


def _proof(found: Request) -> HttpResponse:
    text = json.dumps(proof_of_filing(found, services.filing_text(found)), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.receipt}.json"'
    response["Cache-Control"] = "no-store"
    return response


def _write(request: ActorRequest, found: Request, form: forms.Form) -> str:
    del request
    given, moment = form.cleaned_data, now()
    services.write_as_asker(now=moment, code=found.code, text=given["text"], nonce=given["nonce"])
    for upload in given["papers"]:
        services.add_file(actor=ANONYMOUS, now=moment, request=found, upload=upload, by_asker=True)
    return _("Your message is there.")


def _outcome(request: ActorRequest, found: Request, form: forms.Form) -> str:
    del request
    given = form.cleaned_data
    services.tell_outcome(
        now=now(), code=found.code, outcome=given["outcome"], nonce=given["nonce"], retold=_yes(given["retold"])
    )
    return _("Thank you: your word counts.")


def _rate(request: ActorRequest, found: Request, form: forms.Form) -> str:
    del request
    services.rate_request(now=now(), code=found.code, grade=form.cleaned_data["grade"], note=form.cleaned_data["note"])
    return _("Thank you: your word counts.")


def _reopen(request: ActorRequest, found: Request, form: forms.Form) -> str:
    del request
    given = form.cleaned_data
    services.reopen_request(now=now(), code=found.code, reason=given["reason"], nonce=given["nonce"])
    return _("It is looked at again.")


def _appeal(request: ActorRequest, found: Request, form: forms.Form) -> str:
    appeal = services.escalate_request(
        now=now(), code=found.code, ground=form.cleaned_data["ground"], actor=request.actor
    )
    return _("Your appeal is filed. Its receipt: %(receipt)s") % {"receipt": appeal.receipt}


def _still(request: ActorRequest, found: Request, form: forms.Form) -> str:
    del request
    services.answer_follow_up(now=now(), code=found.code, still_solved=form.cleaned_data["still"] == "yes")
    return _("Thank you: your word counts.")


def _yes(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


_DO: dict[str, Callable[[ActorRequest, Request, forms.Form], str]] = {
    "write": _write, "outcome": _outcome, "rate": _rate, "reopen": _reopen, "appeal": _appeal, "still": _still,
}  # fmt: skip
