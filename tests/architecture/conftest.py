"""The two places of the access matrix, built once for a module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.test import Client
from tests.architecture.matrix import EVERYBODY, PAGES, Undo, World
from tests.architecture.samples import make_places

from qiao.base.clock import now as clock
from qiao.base.db import atomic


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    from django.conf import settings

    before, settings.DEMO = settings.DEMO, False
    with django_db_blocker.unblock(), suppress(Undo), atomic():
        own, elsewhere = make_places(clock())
        clients = {"public": Client()}
        for who in EVERYBODY[1:]:
            clients[who] = Client(raise_request_exception=False)
            clients[who].force_login(own.people[0] if who == "member" else own.account(who))
        place = World(own, elsewhere, clients, [], [])
        for page in PAGES:
            try:
                with atomic():
                    page.at(place.values(own, page))
                    page.at(place.values(elsewhere, page))
            except Exception as fault:
                place.broken.append(f"{page.name}: {fault!r}")
            else:
                place.pages.append(page)
        yield place
        raise Undo
    settings.DEMO = before
