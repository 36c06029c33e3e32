"""Petitions of members: signing with a receipt, the meeting they call, the recall they decide."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import SYSTEM, Actor, require, require_member, require_other, require_untied
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.org.elections.choices import PetitionKind, PetitionState
from qiao.org.elections.models import Motion, Signature
from qiao.org.elections.rules import CALL_SHARE, NOTICE, PETITION_LASTS, RECALL_MAJORITY, enough, passed
from qiao.org.mandates.choices import ELECTED, EndReason
from qiao.org.mandates.models import Mandate
from qiao.org.mandates.services import end_mandate
from qiao.org.membership.queries import active_members
from qiao.org.settings.queries import ruling, value_of
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in


def start_petition(
    *, actor: Actor, now: datetime, unit: Unit, kind: PetitionKind, subject: str, mandate_id: int | None = None
) -> tuple[Motion, Receipt]:
    """A member begins a petition and signs it first. How many must sign is fixed that day.

    Raises Refused for non-members, Problem without a subject, for a recall of somebody no election put there, or where
    one against the same office is open.
    """
    require_member(actor, unit.path)
    kind = PetitionKind(kind)
    today = localdate(now)
    if not takes_in(unit):
        raise Problem("%(unit)s is closed.", unit=unit.label)
    if not subject.strip():
        raise Problem("Write what the meeting is to decide.")
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        mandate = _recallable(unit, mandate_id) if kind == PetitionKind.RECALL else None
        if mandate is not None and Motion.objects.filter(mandate=mandate).exclude(
            state__in=[PetitionState.CONFIRMED, PetitionState.EXPIRED]
        ).exists():  # fmt: skip
            raise Problem("Members petition for this recall already: sign that petition.")
        share = ruling(CALL_SHARE, path=unit.path, on=today)
        lasts = value_of(PETITION_LASTS, path=unit.path, on=today)
        members = active_members(unit.path).count()
        petition = Motion.objects.create(
            code=next_code("Y"), unit=unit, kind=kind, subject=subject.strip()[:300], mandate=mandate, begun=today,
            closes=today + timedelta(days=lasts), members=members, needed=enough(members, share.value),
            rule=share.origin[:80],
        )  # fmt: skip
        _note(None, now, petition, "start", {"members": members, "needed": petition.needed})
        receipt = sign_petition(actor=actor, now=now, code=petition.code)
    petition.refresh_from_db()
    return petition, receipt


def sign_petition(*, actor: Actor, now: datetime, code: str) -> Receipt:
    """A member signs: once. Nobody is shown who signed, and the audit log does not say it.

    Raises Refused for non-members, Problem once signing is over, or for a second time.
    """
    with atomic():
        petition = Motion.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        person = require_member(actor, petition.unit.path)
        if petition.state not in (PetitionState.COLLECTING, PetitionState.REACHED) or petition.closes < localdate(now):
            raise Problem("Signing is over.")
        _signature, made = Signature.objects.get_or_create(motion=petition, person_id=person)
        if not made:
            raise Problem("You have signed this petition already: your receipt from then still holds.")
        petition.signed += 1
        if petition.state == PetitionState.COLLECTING and petition.signed >= petition.needed:
            petition.state = PetitionState.REACHED
            log.append(
                kind="petition.reached",
                code=petition.code,
                # Neither members nor the share of them that was needed: the ledger is public.
                content={"unit": petition.unit.label, "kind": petition.kind},
                now=now,
            )  # fmt: skip
        petition.save(update_fields=["signed", "state"])
        return give_receipt(kind="petition", code=petition.code, now=now)


def call_meeting(*, actor: Actor, now: datetime, code: str, day: date, place: Localized) -> Motion:
    """Call the meeting enough members asked for: the unit's officers, or those above, who may not let it lie.

    Raises Refused without ``election.run`` at the unit, Problem before enough have signed, or on too short notice.
    """
    with atomic():
        petition = _locked(actor, code)
        if petition.state == PetitionState.CALLED and petition.meeting_on == day:
            return petition
        if petition.state != PetitionState.REACHED:
            raise Problem("Not enough members have signed, or the meeting is called already.")
        notice = value_of(NOTICE, path=petition.unit.path, on=localdate(now))
        if day < localdate(now) + timedelta(days=notice):
            raise Problem("Members need %(days)d days' notice: choose a later day.", days=notice)
        petition.state, petition.meeting_on, petition.meeting_place = PetitionState.CALLED, day, place
        petition.save(update_fields=["state", "meeting_on", "meeting_place"])
        _note(actor, now, petition, "call", {"day": day.isoformat()})
    return petition


def hold_meeting(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    held_on: date,
    all_members: int,
    present: int,
    votes_for: int,
    votes_against: int,
    minutes_sha256: str,
) -> Motion:
    """Record what the meeting decided. Raises Refused without ``election.run``, Problem for counts that do not fit.

    ``all_members`` is no fewer than the register holds: the majority of a recall is one of **all** members. Whoever is
    to be recalled does not record it.
    """
    with atomic():
        petition = _locked(actor, code)
        if petition.state not in (PetitionState.CALLED, PetitionState.HELD):
            raise Problem("The meeting is not called, or its result is confirmed already.")
        require_other(
            actor,
            petition.mandate.account_id if petition.mandate else None,
            said=Problem("Whoever is to be recalled does not record the meeting: another officer does."),
        )
        if held_on > localdate(now) or held_on < petition.begun:
            raise Problem("Choose the day on which it was held: after the call, and not one to come.")
        registered = active_members(petition.unit.path).count()
        if all_members < registered:
            raise Problem(
                "The register holds %(number)d members: write at least so many, the majority is one of all members.",
                number=registered,
            )
        if min(present, votes_for, votes_against) < 0 or present > all_members or votes_for + votes_against > present:
            raise Problem("The votes do not fit the number present: check the minutes.")
        if len(minutes_sha256) != 64:
            raise Problem("Add the signed minutes.")
        petition.state, petition.held_on, petition.all_members = PetitionState.HELD, held_on, all_members
        petition.present, petition.votes_for, petition.votes_against = present, votes_for, votes_against
        petition.minutes_sha256, petition.recorded_by_id = minutes_sha256, actor.account_id
        petition.save()
        _note(actor, now, petition, "hold", {"all": all_members, "for": votes_for, "against": votes_against})
    return petition


def confirm_meeting(*, actor: Actor, now: datetime, code: str) -> Motion:
    """Confirm what a meeting decided; a recall that passed ends the mandate that day. Twice changes nothing.

    Raises Refused without ``election.confirm`` at the unit above, Problem for whoever recorded the meeting.
    """
    with atomic():
        petition = Motion.objects.select_for_update(of=("self",)).select_related("unit", "mandate").get(code=code)
        require(actor, "election.confirm", petition.unit.path[:-5] or petition.unit.path)
        if petition.state == PetitionState.CONFIRMED:
            return petition
        if petition.state != PetitionState.HELD or petition.held_on is None:
            raise Problem("The meeting's result is not recorded yet.")
        require_untied(actor, petition.unit.path)
        require_other(
            actor,
            petition.recorded_by_id,
            petition.mandate.account_id if petition.mandate else None,
            said=Problem("Who recorded the meeting does not confirm it: another officer does."),
        )
        petition.passed = _has_passed(petition)
        if petition.passed and petition.mandate is not None:
            day = max(petition.held_on, petition.mandate.since)
            end_mandate(
                actor=SYSTEM, now=now, mandate_id=petition.mandate.pk, day=day,
                reason=EndReason.RECALLED, source_code=petition.code,
            )  # fmt: skip
        petition.state, petition.confirmed_at = PetitionState.CONFIRMED, now
        petition.confirmed_by_id = actor.account_id
        petition.save()
        _forget(petition)
        log.append(
            kind="petition.confirmed",
            code=petition.code,
            # How many members and votes there were stands in the minutes, whose hash is here: the ledger is public.
            content={"unit": petition.unit.label, "kind": petition.kind, "passed": petition.passed,
                     "minutes_sha256": petition.minutes_sha256},
            now=now,
        )  # fmt: skip
        _note(actor, now, petition, "confirm", {"passed": petition.passed})
    return petition


def expire_petitions(*, now: datetime) -> int:
    """End petitions that did not find enough members in time; how many. Twice changes nothing."""
    number = 0
    for key in (
        Motion.objects.filter(state=PetitionState.COLLECTING, closes__lt=localdate(now))
        .order_by("pk")
        .values_list("pk", flat=True)
    ):
        with atomic():
            petition = Motion.objects.select_for_update(of=("self",)).select_related("unit").get(pk=key)
            if petition.state != PetitionState.COLLECTING:
                continue
            petition.state = PetitionState.EXPIRED
            petition.save(update_fields=["state"])
            _forget(petition)
            _note(SYSTEM, now, petition, "expire", {"signed": petition.signed})
            number += 1
    return number


def _has_passed(petition: Motion) -> bool:
    """A recall: more than half of all members. A meeting's other decisions: more for than against."""
    votes, against, members = petition.votes_for or 0, petition.votes_against or 0, petition.all_members or 0
    if petition.kind == PetitionKind.RECALL:
        return passed(votes, members, RECALL_MAJORITY.default or 0.5)
    return votes > against


def _forget(petition: Motion) -> None:
    """Who signed is nobody's business any more; the count stays."""
    Signature.objects.filter(motion=petition).delete()


def _recallable(unit: Unit, mandate_id: int | None) -> Mandate:
    mandate = Mandate.objects.filter(pk=mandate_id or 0, unit=unit, until__isnull=True).order_by("pk").first()
    if mandate is None or mandate.post not in ELECTED:
        raise Problem("Choose whom the members elected and now wish to recall.")
    return mandate


def _locked(actor: Actor, code: str) -> Motion:
    petition = Motion.objects.select_for_update(of=("self",)).select_related("unit", "mandate").get(code=code)
    require(actor, "election.run", petition.unit.path)
    return petition


def _note(actor: Actor | None, now: datetime, petition: Motion, step: str, detail: dict[str, object]) -> None:
    """An audit row; without an actor it says that a member did it, not which."""
    audit.record(
        actor=actor or Actor(name="member"), now=now, action=f"petition.{step}", code=petition.code,
        unit_path=petition.unit.path, detail=detail,
    )  # fmt: skip
