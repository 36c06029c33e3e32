"""Slowing whoever guesses: tries are counted per thing and key in PostgreSQL, so for all processes together.

The first ``limit`` tries within ``per`` are free. After that one try is let through at a time, each followed by twice
the wait of the one before, from ``per`` up to a day; tries while waiting are refused and change nothing. After ``per``
of quiet the count begins anew. Keys (an address, an account, a number) are kept only as a keyed hash, one row each,
and `erase` removes them after a day.

Call it in views, outside a service's transaction: what is rolled back is not counted.
"""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from qiao.base.problems import Problem

_DAY = timedelta(days=1)

# One statement: of a hundred tries at once each is counted, and none slips through beside another.
_COUNT = """
INSERT INTO base_throttle AS t (name, key, tries, since, until, refused)
VALUES (%(name)s, %(key)s, 1, %(now)s, CASE WHEN %(limit)s <= 1 THEN %(now)s + %(per)s ELSE %(now)s END, false)
ON CONFLICT (name, key) DO UPDATE SET
    refused = t.until > %(now)s,
    tries = CASE WHEN t.until > %(now)s THEN t.tries
                 WHEN greatest(t.since, t.until) + %(per)s <= %(now)s THEN 1
                 ELSE least(t.tries + 1, 30000) END,
    since = CASE WHEN t.until <= %(now)s AND greatest(t.since, t.until) + %(per)s <= %(now)s
                 THEN %(now)s ELSE t.since END,
    until = CASE WHEN t.until > %(now)s THEN t.until
                 WHEN greatest(t.since, t.until) + %(per)s <= %(now)s
                 THEN CASE WHEN %(limit)s <= 1 THEN %(now)s + %(per)s ELSE %(now)s END
                 WHEN t.tries + 1 >= %(limit)s
                 THEN %(now)s + least(%(per)s * power(2, least(t.tries + 1 - %(limit)s, 20)), %(day)s)
                 ELSE t.until END
RETURNING refused, until
"""


class TooMany(Problem):
    """Too many tries: ``seconds`` until the next one is let through."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many tries. Try again in %(minutes)d min.", minutes=max(1, -(-seconds // 60)))
        self.seconds = seconds


def check(name: str, key: str, *, limit: int, per: timedelta, now: datetime) -> None:
    """Count a try of ``name`` by ``key``. Raises TooMany where it must wait."""
    values: dict[str, Any] = {
        "name": name,
        "key": _hidden(name, key),
        "now": now,
        "limit": limit,
        "per": per,
        "day": _DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        refused, until = cursor.fetchone()
    if refused:
        raise TooMany(int((until - now).total_seconds()))


def ensure(name: str, key: str, *, now: datetime) -> None:
    """Raise TooMany where ``key`` must still wait; counts nothing. For pages where only failures count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT until FROM base_throttle WHERE name = %s AND key = %s", [name, _hidden(name, key)])
        row = cursor.fetchone()
    if row and row[0] > now:
        raise TooMany(int((row[0] - now).total_seconds()))


def failed(name: str, key: str, *, limit: int, per: timedelta, now: datetime) -> None:
    """Count a failure, of which the page tells by itself."""
    with suppress(TooMany):
        check(name, key, limit=limit, per=per, now=now)


def forgive(name: str, key: str) -> None:
    """Forget the tries: the right person has come in."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM base_throttle WHERE name = %s AND key = %s", [name, _hidden(name, key)])


def erase(*, now: datetime) -> int:
    """Remove what is older than a day; returns how many rows."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM base_throttle WHERE greatest(since, until) < %s", [now - _DAY])
        return int(cursor.rowcount)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; of IPv6 the network, because one household has them by the million.

    Behind the one proxy that speaks TLS it is what that proxy saw, never what the visitor claims.
    """
    text = str(request.META.get("REMOTE_ADDR", ""))
    if getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0):
        text = str(request.META.get("HTTP_X_FORWARDED_FOR", text)).rsplit(",", 1)[-1].strip()
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return text
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)


def _hidden(name: str, key: str) -> bytes:
    return salted_hmac(f"qiao.throttle.{name}", key, algorithm="sha256").digest()
