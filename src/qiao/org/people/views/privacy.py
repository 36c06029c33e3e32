"""The desk of data protection, and corrections waiting for an officer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.people import services
from qiao.org.people.choices import RequestKind, RequestState
from qiao.org.people.exports import own_archive
from qiao.org.people.forms import DecideForm, KinForm
from qiao.org.people.models import DataRequest, Person
from qiao.org.people.queries.requests import decided, request_by_code, waiting
from qiao.org.people.rules import bars_of
from qiao.org.people.services.requests import may_decide


@page("data_request.decide")
@require_GET
def requests(request: ActorRequest) -> HttpResponse:
    """What waits for the one who answers for data protection."""
    rows = [row for row in waiting(request.actor) if row.kind != RequestKind.CORRECTION]
    past = [row for row in decided(request.actor) if row.kind != RequestKind.CORRECTION]
    return render(request, "people/desk.html", {"rows": rows, "past": past, "corrections": False, "now": now()})


@page("person.keep")
@require_GET
def corrections(request: ActorRequest) -> HttpResponse:
    """Corrections members asked for."""
    rows = [row for row in waiting(request.actor) if row.kind == RequestKind.CORRECTION]
    past = [row for row in decided(request.actor) if row.kind == RequestKind.CORRECTION]
    return render(request, "people/desk.html", {"rows": rows, "past": past, "corrections": True, "now": now()})


@page("data_request.decide")
def decide(request: ActorRequest, code: str) -> HttpResponse:
    """Decide on erasure or on access by next of kin."""
    return _decide(request, _found(request, code, correction=False))


@page("person.keep")
def correction(request: ActorRequest, code: str) -> HttpResponse:
    """Decide on a correction."""
    return _decide(request, _found(request, code, correction=True))


def _decide(request: ActorRequest, row: DataRequest) -> HttpResponse:
    form = DecideForm(request.POST or None)
    back = "privacy:corrections" if row.kind == RequestKind.CORRECTION else "privacy:requests"
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.decide_request(
                actor=request.actor, now=now(), code=row.code, grant=given["to"] == "grant", ground=given["ground"],
                reason=given["reason"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Decided: %(code)s") % {"code": row.code})
            return redirect(back)
    steps = [
        (state.label, state == RequestState.FILED != row.state, state == row.state)
        for state in (
            RequestState.FILED,
            RequestState(row.state) if row.state != RequestState.FILED else RequestState.GRANTED,
        )
    ]
    context = {
        "row": row,
        "form": form,
        "steps": steps,
        "back": back,
        "may_decide": row.state == RequestState.FILED and may_decide(request.actor, row),
        "bars": bars_of(row.person_id, now()) if row.kind == RequestKind.ERASURE and row.person_id else [],
    }
    return render(request, "people/decide.html", context)


@page("person.keep")
def kin(request: ActorRequest) -> HttpResponse:
    """Write down what next of kin ask for in a letter."""
    form = KinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        person = Person.objects.filter(pk=given["number"]).first()
        if person is None:
            form.add_error("number", _("Nobody of the register has this number."))
        else:
            try:
                made = services.file_kin_request(
                    actor=request.actor, now=now(), person=person, asker=given["asker"], text=given["text"]
                )
            except Problem as problem:
                form.add_error(None, problem_text(problem))
            else:
                messages.success(
                    request,
                    _("Written down: %(code)s, receipt %(receipt)s. Somebody else decides it.")
                    % {"code": made.code, "receipt": made.receipt},
                )
                return redirect("privacy:corrections")
    return render(request, "people/kin.html", {"form": form})


@page("data_request.decide")
@require_POST
def kin_download(request: ActorRequest, code: str) -> HttpResponse:
    """The data that next of kin were granted, to be handed over once they have shown who they are."""
    row = _found(request, code, correction=False)
    if row.kind != RequestKind.KIN_ACCESS or row.state != RequestState.GRANTED or row.person is None:
        raise Http404
    services.look(
        actor=request.actor, now=now(), person=row.person, record="whole", reason=row.code,
        action="data_request.decide",
    )  # fmt: skip
    content = own_archive(actor=request.actor, now=now(), person=row.person)
    return HttpResponse(
        content,
        headers={
            "Content-Type": "application/zip",
            "Content-Disposition": f'attachment; filename="{row.code}.zip"',
            "Cache-Control": "no-store",
        },
    )


def _found(request: ActorRequest, code: str, *, correction: bool) -> DataRequest:
    try:
        row = request_by_code(code)
    except DataRequest.DoesNotExist:
        raise Http404 from None
    if (row.kind == RequestKind.CORRECTION) != correction:
        raise Http404
    require(request.actor, "person.keep" if correction else "data_request.decide", row.unit_path)
    return row
