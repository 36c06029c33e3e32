"""The catalogue of services: kept by officers, confirmed with every change, in and out as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Place, Problem, Problems
from qiao.base.redaction import require_clean
from qiao.base.tables import read_table
from qiao.hear.rights.choices import Topic
from qiao.hear.rights.models import Offer, OfferBody
from qiao.hear.rights.rules.offers import clean_phone, read_offers
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in


def keep_offer(
    *, actor: Actor, now: datetime, unit: Unit, topic: str, name: Localized, text: Localized | None = None,
    papers: Sequence[Localized] = (), takes_reports: bool = False, code: str = "",
) -> Offer:  # fmt: skip
    """Enter a service, or change the one with ``code``; either confirms it today.

    Raises Refused without ``service.keep`` at its unit, Problem for no name, Problems for numbers of persons.
    """
    if topic not in Topic.values or not name:
        raise Problem("The form is not complete: open the page again.")
    require_clean({"name": name, "text": text or {}, **{f"papers {n}": one for n, one in enumerate(papers, 1)}})
    with atomic():
        if code:
            offer = Offer.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
            require(actor, "service.keep", offer.unit.path)
        else:
            require(actor, "service.keep", unit.path)
            offer = Offer(code=next_code("HS"), unit=unit, made=now, made_by_id=actor.account_id)
        offer.topic, offer.name, offer.papers = topic, dict(name), list(papers)
        offer.text = dict(text) if text is not None else offer.text
        offer.takes_reports, offer.confirmed, offer.ended = takes_reports, localdate(now), None
        offer.save()
        audit.record(actor=actor, now=now, action="offer.keep", code=offer.code, unit_path=offer.unit.path)
    return offer


def keep_offer_body(
    *, actor: Actor, now: datetime, code: str, unit: Unit, address: Localized, hours: Localized, phone: str, posts: int
) -> OfferBody:  # fmt: skip
    """Say that a body gives a service, where, when, and with how many posts; said again it is changed.

    Raises Refused without ``service.keep`` at the body, Problem for a closed body or a number that cannot be.
    """
    require(actor, "service.keep", unit.path)
    if not takes_in(unit):
        raise Problem("%(unit)s is closed.", unit=unit.label)
    if not 0 <= posts <= 1000:
        raise Problem("“%(text)s” is no number of posts.", text=str(posts))
    plain = clean_phone(phone)
    require_clean({"address": address, "hours": hours}, landlines=False)
    with atomic():
        offer = Offer.objects.select_for_update(of=("self",)).get(code=code)
        if offer.ended is not None:
            raise Problem("This service is no longer given.")
        body, _made = OfferBody.objects.update_or_create(
            offer=offer, unit=unit,
            defaults={
                "address": dict(address), "hours": dict(hours), "phone": plain, "posts": posts,
                "confirmed": localdate(now),
            },
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="offer.body", code=code, unit_path=unit.path, detail={"posts": posts})
    return body


def end_offer(*, actor: Actor, now: datetime, code: str) -> Offer:
    """Give a service no more. Twice changes nothing."""
    with atomic():
        offer = Offer.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "service.keep", offer.unit.path)
        if offer.ended is None:
            offer.ended = now
            offer.save(update_fields=["ended"])
            audit.record(actor=actor, now=now, action="offer.end", code=code, unit_path=offer.unit.path)
    return offer


def end_offer_body(*, actor: Actor, now: datetime, code: str, unit: Unit) -> None:
    """Say that a body no longer gives a service. Twice changes nothing."""
    require(actor, "service.keep", unit.path)
    with atomic():
        gone, _rows = OfferBody.objects.filter(offer__code=code, unit=unit).delete()
        if gone:
            audit.record(actor=actor, now=now, action="offer.body_end", code=code, unit_path=unit.path)


def import_offers(*, actor: Actor, now: datetime, file: Path) -> int:
    """Read a workbook of services: all of it or nothing; how many rows. Twice is once: rows are known by code and name.

    Raises Problems with the place of every faulty cell, Refused for a unit of others.
    """
    table = read_table(file)
    rows = read_offers(table)
    labels = {row.unit for row in rows} | {row.body for row in rows if row.body}
    units = {unit.label.upper(): unit for unit in Unit.objects.filter(label__in=labels)}
    source = file.name
    faults = [
        Problem("There is no unit with this label.", place=Place(source, row=row.row + 2))
        for row in rows
        if row.unit not in units or (row.body and row.body not in units)
    ]
    known = {offer.code: offer for offer in Offer.objects.filter(code__in={row.service for row in rows})}
    faults += [
        Problem("There is no service with this code.", place=Place(source, row=row.row + 2))
        for row in rows
        if row.service and row.service not in known
    ]
    if faults:
        raise Problems(faults)
    with atomic():
        for row in rows:
            unit = units[row.unit]
            before = known.get(row.service) or Offer.objects.filter(unit=unit, topic=row.topic, name=row.name).first()
            offer = keep_offer(
                actor=actor, now=now, unit=unit, topic=row.topic, name=row.name, papers=row.papers,
                code=before.code if before else "", takes_reports=before.takes_reports if before else False,
            )  # fmt: skip
            if row.body:
                keep_offer_body(
                    actor=actor, now=now, code=offer.code, unit=units[row.body], address=row.address, hours=row.hours,
                    phone=row.phone, posts=row.posts,
                )  # fmt: skip
    return len(rows)
