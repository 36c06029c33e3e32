"""What a call of Open311 asks for, and with which key."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import date, timedelta

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, localdate, make_aware
from django.utils.translation import gettext as _

from qiao.base import throttle
from qiao.base.access import ActorRequest
from qiao.base.clock import now
from qiao.hear.window import services
from qiao.hear.window.choices import Scope
from qiao.hear.window.models import ExternalSystem
from qiao.hear.window.queries import open311 as queries
from qiao.hear.window.rules.settings import KEYLESS
from qiao.hear.window.views.georeport import Fault
from qiao.org.settings.queries import federation_path, value_of
from qiao.org.units.queries import root_unit

LONGEST_SPAN = timedelta(days=90)


_CODE = re.compile(r"^[A-Za-z0-9_-]{1,32}$")


def wanted_of(request: ActorRequest) -> queries.Wanted:
    """Which public requests are asked for. Raises Fault, all that is wrong at once."""
    given = request.GET
    states = tuple(dict.fromkeys(one.strip().lower() for one in given.get("status", "").split(",") if one.strip()))
    faults = [_("status is open or closed.")] if set(states) - {"open", "closed"} else []
    lists = []
    for name in ("service_code", "service_request_id"):
        pieces = tuple(one.strip() for one in given.get(name, "").split(",") if one.strip())
        if len(pieces) > 200 or not all(_CODE.match(one) for one in pieces):
            faults.append(_("%(name)s is a list of codes, with commas between.") % {"name": name})
        lists.append(pieces)
    days = []
    for name in ("start_date", "end_date"):
        try:
            days.append(_day(given.get(name, "")))
        except ValueError:
            faults.append(_("%(name)s is no date as W3C writes it, such as 2026-10-01T00:00:00Z.") % {"name": name})
    if faults:
        raise Fault(400, *faults)
    since, until = days
    if until is None:
        until = min(since + LONGEST_SPAN, localdate(now())) if since else localdate(now())
    if since is None:
        since = until - LONGEST_SPAN
    if since > until:
        raise Fault(400, _("start_date lies after end_date."))
    if until - since > LONGEST_SPAN:
        raise Fault(400, _("No more than 90 days at once."))
    return queries.Wanted(since, until, states, lists[0], lists[1])


def _day(text: str) -> date | None:
    """The day here of a W3C moment or day; raises ValueError for what is neither."""
    # A plus sign in an address is read as a blank.
    plain = text.strip().replace(" ", "+")
    if not plain:
        return None
    day: date | None
    try:
        moment = parse_datetime(plain)
        day = localdate(make_aware(moment) if is_naive(moment) else moment) if moment is not None else parse_date(plain)
    except OverflowError:
        raise ValueError(plain) from None
    if day is None or not 1900 < day.year < 9000:
        raise ValueError(plain)
    return day


def number_of(request: ActorRequest, name: str, otherwise: int, most: int) -> int:
    """A number from 1 to ``most`` in the address; raises Fault for what is none."""
    text = request.GET.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= most:
        raise Fault(400, _("%(name)s is a number from 1 to %(most)d.") % {"name": name, "most": most})
    return int(text[:9])


def require_here(request: ActorRequest) -> None:
    """A jurisdiction may be named: it is the label of the federation."""
    named = request.GET.get("jurisdiction_id") or request.POST.get("jurisdiction_id")
    if not named:
        return
    root = root_unit()
    if root is None or root.label.lower() != named.strip().lower():
        raise Fault(404, _("There is no jurisdiction with this id."))


def key_of(request: ActorRequest) -> str:
    """The key given, or nothing."""
    return str(request.POST.get("api_key") or request.GET.get("api_key") or "")


def system_for(request: ActorRequest, scope: Scope) -> ExternalSystem | None:
    """The system behind the key. Faults: a wrong key (403, slowed by address), one that may not do this, none."""
    key = key_of(request)
    if not key:
        if scope == Scope.POST and not value_of(KEYLESS, path=federation_path(), on=localdate(now())):
            raise Fault(403, _("api_key is missing."))
        return None
    address = throttle.address_of(request)
    throttle.ensure("open311.key", address, now=now())
    system = services.system_of(key)
    if system is None:
        throttle.failed("open311.key", address, limit=10, per=timedelta(minutes=10), now=now())
        raise Fault(403, _("This api_key is unknown or was taken back."))
    if scope not in system.scopes:
        raise Fault(403, _("This api_key may not do this."))
    return system


def slow_down(request: ActorRequest, system: ExternalSystem | None) -> None:
    """Count a filing against the hour of its system, or of its address. Raises TooMany."""
    hour = timedelta(hours=1)
    if system is not None:
        throttle.check("open311.post", f"system {system.pk}", limit=system.hourly, per=hour, now=now())
    else:
        throttle.check("open311.post", throttle.address_of(request), limit=10, per=hour, now=now())


def nonce_of(request: ActorRequest, system: ExternalSystem | None) -> str:
    """The same ``Idempotency-Key`` of the same system is the same request; without one each is new."""
    named = request.headers.get("Idempotency-Key", "")[:200]
    if not named or system is None:
        return secrets.token_hex(16)
    return hashlib.sha256(f"{system.pk} {system.key_hash} {named}".encode()).hexdigest()
