"""The unit above answers a proposal: preparation may begin, the unit is approved, or refused with a reason."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base import audit, jobs
from qiao.base.access import SYSTEM, Actor, Refused, require, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.i18n import in_every_language
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.telling import Message, tell
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.services import file_appeal
from qiao.org.units.choices import Axis, LeadForm, Relation, UnitKind, UnitState
from qiao.org.units.models import Founding, Unit, UnitLink, UnitName
from qiao.org.units.rules import may_answer, require_state
from qiao.org.units.rules.settings import ANSWER_WITHIN
from qiao.org.units.services.clock import clock
from qiao.org.units.services.found import check_label, check_parent
from qiao.org.units.services.paths import lock_tree
from qiao.org.units.services.propose import locked_founding
from qiao.org.units.services.steps import take_step

APPEAL_KIND = "unit.founding"


def begin_preparing(*, actor: Actor, now: datetime, code: str) -> Founding:
    """The unit above agrees that the founding is prepared. Twice changes nothing.

    Raises Refused without ``unit.approve`` at the unit above, for the proposer, and for whoever's refusal of it was
    set aside; Problem in another state.
    """
    with atomic():
        founding = _mine_to_answer(actor, code)
        if founding.unit.state == UnitState.PREPARING:
            return founding
        require_state(founding.unit, UnitState.PROPOSED)
        take_step(actor=actor, now=now, unit=founding.unit, state=UnitState.PREPARING)
        founding.due, founding.due_rule, founding.clock_from = None, "", None
        founding.save(update_fields=["due", "due_rule", "clock_from"])
        audit.record(actor=actor, now=now, action="unit.prepare", code=code, unit_path=founding.unit.path)
        jobs.defer("units.tell_proposer", founding_id=founding.pk)
    return founding


def approve_unit(
    *, actor: Actor, now: datetime, code: str, label: str, founded: date, lead_form: LeadForm | None = None
) -> Founding:
    """Approve a prepared unit: it gets its label, its place in the tree and its day of founding. Twice is harmless.

    Raises as `begin_preparing`, Problem where the label is taken, the day lies ahead or before the unit above, or the
    unit above takes nothing in any more.
    """
    label = label.strip()
    with atomic():
        lock_tree(shared=True)
        founding = _mine_to_answer(actor, code)
        unit = founding.unit
        if unit.state == UnitState.APPROVED and unit.label == label:
            return founding
        require_state(unit, UnitState.PREPARING)
        if founding.prepared is None:
            raise Problem("The preparation is not reported as finished yet.")
        if founded > localdate(now):
            raise Problem("This day has not come yet: %(day)s.", day=founded)
        check_label(label)
        above = Unit.objects.get(children=unit)
        check_parent(UnitKind(unit.kind), above, founded)
        unit.label, unit.founded = label, founded
        unit.save(update_fields=["label", "founded"])
        take_step(actor=actor, now=now, unit=unit, state=UnitState.APPROVED)
        UnitLink.objects.create(unit=unit, above=above, axis=Axis.PLACE, relation=Relation.LEADS, since=founded)
        UnitName.objects.create(unit=unit, name=unit.name, label=label, kind=unit.kind, since=founded)
        founding.approved, founding.approved_by_id, founding.approved_by = now, actor.account_id, actor.name
        founding.due, founding.lead_form = None, lead_form or founding.lead_form
        founding.save(update_fields=["approved", "approved_by_id", "approved_by", "due", "lead_form"])
        audit.record(actor=actor, now=now, action="unit.approve", code=code, unit_path=unit.path,
                     detail={"label": label, "founded": founded.isoformat()})  # fmt: skip
        log.append(
            kind="unit.approved", code=label, now=now,
            content={"above": above.label, "founded": founded.isoformat(), "kind": unit.kind, "name": unit.name},
        )  # fmt: skip
        jobs.defer("units.tell_proposer", founding_id=founding.pk)
    return founding


def refuse_unit(*, actor: Actor, now: datetime, code: str, reason: str) -> Founding:
    """Refuse a proposal with a written reason; the proposer may appeal. Twice changes nothing. Raises as above."""
    reason = reason.strip()
    if not reason:
        raise Problem("Write the reason: to approve is a duty, a refusal needs one and may be appealed against.")
    with atomic():
        founding = _mine_to_answer(actor, code)
        unit = founding.unit
        if unit.state == UnitState.REFUSED and actor.did(founding.refused_by_id):
            return founding
        require_state(unit, UnitState.PROPOSED, UnitState.PREPARING)
        founding.refused_from = unit.state
        founding.refused, founding.refused_by_id, founding.refusal = now, actor.account_id, reason
        founding.refused_at_path = _deciding_path(actor, unit.path[:-5])
        founding.due = None
        founding.save()
        take_step(actor=actor, now=now, unit=unit, state=UnitState.REFUSED, ground=reason)
        audit.record(actor=actor, now=now, action="unit.refuse", code=code, unit_path=unit.path)
        jobs.defer("units.tell_proposer", founding_id=founding.pk)
    return founding


def appeal_refusal(*, actor: Actor, now: datetime, code: str, ground: str) -> Appeal:
    """Appeal against the refusal of one's proposal. Raises Refused for all but the proposer, Problem as appeals do."""
    with atomic():
        founding = locked_founding(code)
        if not actor.did(founding.proposed_by_id):
            raise Refused("who proposed the unit appeals")
        require_state(founding.unit, UnitState.REFUSED)
        return file_appeal(
            now=now, kind=APPEAL_KIND, code=code, unit_path=founding.unit.path,
            first_decider_unit_path=founding.refused_at_path, first_decider_account_id=founding.refused_by_id,
            ground=ground, person_id=actor.person_id, actor=actor, refused=founding.refused,
        )  # fmt: skip


