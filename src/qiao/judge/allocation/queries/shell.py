"""What the shell asks: stations of threads, the desk, doors."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage, Station
from qiao.base.records import DeskItem, Door
from qiao.judge.allocation.choices import PUBLIC_STATES, State
from qiao.judge.allocation.models import Sheet
from qiao.judge.allocation.queries.sheets import UPPER
from qiao.org.units.models import Unit

#: State to the action that takes the next step.
_NEXT = {
    State.DRAFT: "allocation.compute",
    State.COMPUTED: "allocation.compute",
    State.PUBLISHED: "allocation.compute",
    State.CONSULTED: "allocation.decide",
    State.DECIDED: "allocation.compute",
    State.PAID: "allocation.compute",
    State.COMPARED: "allocation.audit",
}


def _words(state: str) -> str:
    return {
        State.DRAFT: _("Compute the sheet"),
        State.COMPUTED: _("Publish the allocation sheet"),
        State.PUBLISHED: _("Name the consultation that asked the members"),
        State.CONSULTED: _("Decide on the sheet"),
        State.DECIDED: _("Enter what was paid"),
        State.PAID: _("Compare with the year before"),
        State.COMPARED: _("Check and close the sheet"),
    }[State(state)]


def stations(codes: Collection[str]) -> list[Station]:
    """Published sheets behind these codes."""
    wanted = [code for code in codes if code.startswith("AS-")]
    if not wanted:
        return []
    rows = Sheet.objects.filter(code__in=wanted, state__in=PUBLIC_STATES).order_by("pk")
    return [
        Station(
            code=row.code,
            stage=Stage.JUDGE,
            kind=_("Allocation sheet"),
            title=pick(row.title),
            url=reverse("allocation:sheet", args=[row.code]),
            state=str(State(row.state).label),
            at=row.published or row.drafted,
            figure="",
            finished=row.state == State.AUDITED,
            awaits="",
            due=None,
            flags=(),
            weight=1,
        )
        for row in rows
    ]


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:  # noqa: ARG001 - the shell asks all apps alike
    """Sheets whose next step is the actor's: not where the one before was theirs and another has to take this one."""
    condition = Q(pk__in=[])
    for state, action in _NEXT.items():
        for path in actor.paths(action):
            condition |= Q(state=state, unit__path__startswith=path)
    rows = Sheet.objects.filter(condition).select_related("unit").order_by("drafted")[:50]
    return [
        DeskItem(
            due=None,
            title=pick(row.title),
            stage=Stage.JUDGE,
            unit=pick(row.unit.name),
            next_step=_words(row.state),
            url=reverse("allocation:sheet", args=[row.code]),
        )
        for row in rows
        if not _did_what_bars(actor, row)
    ]


def _did_what_bars(actor: Actor, sheet: Sheet) -> bool:
    if sheet.state == State.CONSULTED:
        return actor.did(sheet.computed_by_id)
    if sheet.state == State.DECIDED:
        return actor.did(sheet.decided_by_id)
    if sheet.state == State.COMPARED:
        return actor.did(sheet.computed_by_id, sheet.decided_by_id, sheet.paid_by_id)
    return False


def desk_doors(*, actor: Actor) -> list[Door]:
    """The board of sheets, for those who compute, decide or audit."""
    if any(actor.may(action) for action in ("allocation.compute", "allocation.decide", "allocation.audit")):
        return [
            Door("judge", _("Allocation by need"), reverse("allocation:board"), _("Computed, published, contestable"))
        ]
    return []


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001 - the shell asks all apps alike
    """Dividing a budget among the units below this one."""
    if unit.kind not in UPPER or not actor.may("allocation.compute", unit.path):
        return []
    return [
        Door("judge", _("Divide a budget by need"), reverse("allocation:new") + f"?unit={unit.label}", _("Six inputs"))
    ]
