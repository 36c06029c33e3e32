"""Overtime and severance pay: asked, computed, shown step by step, forgotten."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.hear.rights.forms.calculators import OvertimeForm, SeveranceForm
from qiao.hear.rights.queries.figures import end_rules, notice_at, pay_rules
from qiao.hear.rights.rules.money import Computed, Step
from qiao.hear.rights.rules.overtime import Worked, overtime
from qiao.hear.rights.rules.severance import Service, severance
from qiao.hear.rights.views.places import path_of, place_of, places
from qiao.org.settings.rules.words import source_text
from qiao.org.units.models import Unit


@page(PUBLIC)
def overtime_page(request: ActorRequest) -> HttpResponse:
    """Overtime pay of a month."""
    place = place_of(request)
    form = OvertimeForm(request.POST or None)
    done = None
    if request.method == "POST" and form.is_valid():
        try:
            done = overtime(Worked(**form.cleaned_data), pay_rules(path_of(place), localdate(now())))
        except Problem as problem:
            form.add_error(None, problem_text(problem))
    return _shown(request, "overtime", _("Overtime pay"), form, place, done)


@page(PUBLIC)
def severance_page(request: ActorRequest) -> HttpResponse:
    """Money at the end of work, with the figures that hold on the last day."""
    place = place_of(request)
    form = SeveranceForm(request.POST or None)
    done = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            done = severance(Service(**given), end_rules(path_of(place), given["last"]))
        except Problem as problem:
            form.add_error(None, problem_text(problem))
    return _shown(request, "severance", _("Severance pay"), form, place, done)


def _shown(
    request: ActorRequest, which: str, title: str, form: forms.Form, place: Unit | None, done: Computed | None
) -> HttpResponse:
    day = localdate(now())
    notice = notice_at(path_of(place), day)
    context = {
        "which": which, "title": title, "form": form, "place": place, "places": places(place), "done": done,
        "notice": notice, "day": day, "topic": "pay" if which == "overtime" else "contract",
        "lines": [(step, _result(step), _basis(step)) for step in done.steps] if done else [],
        "total": _yuan(done) if done else "",
        "remarks": [(remark.text, source_text(remark.source)) for remark in done.remarks] if done else [],
        "draft": _draft(title, place, done, notice) if done else "",
    }  # fmt: skip
    response = render(request, "rights/calculator.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _result(step: Step) -> str:
    if step.unit == "months":
        return _("%(number)s months") % {"number": format(step.result.normalize(), "f")}
    return _("%(amount)s yuan") % {"amount": number_format(step.result, 2, use_l10n=True, force_grouping=True)}


def _basis(step: Step) -> str:
    basis = step.basis
    parts = [source_text(basis.source), basis.unit, basis.reason, basis.since.isoformat() if basis.since else ""]
    return " · ".join(part for part in parts if part)


def _yuan(done: Computed) -> str:
    return number_format(done.total, 2, use_l10n=True, force_grouping=True)


def _draft(title: str, place: Unit | None, done: Computed, notice: str) -> str:
    """The computation as words, to go with a request if the asker wishes."""
    head = f"{title} · {pick(place.name)}" if place is not None else title
    lines = [f"{step.text}: {step.formula} = {_result(step)} ({_basis(step)})" for step in done.steps]
    remarks = [f"* {remark.text}" for remark in done.remarks]
    total = _("In all: %(amount)s yuan") % {"amount": _yuan(done)}
    return "\n".join([head, *lines, total, *remarks, notice])
