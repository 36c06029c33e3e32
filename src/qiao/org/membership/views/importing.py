"""Importing members: upload, match, look through, hand over, confirm."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.base.uploads import on_disk
from qiao.org.membership import queries, services
from qiao.org.membership.choices import (
    DENIED_LABELS,
    NOT_NEEDED_LABELS,
    BatchState,
    Employment,
    Verdict,
)
from qiao.org.membership.exports import import_template
from qiao.org.membership.forms import MatchForm, UploadForm
from qiao.org.membership.models import ImportBatch
from qiao.org.membership.views.finding import found_unit
from qiao.org.units.models import Unit

#: What an officer looks at first.
_TABS = (Verdict.FAULT, Verdict.DUPLICATE, Verdict.HELD, Verdict.READY)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("member.admit")
def imports(request: ActorRequest, label: str) -> HttpResponse:
    """The unit's imports, and a new one."""
    unit = found_unit(request.actor, "member.admit", label)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with on_disk(form.cleaned_data["file"]) as file:
                made = services.upload_table(actor=request.actor, now=now(), unit=unit, file=file)
        except (Problem, Problems) as problem:
            form.add_error("file", problem_text(problem))
        else:
            return redirect("membership:match", unit.label, made.code)
    context = {"unit": unit, "form": form, "batches": queries.batches_of(unit)[:50]}
    return render(request, "membership/imports.html", context)


@page("member.admit")
def template(request: ActorRequest, label: str) -> HttpResponse:
    """The workbook to fill in."""
    unit = found_unit(request.actor, "member.admit", label)
    response = HttpResponse(import_template(unit, localdate(now())), content_type=_XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="members-template.xlsx"'
    return response


@page("member.admit")
def match(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Say which column is what."""
    unit = found_unit(request.actor, "member.admit", label)
    view = _view(unit, code)
    if view.batch.state not in (BatchState.UPLOADED, BatchState.MATCHED):
        return redirect("membership:batch", unit.label, code)
    form = MatchForm(request.POST or None, view=view)
    if request.method == "POST" and form.is_valid():
        employment = form.cleaned_data["employment"]
        try:
            services.match_columns(
                actor=request.actor, now=now(), code=code, mapping=form.mapping(),
                employment=Employment(employment) if employment else None, serials=form.cleaned_data["serials"],
                drop_quarantined=form.cleaned_data.get("drop_quarantined", False),
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("membership:batch", unit.label, code)
    context = {"unit": unit, "batch": view.batch, "form": form, "dropped": _dropped(view.batch)}
    return render(request, "membership/match.html", context)


@page("member.admit")
def batch(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Look through a batch: what is faulty, what may be a duplicate, what is ready."""
    unit = found_unit(request.actor, "member.admit", label)
    view = _view(unit, code)
    found = view.batch
    if found.state == BatchState.UPLOADED:
        return redirect("membership:match", unit.label, code)
    counts = queries.verdicts(found)
    show = request.GET.get("show", "")
    tabs = [(kind.value, str(kind.label), counts[kind.value]) for kind in _TABS] + [
        (queries.NOTED, _("Something left out"), counts["noted"])
    ]
    if show not in {value for value, _label, _number in tabs}:
        show = next((value for value, _label, number in tabs if number), Verdict.READY.value)
    after = request.GET.get("after", "")
    steps = [BatchState.UPLOADED, BatchState.MATCHED, BatchState.WAITING, BatchState.CONFIRMED]
    if found.state in (BatchState.UNDONE, BatchState.DISCARDED):
        steps.append(BatchState(found.state))
    state = BatchState(found.state)
    context = {
        "unit": unit,
        "batch": found,
        "counts": counts,
        "show": show,
        "tabs": [tab for tab in tabs if tab[2]],
        "rows": queries.row_page(found, show, int(after) if after.isdecimal() and len(after) < 9 else 0),
        "dropped": _dropped(found),
        "steps": [(step.label, steps.index(step) < steps.index(state), step == state) for step in steps],
        "own": request.actor.did(found.uploaded_by_id),
        "admissible": counts["ready"] + counts["other"],
        "tasks": counts["held"] + counts["duplicate"] - counts["other"],
        "taken": counts["ready"] + counts["held"] + counts["duplicate"],
    }
    return render(request, "membership/batch.html", context)


_MOVES: dict[str, Callable[..., ImportBatch]] = {
    "hand_over": services.hand_over,
    "confirm": services.confirm_batch,
    "discard": services.discard_batch,
    "undo": services.undo_batch,
}


@page("member.admit")
@require_POST
def move(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Decide duplicates, hand over, confirm, discard, undo."""
    unit = found_unit(request.actor, "member.admit", label)
    _view(unit, code)
    to = request.POST.get("to", "")
    try:
        if to == "duplicates":
            services.decide_duplicates(
                actor=request.actor, now=now(), code=code,
                shown=_numbers(request.POST.getlist("shown")), others=_numbers(request.POST.getlist("other")),
            )  # fmt: skip
            messages.success(request, _("Kept."))
        elif to in _MOVES:
            _MOVES[to](actor=request.actor, now=now(), code=code)
    except Problems as problems:
        for problem in problems.faults:
            messages.error(request, problem_text(problem))
    except Problem as problem:
        messages.error(request, problem_text(problem))
    response = redirect("membership:batch", unit.label, code)
    if to == "duplicates":
        response.headers["Location"] += "?show=duplicate"
    return response


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 9]


def _view(unit: Unit, code: str) -> queries.ImportView:
    view = queries.batch_of(unit, code)
    if view is None:
        raise Http404
    return view


def _dropped(found: ImportBatch) -> list[tuple[str, str, int, bool]]:
    """Header, what it is, cells filled, whether for what stands in it, of every column that was not stored."""
    labels = {kind.value: label for kind, label in DENIED_LABELS.items()} | dict(NOT_NEEDED_LABELS)
    return [
        (
            str(entry["header"]), str(labels.get(entry["kind"], entry["kind"])), int(entry["rows"]),
            bool(entry.get("quarantined")),
        )
        for entry in found.dropped
    ]  # fmt: skip
