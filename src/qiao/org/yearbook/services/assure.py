"""The certificate of an independent assurer on the register behind a frozen yearly table."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Place, Problem
from qiao.base.redaction import require_clean
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.units.models import Unit
from qiao.org.yearbook.choices import Verdict
from qiao.org.yearbook.models import Assurance, Edition


def assure_register(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    year: int,
    assurer: str,
    appointment: str,
    verdict: Verdict,
    checked: int,
    wrong: int,
    reasons: str,
) -> Assurance:
    """Publish what the assurer found of a unit's register. It is said once and never changed.

    ``checked``: memberships drawn and checked; ``wrong``: those that were not as the register says. Raises Refused
    without ``register.assure`` at the unit; Problem before the year's table is frozen, for whoever holds another role,
    for figures that do not fit, and where a certificate stands already.
    """
    require(actor, "register.assure", unit.path)
    if actor.account_id is None:
        raise Refused("a certificate is entered by somebody who answers for it")
    if not reasons.strip():
        raise Problem("Say what was checked and what was found.", place=Place(column="reasons"))
    if verdict != Verdict.OBSTRUCTED and checked < 1:
        raise Problem("A verdict rests on memberships that were checked.", place=Place(column="checked"))
    if wrong > checked:
        raise Problem("More memberships are wrong than were checked.", place=Place(column="wrong"))
    require_clean({"assurer": assurer, "appointment": appointment, "reasons": reasons})
    _require_independent(actor, now)
    with atomic():
        try:
            edition = Edition.objects.select_for_update().get(year=year)
        except Edition.DoesNotExist:
            raise Problem("There is no yearly table of %(year)d.", year=year) from None
        if edition.frozen is None:
            raise Problem("The yearly table of %(year)d is not frozen yet: it is certified after that.", year=year)
        if Assurance.objects.filter(edition=edition, unit=unit).exists():
            raise Problem("The register of this unit has its certificate for %(year)d.", year=year)
        made = Assurance.objects.create(
            edition=edition, unit=unit, assurer=assurer.strip(), appointment=appointment.strip(), verdict=verdict,
            checked=checked, wrong=wrong, reasons=reasons.strip(), entered_by_id=actor.account_id, entered=now,
        )  # fmt: skip
        log.append(
            kind="yearbook.assured",
            code=f"YEAR-{year}",
            content={
                "unit": unit.label, "assurer": made.assurer, "appointment": made.appointment, "verdict": verdict.value,
                "checked": checked, "wrong": wrong, "reasons": made.reasons, "edition": edition.sha256,
            },
            now=now,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="yearbook.assure", code=f"YEAR-{year}",
            detail={"unit": unit.label, "verdict": verdict.value},
        )  # fmt: skip
    return made


def _require_independent(actor: Actor, now: datetime) -> None:
    """Raise Problem where this human holds another role than auditor anywhere: they would check their own house."""
    today = localdate(now)
    others = (
        RoleGrant.objects.filter(Q(until__isnull=True) | Q(until__gt=today), account_id__in=actor.own_accounts)
        .exclude(role=Role.AUDITOR)
        .order_by("pk")
    )
    held = others.first()
    if held is not None:
        raise Problem(
            "This account also holds the role %(role)s: an assurer holds no other role anywhere in the federation.",
            role=Role(held.role).label,
        )
