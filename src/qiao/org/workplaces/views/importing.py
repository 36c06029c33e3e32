"""Importing employers: upload, match, look through, hand over, confirm."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.base.uploads import on_disk
from qiao.org.units.models import Unit
from qiao.org.workplaces import queries, services
from qiao.org.workplaces.choices import DENIED_LABELS, BatchState, Verdict
from qiao.org.workplaces.exports import import_template
from qiao.org.workplaces.forms import MatchForm, UploadForm
from qiao.org.workplaces.models import EmployerBatch
from qiao.org.workplaces.views.employers import XLSX, existing_unit


@page("employer.import")
def imports(request: ActorRequest, label: str) -> HttpResponse:
    """The unit's imports of employers, and a new one."""
    unit = _unit(request, label)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with on_disk(form.cleaned_data["file"]) as file:
                made = services.upload_table(actor=request.actor, now=now(), unit=unit, file=file)
        except (Problem, Problems) as problem:
            form.add_error("file", problem_text(problem))
        else:
            return redirect("workplaces:match", unit.label, made.code)
    context = {"unit": unit, "form": form, "batches": queries.batches_of(unit)[:50]}
    return render(request, "workplaces/imports.html", context)


@page("employer.import")
def template(request: ActorRequest, label: str) -> HttpResponse:
    """The workbook to fill in."""
    response = HttpResponse(import_template(_unit(request, label)), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="employers-template.xlsx"'
    return response


@page("employer.import")
def match(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Say which column is what."""
    unit = _unit(request, label)
    found = _batch(unit, code)
    if found.state not in (BatchState.UPLOADED, BatchState.MATCHED):
        return redirect("workplaces:batch", unit.label, code)
    form = MatchForm(request.POST or None, batch=found, initial={"counted": localdate(now())})
    if request.method == "POST" and form.is_valid():
        try:
            services.match_columns(
                actor=request.actor, now=now(), code=code, mapping=form.mapping(),
                counted=form.cleaned_data["counted"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("workplaces:batch", unit.label, code)
    context = {"unit": unit, "batch": found, "form": form, "dropped": _dropped(found)}
    return render(request, "workplaces/match.html", context)


@page("employer.import")
def batch(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Look through a batch: what is faulty, what is known, what is new."""
    unit = _unit(request, label)
    found = _batch(unit, code)
    if found.state == BatchState.UPLOADED:
        return redirect("workplaces:match", unit.label, code)
    kinds = (Verdict.FAULT, Verdict.NEW, Verdict.KNOWN)
    tabs = [(kind.value, kind.label, found.report.get(kind.value, 0)) for kind in kinds if found.report.get(kind.value)]
    show = request.GET.get("show", "")
    if show not in [kind for kind, _label, _number in tabs]:
        show = tabs[0][0] if tabs else Verdict.NEW.value
    after = request.GET.get("after", "")
    rows, following = queries.staged_rows(found, show, int(after) if after.isdecimal() and len(after) < 9 else 0)
    steps = [BatchState.UPLOADED, BatchState.MATCHED, BatchState.WAITING, BatchState.CONFIRMED]
    if found.state in (BatchState.UNDONE, BatchState.DISCARDED):
        steps.append(BatchState(found.state))
    state = BatchState(found.state)
    context = {
        "unit": unit,
        "batch": found,
        "tabs": tabs,
        "show": show,
        "rows": rows,
        "following": following,
        "dropped": _dropped(found),
        "steps": [(step.label, steps.index(step) < steps.index(state), step == state) for step in steps],
        "own": request.actor.did(found.uploaded_by_id),
        "usable": found.report.get("new", 0) + found.report.get("known", 0),
    }
    return render(request, "workplaces/batch.html", context)


_MOVES: dict[str, Callable[..., EmployerBatch]] = {
    "hand_over": services.hand_over,
    "confirm": services.confirm_batch,
    "discard": services.discard_batch,
    "undo": services.undo_batch,
}


@page("employer.import")
@require_POST
def move(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Hand over, confirm, discard, undo."""
    unit = _unit(request, label)
    _batch(unit, code)
    act = _MOVES.get(request.POST.get("to", ""))
    if act is not None:
        try:
            act(actor=request.actor, now=now(), code=code)
        except Problem as problem:
            messages.error(request, problem_text(problem))
    return redirect("workplaces:batch", unit.label, code)


def _unit(request: ActorRequest, label: str) -> Unit:
    unit = existing_unit(label)
    require(request.actor, "employer.import", unit.path)
    return unit


def _batch(unit: Unit, code: str) -> EmployerBatch:
    found = queries.batch_by_code(unit, code)
    if found is None:
        raise Http404
    return found


def _dropped(found: EmployerBatch) -> list[tuple[str, str, int]]:
    """Header, what it is, cells filled, of every column that was not stored."""
    labels = {**DENIED_LABELS, "contact": _("Person at the employer")}
    return [(str(entry["header"]), str(labels[entry["kind"]]), int(entry["rows"])) for entry in found.dropped]
