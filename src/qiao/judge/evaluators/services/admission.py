"""Admitting an organisation from outside to judge here."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.judge.evaluators.choices import Duty
from qiao.judge.evaluators.models import Organisation, Seat
from qiao.judge.evaluators.services.seating import seated
from qiao.org.units.models import Unit
from qiao.org.workplaces.models import Employer, UnitEmployer
from qiao.org.workplaces.rules import normal_reg_code


def admit(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    name: Localized,
    reg_code: str,
    contact: str,
    phone: str,
    lead_email: str,
    lead_name: str,
) -> Organisation:
    """Admit an organisation to judge in ``unit`` and below, with the first of its people, who seats all others.

    It is entered in the ledger: who judges here is known to everybody. Raises Refused without ``role.grant`` at the
    unit; Problem for a registration number that is none, one admitted already, the employer of members below, and as
    `give_seat` for its lead.
    """
    require(actor, "role.grant", unit.path)
    number = normal_reg_code(reg_code)
    if number is None:
        raise Problem("An organisation is known by its unified social credit code.")
    if not name:
        raise Problem("The organisation needs a name.")
    with atomic():
        if Organisation.objects.filter(reg_code=number).exists():
            raise Problem("This organisation is admitted already.")
        if _employs(number, unit):
            raise Problem("This organisation employs members of a union here: whoever judges comes from outside.")
        organisation = Organisation.objects.create(
            code=next_code("EO"), unit=unit, name=name, reg_code=number, contact=contact, phone=phone, admitted=now,
            admitted_by_id=actor.account_id,
        )  # fmt: skip
        account = seated(now=now, organisation=organisation, email=lead_email, display_name=lead_name)
        Seat.objects.create(
            organisation=organisation, account=account, duty=Duty.LEAD, since=localdate(now),
            given_by_id=actor.account_id,
        )  # fmt: skip
        content = {"name": name, "reg_code": number, "unit": unit.label}
        log.append(kind="evaluator.admitted", code=organisation.code, content=content, now=now)
        audit.record(
            actor=actor, now=now, action="evaluator.admit", code=organisation.code, unit_path=unit.path,
            detail={"lead": account.pk},
        )  # fmt: skip
    return organisation


def _employs(number: str, unit: Unit) -> bool:
    """Whether a union unit below was formed at the employer with this number."""
    employer = Employer.objects.filter(reg_code=number).first()
    if employer is None:
        return False
    return UnitEmployer.objects.filter(employer=employer, unit__path__startswith=unit.path, until__isnull=True).exists()
