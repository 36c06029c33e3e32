"""Telling the asker what became of it (S8), the handler what waits, the body above what is late."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import SYSTEM
from qiao.base.addresses import full_address
from qiao.base.db import atomic
from qiao.base.i18n import in_every_language, pick
from qiao.base.telling import Message, tell
from qiao.hear.window.choices import RUNNING, State
from qiao.hear.window.models import Request, SafetyCall
from qiao.hear.window.queries.routing import upper_of
from qiao.hear.window.rules.contacts import clean_contact
from qiao.org.access.choices import Action
from qiao.org.access.models import RoleGrant
from qiao.org.access.rules import ROLES_BY_ACTION
from qiao.org.people.services.carriers import send_to
from qiao.org.units.models import Unit

#: What is told when. Never a word of the request: a telephone may lie open on a table.
_TEXTS = {
    "received": noop("Your request is in. Receipt %(receipt)s; you have an answer by %(day)s. Its page: %(page)s"),
    "read": noop("Your request %(receipt)s was read at %(body)s. You have an answer by %(day)s. Its page: %(page)s"),
    "assigned": noop("Your request %(receipt)s is with %(body)s now, which answers by %(day)s. Its page: %(page)s"),
    "accepted": noop("Somebody at %(body)s works on your request %(receipt)s. Its page: %(page)s"),
    "returned": noop(
        "%(body)s now decides who answers your request %(receipt)s: the body below says it is not the right one. The "
        "promised day stays %(day)s. Its page: %(page)s"
    ),
    "extended": noop("Your request %(receipt)s takes longer, until %(day)s. The reason stands on its page: %(page)s"),
    "answered": noop("Your request %(receipt)s is answered. Read it, and say whether it helped: %(page)s"),
    "handed_over": noop(
        "Your request %(receipt)s is no matter of the union. Where it belongs and why stands on its page: %(page)s"
    ),
    "message": noop("There is a message about your request %(receipt)s: %(page)s"),
    "linked": noop(
        "Your request %(receipt)s was joined to an earlier one about the same matter. What becomes of it: %(page)s"
    ),
    "joined": noop("Somebody else brought the same matter as your request %(receipt)s. Its page: %(page)s"),
    "closed": noop("Your request %(receipt)s is closed. Not solved? Reopen it on its page: %(page)s"),
    "reopened": noop("Your request %(receipt)s is looked at again. You have an answer by %(day)s. Its page: %(page)s"),
    "overdue": noop(
        "The promised day of your request %(receipt)s has passed without an answer. The body above knows. Its page: "
        "%(page)s"
    ),
    "follow_up": noop("Is it still solved? Say so on the page of your request %(receipt)s, if you wish: %(page)s"),
}
_HANDLER = {
    "assigned": noop("Request %(code)s was given to you."),
    "message": noop("The asker of request %(code)s has written."),
    "clock50": noop("Half the time of request %(code)s has run."),
    "clock80": noop("Four fifths of the time of request %(code)s have run."),
    "clock100": noop("Request %(code)s is overdue."),
}


def tell_asker(*, now: datetime, request_id: int, what: str) -> bool:
    """Tell the asker by the channel they chose; whether there was somebody to tell. Anonymous ones look it up."""
    request = Request.objects.select_related("body", "handler").get(pk=request_id)
    if what == "overdue" and request.state not in RUNNING:
        return False
    reached = False
    if request.person_id is not None:
        page = reverse("window:own_request", args=[request.code])
        reached = tell(
            Message(
                subject=in_every_language(noop("Your request %(receipt)s"), receipt=request.receipt),
                text=_text(request, what, page), url=page, person_id=request.person_id,
            ),
            now,
        )  # fmt: skip
    elif request.contact is not None:
        kind, address = clean_contact(str(request.contact))
        text = _text(request, what, reverse("window:state"))
        subject = in_every_language(noop("Your request %(receipt)s"), receipt=request.receipt)
        send_to(kind, address, pick(subject, request.language), pick(text, request.language))
        reached = True
    with atomic():
        audit.record(
            actor=SYSTEM, now=now, action="request.tell", code=request.code, unit_path=request.body.path,
            detail={"what": what, "reached": reached},
        )  # fmt: skip
    return reached


def tell_handler(*, now: datetime, request_id: int, what: str) -> bool:
    """Tell the officer who works on a request."""
    request = Request.objects.get(pk=request_id)
    if request.handler_id is None or (what.startswith("clock") and request.state not in RUNNING):
        return False
    return _to_account(request.handler_id, request.code, _HANDLER[what], now)


def tell_upper(*, now: datetime, request_id: int) -> int:
    """Tell the window of the body above that a request is overdue; how many officers were told."""
    request = Request.objects.select_related("body", "employer").get(pk=request_id)
    if request.state not in RUNNING:
        return 0
    upper = upper_of(request.body, employer=request.employer, on=localdate(now))
    officers = _officers(upper, Action.REQUEST_SETTLE, now)
    for account_id in officers:
        _to_account(account_id, request.code, _HANDLER["clock100"], now)
    return len(officers)


def tell_safety(*, now: datetime, call_id: int) -> int:
    """Call those who are trained, at the body and above; how many. The message says nothing but where to look."""
    call = SafetyCall.objects.select_related("request__body").filter(pk=call_id, done__isnull=True).first()
    if call is None:
        return 0
    officers = _officers(call.request.body, Action.REQUEST_SAFETY, now, above=True)
    for account_id in officers:
        tell(
            Message(
                subject=in_every_language(noop("Please look at once")),
                text=in_every_language(noop("Somebody may need help today. Open the list of urgent calls.")),
                url=reverse("window:safety"), account_id=account_id,
            ),
            now,
        )  # fmt: skip
    return len(officers)


def _officers(unit: Unit, action: Action, now: datetime, *, above: bool = False) -> list[int]:
    paths = [unit.path[:end] for end in range(5, len(unit.path) + 1, 5)] if above else [unit.path]
    rows = RoleGrant.objects.filter(
        unit__path__in=paths, role__in=[role.value for role in ROLES_BY_ACTION[action]], until__isnull=True,
        since__lte=localdate(now), account__is_active=True,
    )  # fmt: skip
    return sorted(set(rows.values_list("account_id", flat=True).order_by("account_id")))[:50]


def _to_account(account_id: int, code: str, text: str, now: datetime) -> bool:
    return tell(
        Message(
            subject=in_every_language(noop("Request %(code)s"), code=code),
            text=in_every_language(text, code=code),
            url=reverse("window:request", args=[code]),
            account_id=account_id,
        ),
        now,
    )


def _text(request: Request, what: str, page: str) -> dict[str, str]:
    body = request.body.name
    if what == "linked" and request.state != State.LINKED:
        what = "message"
    return in_every_language(
        _TEXTS[what], receipt=request.receipt, body=body, day=localdate(request.due), page=full_address(page)
    )
