"""What the environment says, read once."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: Roles whose actions work only after a second factor, where QIAO_SECOND_FACTOR_ROLES says nothing else.
SECOND_FACTOR_ROLES = "dpo,sys_admin,auditor,count_officer,org_officer,evaluator"


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment's say in how this installation runs.

    ``home`` is where all data lies; ``database_url`` is empty where the embedded PostgreSQL is used.
    """

    home: Path
    port: int
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
    return Environment(
        home=home,
        port=int(port),
        database_url=os.environ.get("DATABASE_URL", ""),
        demo=os.environ.get("QIAO_DEMO") == "1",
        demo_size=size,
        hosts=tuple(filter(None, os.environ.get("QIAO_HOSTS", "127.0.0.1,localhost,[::1]").split(","))),
        secret_key=os.environ.get("QIAO_SECRET_KEY") or _kept_secret(home / "keys" / "secret_key"),
        https=os.environ.get("QIAO_HTTPS") == "1",
        mail_url=os.environ.get("QIAO_MAIL_URL", ""),
        sms_url=os.environ.get("QIAO_SMS_URL", ""),
        sms_token=os.environ.get("QIAO_SMS_TOKEN", ""),
        second_factor_roles=tuple(
            filter(None, os.environ.get("QIAO_SECOND_FACTOR_ROLES", SECOND_FACTOR_ROLES).split(","))
        ),
        oidc=_oidc(os.environ.get("QIAO_OIDC", "")),
        vault_keys=Path(os.environ.get("QIAO_VAULT_KEYS") or home / "keys" / "vault.json").expanduser().resolve(),
    )


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
