"""Pages of evaluators' organisations: who may judge here, for everybody; their people, for themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.judge.evaluators import queries, services
from qiao.judge.evaluators.forms import AdmitForm, SeatForm
from qiao.judge.evaluators.models import Seat


@page(PUBLIC)
def index(request: ActorRequest) -> HttpResponse:
    """All organisations that may judge here."""
    own = queries.own_seat(request.actor) if request.actor.may("evaluation.run") else None
    context = {"organisations": queries.organisations(), "own": own, "may_admit": request.actor.may("role.grant")}
    return render(request, "evaluators/index.html", context)


@page("role.grant", fresh=True)
def new(request: ActorRequest) -> HttpResponse:
    """Admit an organisation."""
    form = AdmitForm(request.POST or None, units=queries.units_to_admit_in(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            services.admit(actor=request.actor, now=now(), **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The organisation is admitted. It seats its other people itself."))
            return redirect("evaluators:index")
    return render(request, "evaluators/new.html", {"form": form}, status=422 if form.errors else 200)


def _own(request: ActorRequest) -> Seat:
    seat = queries.own_seat(request.actor)
    if seat is None:
        raise Refused("no seat with an evaluator")
    return seat


@page("evaluation.run", fresh=True)
def people(request: ActorRequest) -> HttpResponse:
    """Who works for one's own organisation; who runs evaluations seats others."""
    own = _own(request)
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            seat = services.give_seat(
                actor=request.actor,
                now=now(),
                organisation=own.organisation,
                email=data["email"],
                display_name=data["display_name"],
                duty=data["duty"],
            )
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("%(who)s has a seat and signs in with a code by mail.") % {"who": seat.account})
            return redirect("evaluators:people")
    context = {"own": own, "seats": queries.seats(own.organisation), "form": form, "lead": own.is_lead}
    return render(request, "evaluators/people.html", context, status=422 if form.errors else 200)


@page("evaluation.run", fresh=True)
def end(request: ActorRequest, key: int) -> HttpResponse:
    """End somebody's seat."""
    own = _own(request)
    seat = Seat.objects.filter(pk=key, organisation=own.organisation_id).first()
    if seat is None:
        raise Http404
    if request.method == "POST":
        try:
            services.end_seat(actor=request.actor, now=now(), seat_id=key)
        except Problem as problem:
            messages.error(request, problem_text(problem))
        else:
            messages.success(request, _("The seat has ended, and with it the role."))
    return redirect("evaluators:people")
