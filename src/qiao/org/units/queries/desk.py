"""What the units app offers the shell: desk items, doors, receipts, one's own proposals."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, Door, OwnItem, ReceiptState
from qiao.org.units.choices import BatchState, ClosingState, UnitState
from qiao.org.units.models import Closing, Founding, Unit, UnitBatch
from qiao.org.units.queries.papers import foundings_of, foundings_waiting, state_steps
from qiao.org.units.rules import kinds_below, may_decide_closing, takes_in

_MOST = 50


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:  # noqa: ARG001 - asked so of every app
    """Proposals to answer, ends of units to decide, tables of units to confirm, own proposals to prepare."""
    items = [
        DeskItem(
            due=founding.due,
            title=pick(founding.unit.name),
            stage=Stage.HEAR,
            unit=founding.code,
            next_step=_("Approve the unit, or refuse it with a reason")
            if founding.prepared
            else _("Let the founding be prepared, or refuse it with a reason"),
            url=reverse("units:unit", args=[founding.unit.label]),
        )
        for founding in foundings_waiting(actor, limit=_MOST)
    ]
    items += [
        DeskItem(
            due=None,
            title=pick(founding.unit.name),
            stage=Stage.HEAR,
            unit=founding.code,
            next_step=_("Report when the preparation is finished"),
            url=reverse("units:unit", args=[founding.unit.label]),
        )
        for founding in foundings_of(actor)
        if founding.unit.state == UnitState.PREPARING and founding.prepared is None
    ]
    return items + _closings(actor) + _batches(actor)


def _closings(actor: Actor) -> list[DeskItem]:
    below = Q(pk__in=[])
    for path in actor.paths("unit.approve"):
        below |= Q(unit__path__startswith=path)
    waiting = Closing.objects.filter(below, state__in=[ClosingState.ASKED, ClosingState.AGREED])
    return [
        DeskItem(
            due=closing.due if closing.state == ClosingState.ASKED else None,
            title=pick(closing.unit.name),
            stage=Stage.HEAR,
            unit=closing.unit.label,
            next_step=_("Decide about the end of the unit")
            if closing.state == ClosingState.ASKED
            else _("Close the unit on its day"),
            url=reverse("units:end", args=[closing.unit.label]),
        )
        for closing in waiting.select_related("unit").order_by("due", "pk")[:_MOST]
        if may_decide_closing(actor, closing)
    ]


def _batches(actor: Actor) -> list[DeskItem]:
    below = Q(pk__in=[])
    for path in actor.paths("unit.found"):
        below |= Q(unit__path__startswith=path)
    staged = (
        UnitBatch.objects.filter(below, state=BatchState.STAGED)
        .exclude(uploaded_by_id__in=actor.own_accounts)
        .exclude(actor.tied_to("unit__path"))
    )
    return [
        DeskItem(
            due=None,
            title=_("Table of units: %(source)s") % {"source": batch.source},
            stage=Stage.HEAR,
            unit=pick(batch.unit.name),
            next_step=_("Check the preview and confirm it as the second person"),
            url=reverse("units:batch", args=[batch.code]),
        )
        for batch in staged.select_related("unit").order_by("uploaded")[:_MOST]
    ]


def desk_doors(*, actor: Actor) -> list[Door]:
    """The tree, for whoever works on it; for everybody who may propose, the form."""
    doors = []
    if actor.may("unit.found"):
        doors.append(Door("", _("Import units"), reverse("units:batches"), _("From a table, with a second person")))
    return doors


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:  # noqa: ARG001 - asked so of every app
    """The units this person proposed."""
    return [
        OwnItem(
            title=_("Proposal of a unit: %(name)s") % {"name": pick(founding.unit.name)},
            stage=Stage.HEAR,
            state=str(UnitState(founding.unit.state).label),
            url=reverse("units:unit", args=[founding.unit.label]),
            thread_code="",
            at=founding.proposed,
        )
        for founding in foundings_of(actor)
    ]


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """Where the proposal stands that a receipt was given for."""
    if receipt.kind != "unit.founding":
        return None
    founding = Founding.objects.select_related("unit").filter(code=receipt.code).first()
    if founding is None:
        return None
    unit = founding.unit
    steps = tuple((label, done or current) for label, done, current in state_steps(unit, founding))
    return ReceiptState(
        title=_("Proposal of a unit: %(name)s") % {"name": pick(unit.name)},
        stage=Stage.HEAR,
        state=str(UnitState(unit.state).label),
        url=reverse("units:unit", args=[unit.label]),
        steps=steps,
        answer=founding.refusal if unit.state == UnitState.REFUSED else "",
    )


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001 - asked so of every app
    """Work on this unit's place, names and links."""
    above = unit.path[:-5]
    doors = []
    changes = takes_in(unit) and actor.may("unit.change", above or unit.path)
    if takes_in(unit) and kinds_below(unit.kind):
        doors.append(Door("", _("Propose a unit below"), reverse("units:propose", args=[unit.label])))
        if actor.may("unit.found", unit.path):
            doors.append(Door("", _("Import units below"), reverse("units:upload", args=[unit.label])))
    if changes:
        doors.append(Door("", _("Rename"), reverse("units:rename", args=[unit.label])))
        doors.append(Door("", _("Headcount"), reverse("units:headcount", args=[unit.label])))
        doors.append(Door("", _("Sector links"), reverse("units:sector", args=[unit.label])))
        if above:
            doors.append(Door("", _("Move"), reverse("units:move", args=[unit.label])))
    if above and (actor.may("unit.end", unit.path) or actor.may("unit.approve", above)):
        doors.append(Door("", _("Merge or dissolve"), reverse("units:end", args=[unit.label])))
    return doors
