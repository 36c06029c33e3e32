"""Organisations that judge from outside."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.judge.evaluators.models import Organisation
from qiao.judge.evaluators.services import admit
from qiao.org.people.models import Account
from qiao.org.units.models import Unit
from qiao.org.workplaces.rules import check_sign


def reg_code(number: int) -> str:
    """A number with a right check sign that belongs to nobody: there is no district 99."""
    body = f"91990000MA{number:07d}"
    return body + check_sign(body)


def admitted(now: datetime, unit: Unit, lead: Account, number: int = 1) -> Organisation:
    """An organisation that may judge in the unit, run by this account."""
    return admit(
        actor=SYSTEM, now=now, unit=unit, name=localized(f"量心研究所{number}", f"Fair Measure Institute {number}"),
        reg_code=reg_code(number), contact="例城镜湖路 8 号", phone="000-12 34 56 78", lead_email=lead.email,
        lead_name=lead.display_name,
    )  # fmt: skip
