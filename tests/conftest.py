"""Fixtures of all tests."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection

from qiao.base import vault


@pytest.fixture
def now() -> datetime:
    """A fixed moment: tests never read the clock."""
    return datetime(2026, 5, 11, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def key_ring() -> None:
    """What an installation makes at its start: keys for what is encrypted at rest."""
    if not settings.VAULT_KEYS.exists():
        with contextlib.suppress(vault.KeyFault):
            vault.create_ring(settings.VAULT_KEYS, now=datetime(2026, 5, 11, tzinfo=UTC))


#: Bit of pg_trigger.tgtype that says TRUNCATE.
_TRUNCATE = 32


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Tests with real transactions empty all tables afterwards: allow that, nothing else, past the triggers."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgtype & %s > 0",
            [_TRUNCATE],
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        # The queue's tables are not Django's: jobs of an earlier run, kept with the database, would still lie there.
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
