"""The secret of a request that somebody else wrote down: for the asker's eyes only (S6).

Where the asker left a contact a fresh secret goes there and nobody in the office sees one. Where there is none, the
officer hands over a slip; its code opens the request once, to make a secret of one's own, and holds no longer then.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop as noop

from qiao.base import audit, jobs
from qiao.base.access import ANONYMOUS, SYSTEM, Actor
from qiao.base.addresses import full_address
from qiao.base.codes import new_secret_code
from qiao.base.db import atomic
from qiao.base.i18n import in_every_language, pick
from qiao.base.problems import Problem
from qiao.hear.window.models import Request
from qiao.hear.window.rules.contacts import clean_contact
from qiao.hear.window.rules.seeing import TAKE, require_may
from qiao.hear.window.services.filing import secret_fits, secret_of, secret_print
from qiao.hear.window.services.steps import locked, print_of
from qiao.org.people.services.carriers import send_to

_SUBJECT = noop("The secret of your request %(receipt)s")
_TEXT = noop(
    "The secret of your request %(receipt)s: %(secret)s. With both you read the answer and write on; nobody at the "
    "window knows it, and an earlier one holds no longer. Its page: %(page)s"
)


def ask_secret(*, actor: Actor, now: datetime, code: str) -> None:
    """Send the asker a new secret, as where they lost theirs: to the contact they left, seen by nobody else.

    Raises Refused without ``request.take`` at the body, Problem where they left no contact.
    """
    with atomic():
        request = locked(code)
        require_may(actor, TAKE, request)
        if request.contact is None:
            raise Problem("The asker left no contact.")
        audit.record(actor=actor, now=now, action="request.secret", code=code, unit_path=request.body.path)
        jobs.defer("window.secret", request_id=request.pk)


def send_secret(*, now: datetime, request_id: int) -> bool:
    """Make a secret and send it to the asker's contact; False where there is none. Run again it sends a newer one."""
    secret = new_secret_code()
    with atomic():
        request = Request.objects.select_for_update(of=("self",)).select_related("body").get(pk=request_id)
        if request.contact is None:
            return False
        kind, address = clean_contact(str(request.contact))
        _keep(request, secret)
        audit.record(actor=SYSTEM, now=now, action="request.secret", code=request.code, unit_path=request.body.path)
    texts = in_every_language(_TEXT, receipt=request.receipt, secret=secret, page=full_address(reverse("window:state")))
    subject = in_every_language(_SUBJECT, receipt=request.receipt)
    send_to(kind, address, pick(subject, request.language), pick(texts, request.language))
    return True


def take_secret(*, now: datetime, code: str, nonce: str) -> str:
    """Make a secret of one's own with the code of a slip, which ends. The caller has made sure of the asker.

    The same form again gives the same secret. Raises Problem where the asker has one already.
    """
    print_of(nonce)
    secret = own_secret_of(nonce)
    with atomic():
        request = locked(code)
        if request.secret_own:
            if secret_fits(request, secret):
                return secret
            raise Problem("The code of the slip was used already.")
        _keep(request, secret)
        audit.record(actor=ANONYMOUS, now=now, action="request.secret", code=code, unit_path=request.body.path)
    return secret


def own_secret_of(nonce: str) -> str:
    """The secret a form of `take_secret` makes: of another kind than those made at filing."""
    return secret_of(f"own {nonce}")


def _keep(request: Request, secret: str) -> None:
    request.secret, request.secret_own = secret_print(request.receipt, secret), True
    request.save(update_fields=["secret", "secret_own"])
