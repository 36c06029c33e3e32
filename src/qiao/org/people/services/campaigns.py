"""Data checks: members are asked by a single-use link whether their contacts still hold (S15)."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from qiao.base import audit, jobs
from qiao.base.access import SYSTEM, Actor, require
from qiao.base.addresses import full_address
from qiao.base.codes import new_secret_code, next_code, normal_secret_code
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.problems import Problem
from qiao.org.people.choices import CampaignState, Channel, ContactKind, ContactState, LinkState
from qiao.org.people.models import Campaign, CheckLink, Contact
from qiao.org.people.queries.campaigns import to_be_asked
from qiao.org.people.queries.consents import consents_in_force
from qiao.org.people.queries.homes import members_under
from qiao.org.people.queries.messages import channel_order
from qiao.org.people.rules import ASK_AGAIN, LINK_HOLDS, normal_contact, plan
from qiao.org.people.services.carriers import NotCarried, send_to
from qiao.org.people.services.contacts import set_contact
from qiao.org.people.services.telling import KIND_OF
from qiao.org.settings.queries import calendar_of, span_of
from qiao.org.units.models import Unit

CHECK = "datacheck.run"
_BATCH = 5_000


def start_campaign(*, actor: Actor, now: datetime, unit: Unit, reason: str) -> Campaign:
    """Ask the members of a unit with all below it; the one that runs is returned where there is one.

    Asked is whoever's contact nobody has made sure of within the setting's time. Raises Refused without
    ``datacheck.run`` at the unit, Problem without a reason or where nobody is to be asked.
    """
    require(actor, CHECK, unit.path)
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Problem("Write why the members are asked: they read it.")
    today = localdate(now)
    with atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        running = Campaign.objects.filter(unit=unit, state=CampaignState.OPEN).first()
        if running is not None:
            return running
        again = span_of(ASK_AGAIN, path=unit.path, on=today)
        campaign = Campaign.objects.create(
            code=next_code("DC"), unit=unit, reason=reason, started=now, started_by_id=actor.account_id,
            closes=due(now, span_of(LINK_HOLDS, path=unit.path, on=today), calendar_of(unit.path, today)),
            not_since=_months_before(today, again.number),
        )  # fmt: skip
        members, asked = members_under(unit.path), 0
        while batch := list(islice(members, _BATCH)):
            rows = [
                CheckLink(campaign=campaign, person_id=person_id, changed=now)
                for person_id in to_be_asked(batch, campaign.not_since)
            ]
            CheckLink.objects.bulk_create(rows)
            asked += len(rows)
        if not asked:
            raise Problem("Nobody is to be asked: every contact was made sure of within the time that is set.")
        audit.record(
            actor=actor, now=now, action="datacheck.start", code=campaign.code, unit_path=unit.path,
            detail={"asked": asked},
        )  # fmt: skip
        jobs.defer("people.send_checks", campaign_id=campaign.pk)
    return campaign


def send_checks(*, actor: Actor, now: datetime, campaign_id: int) -> int:
    """Send the links that wait, each in a transaction of its own; how many went out. Killed it goes on where it was.

    Who consented to no channel, or has no contact that reaches them, is left to the officer's list.
    Raises Refused for anybody but the system.
    """
    require(actor, "people.carry")
    campaign = Campaign.objects.select_related("unit").get(pk=campaign_id)
    sent = 0
    while campaign.state == CampaignState.OPEN and campaign.closes > now:
        with atomic():
            link = (
                CheckLink.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("person")
                .filter(campaign=campaign, state=LinkState.WAITING)
                .order_by("pk")
                .first()
            )
            if link is None:
                break
            link.state = LinkState.SENT if _send_link(campaign, link) else LinkState.UNREACHED
            link.changed = now
            link.save(update_fields=["state", "changed", "secret_hash"])
            sent += link.state == LinkState.SENT
    audit.record(
        actor=actor, now=now, action="datacheck.send", code=campaign.code, unit_path=campaign.unit.path,
        detail={"sent": sent},
    )  # fmt: skip
    return sent


def _send_link(campaign: Campaign, link: CheckLink) -> bool:
    person = link.person
    contacts = {row.kind: row for row in Contact.objects.filter(person=person).exclude(state=ContactState.STALE)}
    channels = plan(
        channel_order(person.pk),
        consents=consents_in_force(person.pk),
        reachable=[channel for channel, kind in KIND_OF.items() if kind in contacts],
    )
    secret = new_secret_code()
    link.secret_hash = secret_hash(secret)
    with override(person.language):
        subject = _("Do we still reach you?")
        text = _(
            "Your union asks whether your contacts still hold. No sign-in is needed; the link holds until %(day)s and "
            "works once: %(link)s"
        ) % {"day": localdate(campaign.closes).isoformat(), "link": full_address(f"/me/check/{secret}/")}
    for channel in channels:
        try:
            send_to(KIND_OF[Channel(channel)], str(contacts[KIND_OF[channel]].value), subject, text)
        except NotCarried as fault:
            if fault.nobody:
                Contact.objects.filter(pk=contacts[KIND_OF[channel]].pk).update(state=ContactState.STALE)
            continue
        return True
    link.secret_hash = None
    return False


def answer_check(*, now: datetime, secret: str, corrections: Mapping[str, str]) -> CheckLink:
    """Confirm one's contacts by a link, or correct them (kind to new value; empty means it still holds). Works once.

    The link came over a contact of the person, so whoever holds it answers for them: it is a bearer's right, which
    shows no stored value and ends with its use. Raises Problem for a link that is used, ended or none, and for what is
    no contact: then nothing is changed and the link still holds.
    """
    given = {
        kind: normal_contact(kind, value)
        for kind, value in corrections.items()
        if kind in ContactKind.values and value.strip()
    }
    today = localdate(now)
    with atomic():
        link = (
            CheckLink.objects.select_for_update(of=("self",))
            .select_related("campaign__unit", "person")
            .filter(secret_hash=secret_hash(secret), state=LinkState.SENT)
            .first()
        )
        if link is None or link.campaign.state != CampaignState.OPEN or link.campaign.closes < now:
            raise Problem("This link does not hold any more: it was used, or its time has ended.")
        actor = Actor(person_id=link.person_id, name="data check")
        for kind, value in given.items():
            set_contact(actor=actor, now=now, person=link.person, kind=kind, value=value)
        Contact.objects.filter(person_id=link.person_id).exclude(kind__in=given).exclude(
            state=ContactState.STALE
        ).update(checked=today)
        link.state = LinkState.CORRECTED if given else LinkState.CONFIRMED
        link.secret_hash, link.changed = None, now
        link.save(update_fields=["state", "secret_hash", "changed"])
        audit.record(
            actor=SYSTEM, now=now, action="datacheck.answer", code=link.campaign.code,
            unit_path=link.campaign.unit.path, detail={"state": link.state},
        )  # fmt: skip
    return link


def close_campaign(*, actor: Actor, now: datetime, code: str) -> Campaign:
    """End a data check: open links hold no more. Closing twice changes nothing.

    Raises Refused without ``datacheck.run`` at the unit.
    """
    with atomic():
        campaign = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, CHECK, campaign.unit.path)
        if campaign.state == CampaignState.CLOSED:
            return campaign
        campaign.state = CampaignState.CLOSED
        campaign.save(update_fields=["state"])
        ended = CheckLink.objects.filter(campaign=campaign, state__in=[LinkState.WAITING, LinkState.SENT]).update(
            state=LinkState.EXPIRED, secret_hash=None, changed=now
        )
        audit.record(
            actor=actor, now=now, action="datacheck.close", code=code, unit_path=campaign.unit.path,
            detail={"unanswered": ended},
        )  # fmt: skip
    return campaign


def close_due(*, actor: Actor, now: datetime) -> None:
    """End every data check whose time is over. Raises Refused for anybody but the system."""
    require(actor, "people.carry")
    for code in Campaign.objects.filter(state=CampaignState.OPEN, closes__lt=now).values_list("code", flat=True):
        close_campaign(actor=actor, now=now, code=code)


def secret_hash(secret: str) -> bytes:
    """What is kept of a link's secret (58 random bits: no salt is needed)."""
    return hashlib.sha256(normal_secret_code(secret).encode()).digest()


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 - months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
