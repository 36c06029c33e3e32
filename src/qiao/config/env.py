"""What the environment says, read once."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path


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
        vault_keys=Path(os.environ.get("QIAO_VAULT_KEYS") or home / "keys" / "vault.json").expanduser().resolve(),
    )


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
