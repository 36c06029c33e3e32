"""Taking part without an account: by a single-use code, or by a code sent to one's telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base import throttle
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.codes import normal_secret_code
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.consultations import queries, rules
from qiao.decide.consultations.forms.channels import NumberForm, SentCodeForm, SheetForm, TypedCodeForm
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.services import slips
from qiao.decide.consultations.services.channels import Handed, Said
from qiao.decide.consultations.views.finding import found

_PER = timedelta(minutes=10)
#: In the session: which slip a telephone's code was asked for, and whether it came back.
_ASKED, _CONFIRMED = "consultation_asked", "consultation_confirmed"


@page(PUBLIC)
def code(request: ActorRequest) -> HttpResponse:
    """Where a single-use code is typed."""
    form = TypedCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, moment, address = normal_secret_code(form.cleaned_data["code"]), now(), throttle.address_of(request)
        throttle.ensure("consultation code", address, now=moment)
        if typed and slips.slip_of(typed) is not None:
            return redirect("consultations:by_code", typed)
        throttle.failed("consultation code", address, limit=20, per=_PER, now=moment)
        form.add_error("code", _("No open consultation has this code. Compare it sign by sign with your sheet."))
    return _kept_off(render(request, "consultations/code.html", {"form": form}))


@page(PUBLIC)
def by_code(request: ActorRequest, typed: str) -> HttpResponse:
    """The sheet behind a single-use code."""
    moment, address = now(), throttle.address_of(request)
    throttle.ensure("consultation code", address, now=moment)
    slip = slips.slip_of(typed)
    if slip is None:
        throttle.failed("consultation code", address, limit=20, per=_PER, now=moment)
        return _kept_off(render(request, "consultations/cannot.html", {"used": False}, status=404))
    consultation = slip.consultation
    if slip.spent and request.method != "POST":
        return _kept_off(render(request, "consultations/cannot.html", {"used": True, "consultation": consultation}))
    return _sheet(request, consultation, lambda said: slips.speak_with_code(now=now(), typed=typed, said=said))


@page(PUBLIC)
def phone(request: ActorRequest, code: str) -> HttpResponse:
    """A code by SMS, first the number, then the code. Whether a number is known here nobody learns."""
    consultation = found(request.actor, code)
    if not rules.takes_part(consultation.state, consultation.closes, now()):
        return redirect("consultations:consultation", code)
    if "again" in request.POST:
        request.session.pop(_ASKED, None)
    asked = request.session.get(_ASKED, {})
    if asked.get("code") == code:
        return _sent_code(request, consultation, int(asked.get("slip", 0)))
    form = NumberForm(request.POST if "number" in request.POST else None)
    if form.is_valid():
        moment, number = now(), form.cleaned_data["number"]
        try:
            throttle.check("consultation phone", throttle.address_of(request), limit=10, per=_PER, now=moment)
            throttle.check("consultation number", number, limit=3, per=_PER, now=moment)
            slip = slips.ask_phone_code(now=moment, code=code, number=number)
        except throttle.TooMany:
            raise
        except Problem as problem:
            form.add_error("number", problem_text(problem))
        else:
            request.session[_ASKED] = {"code": code, "slip": slip}
            return redirect("consultations:phone", code)
    return _kept_off(render(request, "consultations/phone.html", {"consultation": consultation, "form": form}))


def _sent_code(request: ActorRequest, consultation: Consultation, slip: int) -> HttpResponse:
    form = SentCodeForm(request.POST if "sent" in request.POST else None)
    if form.is_valid():
        moment, address = now(), throttle.address_of(request)
        throttle.ensure("consultation phone code", address, now=moment)
        if slips.confirm_phone_code(now=moment, slip_id=slip, typed=form.cleaned_data["sent"]):
            request.session.pop(_ASKED, None)
            request.session.cycle_key()
            request.session[_CONFIRMED] = {"code": consultation.code, "slip": slip}
            return redirect("consultations:by_phone", consultation.code)
        throttle.failed("consultation phone code", address, limit=10, per=_PER, now=moment)
        form.add_error("sent", _("This is not the code that was sent, or it holds no longer. Ask for another."))
    context = {"consultation": consultation, "form": form, "sent": True}
    return _kept_off(render(request, "consultations/phone.html", context))


@page(PUBLIC)
def by_phone(request: ActorRequest, code: str) -> HttpResponse:
    """The sheet, after the code sent to the telephone came back."""
    consultation = found(request.actor, code)
    confirmed = request.session.get(_CONFIRMED, {})
    if confirmed.get("code") != code:
        return redirect("consultations:phone", code)
    slip = int(confirmed["slip"])
    return _sheet(request, consultation, lambda said: slips.speak_by_phone(now=now(), slip_id=slip, said=said))


def _sheet(request: ActorRequest, consultation: Consultation, hand_in: Callable[[Said], Handed]) -> HttpResponse:
    if not rules.takes_part(consultation.state, consultation.closes, now()):
        return _kept_off(render(request, "consultations/cannot.html", {"consultation": consultation, "used": False}))
    form = SheetForm(
        request.POST or None, clauses=queries.clauses_of(consultation), statements=queries.statements_of(consultation)
    )
    handed: Handed | None = None
    if request.method == "POST" and form.is_valid():
        try:
            handed = hand_in(form.said())
        except Problem as problem:
            form.add_error(None, problem_text(problem))
    if handed is not None:
        receipts = [(number, f"{reverse('web:receipt')}?number={number}") for number in handed.receipts]
        context = {"consultation": consultation, "receipts": receipts}
        return _kept_off(render(request, "consultations/handed_in.html", context))
    context = {"consultation": consultation, "form": form, "for_other": False}
    return _kept_off(render(request, "consultations/sheet.html", context, status=422 if form.errors else 200))


def _kept_off(response: HttpResponse) -> HttpResponse:
    """No copy of it stays on a shared computer; the house sends no address on to another site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
