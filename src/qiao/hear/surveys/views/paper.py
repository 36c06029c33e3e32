"""Stacks of paper: typed by numbers on the keyboard, a share typed again, stored as one."""

from __future__ import annotations

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

#: Fields that are no answers; no question's name can hold a colon.
SHEET, CODE, SETTLED = "qiao:sheet", "qiao:code", "qiao:settled"


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
    typed = {key: str(value) for key, value in request.POST.items() if ":" not in key}
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
    walk = queries.Walk(survey.version_id, {}, language=_language(), now=localtime(moment), translate=gettext)
    facts = queries.stack_facts(held, drawn)
    if request.method == "POST" and held.state == "verifying" and not faults and number in facts.differing:
        faults = [gettext("Typed in two ways: %(names)s. Look at the paper, then type it as it stands there.")
                  % {"names": ", ".join(facts.differing[number])}]  # fmt: skip
    context = {
        "survey": survey, "batch": held, "number": number, "faults": faults, "facts": facts,
        "questions": [(question, typed.get(question.key, "")) for question in walk.all_shown()],
        "typed_code": request.POST.get(CODE, "") if faults else "", "fields": {"sheet": SHEET, "code": CODE},
        "settled": SETTLED, "settling": number in facts.differing,
    }  # fmt: skip
    response = render(request, "surveys/stack.html", context, status=422 if faults else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _act(request: ActorRequest, held: PaperBatch, number: int, typed: dict[str, str]) -> str:
    """What the button asked for; what to say of it, "" where the page stays. Raises Problem."""
    at = now()
    if request.POST.get("act") == "complete":
        services.complete_batch(actor=request.actor, now=at, batch_code=held.code)
        return gettext("Every sheet is typed.")
    if request.POST.get("act") == "store":
        stored = services.store_batch(actor=request.actor, now=at, batch_code=held.code)
        return gettext("%(number)d answers are stored.") % {"number": stored.report.get("stored", 0)}
    answers = queries.from_numbers(held.round.version_id, typed)
    walk = queries.Walk(held.round.version_id, answers, language=_language(), now=localtime(at), translate=gettext)
    if walk.errors:
        key, message = next(iter(walk.errors.items()))
        raise Problem("%(question)s: %(fault)s", question=key, fault=message)
    if held.state == "verifying":
        sheet = services.type_again(
            actor=request.actor, now=at, batch_code=held.code, number=number, values=walk.values,
            settled=SETTLED in request.POST,
        )  # fmt: skip
        return "" if sheet.differs else gettext("Sheet %(number)d agrees.") % {"number": number}
    services.type_sheet(
        actor=request.actor, now=at, batch_code=held.code, number=number, code=request.POST.get(CODE, ""),
        values=walk.values,
    )  # fmt: skip
    return gettext("Sheet %(number)d is kept.") % {"number": number}


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
    return queries.next_sheet(held, drawn)


def _language() -> str:
    return get_language() or "zh-hans"
