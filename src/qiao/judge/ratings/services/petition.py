"""Members call a rating themselves: a petition nobody can watch grow."""

from __future__ import annotations

import math
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require_member
from qiao.base.codes import next_code
from qiao.base.counts import SMALL
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.ratings.choices import PetitionState
from qiao.judge.ratings.models import MembersCall, Signature
from qiao.judge.ratings.rules import settings as rule
from qiao.judge.ratings.rules.merging import UNIT_SIGNS
from qiao.judge.ratings.services.call import _running, call_by_petition
from qiao.judge.ratings.services.steps import day_after
from qiao.org.membership.queries import active_members
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit


def needed_of(members: int, share: float) -> int:
    """How many signatures call a rating: the share of the members, rounded up, one at least."""
    return max(1, math.ceil(round(share * members, 9)))


def start_petition(*, actor: Actor, now: datetime, unit: Unit, ground: Localized) -> MembersCall:
    """Begin a petition for a rating; whoever begins it has signed. One that is collecting already is returned, signed.

    No audit row says who began it. Raises Refused for all but members; Problem without a ground, in a union with fewer
    than five members or with none above it, or while it is being rated.
    """
    person = require_member(actor, unit.path)
    if not ground:
        raise Problem("Write why the members should judge their union now.")
    require_clean({"reason": ground})
    if not unit.path[:-UNIT_SIGNS]:
        raise Problem("This union has none above it: nobody outside could hold its keys.")
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        if _running([unit]):
            raise Problem("This union is being rated now: open that rating.")
        found = MembersCall.objects.filter(unit=unit, state=PetitionState.COLLECTING).first()
        if found is None:
            members = active_members(unit.path).count()
            if members < SMALL:
                raise Problem("In a union with fewer than %(least)d members a petition would name its signers.",
                              least=SMALL)  # fmt: skip
            share = value_of(rule.PETITION_SHARE, path=unit.path, on=localdate(now))
            found = MembersCall.objects.create(
                code=next_code("MP"), unit=unit, ground=ground, began=now,
                until=day_after(unit.path, rule.PETITION_DAYS, now), needed=needed_of(members, share),
            )  # fmt: skip
        return _sign(found, person, now)


def sign_petition(*, actor: Actor, now: datetime, code: str) -> MembersCall:
    """Sign; with the last signature needed the rating is called in the same moment, by nobody's leave.

    Signing twice changes nothing. Raises Refused for all but members of the union, Problem when it is over.
    """
    with atomic():
        petition = _held(code)
        person = require_member(actor, petition.unit.path)
        if petition.state == PetitionState.REACHED:
            return petition
        if petition.state != PetitionState.COLLECTING or petition.until <= now:
            raise Problem("This petition is over.")
        return _sign(petition, person, now)


def unsign_petition(*, actor: Actor, code: str) -> MembersCall:
    """Take one's name back while it collects. Raises Refused for all but members, Problem when it is over."""
    with atomic():
        petition = _held(code)
        person = require_member(actor, petition.unit.path)
        if petition.state != PetitionState.COLLECTING:
            raise Problem("This petition is over.")
        Signature.objects.filter(call=petition, person_id=person).delete()
    return petition


def lapse_petition(*, actor: Actor, now: datetime, code: str) -> MembersCall:
    """End a petition whose time is over; names are erased with it. Twice changes nothing."""
    with atomic():
        petition = _held(code)
        if petition.state == PetitionState.COLLECTING and petition.until <= now:
            petition.state, petition.ended = PetitionState.LAPSED, now
            petition.save(update_fields=["state", "ended"])
            petition.signatures.all().delete()
            audit.record(
                actor=actor, now=now, action="rating_petition.lapse", code=code, unit_path=petition.unit.path, detail={}
            )
    return petition


def _held(code: str) -> MembersCall:
    found = MembersCall.objects.select_for_update(of=("self",)).select_related("unit").filter(code=code).first()
    if found is None:
        raise Problem("There is no petition %(code)s.", code=code)
    return found


def _sign(petition: MembersCall, person: int, now: datetime) -> MembersCall:
    Signature.objects.get_or_create(call=petition, person_id=person)
    # Whoever has left since does not count.
    members = active_members(petition.unit.path).values("person_id")
    if petition.signatures.filter(person_id__in=members).count() < petition.needed or _running([petition.unit]):
        return petition
    rating = call_by_petition(now=now, unit=petition.unit, ground=petition.ground)
    petition.state, petition.ended, petition.rating = PetitionState.REACHED, now, rating
    petition.save(update_fields=["state", "ended", "rating"])
    # That enough have signed is all that is kept.
    petition.signatures.all().delete()
    log.append(kind="rating.petition", code=rating.code, content={"petition": petition.code,
               "needed": petition.needed}, now=now)  # fmt: skip
    link(source=petition.code, target=rating.code, now=now)
    return petition
