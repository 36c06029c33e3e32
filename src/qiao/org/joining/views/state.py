"""An application seen by whoever holds its receipt: state, answer, withdrawal, appeal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base import throttle
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.codes import normal_receipt_number
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.appeals.queries import appeals_of
from qiao.org.joining import queries, services
from qiao.org.joining.choices import State
from qiao.org.joining.forms import AnswerForm, AppealForm, ConfirmForm
from qiao.org.joining.models import Application
from qiao.org.joining.rules import may_become, steps_of


@page(PUBLIC)
def state(request: ActorRequest, receipt: str) -> HttpResponse:
    """Where an application stands. Shows no name and no contact: the receipt may be seen by others."""
    application = found_application(request, receipt)
    context = {
        "application": application,
        "steps": steps_of(application.state),
        "progress": queries.progress_of(application, now()),
        "overdue": application.state in ("applied", "under_review") and application.due < now(),
        "handled_by": queries.handled_elsewhere(application, now()),
        "may_withdraw": may_become(application.state, State.WITHDRAWN),
        "form": _form(application, None),
        "appeals": appeals_of("joining", application.code),
        "appeal_form": AppealForm() if application.state == State.REFUSED else None,
    }
    return render(request, "joining/state.html", context)


@page(PUBLIC)
@require_POST
def act(request: ActorRequest, receipt: str) -> HttpResponse:
    """Confirm by code, answer a question, or appeal."""
    application = found_application(request, receipt)
    form = _form(application, request.POST)
    if form is None or not form.is_valid():
        if form is not None:
            messages.error(request, " ".join(str(fault) for faults in form.errors.values() for fault in faults))
        return redirect("joining:state", application.receipt)
    given = form.cleaned_data
    if "code" in given:
        throttle.check("joining.code", application.receipt, limit=10, per=timedelta(minutes=10), now=now())
    try:
        if application.state == State.UNCONFIRMED:
            services.confirm_application(actor=request.actor, now=now(), receipt=receipt, code=given["code"])
            messages.success(request, _("Confirmed. Your application is with the unit now."))
        elif application.state == State.RETURNED:
            services.answer_question(
                actor=request.actor, now=now(), receipt=receipt, code=given.get("code", ""), name=given["name"],
                answer=given["answer"],
            )  # fmt: skip
            messages.success(request, _("Handed in again."))
        else:
            appeal = services.appeal(actor=request.actor, now=now(), receipt=receipt, ground=given["ground"])
            messages.success(request, _("Your appeal is filed. Its receipt: %(receipt)s") % {"receipt": appeal.receipt})
    except Problem as problem:
        messages.error(request, problem_text(problem))
    return redirect("joining:state", application.receipt)


@page(PUBLIC)
@require_POST
def withdraw(request: ActorRequest, receipt: str) -> HttpResponse:
    """Take one's application back."""
    application = found_application(request, receipt)
    try:
        services.withdraw(actor=request.actor, now=now(), receipt=application.receipt)
        messages.success(request, _("Taken back. Nothing more happens."))
    except Problem as problem:
        messages.error(request, problem_text(problem))
    return redirect("joining:state", application.receipt)


def _form(application: Application, data: Mapping[str, Any] | None) -> ConfirmForm | AnswerForm | AppealForm | None:
    if application.state == State.UNCONFIRMED:
        return ConfirmForm(data)
    if application.state == State.RETURNED:
        by_code = application.contact_kind != ""
        # With a contact the question went there and the name is not shown to whoever finds the receipt.
        return AnswerForm(data, by_code=by_code, initial={} if by_code else {"name": application.name})
    if application.state == State.REFUSED and data is not None:
        return AppealForm(data)
    return None


def found_application(request: ActorRequest, receipt: str) -> Application:
    """The application; whoever tries numbers waits, longer each time. Counted together with the page of receipts."""
    address, moment = throttle.address_of(request), now()
    throttle.ensure("receipt", address, now=moment)
    number = normal_receipt_number(receipt)
    found = queries.application_by_receipt(number) if number else None
    if found is None:
        throttle.failed("receipt", address, limit=20, per=timedelta(minutes=10), now=moment)
        raise Http404
    return found
