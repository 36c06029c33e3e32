"""The counter: numbers, the display of the hall, appointments, counts of the line."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base import throttle
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.hear.window import services
from qiao.hear.window.choices import SlotState
from qiao.hear.window.forms.asker import BookForm, CancelForm
from qiao.hear.window.forms.counter import DrawForm, LineForm, NextForm, SlotsForm
from qiao.hear.window.models import Appointment, QueueTicket
from qiao.hear.window.queries.counter import free_slots, hall_of, slots_to_keep, ticket_by_key, windows_of
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label


@page("request.take")
def counters(request: ActorRequest) -> HttpResponse:
    """The windows one stands at."""
    units = windows_of(request.actor)
    if len(units) == 1:
        return redirect("window:counter", units[0].label)
    return render(request, "window/counters.html", {"units": units})


@page("request.take")
def counter(request: ActorRequest, label: str) -> HttpResponse:
    """One window today: who is called, who waits, which appointments come."""
    return _counter(request, _own(request, label))


def _counter(request: ActorRequest, unit: Unit, **bound: forms.Form) -> HttpResponse:
    moment = now()
    desk = request.session.get("window_desk", 1)
    slots = slots_to_keep(unit, moment)
    context = {
        "unit": unit, "hall": hall_of(unit, moment), "draw": DrawForm(auto_id="draw_%s"),
        "next": NextForm(initial={"desk_number": desk}, auto_id="next_%s"),
        "slots_form": bound.get("slots") or SlotsForm(auto_id="slots_%s"),
        "line_form": bound.get("line") or LineForm(auto_id="line_%s"),
        "booked": [slot for slot in slots if slot.state == SlotState.BOOKED],
        "free": [slot for slot in slots if slot.state == SlotState.OFFERED],
    }  # fmt: skip
    return render(request, "window/counter.html", context)


@page("request.take")
@require_POST
def draw(request: ActorRequest, label: str) -> HttpResponse:
    """Give out a number."""
    unit = _own(request, label)
    form = DrawForm(request.POST)
    if not form.is_valid():
        return redirect("window:counter", label)
    try:
        ticket = services.draw_number(
            actor=request.actor, now=now(), unit=unit, kind=form.cleaned_data["kind"], nonce=form.cleaned_data["nonce"]
        )
    except Problem as problem:
        messages.error(request, problem_text(problem))
        return redirect("window:counter", label)
    return redirect("window:ticket", ticket.key)


@page("request.take")
@require_POST
def call(request: ActorRequest, label: str) -> HttpResponse:
    """Call the next number to one's desk."""
    unit = _own(request, label)
    form = NextForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["desk_number"]
        request.session["window_desk"] = number
        ticket = services.call_next(actor=request.actor, now=now(), unit=unit, desk_number=number)
        if ticket is None:
            messages.success(request, _("Nobody waits."))
    return redirect("window:counter", label)


@page("request.take")
@require_POST
def finish(request: ActorRequest, label: str, key: int) -> HttpResponse:
    """A number was served, or was not there."""
    _own(request, label)
    try:
        services.finish_number(
            actor=request.actor, now=now(), ticket_id=key, served=request.POST.get("served") == "yes"
        )
    except QueueTicket.DoesNotExist:
        raise Http404 from None
    except Problem as problem:
        messages.error(request, problem_text(problem))
    return redirect("window:counter", label)


@page("request.take")
@require_POST
def offer(request: ActorRequest, label: str) -> HttpResponse:
    """Offer appointments."""
    unit = _own(request, label)
    form = SlotsForm(request.POST, auto_id="slots_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = services.offer_slots(actor=request.actor, now=now(), unit=unit, **given)
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("%(number)d appointments are new.") % {"number": made})
            return redirect("window:counter", label)
    return _counter(request, unit, slots=form)


@page("request.take")
@require_POST
def slot(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """An appointment was kept, missed, or is taken back."""
    _own(request, label)
    act = request.POST.get("act", "")
    try:
        if act == "withdraw":
            services.withdraw_slot(actor=request.actor, now=now(), code=code)
        else:
            services.finish_slot(actor=request.actor, now=now(), code=code, kept=act == "kept")
    except Appointment.DoesNotExist:
        raise Http404 from None
    except Problem as problem:
        messages.error(request, problem_text(problem))
    return redirect("window:counter", label)


@page("request.take")
@require_POST
def line(request: ActorRequest, label: str) -> HttpResponse:
    """Counts of the telephone line for one day."""
    unit = _own(request, label)
    form = LineForm(request.POST, auto_id="line_%s")
    if form.is_valid():
        try:
            services.count_calls(actor=request.actor, now=now(), unit=unit, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Entered."))
            return redirect("window:counter", label)
    return _counter(request, unit, line=form)


@page(PUBLIC)
def hall(request: ActorRequest, label: str) -> HttpResponse:
    """The display of a hall: it renews itself."""
    unit = _unit(label)
    response = render(request, "window/hall.html", {"unit": unit, "hall": hall_of(unit, now())})
    response["Refresh"] = "10"
    return response


@page(PUBLIC)
def ticket(request: ActorRequest, key: str) -> HttpResponse:
    """One number: on paper or on one's own screen."""
    try:
        found, before = ticket_by_key(key)
    except QueueTicket.DoesNotExist:
        raise Http404 from None
    return render(request, "window/ticket.html", {"ticket": found, "before": before})


@page(PUBLIC)
def slots(request: ActorRequest, label: str) -> HttpResponse:
    """Free appointments of a unit."""
    unit = _unit(label)
    return render(request, "window/slots.html", {"unit": unit, "slots": list(free_slots(unit, now())[:60])})


@page(PUBLIC)
def book(request: ActorRequest, code: str) -> HttpResponse:
    """Book one appointment."""
    found = _slot(code)
    form = BookForm(request.POST or None, initial={"nonce": secrets.token_hex(16)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            throttle.check("window.book", throttle.address_of(request), limit=10, per=timedelta(hours=1), now=now())
            booked_slot, secret = services.book_slot(
                now=now(), code=code, nonce=given["nonce"], name=given["name"], contact=given["contact"],
                address=given["address"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            response = render(request, "window/booked.html", {"slot": booked_slot, "secret": secret})
            response["Cache-Control"] = "no-store"
            return response
    if request.method == "GET" and found.state != SlotState.OFFERED:
        return redirect("window:slots", found.unit.label)
    return render(request, "window/book.html", {"slot": found, "form": form})


@page(PUBLIC)
def booked(request: ActorRequest, code: str) -> HttpResponse:
    """A booked appointment; called off with its secret."""
    found = _slot(code)
    form = CancelForm(request.POST or None)
    done = False
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_booking(now=now(), code=code, secret=form.cleaned_data["secret"])
            done = True
        except Problem as problem:
            form.add_error(None, problem_text(problem))
            # Only wrong secrets are slowed, by where they come from: nobody keeps the right one from being taken.
            address = throttle.address_of(request)
            try:
                throttle.check("window.cancel", address, limit=30, per=timedelta(minutes=10), now=now())
            except throttle.TooMany as many:
                form.add_error(None, problem_text(many))
    return render(request, "window/booked.html", {"slot": found, "form": form, "done": done})


def _own(request: ActorRequest, label: str) -> Unit:
    unit = _unit(label)
    if not request.actor.may("request.take", unit.path):
        raise Http404
    return unit


def _unit(label: str) -> Unit:
    try:
        return unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None


def _slot(code: str) -> Appointment:
    found = Appointment.objects.filter(code=code).select_related("unit").first()
    if found is None:
        raise Http404
    return found
