"""Telling members what has become of their standing (mechanism S8), by the channels they chose."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop as noop
from django.utils.translation import override

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.i18n import Localized, in_every_language, pick
from qiao.base.telling import Message, tell
from qiao.org.mandates.queries import representative_of
from qiao.org.membership.choices import RulingKind, RulingState, Standing
from qiao.org.membership.models import Membership, StandingRuling
from qiao.org.people.models import Person
from qiao.org.people.queries import contacts_of, has_consent

#: Where a member sees all this and leaves at once.
OWN_PAGE = "/me/membership/"


def tell_standing(*, actor: Actor, now: datetime, membership_id: int) -> bool:
    """Tell a member where they are a member and who represents them there; whether it could be handed over.

    A standing that has ended since is not told. Raises Refused without ``member.admit`` at the unit.
    """
    member = Membership.objects.select_related("unit", "person").get(pk=membership_id)
    require(actor, "member.admit", member.unit.path)
    if member.until is not None:
        return False
    sent = _send(member.person, now, *standing_text(member, now)) and _reaches(member.person)
    if sent and member.told is None:
        Membership.objects.filter(pk=member.pk, told__isnull=True).update(told=timezone.localdate(now))
    audit.record(
        actor=actor, now=now, action="member.told", code=member.unit.label, unit_path=member.unit.path,
        detail={"membership": member.pk, "sent": sent},
    )  # fmt: skip
    return sent


def standing_text(member: Membership, now: datetime) -> tuple[Localized, Localized]:
    """Subject and text of the notice "you are a member of X, your representative is Y"."""
    unit = member.unit.name
    found = representative_of(member.unit, timezone.localdate(now))
    if member.state == Standing.RETAINED:
        subject = in_every_language(noop("Your membership is kept at %(unit)s"), unit=unit)
        first = noop(
            "Your membership is kept at %(unit)s since %(day)s: no dues, no vote, information and help as before."
        )
    else:
        subject = in_every_language(noop("You are a member of %(unit)s"), unit=unit)
        first = noop("You are a member of %(unit)s since %(day)s.")
    parts = [in_every_language(first, unit=unit, day=member.since)]
    if found is not None:
        line = noop("Your representative is %(name)s, %(channel)s.")
        parts.append(in_every_language(line, name=found.name, channel=found.channel or found.unit.label))
    parts.append(
        in_every_language(
            noop("Under “My membership” you say whether you knew it, go over to another unit, or leave at once.")
        )
    )
    return subject, {code: "\n\n".join(pick(part, code) for part in parts) for code in subject}


def tell_left(*, actor: Actor, now: datetime, membership_id: int) -> bool:
    """Confirm to somebody that they have left. Raises Refused without ``member.admit`` at the unit they left."""
    member = Membership.objects.select_related("unit", "person").get(pk=membership_id)
    require(actor, "member.admit", member.unit.path)
    if member.state != Standing.LEFT:
        return False
    return _send(
        member.person,
        now,
        in_every_language(noop("You have left %(unit)s"), unit=member.unit.name),
        in_every_language(
            noop(
                "You are no member of %(unit)s any more. Nobody asks why. If you did not want this, write to the unit."
            ),
            unit=member.unit.name,
        ),
    )


def tell_ruling(*, actor: Actor, now: datetime, code: str) -> bool:
    """Tell a member of a ruling in force or overturned, its reason, and how to appeal.

    Raises Refused without ``standing.rule`` at the unit.
    """
    ruling = StandingRuling.objects.select_related("unit", "person").get(code=code)
    require(actor, "standing.rule", ruling.unit.path)
    if ruling.state not in (RulingState.IN_FORCE, RulingState.OVERTURNED) or ruling.kind == RulingKind.DECEASED:
        return False
    kind = {code: str(label) for code, label in _in_languages(ruling.kind)}
    if ruling.state == RulingState.OVERTURNED:
        text = in_every_language(
            noop("%(kind)s: your appeal was upheld. You stand in %(unit)s as before."), kind=kind, unit=ruling.unit.name
        )
    else:
        text = in_every_language(
            noop(
                "%(kind)s in %(unit)s, decided on %(day)s. Reason: %(reason)s\n\nYou may appeal; the receipt number is "
                "%(receipt)s."
            ),
            kind=kind, unit=ruling.unit.name, day=ruling.day, reason=ruling.reason or "–", receipt=ruling.receipt,
        )  # fmt: skip
    return _send(ruling.person, now, in_every_language(noop("About your membership: %(kind)s"), kind=kind), text)


def _in_languages(kind: str) -> list[tuple[str, str]]:
    found = []
    for code in in_every_language(noop("You have left %(unit)s"), unit=""):
        with override(code):
            found.append((code, str(RulingKind(kind).label)))
    return found


def _send(person: Person, now: datetime, subject: Localized, text: Localized) -> bool:
    """By the channels the person chose, and into their messages on the platform."""
    return tell(Message(subject=subject, text=text, url=OWN_PAGE, person_id=person.pk), now)


def _reaches(person: Person) -> bool:
    """Whether a notice gets to the person at all: by an account to read it, or a channel they consented to."""
    if getattr(person, "account", None) is not None:
        return True
    kinds = {contact.kind for contact in contacts_of(person.pk)}
    return ("mail" in kinds and has_consent(person.pk, "channel_mail")) or (
        "mobile" in kinds and has_consent(person.pk, "channel_sms")
    )
