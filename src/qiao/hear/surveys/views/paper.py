"""Stacks of paper: typed by numbers on the keyboard, a share typed again, stored as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from qiao.base.access import ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.forms import BatchForm
from qiao.hear.surveys.models import PaperBatch
from qiao.hear.surveys.views.fielding import found

#: Fields that are no answers; no question is called ``qiao:…``.
SHEET, CODE = "qiao:sheet", "qiao:code"


@page("round.enter")
def stacks(request: ActorRequest, code: str) -> HttpResponse:
    """The stacks of a round, and beginning one."""
    survey = found(request, code)
    if not queries.may_enter(request.actor, survey):
        raise Refused("round.enter is not yours here")
    form = BatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = services.open_batch(
                actor=request.actor, now=now(), code=code, expected=form.cleaned_data["expected"]
            )
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("surveys:stack", args=[code, batch.code]))
    context = {"survey": survey, "form": form, "stacks": queries.stacks_of(survey)}
    return render(request, "surveys/stacks.html", context, status=422 if form.errors else 200)


@page("round.enter")
def stack(request: ActorRequest, code: str, batch: str) -> HttpResponse:
    """Typing one sheet after another; then the drawn ones again; then storing all."""
    held = _batch(request, code, batch)
    survey, moment = held.round, now()
    drawn = services.to_verify(held) if held.state == "verifying" else []
    number = _sheet(request, held, drawn)
    typed = {key: texts for key, texts in request.POST.lists() if key not in {SHEET, CODE}}
    faults: list[str] = []
    if request.method == "POST":
        try:
            done = _act(request, held, number, typed)
        except (Problem, Problems) as fault:
            faults = problem_text(fault).split("\n")
        else:
            if done:
                messages.success(request, done)
                return HttpResponseRedirect(reverse("surveys:stack", args=[code, batch]))
    walk = _shown_walk(held, typed, moment)
    facts = queries.stack_facts(held, drawn)
    context = {
        "survey": survey, "batch": held, "number": number, "faults": faults, "facts": facts,
        "questions": [(question, " ".join(typed.get(question.key, ()))) for question in walk.all_shown()],
        "typed_code": request.POST.get(CODE, ""), "fields": {"sheet": SHEET, "code": CODE},
        "differing": ", ".join(facts.differing.get(number, ())),
    }  # fmt: skip
    response = render(request, "surveys/stack.html", context, status=422 if faults else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _act(request: ActorRequest, held: PaperBatch, number: int, typed: dict[str, list[str]]) -> str:
    """What the button asked for; what to say of it, "" where the page stays. Raises Problem."""
    at = now()
    if request.POST.get("act") == "complete":
        services.complete_batch(actor=request.actor, now=at, batch_code=held.code)
        return gettext("Every sheet is typed.")
    if request.POST.get("act") == "store":
        stored = services.store_batch(actor=request.actor, now=at, batch_code=held.code)
        return gettext("%(number)d answers are stored.") % {"number": stored.report.get("stored", 0)}
    answers = queries.from_numbers(held.round.version_id, typed)
    walk = _walk(held, answers, at)
    if walk.changing:
        return ""
    if walk.errors:
        key, message = next(iter(walk.errors.items()))
        raise Problem("%(question)s: %(fault)s", question=key, fault=message)
    if held.state == "verifying":
        sheet = services.type_again(
            actor=request.actor, now=at, batch_code=held.code, number=number, values=walk.values
        )
        if sheet.differs:
            said = gettext("Sheet %(number)d was typed in two ways: %(names)s. A third person looks at the paper.")
            return said % {"number": number, "names": ", ".join(sheet.differs)}
        return gettext("Sheet %(number)d agrees.") % {"number": number}
    services.type_sheet(
        actor=request.actor, now=at, batch_code=held.code, number=number, code=request.POST.get(CODE, ""),
        values=walk.values,
    )  # fmt: skip
    return gettext("Sheet %(number)d is kept.") % {"number": number}


def _walk(held: PaperBatch, answers: Mapping[str, Sequence[str]], at: datetime) -> queries.Walk:
    return queries.Walk(
        held.round.version_id, answers, language=get_language() or "zh-hans", now=localtime(at), translate=gettext,
        filtered=False,
    )  # fmt: skip


def _shown_walk(held: PaperBatch, typed: Mapping[str, Sequence[str]], at: datetime) -> queries.Walk:
    """What was typed as the page shows it again; numbers that are no option's are left out."""
    try:
        return _walk(held, queries.from_numbers(held.round.version_id, typed), at)
    except Problem:
        return _walk(held, {key: texts for key, texts in typed.items() if ":" in key}, at)


def _batch(request: ActorRequest, code: str, batch: str) -> PaperBatch:
    survey = found(request, code)
    if not queries.may_enter(request.actor, survey):
        raise Refused("round.enter is not yours here")
    held = queries.stack_by_code(survey, batch)
    if held is None:
        raise Http404
    return held


def _sheet(request: ActorRequest, held: PaperBatch, drawn: list[int]) -> int:
    """The sheet at hand: the one asked for, else the next that waits."""
    text = request.POST.get(SHEET) or request.GET.get("sheet", "")
    if text.isdecimal() and 1 <= int(text) <= held.expected:
        return int(text)
    return queries.next_sheet(held, drawn, request.actor.account_id)
