"""After the decision: what was paid, how it compares with the year before, what the auditor found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
from django.db.models import F
from django.utils.timezone import localdate

from qiao.base.access import Actor, require_other
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log
from qiao.base.problems import Problem, Problems
from qiao.base.redaction import require_clean
from qiao.judge.allocation.choices import State
from qiao.judge.allocation.models import Sheet, SheetLine
from qiao.judge.allocation.services.steps import held, joined, note, tell
from qiao_stats.allocation import gini


def pay_sheet(*, actor: Actor, now: datetime, code: str, day: date, different: Mapping[str, tuple[int, str]]) -> Sheet:
    """Enter that the amounts were paid by ``day``: as decided, but for ``different`` (label to cents and reason).

    Raises Refused without ``allocation.compute``; Problem for whoever decided, or a day out of range; Problems naming
    each label that is not on the sheet, and each different amount without a reason.
    """
    with atomic():
        sheet = held(code, actor=actor, action="allocation.compute", after=State.PAID)
        require_other(actor, sheet.decided_by_id, said=Problem("You decided on this sheet: somebody else pays."))
        if sheet.decided is None or not localdate(sheet.decided) <= day <= localdate(now):
            raise Problem("The day of payment lies between the decision and today.")
        lines = {line.label: line for line in SheetLine.objects.select_for_update().filter(sheet=sheet)}
        faults = [
            Problem("%(label)s is not on this sheet.", label=label) for label in different if label not in lines
        ] + [
            Problem("%(label)s: write why the amount differs.", label=label)
            for label, (_cents, reason) in different.items()
            if label in lines and not reason.strip()
        ]
        if faults:
            raise Problems(faults)
        SheetLine.objects.filter(sheet=sheet).update(paid=F("amount"))
        for label, (cents, reason) in different.items():
            require_clean({"reason": {"": reason}})
            SheetLine.objects.filter(pk=lines[label].pk).update(paid=cents, paid_reason=reason.strip()[:300])
        sheet.paid, sheet.paid_by_id = day, actor.account_id
        sheet.save()
        note(sheet, actor=actor, now=now, deed="pay", different=len(different))
    return sheet


def compare_sheet(*, actor: Actor, now: datetime, code: str) -> Sheet:
    """Compare what was paid with the decision and with the year before, by inequality of money per member.

    Raises Refused without ``allocation.compute``.
    """
    with atomic():
        sheet = held(code, actor=actor, action="allocation.compute", after=State.COMPARED)
        lines = list(SheetLine.objects.filter(sheet=sheet).order_by("position"))
        paid = np.array([line.paid or 0 for line in lines], float)
        members = np.array([line.members for line in lines], float)
        decided = np.array([line.amount for line in lines], float)
        known = [line for line in lines if line.before is not None]
        sheet.comparison = {
            "paid": int(paid.sum()),
            "different": sum(line.paid != line.amount for line in lines),
            "gini_paid": round(gini(paid / members, members), 6),
            "gini_decided": round(gini(decided / members, members), 6),
            "gini_before": (
                round(
                    gini(
                        np.array([(line.before or 0) / line.members for line in known]),
                        np.array([float(line.members) for line in known]),
                    ),
                    6,
                )
                if known
                else None
            ),
            "more": sum((line.paid or 0) > line.before for line in known if line.before is not None),
            "less": sum((line.paid or 0) < line.before for line in known if line.before is not None),
        }
        sheet.compared = now
        sheet.save()
        log.append(kind="allocation.compared", code=sheet.code, content=sheet.comparison, now=now)
        note(sheet, actor=actor, now=now, deed="compare")
    return sheet


def audit_sheet(*, actor: Actor, now: datetime, code: str, finding: Localized) -> Sheet:
    """Close the sheet with what the auditor found. Raises Refused without ``allocation.audit``, Problem without a
    finding and for whoever computed, decided or paid.
    """
    with atomic():
        sheet = held(code, actor=actor, action="allocation.audit", after=State.AUDITED)
        require_other(
            actor, sheet.computed_by_id, sheet.decided_by_id, sheet.paid_by_id,
            said=Problem("You had a hand in this sheet: another auditor closes it."),
        )  # fmt: skip
        if not finding:
            raise Problem("Write what you checked and what you found.")
        require_clean({"finding": finding})
        sheet.finding, sheet.audited, sheet.audited_by_id = finding, now, actor.account_id
        sheet.save()
        log.append(kind="allocation.audited", code=sheet.code, content={"finding": finding}, now=now)
        note(sheet, actor=actor, now=now, deed="audit")
        tell(
            sheet, actor=actor, now=now,
            title=joined(localized("分配审计结论：%(title)s", "Allocation audited: %(title)s"), sheet.title),
            body=finding,
        )  # fmt: skip
    return sheet
