"""Telling an applicant, by the contact they gave, before there is a person to tell."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.addresses import full_address
from qiao.base.i18n import in_every_language, pick
from qiao.org.joining.choices import State
from qiao.org.joining.models import Application
from qiao.org.joining.services.apply import new_code
from qiao.org.membership.models import Membership
from qiao.org.membership.services import tell_standing
from qiao.org.people.services.carriers import send_to

_TEXTS = {
    "received": noop(
        "Your application to join %(unit)s is in. Receipt %(receipt)s; you have an answer by %(day)s. "
        "Its state: %(page)s"
    ),
    "code": noop(
        "%(unit)s entered an application to join in your name. Only if you want it: confirm with the code %(code)s at "
        "%(page)s. If not, do nothing."
    ),
    "returned": noop("About your application %(receipt)s: %(question)s\nAnswer with the code %(code)s at %(page)s"),
    "known": noop(
        "About your application %(receipt)s: you are a member of the union already, so nothing more is needed. To "
        "change the unit when you change jobs, or to see who represents you, sign in and open “My membership”."
    ),
    "refused": noop(
        "Your application %(receipt)s was refused. Reason: %(reason)s\nYou may appeal at %(page)s; another "
        "person decides."
    ),
    "passed_on": noop("Your application %(receipt)s is looked at by %(unit)s now. Its state: %(page)s"),
}
#: In which state each message still says something true: a job that comes late says nothing false.
_STILL = {
    "received": (State.APPLIED, State.UNDER_REVIEW),
    "code": (State.UNCONFIRMED,),
    "returned": (State.RETURNED,),
    "known": (State.RETURNED,),
    "refused": (State.REFUSED,),
    "passed_on": (State.APPLIED, State.UNDER_REVIEW),
}


def tell_applicant(*, actor: Actor, now: datetime, code: str, what: str) -> bool:
    """Send one message about an application; whether there was somewhere to send it.

    Raises Refused without ``joining.review`` at the top: jobs do this.
    """
    require(actor, "joining.review", "")
    application = Application.objects.select_related("unit").get(code=code)
    if application.state not in _STILL[what] or application.contact is None:
        return False
    secret = new_code(application) if what in ("code", "returned") else ""
    text = in_every_language(
        _TEXTS[what], unit=application.unit.name, receipt=application.receipt, day=localdate(application.due),
        page=full_address(f"/join/{application.receipt}/"), question=application.question,
        reason=application.reason, code=secret,
    )  # fmt: skip
    subject = in_every_language(noop("Your application to join the union"))
    language = application.language
    send_to(application.contact_kind, application.contact, pick(subject, language), pick(text, language))
    audit.record(
        actor=actor, now=now, action="joining.told", code=code, unit_path=application.unit.path, detail={"what": what}
    )
    return True


def welcome(*, actor: Actor, now: datetime, membership_id: int) -> bool:
    """Tell a new member "you are a member of X, your representative is Y", and how to sign in; whether it was sent."""
    member = Membership.objects.select_related("unit", "person").get(pk=membership_id)
    require(actor, "member.admit", member.unit.path)
    return tell_standing(actor=actor, now=now, membership_id=membership_id)
