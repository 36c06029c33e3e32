"""What the window tells the shell."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage, Station
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, Door, OpenItem, OwnItem, Panel, PanelLine, ReceiptState
from qiao.hear.window.choices import AT_DESK, ENDED, OPEN, RUNNING, SlotState, State
from qiao.hear.window.models import Appointment, Request
from qiao.hear.window.queries.connect import disabled_hooks
from qiao.hear.window.queries.reading import VIEWS, bad_ratings, safety_calls
from qiao.hear.window.rules.seeing import CHECK, TAKE, seen_by
from qiao.hear.window.rules.states import steps
from qiao.org.units.models import Unit


def stations(codes: Collection[str]) -> list[Station]:
    """Requests made public, as stations; others stand on no public thread."""
    wanted = [code for code in codes if code.startswith("H-")]
    if not wanted:
        return []
    rows = Request.objects.filter(code__in=wanted, published__isnull=False).order_by("pk")
    return [
        Station(
            code=row.code,
            stage=Stage.HEAR,
            kind=_("Request"),
            title=row.public_text[:80],
            url=reverse("window:public", args=[row.code]),
            state=str(row.get_state_display()),
            at=row.received,
            finished=row.state in ENDED,
        )
        for row in rows
    ]


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """Requests to sort, to work on, to call back; bad ratings to mend; lives in danger. Four queries at most."""
    items: list[DeskItem] = []
    if actor.may(TAKE) or actor.may("request.handle") or actor.may(CHECK):
        waiting = Q(handler__in=actor.own_accounts, state__in=RUNNING)
        if actor.paths(TAKE):
            waiting |= Q(state__in=AT_DESK) & _at_home(actor, TAKE)
        if actor.paths(CHECK):
            waiting |= (
                Q(state__in=[State.ANSWERED, State.CALLED_BACK, State.RATED])
                & _at_home(actor, CHECK)
                & (~Q(handler__in=actor.own_accounts) | Q(handler__isnull=True))
            )
            # Another unit than the one that answered calls a second time: the body right above.
            above = [grant.unit_id for grant in actor.grants if CHECK in grant.actions]
            waiting |= VIEWS["sample"] & Q(body__parent__in=above)
        rows = Request.objects.filter(seen_by(actor) & waiting).select_related("body", "handler")
        items += [_item(row) for row in rows.order_by("-urgent", "due", "pk")[:30]]
        items += [
            DeskItem(
                due=rating.mend_due, title=_("Bad rating: %(code)s") % {"code": rating.request.code}, stage=Stage.HEAR,
                unit=pick(rating.request.body.name), next_step=_("Call back and mend it"),
                url=reverse("window:request", args=[rating.request.code]),
            )
            for rating in (bad_ratings(actor)[:10] if actor.paths(CHECK) else [])
        ]  # fmt: skip
    items += [
        DeskItem(
            due=now, title=_("Urgent call"), stage=Stage.HEAR, unit=pick(call.request.body.name),
            next_step=_("Speak with them today"), url=reverse("window:safety"),
            holder=call.taken_by.display_name if call.taken_by else "",
        )
        for call in safety_calls(actor)
    ]  # fmt: skip
    items += [
        DeskItem(
            due=None, title=_("Notices to another system were switched off"), stage=Stage.HEAR,
            unit=pick(hook.unit.name), next_step=_("See why, and switch them on again"),
            url=reverse("window:hook", args=[hook.pk]),
        )
        for hook in (disabled_hooks(actor) if actor.may("system.connect") else [])
    ]  # fmt: skip
    return items


def _at_home(actor: Actor, action: str) -> Q:
    """Bodies the actor holds the role in themselves: an upper window does not sort what lies with a lower one."""
    return Q(body__in=[grant.unit_id for grant in actor.grants if action in grant.actions])


def _item(row: Request) -> DeskItem:
    if row.state in AT_DESK:
        step = _("Say where it belongs") if row.state == State.RETURNED else _("Sort it and pass it on, or answer")
    elif row.state == State.ANSWERED:
        step = _("Call the asker back")
    elif row.state in (State.CALLED_BACK, State.RATED):
        step = _("Check the answer and close")
    elif row.state == State.CLOSED:
        step = _("Call the asker a second time, for another unit")
    elif row.state == State.ASSIGNED:
        step = _("Take it on, or give it back")
    else:
        step = _("Answer it")
    return DeskItem(
        due=row.due if row.state in RUNNING else None,
        title=_("Request %(code)s: %(topic)s") % {"code": row.code, "topic": row.get_topic_display()},
        stage=Stage.HEAR,
        unit=pick(row.body.name),
        next_step=step,
        url=reverse("window:request", args=[row.code]),
        holder=row.handler.display_name if row.handler else "",
    )


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:
    """Answers that wait for the member's word, and the question some weeks later."""
    if actor.person_id is None:
        return []
    asked = Q(follow_up__asked__isnull=False, follow_up__still_solved__isnull=True, state__in=ENDED)
    rows = Request.objects.filter(Q(state=State.ANSWERED) | asked, person=actor.person_id)
    del now
    return [
        OpenItem(
            closes=None,
            title=_("Did it help? Request %(code)s") % {"code": row.code}
            if row.state == State.ANSWERED
            else _("Is it still solved? Request %(code)s") % {"code": row.code},
            stage=Stage.HEAR,
            note=str(row.get_topic_display()),
            url=reverse("window:own_request", args=[row.code]),
        )
        for row in rows.order_by("-answered", "pk")[:5]
    ]


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:
    """What the member brought with their name or in confidence."""
    if actor.person_id is None:
        return []
    rows = Request.objects.filter(person=actor.person_id).order_by("-received", "-pk")[:50]
    return [
        OwnItem(
            title=_("Request: %(topic)s") % {"topic": row.get_topic_display()},
            stage=Stage.HEAR,
            state=str(row.get_state_display()),
            url=reverse("window:own_request", args=[row.code]),
            thread_code=row.code if row.published else "",
            at=row.received,
            late=row.state in RUNNING and row.due < now,
        )
        for row in rows
    ]


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """What becomes of a request or an appointment, without its words: the number alone may be seen by others."""
    if receipt.kind == "appointment":
        return _appointment_state(receipt)
    if receipt.kind != "request":
        return None
    row = Request.objects.filter(receipt=receipt.number).select_related("body").first()
    if row is None:
        return None
    if row.state in OPEN:
        state = _("%(state)s, with %(unit)s") % {"state": row.get_state_display(), "unit": pick(row.body.name)}
    else:
        state = str(row.get_state_display())
    return ReceiptState(
        title=_("Request: %(topic)s") % {"topic": row.get_topic_display()},
        stage=Stage.HEAR,
        state=state,
        url=reverse("window:state") + f"?number={row.receipt}",
        steps=tuple((label, done or current) for label, done, current in steps(row)),
    )


