"""What the environment says, read once."""

from __future__ import annotations

import ipaddress
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

#: Names that only this machine itself is reached by.
_HERE = frozenset({"127.0.0.1", "localhost", "[::1]"})
#: Roles whose actions work only after a second factor, where QIAO_SECOND_FACTOR_ROLES says nothing else.
SECOND_FACTOR_ROLES = "dpo,sys_admin,auditor,count_officer,org_officer,evaluator"


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment's say in how this installation runs.

    ``home`` is where all data lies; ``url`` is how people reach the site, without a slash at its end; ``database_url``
    is empty where the embedded PostgreSQL is used.
    """

    home: Path
    port: int
    url: str
    database_url: str
    demo: bool
    demo_size: str
    hosts: tuple[str, ...]
    secret_key: str
    https: bool
    mail_url: str
    vault_keys: Path
    second_factor_roles: tuple[str, ...]
    oidc: tuple[dict[str, str], ...]
    sms_url: str
    sms_token: str
    hook_networks: tuple[str, ...]
    metrics_token: str


@cache
def environment() -> Environment:
    """Read the environment. Creates ``QIAO_HOME`` and, once, the secret key in it."""
    home = Path(os.environ.get("QIAO_HOME", "var")).expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    size = os.environ.get("DEMO_SIZE", "small")
    if size not in {"small", "full"}:
        raise SystemExit(f"DEMO_SIZE is {size!r}: write small or full")
    port = os.environ.get("QIAO_PORT", "8470")
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        raise SystemExit(f"QIAO_PORT is {port!r}: write a port number from 1 to 65535")
    hosts = tuple(filter(None, os.environ.get("QIAO_HOSTS", "127.0.0.1,localhost,[::1]").split(",")))
    https = os.environ.get("QIAO_HTTPS") == "1"
    return Environment(
        home=home,
        port=int(port),
        url=site_url(os.environ.get("QIAO_URL", ""), hosts=hosts, https=https, port=int(port)),
        database_url=os.environ.get("DATABASE_URL", ""),
        demo=os.environ.get("QIAO_DEMO") == "1",
        demo_size=size,
        hosts=hosts,
        secret_key=os.environ.get("QIAO_SECRET_KEY") or _kept_secret(home / "keys" / "secret_key"),
        https=https,
        mail_url=os.environ.get("QIAO_MAIL_URL", ""),
        sms_url=os.environ.get("QIAO_SMS_URL", ""),
        sms_token=os.environ.get("QIAO_SMS_TOKEN", ""),
        hook_networks=_networks(os.environ.get("QIAO_HOOK_NETWORKS", "")),
        metrics_token=_token(os.environ.get("QIAO_METRICS_TOKEN", "")),
        second_factor_roles=tuple(
            filter(None, os.environ.get("QIAO_SECOND_FACTOR_ROLES", SECOND_FACTOR_ROLES).split(","))
        ),
        oidc=_oidc(os.environ.get("QIAO_OIDC", "")),
        vault_keys=Path(os.environ.get("QIAO_VAULT_KEYS") or home / "keys" / "vault.json").expanduser().resolve(),
    )


def _token(text: str) -> str:
    """What a monitor shows to read `/metrics`; "" closes the page. Raises SystemExit for one that could be guessed."""
    if text and (len(text) < 16 or not text.isascii() or any(sign.isspace() for sign in text)):
        raise SystemExit("QIAO_METRICS_TOKEN: write at least 16 letters, digits and signs, without spaces")
    return text


def _networks(text: str) -> tuple[str, ...]:
    """Private networks in which notices to other systems may go (``10.1.0.0/16,127.0.0.0/8``)."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for part in found:
        try:
            ipaddress.ip_network(part)
        except ValueError:
            raise SystemExit(f"QIAO_HOOK_NETWORKS holds {part!r}: write networks such as 10.1.0.0/16") from None
    return found


def site_url(text: str, *, hosts: Sequence[str], https: bool, port: int) -> str:
    """The address that mails, SMS and printed codes begin with, such as ``https://union.example.org``.

    Without one: the first of ``hosts`` that is a name of the outside, over TLS; where there is none, this machine's.
    Raises SystemExit for what is no such address, and for one under which the site would not answer.
    """
    if not text:
        outside = next((host for host in hosts if host not in _HERE and not host.startswith((".", "*"))), "")
        return f"https://{outside}" if https and outside else f"http://127.0.0.1:{port}"
    wanted = "write how people reach the site, such as https://union.example.org, without a path"
    if any(sign.isspace() or not sign.isprintable() for sign in text):
        raise SystemExit(f"QIAO_URL is {text!r}: {wanted}")
    try:
        parts = urlsplit(text)
        named, _port = parts.hostname or "", parts.port
    except ValueError:
        raise SystemExit(f"QIAO_URL is {text!r}: {wanted}") from None
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in {"http", "https"} or not named or not bare:
        raise SystemExit(f"QIAO_URL is {text!r}: {wanted}")
    if https and parts.scheme != "https":
        raise SystemExit(f"QIAO_URL is {text!r}, but QIAO_HTTPS is 1: begin it with https://")
    if not any(_answers(host.lower(), named) for host in hosts):
        raise SystemExit(f"QIAO_URL is {text!r}, but QIAO_HOSTS does not name {named}: add it there")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _answers(host: str, named: str) -> bool:
    """Whether the site answers under this name, by one entry of QIAO_HOSTS (``.example.org`` holds all below)."""
    return host == "*" or host.strip("[]") == named or (host.startswith(".") and f".{named}".endswith(host))


def _oidc(text: str) -> tuple[dict[str, str], ...]:
    """The sign-in providers: a JSON list, or the path of a file with one."""
    if not text:
        return ()
    fields = {"id", "name", "server", "client_id", "secret"}
    try:
        found = json.loads(text if text.lstrip().startswith("[") else Path(text).read_text(encoding="utf-8"))
        if all(set(one) == fields and all(isinstance(value, str) for value in one.values()) for one in found):
            return tuple(found)
    except (OSError, ValueError, TypeError):
        pass
    raise SystemExit(f"QIAO_OIDC: write a JSON list of objects with {', '.join(sorted(fields))}, or a file with it")


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
