"""Answering: the pages members see. Sending an answer costs one statement on the database.

A page by code opens no session and sets no cookie; what another site could make a browser send it would need the code,
and whoever has that needs no such way. So its form needs no token, and an answer kept on a phone can be sent days
later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from qiao.base import throttle, xlsform
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.codes import normal_secret_code
from qiao.hear.surveys import queries, rules, services
from qiao.hear.surveys.choices import Asked
from qiao.hear.surveys.forms import CodeForm
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.views import framing
from qiao.hear.surveys.views.framing import ROUND_FIELD, TOKEN_FIELD, Tongue


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


@csrf_exempt
@page(PUBLIC)
def answer(request: ActorRequest, code: str) -> HttpResponse:
    """Answering with a single-use code, without an account: no session, no cookie."""
    moment, tongue = now(), framing.tongue_of(request)
    if request.method == "POST":
        _refuse_other_sites(request)
        return _take_by_code(request, code, moment, tongue)
    ticket = services.look_up(code=code, now=moment)
    if ticket is None or ticket.used or not ticket.open:
        return _cannot(request, ticket)
    return framing.fill(framing.empty_page(ticket.round_id, tongue, settings.DEMO, localdate(moment).toordinal()), code)


def _refuse_other_sites(request: HttpRequest) -> None:
    """A page of another site that sends a form here is no respondent. Browsers say where a form comes from."""
    origin = request.META.get("HTTP_ORIGIN")
    if origin and origin != "null" and urlsplit(origin).netloc != request.get_host():
        raise PermissionDenied("a form of another site")


def _take_by_code(request: HttpRequest, code: str, moment: datetime, tongue: Tongue) -> HttpResponse:
    """The page says which round it asks; the statement itself holds that against the code."""
    told = request.POST.get(ROUND_FIELD, "")
    try:
        round_id, version_id = framing.known(int(told) if told.isascii() and told.isdigit() and len(told) < 18 else 0)
    except Round.DoesNotExist:
        ticket = services.look_up(code=code, now=moment)
        # A used code is tried all the same: the same answer sent again gets its receipt again.
        if ticket is None or not ticket.open:
            return _cannot(request, ticket)
        round_id, version_id = ticket.round_id, ticket.version_id
    outcome = _validate(request, version_id, moment, tongue)
    if outcome.errors:
        ticket = services.look_up(code=code, now=moment)
        if ticket is None or ticket.used or not ticket.open:
            return _cannot(request, ticket)
        return _again(request, round_id, moment, tongue, outcome)
    number = services.take_answer(now=moment, round_id=round_id, values=outcome.values, code=code)
    if number is None:
        return _cannot(request, services.look_up(code=code, now=moment))
    return framing.fill(framing.thanks_page(round_id, tongue, settings.DEMO), code, receipt=number)


@page(PUBLIC)
def mine(request: ActorRequest, code: str) -> HttpResponse:
    """Answering signed in, by one's invitation; or without any where the round asks volunteers."""
    moment, tongue = now(), framing.tongue_of(request)
    survey = queries.find_round(code)
    if survey is None:
        raise Http404
    person_id, invitation = request.actor.person_id, None
    volunteers = survey.asked == Asked.VOLUNTEERS
    if not volunteers:
        if not request.actor.signed_in:
            return redirect_to_login(request.get_full_path())
        invitation = queries.invitation_of(survey, person_id)
        if invitation is None:
            return render(request, "surveys/cannot.html", {"why": "not_invited", "survey": survey}, status=403)
        if invitation.answered and request.method != "POST":
            return render(request, "surveys/cannot.html", {"why": "used", "survey": survey}, status=409)
    if not rules.takes_answers(survey, moment):
        return render(request, "surveys/cannot.html", {"why": "closed", "survey": survey}, status=410)
    if request.method == "POST":
        outcome = _validate(request, survey.version_id, moment, tongue)
        if outcome.errors:
            if invitation is not None and invitation.answered:
                return render(request, "surveys/cannot.html", {"why": "used", "survey": survey}, status=409)
            return _again(request, survey.pk, moment, tongue, outcome)
        number = services.take_answer(
            now=moment,
            round_id=survey.pk,
            values=outcome.values,
            person_id=None if volunteers else person_id,
            flagged=volunteers
            and services.note_volunteer(now=moment, survey=survey, address=throttle.address_of(request)),
            # The same page sent twice is one answer, whoever sends it.
            token=(request.POST.get(TOKEN_FIELD) or request.POST.get("csrfmiddlewaretoken") or "")[:128],
        )
        if number is None:
            return render(request, "surveys/cannot.html", {"why": "used", "survey": survey}, status=409)
        return framing.fill(framing.thanks_page(survey.pk, tongue, settings.DEMO), "", receipt=number)
    parts = framing.empty_page(survey.pk, tongue, settings.DEMO, localdate(moment).toordinal())
    return framing.fill(parts, "", request=request)


@page(PUBLIC)
def worker(request: ActorRequest) -> HttpResponse:
    """The service worker of pages by code: it keeps the page and what was written until it could be sent."""
    response = HttpResponse(framing.worker_script(framing.tongue_of(request).site), content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _validate(request: HttpRequest, version_id: int, moment: datetime, tongue: Tongue) -> xlsform.Outcome:
    runtime = queries.runtime_of(version_id)
    return runtime.validate(
        dict(request.POST.lists()),
        language=runtime.form.language_for(tongue.form),
        now=localtime(moment),
        translate=gettext,
    )


def _again(
    request: HttpRequest, round_id: int, moment: datetime, tongue: Tongue, outcome: xlsform.Outcome
) -> HttpResponse:
    """The page with what was answered and what is to be mended."""
    survey = queries.round_by_id(round_id)
    context = framing.questions(survey, moment, tongue, dict(request.POST.lists()), outcome.errors)
    response = render(request, "surveys/answer.html", context, status=422)
    response.headers["Cache-Control"] = "no-store"
    return response


def _cannot(request: HttpRequest, ticket: services.Ticket | None) -> HttpResponse:
    """Why a code opens nothing, kindly."""
    if ticket is None:
        return render(request, "surveys/cannot.html", {"why": "unknown"}, status=404)
    why = "used" if ticket.used else "closed"
    survey = queries.find_round(ticket.round_code)
    return render(request, "surveys/cannot.html", {"why": why, "survey": survey}, status=409 if ticket.used else 410)
