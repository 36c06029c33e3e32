"""Fixtures of all tests."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as properties
from pytest_django import DjangoDbBlocker

from qiao.base import vault

# How fast a busy machine makes examples is no property of what is tested.
properties.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("any machine")


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
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests with real transactions empty all tables afterwards: allow that, nothing else, past the triggers."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgtype & %s > 0",
            [_TRUNCATE],
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    _empty_queue(django_db_blocker)


def _empty_queue(blocker: DjangoDbBlocker) -> None:
    """The queue's tables are not Django's: nothing else takes jobs away that were committed, even by an earlier run."""
    with blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture(autouse=True)
def queue_emptied(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a test with real transactions queued is of things that are gone after it."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if {"transactional_db", "live_server"} & set(request.fixturenames) or (marker and marker.kwargs.get("transaction")):
        _empty_queue(django_db_blocker)


@pytest.fixture(autouse=True)
def language_of_the_house() -> Iterator[None]:
    """A page answered in English leaves its language to the thread: the next test begins with the default again."""
    translation.deactivate()
    yield
    translation.deactivate()
