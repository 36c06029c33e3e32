"""What the asker does with the receipt in hand: write on, add files. Who they are nobody asks."""

from __future__ import annotations

from datetime import datetime

from qiao.base import audit, jobs
from qiao.base.access import ANONYMOUS
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.hear.window.choices import ENDED, Words
from qiao.hear.window.models import Message, SafetyCall
from qiao.hear.window.rules.danger import sounds_like_self_harm
from qiao.hear.window.services.steps import locked, said_before, say


def write_as_asker(*, now: datetime, code: str, text: str, nonce: str) -> Message:
    """The asker writes on. The caller has made sure of them by receipt and secret, or by sign-in.

    Raises Problem for no words, or where the request has ended: then it is reopened instead.
    """
    with atomic():
        request = locked(code)
        if request.state in ENDED and not said_before(request, nonce):
            raise Problem("The request is closed: reopen it first.")
        new = not said_before(request, nonce)
        made = say(request, now=now, nonce=nonce, words=Words.MESSAGE, text=text, account_id=None, by_asker=True)
        if not new:
            return made
        request.updated = now
        request.save(update_fields=["updated"])
        audit.record(actor=ANONYMOUS, now=now, action="request.write", code=code, unit_path=request.body.path)
        if sounds_like_self_harm(text):
            call, _made = SafetyCall.objects.get_or_create(request=request, defaults={"raised": now})
            jobs.defer("window.safety", call_id=call.pk)
        if request.handler_id is not None:
            jobs.defer("window.tell_handler", request_id=request.pk, what="message")
    return made
