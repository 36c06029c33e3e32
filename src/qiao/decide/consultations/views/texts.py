"""The text as a file: read, looked through, saved; and two versions side by side."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.consultations import queries
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.forms.texts import ClausesForm, PaperForm
from qiao.decide.consultations.queries.texts import compared, intake_of, preview_rows
from qiao.decide.consultations.services.draft import matched_keys
from qiao.decide.consultations.services.intake import drop_text, save_text, stage_text
from qiao.decide.consultations.views.finding import found, row_number


@page("consultation.run")
def take_in(request: ActorRequest, code: str) -> HttpResponse:
    """Give the text as a file: nothing is saved before its clauses have been looked through."""
    consultation = found(request.actor, code)
    require(request.actor, "consultation.run", consultation.unit.path)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            stage_text(actor=request.actor, now=now(), code=code, reading=form.cleaned_data["reading"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("consultations:look_through", code)
    context = {"consultation": consultation, "form": form, "waiting": intake_of(consultation)}
    return render(request, "consultations/take_in.html", context)


@page("consultation.run")
def look_through(request: ActorRequest, code: str) -> HttpResponse:
    """What was read, clause by clause, beside the text in force; saved or dropped here."""
    consultation = found(request.actor, code)
    require(request.actor, "consultation.run", consultation.unit.path)
    intake = intake_of(consultation)
    if intake is None:
        return redirect("consultations:take_in", code)
    if "drop" in request.POST:
        drop_text(actor=request.actor, now=now(), code=code)
        return redirect("consultations:consultation", code)
    before = queries.clauses_of(consultation)
    keys = matched_keys(before, [part["text"] for part in intake.parts], [part["label"] for part in intake.parts])
    form = ClausesForm(request.POST or None, intake=intake, before=before, keys=keys)
    if request.method == "POST" and form.is_valid():
        try:
            save_text(
                actor=request.actor, now=now(), code=code, intake_id=row_number(request.POST.get("intake")) or 0,
                keys=form.keys(),
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The text is saved, each clause with its id."))
            return redirect("consultations:consultation", code)
    chosen = [str(form[f"key_{place}"].value() or "") for place in range(len(keys))]
    context = {
        "consultation": consultation,
        "intake": intake,
        "form": form,
        "rows": preview_rows(intake, before, chosen, form),
        "gone": [clause for clause in before if clause.key not in chosen],
        "draft": consultation.state == S.DRAFT,
    }
    return render(request, "consultations/look_through.html", context)


@page(PUBLIC)
def compare(request: ActorRequest, code: str, old: int, new: int) -> HttpResponse:
    """Two versions side by side, clause by clause."""
    consultation = found(request.actor, code)
    versions = {version.number: version for version in queries.versions_of(consultation)}
    if old not in versions or new not in versions or old >= new:
        raise Http404
    rows = compared(consultation, old, new)
    context = {
        "consultation": consultation,
        "old": versions[old],
        "new": versions[new],
        "rows": [row for row in rows if row.change != "same" or row.moved],
        "same": sum(row.change == "same" and not row.moved for row in rows),
        "counts": {kind: sum(row.change == kind for row in rows) for kind in ("changed", "new", "gone")},
    }
    return render(request, "consultations/compare.html", context)
