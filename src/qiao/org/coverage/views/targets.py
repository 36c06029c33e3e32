"""Targets: setting, passing down, answering, and the chain from the source to the base."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, SIGNED_IN, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.org.coverage import queries, services
from qiao.org.coverage.choices import Measure, TargetState
from qiao.org.coverage.forms import ChangeForm, PassDownForm, TargetForm
from qiao.org.coverage.queries import TargetView
from qiao.org.coverage.views.pages import found_unit


@page(PUBLIC)
def targets(request: ActorRequest, label: str) -> HttpResponse:
    """The targets of a unit and of those below it."""
    unit = found_unit(label)
    context = {
        "unit": unit,
        "targets": queries.targets_at(unit.path, below=True),
        "may_set": request.actor.may("target.set", unit.path),
    }
    return render(request, "coverage/targets.html", context)


@page("target.set")
def new(request: ActorRequest, label: str) -> HttpResponse:
    """Give a unit a target with its source."""
    unit = found_unit(label)
    require(request.actor, "target.set", unit.path)
    form = TargetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["measure"] = Measure(given["measure"])
        try:
            made = services.set_target(actor=request.actor, now=now(), unit=unit, **given)
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("coverage:target", made.target.code)
    return render(request, "coverage/target_new.html", {"unit": unit, "form": form})


@page(PUBLIC)
def target(request: ActorRequest, code: str) -> HttpResponse:
    """One target: where it comes from, every change with its reason, what the unit said, whom it was passed down to."""
    view = _target(code)
    actor = request.actor
    own = any("target.consent" in grant.actions and grant.unit_id == view.target.unit_id for grant in actor.grants)
    context = {
        "view": view,
        "target": view.target,
        "chain": queries.chain_of(view.target),
        "may_set": actor.may("target.set", view.target.unit.path),
        "may_answer": own and view.waiting is not None and view.waiting.state == TargetState.ASKED,
        "waiting": view.waiting,
    }
    return render(request, "coverage/target.html", context)


@page(SIGNED_IN)
@require_POST
def act(request: ActorRequest, code: str) -> HttpResponse:
    """Consent, decline, put in force, withdraw."""
    view = _target(code)
    number = request.POST.get("number", "")
    to = request.POST.get("to", "")
    if not number.isdecimal() or len(number) > 4:
        raise Http404
    given: dict[str, Any] = {"actor": request.actor, "now": now(), "code": code, "number": int(number)}
    try:
        if to in ("consent", "decline"):
            services.answer_target(**given, consent=to == "consent", answer=request.POST.get("answer", ""))
        elif to == "apply":
            services.apply_target(**given)
        elif to == "withdraw":
            services.withdraw_target(**given)
    except (Problem, Problems) as problem:
        messages.error(request, problem_text(problem))
    return redirect("coverage:target", view.target.code)


@page("target.set")
def change(request: ActorRequest, code: str) -> HttpResponse:
    """Give the target another value, with a reason; or pass it down to a unit below (``?down``)."""
    view = _target(code)
    require(request.actor, "target.set", view.target.unit.path)
    down = "down" in request.GET
    now_in = view.now or view.waiting
    initial = {"value": now_in.value, "due": now_in.due} if now_in else {}
    form: forms.Form = (
        PassDownForm(request.POST or None, above=view.target.unit, initial=initial)
        if down
        else ChangeForm(request.POST or None, initial=initial)
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            if down:
                made = services.set_target(
                    actor=request.actor, now=now(), measure=Measure(view.target.measure), document="", level="",
                    source_value=view.target.source_value, source_due=view.target.source_due, above=view.target,
                    **given,
                )  # fmt: skip
            else:
                made = services.change_target(actor=request.actor, now=now(), code=code, **given)
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("coverage:target", made.target.code)
    return render(
        request, "coverage/target_change.html", {"view": view, "target": view.target, "form": form, "down": down}
    )


def _target(code: str) -> TargetView:
    view = queries.target_by_code(code)
    if view is None:
        raise Http404
    return view
