from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils.translation import override
from tests.factories.deliver import Ground, ground


@pytest.fixture
def place(db: None, now: datetime) -> Ground:
    return ground(now)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Results are held in English, whether or not the catalogues are compiled."""
    with override("en"):
        yield
