"""Keys of other systems: issued, with what they may do and how often, and taken back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import ANONYMOUS, Actor, Refused, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.hear.window.choices import Channel, Scope
from qiao.hear.window.models import ApiFiling, ExternalSystem
from qiao.hear.window.services.filing import Filed, Given, file_request
from qiao.org.units.models import Unit

CONNECT = "system.connect"


def issue_key(
    *, actor: Actor, now: datetime, unit: Unit, name: str, scopes: Sequence[str], hourly: int
) -> tuple[ExternalSystem, str]:
    """Give a system a key, returned once. Raises Refused without ``system.connect``, Problem for no name or scope."""
    require(actor, CONNECT, unit.path)
    plain = " ".join(name.split())[:80]
    if not plain or not scopes or any(one not in Scope.values for one in scopes) or not 1 <= hourly <= 10_000:
        raise Problem("The form is not complete: open the page again.")
    key = f"qk_{secrets.token_urlsafe(24)}"
    with atomic():
        made = ExternalSystem.objects.create(
            unit=unit, name=plain, key_hash=key_hash(key), hint=key[:7], scopes=sorted(set(scopes)), hourly=hourly,
            made=now, made_by_id=actor.account_id,
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="system.issue", unit_path=unit.path, detail={"system": made.pk})
    return made, key


def revoke_key(*, actor: Actor, now: datetime, system_id: int) -> ExternalSystem:
    """Take a key back at once. Twice changes nothing."""
    with atomic():
        system = (
            ExternalSystem.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=system_id).first()
        )
        if system is None or not actor.may(CONNECT, system.unit.path):
            raise Refused(CONNECT)
        if system.revoked is None:
            system.revoked = now
            system.save(update_fields=["revoked"])
            audit.record(
                actor=actor, now=now, action="system.revoke", unit_path=system.unit.path, detail={"system": system.pk}
            )
    return system


def system_of(key: str) -> ExternalSystem | None:
    """The system behind a key, or None where there is none or it was taken back."""
    if not key or len(key) > 200:
        return None
    return ExternalSystem.objects.select_related("unit").filter(key_hash=key_hash(key), revoked__isnull=True).first()


def file_by_system(*, now: datetime, given: Given, system: ExternalSystem | None, service_code: str) -> Filed:
    """File what another system brings, as nobody signed in; the same ``nonce`` again is the same request."""
    with atomic():
        filed = file_request(actor=ANONYMOUS, now=now, given=given, channel=Channel.API)
        if not filed.again:
            ApiFiling.objects.create(request=filed.request, system=system, service_code=service_code)
        if system is not None and system.used != localdate(now):
            system.used = localdate(now)
            system.save(update_fields=["used"])
    return filed


def key_hash(key: str) -> str:
    """What is kept of a key: it is long and random, so a plain hash will do."""
    return hashlib.sha256(f"open311 {key}".encode()).hexdigest()
