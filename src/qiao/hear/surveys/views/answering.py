"""Answering: the pages members see. Pages are drawn once per round and language and kept as bytes in the process.

Only the code and the form's token differ from one visitor to the next; they are put in at marks. Sending an answer
costs one statement on the database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, gettext

from qiao.base import throttle, xlsform
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.codes import normal_secret_code
from qiao.hear.surveys import queries, rules, services
from qiao.hear.surveys.choices import Asked
from qiao.hear.surveys.forms import CodeForm
from qiao.hear.surveys.models import Round

#: The hidden field that says which round a page asks. No question's name can hold a colon.
ROUND_FIELD = "qiao:round"
#: Marks of plain letters: nothing that escapes texts or addresses changes them.
_CSRF, _CODE, _RECEIPT = "xQiaoMarkTokenx", "xQiaoMarkCodex", "xQiaoMarkReceiptx"
_MARKS = re.compile(f"({_CSRF}|{_CODE}|{_RECEIPT})".encode())


@page(PUBLIC)
def code(request: ActorRequest) -> HttpResponse:
    """Where the code from a letter is typed."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, moment, address = normal_secret_code(form.cleaned_data["code"]), now(), throttle.address_of(request)
        throttle.ensure("survey code", address, now=moment)
        if typed and services.look_up(code=typed, now=moment):
            return HttpResponseRedirect(reverse("surveys:answer", args=[typed]))
        throttle.failed("survey code", address, limit=20, per=timedelta(minutes=10), now=moment)
        form.add_error("code", gettext("No open survey has this code. Compare it sign by sign with your letter."))
    return render(request, "surveys/code.html", {"form": form})


@page(PUBLIC)
def answer(request: ActorRequest, code: str) -> HttpResponse:
    """Answering with a single-use code, without an account. No session is opened, no cookie but the form's token."""
    moment, language = now(), get_language() or settings.LANGUAGE_CODE
    if request.method == "POST":
        return _take_by_code(request, code, moment, language)
    ticket = services.look_up(code=code, now=moment)
    if ticket is None or ticket.used or not ticket.open:
        return _cannot(request, ticket)
    return _fill(request, _page(ticket.round_id, language, settings.DEMO, localdate(moment).toordinal()), code)


def _take_by_code(request: ActorRequest, code: str, moment: datetime, language: str) -> HttpResponse:
    """The page says which round it asks; the statement itself holds that against the code."""
    told = request.POST.get(ROUND_FIELD, "")
    try:
        round_id, version_id = _known(int(told) if told.isascii() and told.isdigit() and len(told) < 18 else 0)
    except Round.DoesNotExist:
        ticket = services.look_up(code=code, now=moment)
        if ticket is None or ticket.used or not ticket.open:
            return _cannot(request, ticket)
        round_id, version_id = ticket.round_id, ticket.version_id
    outcome = _validate(request, version_id, moment, language)
    if outcome.errors:
        ticket = services.look_up(code=code, now=moment)
        if ticket is None or ticket.used or not ticket.open:
            return _cannot(request, ticket)
        return _again(request, round_id, version_id, moment, language, outcome.errors)
    number = services.take_answer(now=moment, round_id=round_id, values=outcome.values, code=code)
    if number is None:
        return _cannot(request, services.look_up(code=code, now=moment))
    return _fill(request, _thanks_page(round_id, language, settings.DEMO), code, number)


@page(PUBLIC)
def mine(request: ActorRequest, code: str) -> HttpResponse:
    """Answering signed in, by one's invitation; or without any where the round asks volunteers."""
    moment, language = now(), get_language() or settings.LANGUAGE_CODE
    survey = queries.find_round(code)
    if survey is None:
        raise Http404
    person_id = request.actor.person_id
    if survey.asked != Asked.VOLUNTEERS:
        if not request.actor.signed_in:
            return redirect_to_login(request.get_full_path())
        invitation = queries.invitation_of(survey, person_id)
        if invitation is None:
            return render(request, "surveys/cannot.html", {"why": "not_invited", "survey": survey}, status=403)
        if invitation.answered:
            return render(request, "surveys/cannot.html", {"why": "used", "survey": survey}, status=409)
    if not rules.takes_answers(survey, moment):
        return render(request, "surveys/cannot.html", {"why": "closed", "survey": survey}, status=410)
    if request.method == "POST":
        outcome = _validate(request, survey.version_id, moment, language)
        if outcome.errors:
            return _again(request, survey.pk, survey.version_id, moment, language, outcome.errors)
        number = services.take_answer(
            now=moment,
            round_id=survey.pk,
            values=outcome.values,
            person_id=None if survey.asked == Asked.VOLUNTEERS else person_id,
        )
        if number is None:
            return render(request, "surveys/cannot.html", {"why": "used", "survey": survey}, status=409)
        return render(request, "surveys/thanks.html", {"survey": survey, "number": number})
    return render(request, "surveys/answer.html", _context(survey, moment, language))


