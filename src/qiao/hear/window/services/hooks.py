"""Addresses that are told of requests: kept by officers; notices go out by jobs, at least once, never lost."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from qiao.base import audit, jobs
from qiao.base.access import SYSTEM, Actor, Refused, require
from qiao.base.addresses import full_address
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.hear.window.choices import DeliveryState, HookState
from qiao.hear.window.models import Delivery, Hook, Request, Transition
from qiao.hear.window.rules.hooks import EVENTS, LEASE, TEST_EVENT, clean_url, signature, wait_after
from qiao.hear.window.rules.settings import HOOK_FAILURES
from qiao.hear.window.services.posting import Outcome, post
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit

CONNECT = "system.connect"
#: How long a former secret signs beside the new one.
OVERLAP = timedelta(hours=24)
_SIGNS = 5


def add_hook(*, actor: Actor, now: datetime, unit: Unit, url: str, events: Sequence[str]) -> tuple[Hook, str]:
    """Tell an address of the steps of requests at a unit and below. Returns the secret, which is shown once; for an
    address that is told already the secret is empty.

    Raises Refused without ``system.connect`` at the unit, Problem for an address that must not be told, or no event.
    """
    require(actor, CONNECT, unit.path)
    if not events or any(event not in EVENTS for event in events):
        raise Problem("Choose what to tell of.")
    plain = clean_url(url)
    with atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        known = Hook.objects.filter(unit=unit, url=plain).exclude(state=HookState.ENDED).first()
        if known is not None:
            return known, ""
        secret = _new_secret()
        hook = Hook.objects.create(
            unit=unit, url=plain, events=sorted(set(events)), secret=secret, since=now, made_by_id=actor.account_id
        )
        _note(actor, now, hook, "hook.add")
    return hook, secret


def rotate_hook(*, actor: Actor, now: datetime, hook_id: int) -> tuple[Hook, str]:
    """Make a new secret, shown once; for a day both sign. Raises Refused as `add_hook`."""
    with atomic():
        hook = _locked(actor, hook_id)
        secret = _new_secret()
        hook.former, hook.former_until = str(hook.secret), now + OVERLAP
        hook.secret = secret
        hook.save(update_fields=["former", "former_until", "secret"])
        _note(actor, now, hook, "hook.rotate")
    return hook, secret


def pause_hook(*, actor: Actor, now: datetime, hook_id: int) -> Hook:
    """Send nothing for now; what happens meanwhile waits. Twice changes nothing."""
    return _set(actor, now, hook_id, HookState.PAUSED, "hook.pause")


def resume_hook(*, actor: Actor, now: datetime, hook_id: int) -> Hook:
    """Send again, what has waited first. Twice changes nothing."""
    return _set(actor, now, hook_id, HookState.ACTIVE, "hook.resume")


def end_hook(*, actor: Actor, now: datetime, hook_id: int) -> Hook:
    """Tell this address no more; what waits for it is dropped."""
    return _set(actor, now, hook_id, HookState.ENDED, "hook.end")


def try_hook(*, actor: Actor, now: datetime, hook_id: int) -> Delivery:
    """Send a notice that tells of nothing. Raises Problem where the address is paused or ended."""
    with atomic():
        hook = _locked(actor, hook_id)
        if hook.state != HookState.ACTIVE:
            raise Problem("Switch it on first.")
        made = _enqueue(hook, TEST_EVENT, {"at": now.isoformat(timespec="seconds")}, now)
        _note(actor, now, hook, "hook.test")
    return made


def tell_systems(request: Request, step: Transition, now: datetime) -> int:
    """Write notices of a step, in its transaction; how many. Units a request is kept from are not told. One query.

    A notice holds code, topic, state and days: no words, no names, nothing of the asker.
    """
    path = request.body.path
    line = [path[:end] for end in range(_SIGNS, len(path) + 1, _SIGNS)]
    rows = Hook.objects.filter(unit__path__in=line).exclude(state=HookState.ENDED).select_related("unit")
    told = 0
    for hook in rows:
        event = f"request.{step.after}"
        if request.kept_from and hook.unit.path.startswith(request.kept_from):
            continue
        if "request.*" in hook.events or event in hook.events:
            _enqueue(hook, event, _content(request, step), now)
            told += 1
    return told


def deliver(*, now: datetime, delivery_id: int) -> Outcome | None:
    """Try one notice; None where it is not its time, or another worker is at it. Never raises for the receiver's sake.

    First the notice is taken (its next time is put ahead) and this is committed; only then is it sent. Killed between,
    it is sent again when that time comes: at least once.
    """
    with atomic():
        row = (
            Delivery.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("hook__unit")
            .filter(pk=delivery_id, state=DeliveryState.WAITING, due__lte=now, hook__state=HookState.ACTIVE)
            .first()
        )
        if row is None:
            return None
        row.tries, row.due = min(row.tries + 1, 30_000), now + LEASE
        row.save(update_fields=["tries", "due"])
    outcome = _send(row, now)
    with atomic():
        hook = Hook.objects.select_for_update(of=("self",)).select_related("unit").get(pk=row.hook_id)
        held = Delivery.objects.select_for_update().get(pk=row.pk)
        if held.state != DeliveryState.WAITING:
            return outcome
        held.status, held.fault = outcome.status, outcome.fault
        if outcome.came_through:
            held.state, held.delivered = DeliveryState.DELIVERED, now
            hook.failures = 0
        else:
            held.due = now + wait_after(held.tries)
            hook.failures += 1
            most = value_of(HOOK_FAILURES, path=hook.unit.path, on=localdate(now))
            if hook.failures >= most and hook.state == HookState.ACTIVE:
                hook.state = HookState.DISABLED
                _note(SYSTEM, now, hook, "hook.disable")
        held.save()
        hook.save(update_fields=["failures", "state"])
    return outcome


def deliver_due(*, now: datetime, most: int = 100) -> int:
    """Try the notices whose time has come, oldest first; how many were tried. Also those a killed worker left."""
    keys = list(
        Delivery.objects.filter(state=DeliveryState.WAITING, due__lte=now, hook__state=HookState.ACTIVE)
        .order_by("due", "pk")
        .values_list("pk", flat=True)[:most]
    )
    return sum(deliver(now=now, delivery_id=key) is not None for key in keys)


def _send(row: Delivery, now: datetime) -> Outcome:
    hook = row.hook
    held = [str(hook.secret)]
    if hook.former is not None and hook.former_until is not None and now < hook.former_until:
        held.append(str(hook.former))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Qiao",
        "Qiao-Event": row.event,
        "Qiao-Delivery": str(row.key),
        "Qiao-Signature": signature(held, row.body, int(now.timestamp())),
    }
    try:
        return post(hook.url, row.body, headers)
    except Problem as problem:
        # The name leads elsewhere now than when it was entered.
        return Outcome(None, problem.message[:80])


def _enqueue(hook: Hook, event: str, content: dict[str, object], now: datetime) -> Delivery:
    made = Delivery(hook=hook, event=event, made=now, due=now)
    made.body = json.dumps({"id": str(made.key), "event": event, **content}, ensure_ascii=False, sort_keys=True)
    made.save()
    jobs.defer("window.deliver", delivery_id=made.pk)
    return made


def _content(request: Request, step: Transition) -> dict[str, object]:
    return {
        "at": localdate(step.at).isoformat(),
        "request": {
            "code": request.code, "kind": request.kind, "topic": request.topic, "before": step.before,
            "state": step.after, "serial": step.serial, "unit": request.body.label,
            "due": localdate(request.due).isoformat(),
            "url": full_address(reverse("window:public", args=[request.code])) if request.published else None,
        },
    }  # fmt: skip


def _set(actor: Actor, now: datetime, hook_id: int, state: HookState, action: str) -> Hook:
    with atomic():
        hook = _locked(actor, hook_id)
        if hook.state == state:
            return hook
        if hook.state == HookState.ENDED:
            raise Problem("It has ended: enter the address anew.")
        if state == HookState.PAUSED and hook.state == HookState.DISABLED:
            return hook
        hook.state = state
        if state == HookState.ACTIVE:
            clean_url(hook.url)
            hook.failures = 0
            hook.deliveries.filter(state=DeliveryState.WAITING).update(due=now)
        if state == HookState.ENDED:
            hook.deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.DROPPED)
        hook.save(update_fields=["state", "failures"])
        _note(actor, now, hook, action)
    return hook


def _locked(actor: Actor, hook_id: int) -> Hook:
    hook = Hook.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=hook_id).first()
    if hook is None or not actor.may(CONNECT, hook.unit.path):
        raise Refused(CONNECT)
    return hook


def _new_secret() -> str:
    return f"qh_{secrets.token_urlsafe(32)}"


def _note(actor: Actor, now: datetime, hook: Hook, action: str) -> None:
    waiting = hook.deliveries.filter(Q(state=DeliveryState.WAITING)).count()
    audit.record(
        actor=actor, now=now, action=action, unit_path=hook.unit.path, detail={"hook": hook.pk, "waiting": waiting}
    )
