"""Guessing is slowed, for all processes together, and nothing that could be read is kept."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test import RequestFactory

from qiao.base import throttle
from qiao.base.models import Throttle

PER = timedelta(minutes=1)


def passes(now: datetime, key: str = "a", limit: int = 5) -> bool:
    try:
        throttle.check("code", key, limit=limit, per=PER, now=now)
    except throttle.TooMany:
        return False
    return True


@pytest.mark.django_db
def test_hundreds_of_tries_in_a_day_become_a_handful(now: datetime) -> None:
    moments = [now + timedelta(seconds=10 * step) for step in range(6 * 60 * 6)]
    let_through = [moment for moment in moments if passes(moment)]
    # Five at once, then waits of 1, 2, 4, 8 … minutes: some eight more in six hours.
    assert 11 <= len(let_through) <= 15
    gaps = [later - earlier for earlier, later in pairwise(let_through[4:])]
    assert gaps == sorted(gaps)
    assert gaps[0] >= PER
    assert gaps[3] >= 8 * PER


@pytest.mark.django_db
def test_who_tries_seldom_never_waits(now: datetime) -> None:
    assert all(passes(now + timedelta(seconds=30 * step)) for step in range(300))


@pytest.mark.django_db
def test_each_key_and_each_thing_has_its_own_count(now: datetime) -> None:
    for _ in range(9):
        passes(now)
    assert not passes(now)
    assert passes(now, "b")
    throttle.check("receipt", "a", limit=5, per=PER, now=now)


@pytest.mark.django_db
def test_forgiving_begins_anew(now: datetime) -> None:
    for _ in range(9):
        passes(now)
    throttle.forgive("code", "a")
    assert passes(now)


@pytest.mark.django_db
def test_only_a_keyed_hash_is_kept_and_not_for_long(now: datetime) -> None:
    passes(now, "203.0.113.9")
    row = Throttle.objects.get()
    assert b"203" not in bytes(row.key)
    assert throttle.erase(now=now + timedelta(hours=23)) == 0
    assert throttle.erase(now=now + timedelta(hours=25)) == 1


@pytest.mark.django_db
def test_a_wait_is_told_in_minutes(now: datetime) -> None:
    for _ in range(5):
        passes(now)
    with pytest.raises(throttle.TooMany, match=r"Try again in 1 min\."):
        throttle.check("code", "a", limit=5, per=PER, now=now)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_slip_through(now: datetime) -> None:
    passed: list[bool] = []

    def attempt() -> None:
        try:
            passed.extend(passes(now) for _ in range(10))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert passed.count(True) == 5


def test_an_address_is_what_the_proxy_saw_and_a_network_of_ipv6(settings) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="9.9.9.9, 203.0.113.9")
    assert throttle.address_of(request) == "10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert throttle.address_of(request) == "203.0.113.9"
    six = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="2001:db8::7:1")
    assert throttle.address_of(six) == "2001:db8::/64"
