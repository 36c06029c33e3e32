"""Preparing and running a consultation: the secretary's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.consultations import queries, rules, services
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.forms import (
    ClosesForm,
    ConsultationForm,
    GroupForm,
    ReasonForm,
    TextForm,
    initial_of,
    text_of,
)
from qiao.decide.consultations.forms.desk import WithholdForm
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.views.finding import found, row_number, ticked
from qiao.org.settings.queries import value_of


@page("consultation.run")
def new(request: ActorRequest) -> HttpResponse:
    """Draft a consultation, from a proposal's page with that proposal ticked."""
    opens = _next_morning(now())
    paths = request.actor.paths("consultation.run")
    days = value_of(rules.OPEN_DAYS, path=paths[0] if paths else "", on=localdate(opens))
    initial = {
        "opens": opens,
        "closes": opens + timedelta(days=days),
        "proposals": request.GET.getlist("proposal"),
    }
    form = ConsultationForm(request.POST or None, request.FILES or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft_consultation(
                actor=request.actor, now=now(), unit=form.cleaned_data["unit"], **form.draft()
            )
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("consultations:consultation", made.code)
    return render(request, "consultations/draft.html", {"form": form})


def _next_morning(moment: datetime) -> datetime:
    """Nine o'clock of the next day."""
    return (localtime(moment) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


@page("consultation.run")
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change a draft."""
    consultation = found(request.actor, code)
    require(request.actor, "consultation.run", consultation.unit.path)
    form = ConsultationForm(
        request.POST or None, request.FILES or None, actor=request.actor, initial=initial_of(consultation)
    )
    del form.fields["unit"]
    if request.method == "POST" and form.is_valid():
        try:
            services.redraft_consultation(actor=request.actor, now=now(), code=code, **form.draft())
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("consultations:consultation", code)
    return render(request, "consultations/draft.html", {"form": form, "consultation": consultation})


@page("consultation.run")
def revise(request: ActorRequest, code: str) -> HttpResponse:
    """Change the text after the notice: a new version and the full period anew."""
    consultation = found(request.actor, code)
    require(request.actor, "consultation.run", consultation.unit.path)
    form = TextForm(request.POST or None, initial={"text": text_of(consultation)})
    if request.method == "POST" and form.is_valid():
        try:
            services.revise_text(actor=request.actor, now=now(), code=code, clauses=form.cleaned_data["clauses"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("consultations:consultation", code)
    return render(request, "consultations/revise.html", {"form": form, "consultation": consultation})


@page("consultation.run")
def extend(request: ActorRequest, code: str) -> HttpResponse:
    """Let it close later."""
    consultation = found(request.actor, code)
    require(request.actor, "consultation.run", consultation.unit.path)
    form = ClosesForm(request.POST or None, initial={"closes": consultation.closes})
    if request.method == "POST" and form.is_valid():
        try:
            services.extend_consultation(
                actor=request.actor, now=now(), code=code, closes=form.cleaned_data["closes"]
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("consultations:consultation", code)
    return render(request, "consultations/extend.html", {"form": form, "consultation": consultation})


MOVES: dict[str, Callable[..., Consultation]] = {
    S.NOTICED.value: services.notice_consultation,
    S.OPEN.value: services.open_consultation,
    S.CLOSED.value: services.close_consultation,
}


@page("consultation.run")
def move(request: ActorRequest, code: str) -> HttpResponse:
    """Announce, open or close."""
    service = MOVES.get(request.POST.get("to", ""))
    found(request.actor, code)
    if request.method == "POST" and service is not None:
        try:
            service(actor=request.actor, now=now(), code=code)
        except Problem as problem:
            messages.error(request, problem_text(problem))
    return redirect("consultations:consultation", code)


@page("opinion.answer")
def withdraw(request: ActorRequest, code: str) -> HttpResponse:
    """Withdraw it before its close, and say why."""
    consultation = found(request.actor, code)
    require(request.actor, "opinion.answer", consultation.unit.path)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_consultation(
                actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"]
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("consultations:consultation", code)
    return render(request, "consultations/withdraw.html", {"form": form, "consultation": consultation})


@page("consultation.run")
def sort(request: ActorRequest, code: str) -> HttpResponse:
    """Put opinions that say the same together, or take a group apart."""
    consultation = found(request.actor, code)
    require(request.actor, "consultation.run", consultation.unit.path)
    form = GroupForm(request.POST if "group" in request.POST else None)
    if request.method == "POST":
        try:
            if _sorted(request, code, form):
                return redirect("consultations:sort", code)
        except Problem as problem:
            messages.error(request, problem_text(problem))
    context = {
        "consultation": consultation,
        "form": form,
        "chosen": set(ticked(request.POST.getlist("opinion"))),
        "parts": queries.clusters(consultation),
    }
    return render(request, "consultations/sort.html", context)


def _sorted(request: ActorRequest, code: str, form: GroupForm) -> bool:
    """Do what the form asks; whether anything was done."""
    dissolve = row_number(request.POST.get("dissolve"))
    if dissolve is not None:
        services.dissolve_group(actor=request.actor, now=now(), code=code, group_id=dissolve)
        return True
    if not form.is_valid():
        return False
    services.group_opinions(
        actor=request.actor, now=now(), code=code, opinion_ids=ticked(request.POST.getlist("opinion")),
        title=form.cleaned_data["title"],
    )  # fmt: skip
    messages.success(request, _("Put together. Each author keeps the receipt and may contest this."))
    return True


@page("consultation.run")
def withhold(request: ActorRequest, code: str, opinion_id: int) -> HttpResponse:
    """Keep the words of one opinion from the public page, with a public reason."""
    consultation = found(request.actor, code)
    require(request.actor, "consultation.run", consultation.unit.path)
    opinion = queries.opinion_here(consultation, opinion_id)
    if opinion is None:
        return redirect("consultations:sort", code)
    form = WithholdForm(request.POST or None, initial={"reason": opinion.withheld})
    if request.method == "POST" and form.is_valid():
        try:
            services.withhold_opinion(
                actor=request.actor, now=now(), code=code, opinion_id=opinion_id, reason=form.cleaned_data["reason"],
                ground=form.cleaned_data["ground"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("consultations:sort", code)
    context = {"form": form, "consultation": consultation, "opinion": opinion}
    return render(request, "consultations/withhold.html", context)
