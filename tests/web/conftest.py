"""A federation with every office, an adopted proposal with and without a need, and a fresh process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from tests.factories.deliver import Ground, ground

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.hear.needs.models import Need
from qiao.hear.needs.services import raise_finding
from qiao.web import context

Read = Callable[..., str]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """The name of an earlier test's federation is forgotten."""
    context._name.clear()


@pytest.fixture
def place(db: None, now: datetime) -> Ground:
    return ground(now)


@pytest.fixture
def need(place: Ground) -> Need:
    """A published need of one half, from an evaluation of earlier years."""
    return raise_finding(
        actor=SYSTEM, now=place.now, unit=place.root, title=localized("夜班没有车", "No bus at night"),
        detail=localized("末班车太早", "The last bus is too early"), share=0.5, lower=0.45, upper=0.55, n=300, rate=0.3,
        source_code="E-1",
    )  # fmt: skip


@pytest.fixture
def read(client: Client) -> Read:
    """The text of a page in a language, as the public or as ``who`` sees it."""

    def page(address: str, language: str = "en", *, who: Client | None = None, status: int = 200) -> str:
        response = (who or client).get(address, headers={"accept-language": language})
        assert response.status_code == status, address
        return response.content.decode()

    return page