def _validate(request: HttpRequest, version_id: int, moment: datetime, language: str) -> xlsform.Outcome:
    runtime = queries.runtime_of(version_id)
    return runtime.validate(
        dict(request.POST.lists()),
        language=runtime.form.language_for(language),
        now=localtime(moment),
        translate=gettext,
    )


def _context(
    survey: Round,
    moment: datetime,
    language: str,
    answers: Mapping[str, list[str]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> dict[str, object]:
    runtime = queries.runtime_of(survey.version_id)
    questions = xlsform.render(
        runtime,
        language=runtime.form.language_for(language),
        now=localtime(moment),
        answers=answers,
        errors=errors,
        translate=gettext,
    )
    return {
        "survey": survey,
        "questions": questions,
        "round_field": ROUND_FIELD,
        "minutes": max(1, round(survey.version.questions / 4)),
    }


def _again(
    request: HttpRequest, round_id: int, version_id: int, moment: datetime, language: str, errors: Mapping[str, str]
) -> HttpResponse:
    """The page with what was answered and what is to be mended."""
    survey = queries.round_by_id(round_id)
    context = _context(survey, moment, language, dict(request.POST.lists()), errors)
    return render(request, "surveys/answer.html", context, status=422)


def _cannot(request: HttpRequest, ticket: services.Ticket | None) -> HttpResponse:
    """Why a code opens nothing, kindly."""
    if ticket is None:
        return render(request, "surveys/cannot.html", {"why": "unknown"}, status=404)
    why = "used" if ticket.used else "closed"
    survey = queries.find_round(ticket.round_code)
    return render(request, "surveys/cannot.html", {"why": why, "survey": survey}, status=409 if ticket.used else 410)


@lru_cache(maxsize=512)
def _known(round_id: int) -> tuple[int, int]:
    """A round's id and version, which never change. Raises Round.DoesNotExist, which is not remembered."""
    survey = queries.round_by_id(round_id)
    return survey.pk, survey.version_id


@lru_cache(maxsize=256)
def _page(round_id: int, language: str, demo: bool, day: int) -> tuple[bytes, ...]:
    """The empty page of a round in a language, cut at its marks. Its facts are fixed while the round is open."""
    survey = queries.round_by_id(round_id)
    return _drawn("surveys/answer.html", _context(survey, now(), language))


@lru_cache(maxsize=256)
def _thanks_page(round_id: int, language: str, demo: bool) -> tuple[bytes, ...]:
    return _drawn("surveys/thanks.html", {"survey": queries.round_by_id(round_id), "number": _RECEIPT})


def _drawn(template: str, context: dict[str, object]) -> tuple[bytes, ...]:
    """Draw a page as nobody in particular sees it, and cut it at its marks."""
    nobody = HttpRequest()
    nobody.method, nobody.path = "GET", reverse("surveys:answer", args=[_CODE])
    nobody.path_info = nobody.path
    text = render_to_string(template, {**context, "csrf_token": _CSRF}, request=nobody)
    return tuple(_MARKS.split(text.encode()))


def _fill(request: HttpRequest, parts: tuple[bytes, ...], code: str, receipt: str = "") -> HttpResponse:
    # A token that was just checked is as good as a new one of the same cookie, and costs nothing.
    token = request.POST.get("csrfmiddlewaretoken", "") if request.method == "POST" else ""
    marks = {
        _CSRF.encode(): (token if token.isalnum() and token.isascii() else get_token(request)).encode(),
        _CODE.encode(): normal_secret_code(code).encode("ascii", "ignore"),
        _RECEIPT.encode(): receipt.encode(),
    }
    response = HttpResponse(b"".join([marks.get(part, part) for part in parts]))
    response.headers["Cache-Control"] = "no-store"
    return response