def _appointment_state(receipt: Receipt) -> ReceiptState | None:
    slot = Appointment.objects.filter(code=receipt.code, receipt=receipt.number).select_related("unit").first()
    if slot is None:
        return None
    return ReceiptState(
        title=_("Appointment at %(unit)s") % {"unit": pick(slot.unit.name)},
        stage=Stage.HEAR,
        state=str(SlotState(slot.state).label),
        url=reverse("window:booked", args=[slot.code]),
    )


def desk_doors(*, actor: Actor) -> list[Door]:
    """Inbox, intake, counter, figures, and what is kept for all of them."""
    doors = []
    if actor.may(TAKE) or actor.may("request.handle") or actor.may(CHECK):
        doors.append(Door("hear", _("Requests: the inbox"), reverse("window:inbox")))
    if actor.may(TAKE):
        doors.append(Door("hear", _("Enter a request: telephone, counter, paper"), reverse("window:intake")))
        doors.append(Door("hear", _("Counter: queue and appointments"), reverse("window:counters")))
    if actor.may("request.settle"):
        doors.append(Door("hear", _("Receivers and prepared answers"), reverse("window:keeping")))
    if actor.may("system.connect"):
        doors.append(Door("hear", _("Keys of other systems"), reverse("window:systems")))
        doors.append(Door("hear", _("Notices to other systems"), reverse("window:hooks")))
    return doors


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - as every app
    """Where one asks, on every unit's page; appointments where there are some."""
    free = Appointment.objects.filter(unit=unit, state=SlotState.OFFERED, starts__gt=now).count()
    lines = [PanelLine(_("Ask, complain, suggest: no name needed"), "", reverse("window:ask") + f"?at={unit.label}")]
    if free:
        lines.append(
            PanelLine(
                _("Appointments"), _("%(number)d free") % {"number": free}, reverse("window:slots", args=[unit.label])
            )
        )
    return [Panel(_("Service window"), tuple(lines))]
