from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils.translation import override
from tests.factories.org import Tree, make_tree


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Results are held in English, whether or not the catalogues are compiled."""
    with override("en"):
        yield


@pytest.fixture
def org(db: None, now: datetime) -> Tree:
    return make_tree(now)
