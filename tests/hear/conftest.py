"""Ground of the tests of Hear."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.factories.hear import Town, make_town


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> Path:
    """Frozen data and keys of a test lie in its own folder."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def town(db: None, now: datetime) -> Town:
    """Forty members in two districts."""
    return make_town(now)
