"""Notices to other systems: which addresses may be told, how a notice is signed, when it is tried again.

Signature: ``Qiao-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>]`` with HMAC-SHA256 over ``<t>.<body>``. The time is
part of what is signed, so that a caught notice cannot be sent again later; ``Qiao-Delivery`` names the notice.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import socket
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from qiao.base.problems import Problem
from qiao.hear.window.choices import State

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: What can be told of. "request.*" is all.
EVENTS = ("request.*", *(f"request.{state.value}" for state in State))
TEST_EVENT = "hook.test"
#: How long after a try in vain the next one follows; the last one again and again.
WAITS = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8),
    timedelta(hours=24),
)  # fmt: skip
#: While one worker tries a notice no other does; if it is killed the notice is due again after this.
LEASE = timedelta(minutes=2)
TIMEOUT = 10.0
#: After so many seconds a try ends, however slowly the receiver keeps talking.
LONGEST = 30.0
#: How far a receiver lets the signed time differ from its own.
TOLERANCE = timedelta(minutes=5)
_LONGEST = 500


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries in vain."""
    return WAITS[min(tries, len(WAITS)) - 1]


def signature(secrets: Sequence[str], body: str, at: int) -> str:
    """The header for a body at a time (unix seconds), one part for each secret that holds."""
    return ",".join([f"t={at}", *(f"v1={_mac(secret, body, at)}" for secret in secrets)])


def signature_fits(secret: str, header: str, body: str, now: int) -> bool:
    """What a receiver asks: whether the body was signed with the secret, and just now."""
    parts = [part.partition("=") for part in header.split(",")]
    times = [value for name, _sign, value in parts if name == "t"]
    if len(times) != 1 or not times[0].isdecimal() or abs(int(times[0]) - now) > TOLERANCE.total_seconds():
        return False
    made = _mac(secret, body, int(times[0]))
    return any(name == "v1" and hmac.compare_digest(value, made) for name, _sign, value in parts)


def clean_url(text: str) -> str:
    """An address that may be told. Raises Problem for what is no https address, or names a user, a strange port or a
    host inside a private network (unless the settings let it)."""
    url = text.strip()
    parts = _parts(url)
    if len(url) > _LONGEST or parts is None or not parts.hostname:
        raise Problem("This is no address.", hint="Write it as https://example.org/path.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Problem("An address with a user or a fragment is not taken.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _let_in_plain(parts.hostname)):
        raise Problem("Only https addresses are told.", hint="Write it as https://example.org/path.")
    allowed_addresses(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
    return url


def allowed_addresses(host: str, port: int) -> list[Address]:
    """The addresses behind a host, none of them in a network nobody outside may reach (SSRF).

    Raises Problem where one is, or where there is none. Asked again at every try, and the connection then goes to the
    very address that was looked at, so that a name cannot change its mind in between.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Problem("Nobody knows this host: %(host)s.", host=host[:80]) from None
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    if not addresses or not all(is_allowed(one) for one in addresses):
        raise Problem("This address lies in a network that is not told: %(host)s.", host=host[:80])
    return addresses


def is_allowed(address: Address) -> bool:
    """Whether an address is one of the open internet, or of a network the settings let in."""
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None:
        address = mapped
    if any(address in net for net in _let_in() if net.version == address.version):
        return True
    inside = getattr(address, "is_site_local", False)
    return address.is_global and not (address.is_multicast or address.is_reserved or inside)


def _let_in() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(text) for text in getattr(settings, "HOOK_NETWORKS", ())]


def _let_in_plain(host: str) -> bool:
    """Whether http is taken: on this very machine, and only where the settings let it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback and is_allowed(address)


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return None
    return parts if url.isprintable() and " " not in url else None


def _mac(secret: str, body: str, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
