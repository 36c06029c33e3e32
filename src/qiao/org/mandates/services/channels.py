"""The public channel of an office. One's own telephone or address is public only while its owner agrees."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.org.mandates.models import Mandate
from qiao.org.mandates.rules import looks_private


def set_channel(
    *,
    actor: Actor,
    now: datetime,
    mandate_id: int,
    phone: str,
    mail: str,
    place: Localized,
    hours: Localized,
) -> Mandate:
    """Set the public channel of an office and say that it holds today.

    Raises Refused without ``mandate.keep`` at the unit, Problem for an address that is none, or a mobile number entered
    by somebody else than its owner.
    """
    phone, mail = " ".join(phone.split()), mail.strip()
    if mail:
        try:
            validate_email(mail)
        except ValidationError:
            raise Problem("%(email)s is not an e-mail address.", email=mail) from None
    with atomic():
        mandate = _locked(mandate_id)
        require(actor, "mandate.keep", mandate.unit.path)
        kept = mandate.own_channel_agreed is not None and phone == mandate.office_phone
        if looks_private(phone) and not kept:
            raise Problem(
                "This looks like a private mobile number.",
                hint="Write the office's number; only the officer may make a number of their own public, signed in.",
            )
        _write(actor, now, mandate, phone, mail, place, hours)
        mandate.own_channel_agreed = mandate.own_channel_agreed if kept else None
        mandate.save(update_fields=["own_channel_agreed"])
    return mandate


def agree_own_channel(*, actor: Actor, now: datetime, mandate_id: int, phone: str, mail: str) -> Mandate:
    """Make one's own telephone or address the public channel of one's office: the officer's own act, revocable.

    Raises Refused for everybody but the holder of the mandate, Problem where neither is given or the address is none.
    """
    phone, mail = " ".join(phone.split()), mail.strip()
    if not phone and not mail:
        raise Problem("Write a telephone number or an address.")
    with atomic():
        mandate = _own(actor, mandate_id)
        if mail:
            try:
                validate_email(mail)
            except ValidationError:
                raise Problem("%(email)s is not an e-mail address.", email=mail) from None
        _write(actor, now, mandate, phone, mail, mandate.office_place, mandate.office_hours)
        mandate.own_channel_agreed = now
        mandate.save(update_fields=["own_channel_agreed"])
    return mandate


def withdraw_own_channel(*, actor: Actor, now: datetime, mandate_id: int) -> Mandate:
    """Take one's own telephone and address off the public page at once. Twice changes nothing."""
    with atomic():
        mandate = _own(actor, mandate_id)
        if mandate.own_channel_agreed is None:
            return mandate
        _write(actor, now, mandate, "", "", mandate.office_place, mandate.office_hours)
        mandate.own_channel_agreed = None
        mandate.save(update_fields=["own_channel_agreed"])
    return mandate


def _locked(mandate_id: int) -> Mandate:
    return Mandate.objects.select_for_update(of=("self",)).select_related("unit").get(pk=mandate_id)


def _own(actor: Actor, mandate_id: int) -> Mandate:
    mandate = _locked(mandate_id)
    by_account = actor.did(mandate.account_id)
    by_person = mandate.person_id is not None and mandate.person_id == actor.person_id
    if not (by_account or by_person):
        raise Refused("only whoever holds the office makes their own channel public")
    return mandate


def _write(
    actor: Actor, now: datetime, mandate: Mandate, phone: str, mail: str, place: Localized, hours: Localized
) -> None:
    mandate.office_phone, mandate.office_mail = phone, mail
    mandate.office_place, mandate.office_hours = place, hours
    mandate.confirmed = localdate(now)
    mandate.save(update_fields=["office_phone", "office_mail", "office_place", "office_hours", "confirmed"])
    audit.record(
        actor=actor,
        now=now,
        action="mandate.channel",
        code=mandate.unit.label,
        unit_path=mandate.unit.path,
        detail={"mandate": mandate.pk, "phone": bool(phone), "mail": bool(mail)},
    )
