"""Requests are erased six years after their end (handbook P8); what stands of a person goes sooner on request."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qiao.hear.window.choices import ENDED, DeliveryState, Identity
from qiao.hear.window.models import Appointment, Delivery, QueueTicket, Request, RequestLink
from qiao.org.appeals.models import Appeal
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

PERIOD = Setting[int](
    "keep.requests",
    _("Requests, from their end"),
    Kind.YEARS,
    default=6,
    lowest=1,
    highest=10,
    setter=Setter.FEDERATION,
    action="setting.protect",
)
COUNTER_PERIOD = Setting[int](
    "keep.counter",
    _("Queue numbers and appointments"),
    Kind.MONTHS,
    default=6,
    lowest=1,
    highest=24,
    note=_("Name, contact and address of an appointment go with its end already."),
    setter=Setter.FEDERATION,
    action="setting.protect",
)


def erase_requests(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase requests that ended before ``cutoff`` with all that belongs to them; open appeals hold theirs."""
    due = Request.objects.filter(
        Q(closed__lt=cutoff) | Q(closed__isnull=True, answered__lt=cutoff), state__in=ENDED
    ).order_by("pk")
    due = due.exclude(code__in=Appeal.objects.filter(decided__isnull=True).values("subject"))
    # An earlier request goes after those joined to it.
    due = due.exclude(joined__request__closed__gte=cutoff)
    rows = held.leave_out(due, code="code", path="body__path")
    found = list(rows.values_list("pk", "code")[:limit])
    for key, _code in found:
        _erase(key)
    return Erased(tuple(f"hear.request:{code}" for _key, code in found))


def _erase(key: int) -> None:
    RequestLink.objects.filter(Q(request=key) | Q(other=key)).delete()
    with connection.cursor() as cursor:
        # Steps are never deleted but with their request: the trigger asks for its key.
        cursor.execute("SELECT set_config('qiao.erasing_request', %s, true)", [str(key)])
        Request.objects.filter(pk=key).delete()
        cursor.execute("SELECT set_config('qiao.erasing_request', '', true)")


def erase_counter(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase queue numbers and appointments of long ago."""
    tickets = held.leave_out(QueueTicket.objects.filter(day__lt=cutoff.date()), path="unit__path").order_by("pk")
    keys = list(tickets.values_list("pk", flat=True)[:limit])
    QueueTicket.objects.filter(pk__in=keys).delete()
    slots = Appointment.objects.filter(starts__lt=cutoff).order_by("pk")
    codes = list(
        held.leave_out(slots, code="code", path="unit__path").values_list("code", flat=True)[: limit - len(keys)]
    )
    Appointment.objects.filter(code__in=codes).delete()
    return Erased((*(f"hear.ticket:{key}" for key in keys), *(f"hear.appointment:{code}" for code in codes)))


HOOK_PERIOD = Setting[int](
    "keep.deliveries",
    _("Notices to other systems, from their delivery"),
    Kind.DAYS,
    default=30,
    lowest=7,
    highest=365,
    setter=Setter.FEDERATION,
    action="setting.protect",
)


def erase_deliveries(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase notices that were delivered or dropped before ``cutoff``."""
    rows = Delivery.objects.filter(made__lt=cutoff).exclude(state=DeliveryState.WAITING).order_by("pk")
    keys = list(held.leave_out(rows, path="hook__unit__path").values_list("pk", flat=True)[:limit])
    Delivery.objects.filter(pk__in=keys).delete()
    return Erased(tuple(f"hear.delivery:{key}" for key in keys))


RULES = (
    Rule(
        key="deliveries",
        label=_("Notices to other systems"),
        eraser=erase_deliveries,
        period=HOOK_PERIOD,
        purpose=_("To see whether a notice came through, and to send it again."),
    ),
    Rule(
        key="requests",
        label=_("Requests brought to the window"),
        eraser=erase_requests,
        period=PERIOD,
        purpose=_("To answer, to answer for the answer, and to show what became of it."),
        remains=_("Counts; the receipt's number and day; its hash in the ledger."),
    ),
    Rule(
        key="counter",
        label=_("Queue numbers and appointments"),
        eraser=erase_counter,
        period=COUNTER_PERIOD,
        purpose=_("To serve in turn, and to count how long people wait."),
    ),
)


def forget_person(person_id: int, now: datetime) -> int:  # noqa: ARG001 - every eraser is asked alike
    """Take a person out of their ended requests: name, contact and the link to them. How many requests."""
    rows = Request.objects.filter(person_id=person_id, state__in=ENDED)
    return rows.update(person=None, name=None, contact=None, contact_print=None, identity=Identity.ANONYMOUS)
