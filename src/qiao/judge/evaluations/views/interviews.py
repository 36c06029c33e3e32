"""What somebody of the evaluator's does in the field: asks by telephone and types in what came on paper."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base import sealing, throttle
from qiao.base.access import ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.judge.evaluations import queries, services
from qiao.judge.evaluations.choices import Mode, State
from qiao.judge.evaluations.forms.fieldwork import ContactForm, InterviewForm
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.rules.contacts import SHEETS
from qiao.judge.evaluations.rules.modes import ASSISTED
from qiao.judge.evaluations.views.answer import ask, shown_receipt
from qiao.judge.evaluations.views.credential import bytes_of
from qiao.judge.evaluations.views.public import found


def _worked_on(request: ActorRequest, code: str) -> Evaluation:
    """The evaluation, for whoever has a seat with its evaluator."""
    evaluation = found(code)
    services.require_interviewer(request.actor, evaluation)
    return evaluation


@page("evaluation.run")
def interviews(request: ActorRequest, code: str) -> HttpResponse:
    """Type the code of the letter, read out or written on the paper, and choose how it comes in."""
    evaluation, moment = _worked_on(request, code), now()
    start = {"mode": request.GET.get("mode", Mode.PHONE)}
    form = InterviewForm(request.POST or None, initial=start)
    running = evaluation.state == State.OPEN and moment < evaluation.closes
    if request.method == "POST" and running and form.is_valid():
        data = form.cleaned_data
        return redirect("evaluations:interview", code, data["mode"], data["secret_code"])
    context = {"evaluation": evaluation, "form": form, "running": running}
    return render(request, "evaluations/interviews.html", context, status=422 if form.errors else 200)


@page("evaluation.run")
def interview(request: ActorRequest, code: str, mode: str, secret_code: str) -> HttpResponse:
    """The questions, to be read out or typed in. What is said here is sealed like every other answer."""
    evaluation, moment, address = _worked_on(request, code), now(), throttle.address_of(request)
    if mode not in ASSISTED:
        raise Http404
    throttle.ensure("evaluation code", address, now=moment)
    standing = queries.standing_by_code(secret_code, evaluation, moment)
    if not standing.asked:
        throttle.failed("evaluation code", address, limit=20, per=timedelta(minutes=10), now=moment)
    return ask(request, evaluation, standing, secret_code, Mode(mode))


@page("evaluation.run")
def contact(request: ActorRequest, code: str) -> HttpResponse:
    """Report one mystery contact: scored on the sheet of the terms, sealed like an answer."""
    evaluation, moment = _worked_on(request, code), now()
    if not evaluation.contacts_planned:
        raise Http404
    running = evaluation.state == State.OPEN and moment < evaluation.closes
    sealed = bytes_of(request, "sealed") if request.POST.get("sealed") else None
    form = ContactForm(None if sealed is not None else request.POST or None, sheet=SHEETS[evaluation.contact_sheet])
    fault = ""
    if request.method == "POST" and (sealed is not None or form.is_valid()):
        given = None if sealed is not None else form.cleaned_data
        try:
            services.report_contact(actor=request.actor, now=moment, code=code, given=given, sealed=sealed)
        except Problem as problem:
            fault = problem_text(problem)
        else:
            messages.success(request, _("The contact is sealed and kept. Nobody sees it before the close."))
            return redirect("evaluations:contact", code)
    context = {"evaluation": evaluation, "form": form, "fault": fault, "running": running, "pad": sealing.PAD}
    return render(request, "evaluations/contact.html", context, status=422 if form.errors or fault else 200)


@page("evaluation.run")
def interview_kept(request: ActorRequest, code: str) -> HttpResponse:
    """The receipt to be read out, right after an answer was typed in without script."""
    evaluation = _worked_on(request, code)
    context = {"evaluation": evaluation, "receipt": shown_receipt(request, evaluation)}
    return render(request, "evaluations/interview_kept.html", context)
