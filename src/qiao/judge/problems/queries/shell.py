"""What the shell asks: stations of threads, the desk, what is open to members, receipts, a unit's panel, doors."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage, Station
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, Door, OpenItem, OwnItem, Panel, PanelLine, ReceiptState
from qiao.judge.problems.choices import ENDED_STATES, OPEN_STATES, OWNERS_STATES, PUBLIC_STATES, State
from qiao.judge.problems.models import Entry, Voice
from qiao.judge.problems.queries.board import by_age
from qiao.judge.problems.rules.states import steps
from qiao.org.units.models import Unit

_MOST = 50


def stations(codes: Collection[str]) -> list[Station]:
    """Public problems behind these codes."""
    wanted = [code for code in codes if code.startswith("PB-")]
    if not wanted:
        return []
    rows = Entry.objects.filter(code__in=wanted, state__in=PUBLIC_STATES).order_by("pk")
    return [
        Station(
            code=row.code, stage=Stage.JUDGE, kind=_("Problem"), title=pick(row.title),
            url=reverse("problems:problem", args=[row.code]), state=str(State(row.state).label), at=row.raised,
            finished=row.state == State.CLOSED, awaits="" if row.state == State.CLOSED else _next(row.state),
            due=row.due, weight=2,
        )
        for row in rows
    ]  # fmt: skip


def _next(state: str) -> str:
    return {
        State.RAISED: _("Take the problem on, or say why not"),
        State.ACCEPTED: _("Name who answers for the problem"),
        State.OWNED: _("Plan how the problem is mended"),
        State.REOPENED: _("Plan how the problem is mended"),
        State.RUNNING: _("Mend the problem"),
        State.CLAIMED: _("Checked again by those who raised it"),
        State.RECHECKED: _("Close the problem with what it teaches"),
    }[State(state)]


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """Problems whose next step is the actor's, and overdue ones below the units they verify for."""
    condition = Q(pk__in=[])
    for path in actor.paths("problem.accept"):
        condition |= Q(state__in=[State.RAISED, State.ACCEPTED], unit__path__startswith=path)
    if actor.own_accounts:
        condition |= Q(state__in=OWNERS_STATES, owner__in=actor.own_accounts)
    verify = Q(pk__in=[])
    for path in actor.paths("problem.verify"):
        verify |= Q(unit__path__startswith=path)
    # Where nobody spoke in time the union above checks; what it verifies, it also sees when it is late.
    condition |= verify & (Q(state=State.RECHECKED) | Q(state__in=OPEN_STATES, due__lt=now))
    rows = by_age(Entry.objects.filter(condition).select_related("unit", "owner_unit"))[:_MOST]
    return [
        DeskItem(
            due=row.due, title=pick(row.title), stage=Stage.JUDGE, unit=pick((row.owner_unit or row.unit).name),
            next_step=_next(row.state), url=reverse("problems:problem", args=[row.code]),
        )
        for row in rows
        if not (row.state in (State.CLAIMED, State.RECHECKED) and actor.did(row.owner_id, row.claimed_by_id))
    ]  # fmt: skip


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:
    """Problems a member raised or was drawn for, and may say of now whether they are mended."""
    if actor.person_id is None:
        return []
    rows = (
        Voice.objects.filter(person_id=actor.person_id, entry__state=State.CLAIMED, entry__recheck_from__lte=now)
        .exclude(entry__owner__in=actor.own_accounts)
        .select_related("entry__unit")
        .order_by("entry__due")[:_MOST]
    )
    return [
        OpenItem(
            closes=row.entry.due, title=pick(row.entry.title), stage=Stage.JUDGE,
            note=_("Is it mended? Your word decides."), url=reverse("problems:say", args=[row.entry.code]),
        )
        for row in rows
    ]  # fmt: skip


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:
    """Problems a member raised, and where they stand."""
    if actor.person_id is None:
        return []
    rows = Voice.objects.filter(person_id=actor.person_id).select_related("entry").order_by("-pk")[:_MOST]
    return [
        OwnItem(
            title=pick(row.entry.title), stage=Stage.JUDGE, state=str(State(row.entry.state).label),
            url=reverse("problems:say", args=[row.entry.code]), at=row.entry.raised,
            # Until an office takes it on nobody else sees it, nor its thread.
            thread_code=row.entry.code if row.entry.state in PUBLIC_STATES else "",
            late=row.entry.state in OPEN_STATES and row.entry.due is not None and row.entry.due < now,
        )
        for row in rows
    ]  # fmt: skip


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """Where the problem stands that a receipt was given for."""
    if receipt.kind != "problem":
        return None
    entry = Entry.objects.filter(code=receipt.code).first()
    if entry is None:
        return None
    return ReceiptState(
        title=pick(entry.title), stage=Stage.JUDGE, state=str(State(entry.state).label),
        url=f"{reverse('problems:mine')}?number={receipt.number}",
        steps=tuple((label, done or current) for label, done, current in steps(entry.state)),
        answer=pick(entry.reason) or pick(entry.lesson),
    )  # fmt: skip


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - all are asked alike
    """Open problems of a unit and below: what is due first, overdue ones marked; how many there are in all."""
    rows = Entry.objects.filter(unit__path__startswith=unit.path, state__in=PUBLIC_STATES).exclude(
        state__in=ENDED_STATES
    )
    found = rows.aggregate(n_all=Count("pk"), n_late=Count("pk", filter=Q(due__lt=now)))
    if not found["n_all"]:
        return []
    lines = tuple(
        PanelLine(
            pick(row.title), str(State(row.state).label), reverse("problems:problem", args=[row.code]),
            late=row.due is not None and row.due < now,
        )
        for row in by_age(rows)[:3]
    )  # fmt: skip
    note = ngettext("%(n)d open problem", "%(n)d open problems", found["n_all"]) % {"n": found["n_all"]}
    if found["n_late"]:
        note = _("%(open)s, %(late)d overdue") % {"open": note, "late": found["n_late"]}
    more = Door("judge", _("Problem ledger"), f"{reverse('problems:board')}?unit={unit.label}")
    return [Panel(_("Problems and what is done about them"), lines, more, note)]


def desk_doors(*, actor: Actor) -> list[Door]:
    """The ledger, for those who take problems on, mend or verify them."""
    if any(actor.may(action) for action in ("problem.accept", "problem.own", "problem.verify", "problem.record")):
        return [Door("judge", _("Problem ledger"), reverse("problems:board"), _("Found, mended, checked again"))]
    return []


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001 - all are asked alike
    """Raising a problem at this unit, for offices that found one."""
    if not actor.may("problem.record", unit.path):
        return []
    return [Door("judge", _("Enter a problem"), f"{reverse('problems:new')}?unit={unit.label}")]