def set_refusal_aside(appeal: Appeal, actor: Actor, now: datetime) -> None:
    """An upheld appeal: the proposal stands where it was refused, and another officer answers it."""
    founding = locked_founding(appeal.subject)
    unit = founding.unit
    if unit.state != UnitState.REFUSED:
        return
    take_step(actor=actor, now=now, unit=unit, state=UnitState(founding.refused_from), ground=appeal.reason)
    founding.barred_ids = sorted({*founding.barred_ids, *([founding.refused_by_id] if founding.refused_by_id else [])})
    founding.clock_from = now
    founding.due, founding.due_rule = clock(ANSWER_WITHIN, path=unit.path[:-5], now=now)
    founding.save(update_fields=["barred_ids", "clock_from", "due", "due_rule"])
    audit.record(actor=actor, now=now, action="unit.refusal_set_aside", code=founding.code, unit_path=unit.path,
                 detail={"appeal": appeal.code})  # fmt: skip


_TOLD = {
    UnitState.PREPARING: noop("The founding of “%(name)s” may be prepared now."),
    UnitState.APPROVED: noop("“%(name)s” is approved. Next its members elect the committee."),
    UnitState.REFUSED: noop("“%(name)s” is refused. The reason stands on its page; you may appeal there."),
}


def tell_proposer(*, now: datetime, founding_id: int) -> bool:
    """Tell whoever proposed a unit where it stands (mechanism S8); False where nothing was sent."""
    founding = Founding.objects.select_related("unit").get(pk=founding_id)
    text = _TOLD.get(UnitState(founding.unit.state))
    if text is None or founding.proposed_by_id is None:
        return False
    with atomic():
        sent = tell(
            Message(
                subject=in_every_language(noop("Your proposal %(code)s"), code=founding.code),
                text=in_every_language(text, name=founding.unit.name),
                url=reverse("units:unit", args=[founding.unit.label]),
                account_id=founding.proposed_by_id,
            ),
            now,
        )
        audit.record(actor=SYSTEM, now=now, action="unit.tell_proposer", code=founding.code,
                     unit_path=founding.unit.path, detail={"sent": sent})  # fmt: skip
    return sent


def _mine_to_answer(actor: Actor, code: str) -> Founding:
    founding = locked_founding(code)
    require(actor, "unit.approve", founding.unit.path[:-5])
    require_untied(actor, founding.unit.path)
    require_other(actor, founding.proposed_by_id, *founding.barred_ids)
    if not may_answer(actor, founding):
        raise Refused("nobody approves their own proposal, or decides again what was set aside")
    return founding


def _deciding_path(actor: Actor, path: str) -> str:
    """The unit for which the actor decides: the nearest of their grants; for the system the unit above."""
    paths = [grant.path for grant in actor.grants if "unit.approve" in grant.actions and grant.reaches(path)]
    return max(paths, key=len, default=path)
