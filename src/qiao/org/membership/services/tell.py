"""Telling members by mail."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import override

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.i18n import pick
from qiao.org.membership.models import Membership


def tell_admitted(*, actor: Actor, now: datetime, membership_id: int) -> None:
    """Mail a new member where they are a member and how to sign in.

    Raises Refused without ``member.admit`` at the unit; without an account nothing is sent.
    """
    member = Membership.objects.select_related("unit", "person__account").get(pk=membership_id)
    require(actor, "member.admit", member.unit.path)
    account = getattr(member.person, "account", None)
    if account is None:
        return
    with override(member.person.language):
        unit = pick(member.unit.name)
        subject = _("You are a member of %(unit)s") % {"unit": unit}
        text = _(
            "%(name)s, you are a member of %(unit)s since %(day)s.\n\n"
            "Sign in with this address; no password is needed, a code is mailed to you. Whom to speak to in your "
            "union stands on its page (%(label)s). If you did not want to join, tell them: you leave at once."
        ) % {"name": member.person.name, "unit": unit, "day": member.since.isoformat(), "label": member.unit.label}
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [account.email])
    audit.record(
        actor=actor, now=now, action="member.told", code=member.unit.label, unit_path=member.unit.path,
        detail={"membership": member.pk},
    )  # fmt: skip
