"""What everybody reads: the board, a sheet, its files."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.judge.allocation import queries
from qiao.judge.allocation.choices import OPEN_STATES, PUBLIC_STATES, State
from qiao.judge.allocation.exports import bundle
from qiao.judge.allocation.forms import FindForm
from qiao.judge.allocation.models import Sheet
from qiao.judge.allocation.queries.text import sheet_text
from qiao.judge.allocation.rules.states import steps


def found(request: ActorRequest, code: str) -> Sheet:
    """The sheet of an address as far as the visitor may see it, or 404."""
    try:
        return queries.sheet_by_code(code, request.actor)
    except Sheet.DoesNotExist:
        raise Http404 from None


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """All sheets."""
    context = {
        "sheets": queries.sheets_for(request.actor),
        "may_draft": request.actor.may("allocation.compute"),
    }
    return render(request, "allocation/board.html", context)


@page(PUBLIC)
def sheet(request: ActorRequest, code: str) -> HttpResponse:
    """One sheet: what reaches the base, the lines, the formula, what hangs on a weight."""
    held = found(request, code)
    actor, path = request.actor, held.unit.path
    find = request.GET.get("find", "").replace("\x00", "").strip()[:60]
    context = {
        "sheet": held,
        "page": queries.sheet_page(held, find=find),
        "find": find,
        "find_form": FindForm(initial={"find": find}),
        "steps": steps(held.state),
        "public": held.state in PUBLIC_STATES,
        "may_compute": actor.may("allocation.compute", path) and held.state in OPEN_STATES,
        "may_settle": actor.may("allocation.compute", path),
        "may_decide": (
            held.state == State.CONSULTED
            and actor.may("allocation.decide", path)
            and not actor.did(held.computed_by_id)
        ),
        "may_audit": (
            held.state == State.COMPARED
            and actor.may("allocation.audit", path)
            and not actor.did(held.computed_by_id, held.decided_by_id, held.paid_by_id)
        ),
    }
    return render(request, "allocation/sheet.html", context)


@page(PUBLIC)
def text(request: ActorRequest, code: str) -> HttpResponse:
    """The sheet as CSV, the very bytes whose hash the ledger holds."""
    held = found(request, code)
    return _file(sheet_text(held).encode(), "text/csv; charset=utf-8", f"{held.code}.csv")


@page(PUBLIC)
def archive(request: ActorRequest, code: str) -> HttpResponse:
    """Sheet and manifest, ready for `qiao allocate`."""
    held = found(request, code)
    if held.state not in PUBLIC_STATES:
        raise Http404
    return _file(bundle(held), "application/zip", f"{held.code}.zip")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
