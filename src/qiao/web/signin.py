"""What a session may do and where one is signed in: second factor, devices in words, ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils.timezone import localdate

from qiao.base import audit, jobs
from qiao.base.access import Actor, hold_back
from qiao.org.access.choices import Role
from qiao.org.people.models import Account
from qiao.web.models import SignIn

#: What the library notes of a session: each way in which its person was recognised, and when.
RECORDS = "account_authentication_methods"
_SEEN, _KEY, _GRANTS = "qiao_seen", "qiao_key", "qiao_grants"
#: How long an ended sign-in is remembered, so that a known device raises no alarm.
REMEMBERED = timedelta(days=90)

_BROWSERS = (
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("HuaweiBrowser", "Huawei"), ("UCBrowser", "UC"),
    ("QQBrowser", "QQ"), ("MiuiBrowser", "Mi"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("OpenHarmony", "HarmonyOS"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Windows", "Windows"), ("Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(agent: str) -> tuple[str, str]:
    """Browser and system in a word each, "" where unknown: proper names, which need no translation."""
    return (
        next((word for sign, word in _BROWSERS if sign in agent), ""),
        next((word for sign, word in _SYSTEMS if sign in agent), ""),
    )


def begin(request: HttpRequest, account: Account, now: datetime) -> None:
    """Note a sign-in; a device this account was never seen on is told by mail."""
    if not request.session.session_key:
        request.session.save()
    browser, system = device_of(request.META.get("HTTP_USER_AGENT", ""))
    before = SignIn.objects.filter(account=account)
    strange = before.exists() and not before.filter(browser=browser, system=system).exists()
    made, _ = SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "account": account,
            "browser": browser,
            "system": system,
            "started": now,
            "seen": localdate(now),
            "ended": None,
        },
    )
    request.session[_SEEN] = localdate(now).isoformat()
    request.session[_KEY] = request.session.session_key
    if strange:
        jobs.defer("web.tell_new_device", sign_in_id=made.pk)


def end(*, actor: Actor, now: datetime, sign_ins: Sequence[SignIn]) -> int:
    """End these sessions of the actor's own account, at once; returns how many there were."""
    own = [one for one in sign_ins if one.account_id == actor.account_id]
    Session.objects.filter(session_key__in=[one.session_key for one in own]).delete()
    number = SignIn.objects.filter(pk__in=[one.pk for one in own], ended__isnull=True).update(ended=now)
    if number:
        audit.record(actor=actor, now=now, action="session.end", detail={"sessions": number})
    return number


def open_sign_ins(account_id: int) -> list[SignIn]:
    """Where the account is signed in now, newest first; sessions that ran out are no more than remembered."""
    found = list(SignIn.objects.filter(account_id=account_id, ended__isnull=True).order_by("-started")[:50])
    alive = set(
        Session.objects.filter(session_key__in=[one.session_key for one in found]).values_list("session_key", flat=True)
    )
    return [one for one in found if one.session_key in alive]


def forget_old(*, now: datetime) -> int:
    """Remove sign-ins not seen for the time they are remembered."""
    return SignIn.objects.filter(seen__lt=localdate(now - REMEMBERED)).delete()[0]


def keep_track(request: HttpRequest, now: datetime) -> None:
    """Once a day note that a session is in use, and follow it where its key was changed with the password.

    A session that did not begin by `begin` is left alone.
    """
    day, key = localdate(now).isoformat(), request.session.get(_KEY)
    if key and (request.session.get(_SEEN) != day or key != request.session.session_key):
        SignIn.objects.filter(session_key=key).update(seen=localdate(now), session_key=request.session.session_key)
        request.session[_SEEN], request.session[_KEY] = day, request.session.session_key


def lost_a_role(request: HttpRequest, actor: Actor) -> bool:
    """Whether a role held earlier in this session has ended: then the session ends with it."""
    held = sorted(f"{grant.role}@{grant.unit_id}" for grant in actor.grants)
    before = request.session.get(_GRANTS)
    if before != held and (before or held):
        request.session[_GRANTS] = held
    return bool(set(before or ()) - set(held))


def has_second_factor(request: HttpRequest) -> bool:
    """Whether a passkey, an authenticator code or a recovery code was given in this session."""
    records = request.session.get(RECORDS) or []
    return any(record.get("method") == "mfa" for record in records)


def within_its_rights(request: HttpRequest, actor: Actor) -> Actor:
    """The actor as far as this session has shown who it is."""
    roles = settings.SECOND_FACTOR_ROLES
    if not roles or not actor.grants or has_second_factor(request):
        return actor
    return hold_back(actor, roles)


def roles_that_wait(actor: Actor) -> list[str]:
    """The roles whose actions wait for a second factor, by name."""
    if not actor.waiting:
        return []
    return [str(Role(grant.role).label) for grant in actor.grants if not grant.actions]
