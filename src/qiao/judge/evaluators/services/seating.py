"""Who works for an organisation: it seats its own people; those it judges neither choose nor remove them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import SYSTEM, Actor, Refused, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.judge.evaluators.choices import Duty
from qiao.judge.evaluators.models import Organisation, Seat
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.access.services import end_grant, grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account


def require_seat(actor: Actor, organisation_id: int | None, *, lead: bool) -> None:
    """Raise Refused unless the actor has a seat in this organisation, as one who runs evaluations where asked for."""
    require(actor, "evaluation.run")
    if actor.system:
        return
    own = Seat.objects.filter(account_id=actor.account_id or 0, until__isnull=True)
    found = own.filter(organisation_id=organisation_id or 0)
    if not (found.filter(duty=Duty.LEAD) if lead else found).exists():
        raise Refused("no seat with this evaluator")


def give_seat(
    *, actor: Actor, now: datetime, organisation: Organisation, email: str, display_name: str, duty: str
) -> Seat:
    """Seat somebody: an account is opened for the address and may act as evaluator. Again changes nothing but the duty.

    Raises Refused for anybody but who runs evaluations of this organisation; Problem for an address that is no mail
    address, or that belongs to anybody who holds another role or is known here otherwise.
    """
    require_seat(actor, organisation.pk, lead=True)
    with atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        account = seated(now=now, organisation=organisation, email=email, display_name=display_name)
        seat = Seat.objects.filter(account=account, until__isnull=True).first()
        if seat is None:
            seat = Seat.objects.create(
                organisation=organisation, account=account, duty=duty, since=localdate(now),
                given_by_id=actor.account_id,
            )  # fmt: skip
        elif seat.duty != duty:
            _require_another_lead(seat)
            seat.duty = duty
            seat.save(update_fields=["duty"])
        else:
            return seat
        audit.record(
            actor=actor, now=now, action="evaluator.seat", code=organisation.code, unit_path=organisation.unit.path,
            detail={"account": account.pk, "duty": str(duty)},
        )  # fmt: skip
    return seat


def seated(*, now: datetime, organisation: Organisation, email: str, display_name: str) -> Account:
    """The account with this address, opened where there is none, with the role of evaluator.

    Raises Problem for one that may not have it. Why not is not told: whoever asks is from outside, and who is a member
    or an officer here is none of their business.
    """
    address = email.strip().lower()
    account = Account.objects.filter(email__iexact=address).first() if address else None
    if account is None:
        account = open_account(actor=SYSTEM, now=now, email=address, display_name=display_name.strip() or address)
    elsewhere = Seat.objects.filter(account=account, until__isnull=True).exclude(organisation=organisation)
    if account.person_id is None and not elsewhere.exists():
        with suppress(Problem):
            grant_role(
                actor=SYSTEM, now=now, account=account, role=Role.EVALUATOR, unit=organisation.unit,
                since=localdate(now),
            )  # fmt: skip
            return account
    raise Problem("This address cannot be given a seat: use one that nobody uses here for anything else.")


def end_seat(*, actor: Actor, now: datetime, seat_id: int) -> Seat:
    """End a seat today, and with it the role. Twice changes nothing.

    Raises Refused for anybody but who runs evaluations of this organisation, Problem for the last one who does.
    """
    with atomic():
        seat = Seat.objects.select_for_update(of=("self",)).select_related("organisation__unit").get(pk=seat_id)
        require_seat(actor, seat.organisation_id, lead=True)
        Organisation.objects.select_for_update().get(pk=seat.organisation_id)
        if seat.until is not None:
            return seat
        _require_another_lead(seat)
        seat.until = localdate(now)
        seat.save(update_fields=["until"])
        grants = RoleGrant.objects.filter(account=seat.account, role=Role.EVALUATOR, until__isnull=True)
        for key in grants.values_list("pk", flat=True):
            end_grant(actor=SYSTEM, now=now, grant_id=key)
        audit.record(
            actor=actor, now=now, action="evaluator.unseat", code=seat.organisation.code,
            unit_path=seat.organisation.unit.path, detail={"account": seat.account_id},
        )  # fmt: skip
    return seat


def _require_another_lead(seat: Seat) -> None:
    others = Seat.objects.filter(organisation=seat.organisation_id, duty=Duty.LEAD, until__isnull=True)
    if seat.duty == Duty.LEAD and not others.exclude(pk=seat.pk).exists():
        raise Problem("Somebody must run the evaluations: seat another for it first.")
