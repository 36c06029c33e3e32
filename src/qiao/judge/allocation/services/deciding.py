"""Asking the members, deciding, withdrawing."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.queries import consultation_by_code, is_answered
from qiao.judge.allocation.choices import State
from qiao.judge.allocation.models import Sheet
from qiao.judge.allocation.queries import contested_of
from qiao.judge.allocation.services.steps import held, joined, note, tell


def consult_sheet(*, actor: Actor, now: datetime, code: str, consultation_code: str) -> Sheet:
    """Name the consultation in which members were asked about the weights and this sheet.

    Raises Refused without ``allocation.compute``; Problem for an unknown consultation, one of another line of units,
    one that began before the sheet was published, or one with opinions that lack an answer.
    """
    with atomic():
        sheet = held(code, actor=actor, action="allocation.compute", after=State.CONSULTED)
        try:
            consultation = consultation_by_code(consultation_code.strip().upper())
        except Consultation.DoesNotExist:
            raise Problem("There is no consultation %(code)s.", code=consultation_code) from None
        if not sheet.unit.path.startswith(consultation.unit.path):
            raise Problem("The consultation asked other units: name one of this unit or a unit above it.")
        if sheet.published is None or consultation.opens < sheet.published:
            raise Problem("The consultation opened before the sheet was published: members could not know it.")
        if not is_answered(consultation.code):
            raise Problem("Not every opinion of the consultation has its answer yet.")
        sheet.consultation_code = consultation.code
        sheet.save()
        link(source=consultation.code, target=sheet.code, now=now)
        note(sheet, actor=actor, now=now, deed="link", consultation=consultation.code)
    return sheet


def decide_sheet(*, actor: Actor, now: datetime, code: str, ground: Localized) -> Sheet:
    """Decide on the sheet as it was published and consulted; from here on nothing is computed again.

    Raises Refused without ``allocation.decide``; Problem for whoever computed it or is tied to an employer concerned,
    without a ground, or while an input is contested.
    """
    with atomic():
        sheet = held(code, actor=actor, action="allocation.decide", after=State.DECIDED)
        require_other(
            actor, sheet.computed_by_id, said=Problem("You computed this sheet: somebody else decides on it.")
        )
        require_untied(actor, sheet.unit.path)
        if not ground:
            raise Problem("Write what the decision rests on, above all what the consultation changed.")
        require_clean({"ground": ground})
        if contested := contested_of(sheet):
            raise Problem("%(number)d inputs are contested: the objections come first.", number=contested)
        sheet.ground, sheet.decided, sheet.decided_by_id = ground, now, actor.account_id
        sheet.save()
        log.append(
            kind="allocation.decided", code=sheet.code, content={"sha256": sheet.sha256, "ground": ground}, now=now
        )
        note(sheet, actor=actor, now=now, deed="decide")
        tell(
            sheet, actor=actor, now=now,
            title=joined(localized("分配方案决定：%(title)s", "Allocation decided: %(title)s"), sheet.title),
            body=ground,
        )  # fmt: skip
    return sheet


def withdraw_sheet(*, actor: Actor, now: datetime, code: str, reason: Localized) -> Sheet:
    """Withdraw a sheet nobody has decided on yet; a published one tells everybody why.

    Raises Refused without ``allocation.compute``, Problem without a reason or after the decision.
    """
    with atomic():
        sheet = held(code, actor=actor, action="allocation.compute", after=State.WITHDRAWN)
        if not reason:
            raise Problem("Write why the sheet is withdrawn.")
        require_clean({"reason": reason})
        sheet.withdrawn_reason = reason
        sheet.save()
        if sheet.published is not None:
            log.append(kind="allocation.withdrawn", code=sheet.code, content={"reason": reason}, now=now)
            tell(
                sheet, actor=actor, now=now,
                title=joined(localized("分配测算撤回：%(title)s", "Allocation withdrawn: %(title)s"), sheet.title),
                body=reason,
            )  # fmt: skip
        note(sheet, actor=actor, now=now, deed="withdraw")
    return sheet
