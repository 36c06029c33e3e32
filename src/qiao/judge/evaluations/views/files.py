"""Downloads."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.addresses import full_address
from qiao.base.clock import now
from qiao.judge.evaluations import exports, queries, services
from qiao.judge.evaluations.rules.states import may_leave
from qiao.judge.evaluations.views.public import found

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(content: bytes | str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@page("evaluation.run")
def code_sheet(request: ActorRequest, code: str) -> HttpResponse:
    """The code sheet: made by this request and kept nowhere."""
    evaluation = found(code)
    services.require_evaluator(request.actor, evaluation)
    if request.method != "POST":
        return redirect("evaluations:detail", code)
    rows = services.make_code_sheet(actor=request.actor, now=now(), code=code)
    address = full_address(reverse("evaluations:enter_code"))
    return _file(exports.code_sheet_xlsx(evaluation, rows, address), f"{code}-codes.xlsx", _XLSX)


@page("evaluation.run")
def frame(request: ActorRequest, code: str) -> HttpResponse:
    """The blinded frame, for this evaluator alone: pseudonyms and coarse marks."""
    evaluation = found(code)
    services.require_evaluator(request.actor, evaluation)
    text = queries.frame_of(evaluation)
    if text is None:
        raise Http404
    return _file(text, f"{code}-frame.csv", "text/csv; charset=utf-8")


@never_cache
@page("round.draw")
def letters(request: ActorRequest, code: str) -> HttpResponse:
    """Whose letter carries which pseudonym, for the drawer, who sees no code."""
    evaluation = found(code)
    rows = services.list_addresses(actor=request.actor, now=now(), code=code)
    return _file(exports.address_list_xlsx(evaluation, rows), f"{code}-letters.xlsx", _XLSX)


@page("evaluation.run")
def sealed(request: ActorRequest, code: str) -> HttpResponseBase:
    """The sealed answers for the evaluator's own machine, after the close; of a void one never.

    Before the result is out it is noted for everybody that they were handed out: that is done by the button.
    """
    evaluation = found(code)
    services.require_evaluator(request.actor, evaluation)
    if not may_leave(evaluation.state):
        raise Http404
    if evaluation.handed_out is None:
        if request.method != "POST":
            return redirect("evaluations:detail", code)
        evaluation = services.hand_out(actor=request.actor, now=now(), code=code)
    response = StreamingHttpResponse(exports.sealed_lines(evaluation), content_type="application/jsonl")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}-sealed.jsonl"'
    return response


@page(PUBLIC)
def bundle(request: ActorRequest, code: str) -> HttpResponse:
    """The open bundle of a published result."""
    evaluation = found(code)
    if evaluation.published is None:
        raise Http404
    return _file(exports.bundle_zip(evaluation), f"{code}-result.zip", "application/zip")


@page(PUBLIC)
def digests(request: ActorRequest, code: str) -> HttpResponse:
    """The hashes of all sealed answers, one a line, from which anyone can compute the root again."""
    evaluation = found(code)
    if evaluation.closed is None:
        raise Http404
    text = "".join(f"{digest}\n" for digest in queries.digests_of(evaluation))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
