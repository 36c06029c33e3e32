"""The clocks of all requests: warnings at half and at four fifths, overdue to asker and upper unit, the day's seal."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils.timezone import get_default_timezone, localdate

from qiao.base import audit, jobs
from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.deadlines import Mark, progress
from qiao.base.ledger import log, merkle
from qiao.hear.window.choices import ENDED, RUNNING
from qiao.hear.window.models import DaySeal, Request, Transition

_STEPS = {Mark.HALF: 50, Mark.NEARLY: 80, Mark.OVERDUE: 100}


def warn_due(*, actor: Actor, now: datetime, after: int = 0, size: int = 500) -> int:
    """Warn whoever holds requests whose clock has run half or four fifths, and tell of those overdue.

    Goes through open requests by key from ``after`` on; returns the last key seen, 0 at the end. Each mark is told
    once. Raises Refused for everybody but the system.
    """
    if not actor.system:
        raise Refused("the clock is the system's")
    with atomic():
        rows = list(
            Request.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(state__in=RUNNING, pk__gt=after, warned__lt=100)
            .select_related("body")
            .order_by("pk")[:size]
        )
        for request in rows:
            mark = _STEPS.get(progress(request.clock_from, request.due, now).mark, 0)
            if mark <= request.warned:
                continue
            request.warned = mark
            request.save(update_fields=["warned"])
            if request.handler_id is not None:
                jobs.defer("window.tell_handler", request_id=request.pk, what=f"clock{mark}")
            if mark == 100:
                jobs.defer("window.tell", request_id=request.pk, what="overdue", serial=0)
                jobs.defer("window.tell_upper", request_id=request.pk)
                audit.record(
                    actor=actor, now=now, action="request.overdue", code=request.code, unit_path=request.body.path
                )
    return rows[-1].pk if len(rows) == size else 0


def seal_days(*, actor: Actor, now: datetime) -> int:
    """Enter in the ledger, for each full day not sealed yet, the root over its filings and over its endings' digests.

    Returns how many days. Run twice it seals nothing twice. Raises Refused for everybody but the system.
    """
    if not actor.system:
        raise Refused("the clock is the system's")
    last = DaySeal.objects.order_by("-day").values_list("day", flat=True).first()
    first = Request.objects.order_by("received").values_list("received", flat=True).first()
    if first is None:
        return 0
    day = last + timedelta(days=1) if last else localdate(first)
    made = 0
    while day < localdate(now):
        made += _seal(day, now)
        day += timedelta(days=1)
    return made


def _seal(day: date, now: datetime) -> int:
    zone = get_default_timezone()
    start = datetime.combine(day, time.min, zone)
    end = start + timedelta(days=1)
    filings = Request.objects.filter(received__gte=start, received__lt=end).order_by("filing_hash")
    hashes = list(filings.values_list("filing_hash", flat=True))
    ended = Transition.objects.filter(Q(after__in=ENDED), at__gte=start, at__lt=end).order_by("digest")
    digests = list(ended.values_list("digest", flat=True))
    if not hashes and not digests:
        return 0
    with atomic():
        if DaySeal.objects.select_for_update().filter(day=day).exists():
            return 0
        content = {"day": day.isoformat(), "filings": root_hex(hashes), "endings": root_hex(digests)}
        index = log.append(kind="window.day", code="", content=content, now=now)
        DaySeal.objects.create(day=day, filings=hashes, endings=digests, ledger_index=index)
    return 1


def root_hex(hashes: list[str]) -> str:
    """The Merkle root over hashes in their order, hex (RFC 9162)."""
    return merkle.root([merkle.leaf_hash(bytes.fromhex(one)) for one in hashes]).hex()
