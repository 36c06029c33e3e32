"""What the worker does with their own application after handing it in."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.joining.choices import State
from qiao.org.joining.models import Application
from qiao.org.joining.services import records
from qiao.org.joining.services.apply import code_fits
from qiao.org.joining.services.review import resume
from qiao.org.membership.rules import clean_name


def answer_question(*, actor: Actor, now: datetime, receipt: str, code: str, name: str, answer: str) -> Application:
    """Mend a returned application and hand it in again; doing it twice changes nothing.

    An application with a contact asks for the code that was sent there; one without is held by its receipt alone.

    Raises Application.DoesNotExist for no such receipt, Problem for a wrong code, a bad name or no answer.
    """
    if not answer.strip():
        raise Problem("Write your answer.")
    with atomic():
        application = _by_receipt(receipt)
        if application.state != State.RETURNED:
            return application
        if application.contact is not None and not code_fits(application, code):
            raise Problem("This is not the code that was sent. Look at the message again.")
        if not application.question:
            raise Problem("There is nothing to answer here. Please read the message we sent you.")
        application.name = clean_name(name)
        application.question = f"{application.question}\n→ {answer.strip()}"[:500]
        application.state, application.confirm_code = State.UNDER_REVIEW, ""
        resume(application, now)
        application.save()
        records.written(actor=actor, now=now, action="joining.answered", application=application)
    return application


def withdraw(*, actor: Actor, now: datetime, receipt: str) -> Application:
    """Take one's application back, whatever it waits for, without a reason; twice changes nothing.

    Raises Application.DoesNotExist for no such receipt, Problem after a decision.
    """
    with atomic():
        application = _by_receipt(receipt)
        if application.state == State.WITHDRAWN:
            return application
        records.expect(application, State.WITHDRAWN)
        application.state, application.decided, application.paused = State.WITHDRAWN, now, None
        application.contact, application.identity_number, application.confirm_code = None, None, ""
        application.save()
        records.written(actor=actor, now=now, action="joining.withdrawn", application=application)
    return application


def _by_receipt(receipt: str) -> Application:
    return Application.objects.select_for_update(of=("self",)).select_related("unit").get(receipt=receipt)
