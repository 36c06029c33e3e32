"""Answering: the deciders' desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.consultations import queries, rules, services
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.forms import AddendumForm, AnswerForm
from qiao.decide.consultations.views.finding import found, ticked


@page("opinion.answer")
def answers(request: ActorRequest, code: str) -> HttpResponse:
    """What has no answer yet, by clause and likeness; tick several, answer once."""
    consultation = found(request.actor, code)
    require(request.actor, "opinion.answer", consultation.unit.path)
    chosen = ticked(request.POST.getlist("opinion"))
    finishing = "finish" in request.POST
    form = AnswerForm(request.POST if request.method == "POST" and not finishing else None)
    if finishing:
        try:
            services.finish_answers(actor=request.actor, now=now(), code=code)
        except Problem as problem:
            messages.error(request, problem_text(problem))
        return redirect("consultations:consultation", code)
    if request.method == "POST" and form.is_valid():
        try:
            number = services.answer_opinions(
                actor=request.actor, now=now(), code=code, opinion_ids=chosen, outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"], addendum=form.cleaned_data["addendum"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(
                request,
                ngettext("%(number)d opinion answered.", "%(number)d opinions answered.", number) % {"number": number}
                if number
                else _("These opinions had been answered already."),
            )
            return redirect("consultations:answers", code)
    context = {
        "consultation": consultation,
        "form": form,
        "chosen": set(chosen),
        "parts": queries.clusters(consultation),
        "rows": queries.answered_rows(consultation),
        "waiting": queries.unanswered_count(code),
        "due": rules.answer_due(consultation),
        "answering": consultation.state == S.CLOSED,
    }
    return render(request, "consultations/answers.html", context)


@page("opinion.answer")
def addendum(request: ActorRequest, code: str, opinion_id: int) -> HttpResponse:
    """A personal word to one author."""
    consultation = found(request.actor, code)
    require(request.actor, "opinion.answer", consultation.unit.path)
    opinion = queries.opinion_here(consultation, opinion_id)
    if opinion is None or opinion.answer is None:
        return redirect("consultations:answers", code)
    form = AddendumForm(request.POST or None, initial={"addendum": opinion.addendum})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_addendum(
                actor=request.actor, now=now(), code=code, opinion_id=opinion_id, addendum=form.cleaned_data["addendum"]
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("consultations:answers", code)
    context = {"form": form, "consultation": consultation, "opinion": opinion}
    return render(request, "consultations/addendum.html", context)
