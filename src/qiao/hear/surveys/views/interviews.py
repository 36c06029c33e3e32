"""Telephone interviews: the next person, how the call ended, the questions one after another."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.forms import CallForm
from qiao.hear.surveys.views.fielding import found

#: Fields that steer the interview and are no answers. No question is called ``qiao:…``.
AT, BACK = "qiao:at", "qiao:back"


@page("round.interview")
def interview(request: ActorRequest, code: str) -> HttpResponse:
    """The next person on one's list with the number to call, and how the call ended."""
    survey = found(request, code)
    require(request.actor, "round.interview", survey.unit.path)
    moment = now()
    call = services.next_call(actor=request.actor, now=moment, code=code)
    form = CallForm(request.POST or None)
    if request.method == "POST" and call is not None and form.is_valid():
        try:
            services.log_call(
                actor=request.actor, now=moment, code=code, call_id=_number(request.POST.get("call")) or call.pk,
                outcome=form.cleaned_data["outcome"], appointment=form.cleaned_data["appointment"],
            )  # fmt: skip
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            messages.success(request, gettext("Noted. Here is the next person."))
            return HttpResponseRedirect(reverse("surveys:interview", args=[code]))
    person = services.person_called(actor=request.actor, now=moment, call=call) if call is not None else None
    context = {"survey": survey, "call": call, "person": person, "form": form,
               "left": queries.calls_left(request.actor, survey)}  # fmt: skip
    return render(request, "surveys/interview.html", context, status=422 if form.errors else 200)


@page("round.interview")
def ask(request: ActorRequest, code: str, call: int) -> HttpResponse:
    """One question after another. Nothing is kept before the end, and nothing can be read back after it."""
    survey = found(request, code)
    moment = now()
    try:
        services.call_of(actor=request.actor, now=moment, code=code, call_id=call)
    except Problem as fault:
        messages.error(request, problem_text(fault))
        return HttpResponseRedirect(reverse("surveys:interview", args=[code]))
    language = get_language() or "zh-hans"
    sent = {
        key: texts for key, texts in request.POST.lists() if key not in {AT, BACK, "csrfmiddlewaretoken"}
    }  # fmt: skip
    walk = queries.Walk(survey.version_id, sent, language=language, now=localtime(moment), translate=gettext)
    at, error = request.POST.get(AT, ""), ""
    if request.method == "POST" and BACK in request.POST:
        at = walk.before(at)
    elif request.method == "POST" and not walk.changing:
        error = walk.error_at(at)
        if not error:
            following = walk.after(at)
            if following is None and walk.first_error() is None:
                number = services.take_interview(
                    actor=request.actor, now=moment, code=code, call_id=call, values=walk.values
                )
                if number is None:
                    messages.error(request, gettext("This person has answered already: the first answer stays."))
                    return HttpResponseRedirect(reverse("surveys:interview", args=[code]))
                return render(request, "surveys/interviewed.html", {"survey": survey, "number": number})
            at = following or walk.first_error() or at
    elif request.method != "POST":
        at = walk.after("") or ""
    context = {
        "survey": survey, "call": call, "question": walk.shown(at), "error": error, "at": at, "at_field": AT,
        "back_field": BACK, "carried": walk.carried(at), "first": walk.before(at) == at,
    }  # fmt: skip
    response = render(request, "surveys/ask.html", context, status=422 if error else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None
