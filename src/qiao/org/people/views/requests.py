"""What I ask to have done with my data."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.appeals.queries import appeals_of
from qiao.org.people import services
from qiao.org.people.choices import RequestKind, RequestState
from qiao.org.people.forms import CorrectForm, WordsForm
from qiao.org.people.models import DataRequest
from qiao.org.people.queries.requests import request_by_code, requests_of
from qiao.org.people.rules import bars_of
from qiao.org.people.services.requests import APPEAL_KIND, object_to_refusal
from qiao.org.people.views.finding import own_person


@page(SIGNED_IN)
def correct(request: ActorRequest) -> HttpResponse:
    """Ask for a correction that an officer must check."""
    own_person(request.actor)
    form = CorrectForm(request.POST or None, initial={"field": request.GET.get("field", "name")})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.file_request(
                actor=request.actor, now=now(), kind=RequestKind.CORRECTION, text=form.cleaned_data["text"],
                field=form.cleaned_data["field"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error("text", problem_text(problem))
        else:
            return redirect("people:request", made.code)
    return render(request, "people/correct.html", {"form": form})


@page(SIGNED_IN)
def erasure(request: ActorRequest) -> HttpResponse:
    """Ask to have everything erased that no law says is kept."""
    person = own_person(request.actor)
    form = WordsForm(
        request.POST or None, label=_("Is there something to say about it?"), hint=_("No reason is needed."),
        required=False,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        made = services.file_request(
            actor=request.actor, now=now(), kind=RequestKind.ERASURE, text=form.cleaned_data["text"]
        )
        return redirect("people:request", made.code)
    running = [
        row for row in requests_of(person.pk) if row.kind == RequestKind.ERASURE and row.state == RequestState.FILED
    ]
    context = {"form": form, "bars": bars_of(person.pk, now()), "running": running[0] if running else None}
    return render(request, "people/erasure.html", context)


@page(SIGNED_IN)
def request_page(request: ActorRequest, code: str) -> HttpResponse:
    """One request of mine: its receipt, its clock, what was decided."""
    row = _own(request, code)
    states = [RequestState.FILED, RequestState.GRANTED]
    if row.state in (RequestState.REFUSED, RequestState.WITHDRAWN):
        states[1] = RequestState(row.state)
    steps = [(state.label, state == RequestState.FILED != row.state, state == row.state) for state in states]
    appeals = appeals_of(APPEAL_KIND, code)
    return render(request, "people/request.html", {"row": row, "steps": steps, "appeals": appeals})


@page(SIGNED_IN)
def object_to(request: ActorRequest, code: str) -> HttpResponse:
    """Appeal against a refusal."""
    row = _own(request, code)
    form = WordsForm(request.POST or None, label=_("Why should it be decided otherwise?"))
    if request.method == "POST" and form.is_valid():
        try:
            appeal = object_to_refusal(actor=request.actor, now=now(), code=code, ground=form.cleaned_data["text"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Your appeal is filed: %(code)s") % {"code": appeal.code})
            return redirect("people:request", code)
    return render(request, "people/object.html", {"form": form, "row": row})


@page(SIGNED_IN)
@require_POST
def withdraw(request: ActorRequest, code: str) -> HttpResponse:
    """Take a request back."""
    _own(request, code)
    services.withdraw_request(actor=request.actor, now=now(), code=code)
    messages.success(request, _("Your request is taken back."))
    return redirect("people:request", code)


def _own(request: ActorRequest, code: str) -> DataRequest:
    person = own_person(request.actor)
    try:
        row = request_by_code(code)
    except DataRequest.DoesNotExist:
        raise Http404 from None
    if row.person_id != person.pk or row.kind == RequestKind.KIN_ACCESS:
        raise Http404
    return row
