"""Pages of an import of units: the file, which column is what, the preview, the second person."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.base.uploads import on_disk
from qiao.org.units import exports, queries
from qiao.org.units.choices import BatchState
from qiao.org.units.models import UnitBatch
from qiao.org.units.rules.columns import Field
from qiao.org.units.services import imports
from qiao.org.units.views.common import attempt, unit_or_404


class FileForm(forms.Form):
    """One table."""

    file = forms.FileField(
        label=gettext_lazy("Excel or CSV file"),
        help_text=gettext_lazy("One row a unit: label, name, kind, label of the unit above, day of founding."),
    )


@page("unit.found")
def upload(request: ActorRequest, label: str) -> HttpResponse:
    """Hand in a table of units below this one."""
    above = unit_or_404(label)
    require(request.actor, "unit.found", above.path)
    form = FileForm(request.POST or None, request.FILES or None)
    made: list[UnitBatch] = []

    def act() -> None:
        with on_disk(form.cleaned_data["file"]) as file:
            made.append(imports.upload_units(actor=request.actor, now=now(), unit=above, file=file))

    if request.method == "POST" and attempt(form, act):
        return redirect("units:batch", made[0].code)
    return render(request, "units/upload.html", {"unit": above, "form": form})


@page("unit.found")
def batches(request: ActorRequest) -> HttpResponse:
    """The imports of this officer's units, newest first."""
    return render(request, "units/batches.html", {"batches": queries.batches_of(request.actor)})


@page("unit.found")
def template(request: ActorRequest) -> HttpResponseBase:
    """An empty table with the right columns."""
    response = HttpResponse(
        exports.import_template(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = 'attachment; filename="units-template.xlsx"'
    return response


@page("unit.found")
def batch(request: ActorRequest, code: str) -> HttpResponse:
    """Where an import stands: columns, faults, preview, and the one next step."""
    staged = _batch(request, code)
    mine = request.actor.did(staged.uploaded_by_id)
    context = {
        "batch": staged,
        "unit": staged.unit,
        "fields": Field.choices,
        "mine": mine,
        "matching": staged.state in (BatchState.MATCHING, BatchState.STAGED),
        "may_confirm": staged.state == BatchState.STAGED and not mine and staged.rows_good > 0,
        "preview": queries.preview_of(staged),
        "faults": queries.faults_of(staged),
        "faults_number": staged.rows_total - staged.rows_good if staged.state != BatchState.MATCHING else 0,
    }
    return render(request, "units/batch.html", context)


@page("unit.found")
@require_POST
def match(request: ActorRequest, code: str) -> HttpResponse:
    """Say which column is what."""
    staged = _batch(request, code)
    mapping = {
        column["header"]: request.POST.get(f"column-{number}", "") for number, column in enumerate(staged.columns)
    }
    return _step(request, code, lambda: imports.match_units(actor=request.actor, now=now(), code=code, mapping=mapping))


@page("unit.found")
@require_POST
def confirm(request: ActorRequest, code: str) -> HttpResponse:
    """Confirm as the second person."""
    return _step(request, code, lambda: imports.confirm_units(actor=request.actor, now=now(), code=code))


@page("unit.found")
@require_POST
def undo(request: ActorRequest, code: str) -> HttpResponse:
    """Take a confirmed import back."""
    return _step(request, code, lambda: imports.undo_units(actor=request.actor, now=now(), code=code))


@page("unit.found")
@require_POST
def discard(request: ActorRequest, code: str) -> HttpResponse:
    """Throw an import away before it is confirmed."""
    return _step(request, code, lambda: imports.discard_units(actor=request.actor, now=now(), code=code))


def _step(request: ActorRequest, code: str, act: Callable[[], UnitBatch]) -> HttpResponse:
    _batch(request, code)
    try:
        done = act()
    except Problem as problem:
        messages.error(request, problem_text(problem))
    else:
        if done.state == BatchState.CONFIRMED:
            messages.success(request, _("%(number)d units are founded.") % {"number": done.rows_good})
    return redirect("units:batch", code)


def _batch(request: ActorRequest, code: str) -> UnitBatch:
    staged = queries.batch_by_code(code)
    if staged is None:
        raise Http404
    require(request.actor, "unit.found", staged.unit.path)
    return staged
