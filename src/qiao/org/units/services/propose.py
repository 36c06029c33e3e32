"""Proposing a unit: one form, by workers, a base union, a hub or an office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused
from qiao.base.codes import next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.org.units.choices import LeadForm, Proposer, UnitKind, UnitState
from qiao.org.units.models import Founding, Unit
from qiao.org.units.rules import may_propose, require_state
from qiao.org.units.rules.settings import ANSWER_WITHIN, COMMITTEE_REQUIRED_AT
from qiao.org.units.services.clock import clock
from qiao.org.units.services.found import check_parent
from qiao.org.units.services.paths import lock_tree, path_segment
from qiao.org.units.services.steps import take_step, write_step

#: Rights that tell on whose behalf an officer proposes.
_ROLES = (("hub_organiser", Proposer.HUB), ("org_officer", Proposer.OFFICE))
_BASE_ROLES = ("base_chair", "base_officer", "group_leader")


def propose_unit(
    *,
    actor: Actor,
    now: datetime,
    above: Unit,
    kind: UnitKind,
    name: Localized,
    employers: Sequence[dict[str, str]],
    headcount: int,
    founders: int,
    lead_form: LeadForm,
    prepares: str,
    planned: date,
    note: str = "",
) -> Founding:
    """Propose a unit below ``above``; it waits for the unit above, whose clock starts now.

    ``employers``: {"name", "reg_code"} each, as the proposers call them. The proposal carries a receipt and bears its
    code as label until it is approved: a refused proposal burns no label. The same proposal once more (a replayed
    form) returns the one that waits.

    Raises Refused for whoever is not signed in; Problem where the kinds do not fit, several employers are named for a
    base union that is not joint, more founders than employees are given, the planned day cannot be meant, or the form
    of leadership does not fit.
    """
    if not may_propose(actor):
        raise Refused("sign in to propose a unit")
    kind, lead_form = UnitKind(kind), LeadForm(lead_form)
    today = localdate(now)
    require_plausible(planned)
    _check_people(kind, employers, headcount, founders, lead_form, prepares)
    if planned < today:
        raise Problem("The planned day lies in the past: %(day)s.", day=planned)
    with atomic():
        lock_tree(shared=True)
        above = Unit.objects.get(pk=above.pk)
        check_parent(kind, above, today)
        same = (
            Founding.objects.filter(
                unit__parent=above, unit__kind=kind, unit__name=name, unit__state=UnitState.PROPOSED,
                proposed_by_id=actor.account_id,
            )
            .select_related("unit")
            .first()
        )  # fmt: skip
        if same is not None:
            return same
        code = next_code("U")
        due, rule = clock(ANSWER_WITHIN, path=above.path, now=now)
        unit = Unit.objects.create(
            path=f"new-{code}", parent=above, label=code, kind=kind, name=name, founded=planned,
            state=UnitState.PROPOSED,
        )  # fmt: skip
        unit.path = above.path + path_segment(unit.pk)
        unit.save(update_fields=["path"])
        receipt = give_receipt(kind="unit.founding", code=code, now=now, promised=localdate(due))
        founding = Founding.objects.create(
            unit=unit, code=code, proposer=_proposer(actor), proposed_by_id=actor.account_id,
            proposed_by=actor.name, proposed=now, employers=list(employers), headcount=headcount, founders=founders,
            lead_form=lead_form, prepares=prepares.strip(), planned=planned, note=note.strip(),
            clock_from=now, due=due, due_rule=rule, receipt=receipt.number,
        )  # fmt: skip
        write_step(actor=actor, now=now, unit=unit, before="")
        audit.record(actor=actor, now=now, action="unit.propose", code=code, unit_path=unit.path,
                     detail={"kind": kind.value})  # fmt: skip
    return founding


def report_prepared(*, actor: Actor, now: datetime, code: str, members: int) -> Founding:
    """Say that the preparation is finished: so many have applied to join. The clock of the approval starts.

    Raises Refused for anybody but the proposer or an organiser or officer of the units above; Problem in another state
    or with no members.
    """
    with atomic():
        founding = locked_founding(code)
        if not (
            actor.did(founding.proposed_by_id)
            or actor.may("unit.found", founding.unit.path[:-5])
            or actor.holds("hub_organiser", founding.unit.path[:-5])
        ):
            raise Refused("who proposed the unit, or an officer above, reports")
        require_state(founding.unit, UnitState.PREPARING)
        if founding.prepared is not None:
            return founding
        if members < 1:
            raise Problem("Say how many have applied to join: at least one.")
        _check_form(founding.lead_form, members, founding.unit.path, now)
        founding.prepared, founding.members_ready = now, members
        founding.clock_from = now
        founding.due, founding.due_rule = clock(ANSWER_WITHIN, path=founding.unit.path[:-5], now=now)
        founding.save(update_fields=["prepared", "members_ready", "clock_from", "due", "due_rule"])
        audit.record(actor=actor, now=now, action="unit.prepared", code=code, unit_path=founding.unit.path,
                     detail={"members": members})  # fmt: skip
    return founding


def withdraw_proposal(*, actor: Actor, now: datetime, code: str) -> Founding:
    """Take a proposal back before it is approved; twice changes nothing. Raises Refused for all but the proposer."""
    with atomic():
        founding = locked_founding(code)
        if not actor.did(founding.proposed_by_id):
            raise Refused("who proposed the unit takes the proposal back")
        if founding.unit.state == UnitState.WITHDRAWN:
            return founding
        require_state(founding.unit, UnitState.PROPOSED, UnitState.PREPARING)
        take_step(actor=actor, now=now, unit=founding.unit, state=UnitState.WITHDRAWN)
        founding.due = None
        founding.save(update_fields=["due"])
        audit.record(actor=actor, now=now, action="unit.withdraw", code=code, unit_path=founding.unit.path)
    return founding


def locked_founding(code: str) -> Founding:
    """The proposal with its unit, both held until the transaction ends. Raises Founding.DoesNotExist."""
    return Founding.objects.select_for_update(of=("self", "unit")).select_related("unit__parent").get(code=code)


def _proposer(actor: Actor) -> Proposer:
    for role, proposer in _ROLES:
        if actor.holds(role):
            return proposer
    if any(actor.holds(role) for role in _BASE_ROLES):
        return Proposer.BASE
    return Proposer.OFFICE if actor.system else Proposer.WORKERS


def _check_people(
    kind: UnitKind,
    employers: Sequence[dict[str, str]],
    headcount: int,
    founders: int,
    lead_form: LeadForm,
    prepares: str,
) -> None:
    if kind == UnitKind.BASE and len(employers) > 1:
        raise Problem(
            "%(number)d employers are named, but a base union belongs to one.",
            hint="Is it one union for all of them? Then choose “Joint base union”. Otherwise name one employer.",
            number=len(employers),
        )
    if kind == UnitKind.JOINT_BASE and len(employers) == 1:
        raise Problem(
            "A joint base union is for several employers: only one is named.",
            hint="Name the others, or choose “Base union”.",
        )
    if kind in (UnitKind.BASE, UnitKind.JOINT_BASE) and not employers:
        raise Problem("Name the employer.")
    if founders < 1:
        raise Problem("Say how many found the unit: at least one.")
    if headcount < founders:
        raise Problem("There are more founders (%(founders)d) than employees (%(headcount)d): check both numbers.",
                      founders=founders, headcount=headcount)  # fmt: skip
    if lead_form == LeadForm.JOINT and kind == UnitKind.BASE:
        raise Problem(
            "A committee joint with other employers makes a joint base union.",
            hint="Choose “Joint base union”, or another form.",
        )
    if not prepares.strip():
        raise Problem("Say who prepares the founding.")


def _check_form(lead_form: str, members: int, path: str, now: datetime) -> None:
    """Raise Problem where a committee is required and only an organiser is planned (TUL 11)."""
    from qiao.org.settings.queries import value_of

    required = value_of(COMMITTEE_REQUIRED_AT, path=path[:-5], on=localdate(now))
    if lead_form == LeadForm.ORGANISER and members >= required:
        raise Problem(
            "From %(number)d members on a unit has a committee: one organiser is not enough.",
            hint="Change the form of leadership to a committee.",
            number=required,
        )
