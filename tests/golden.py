"""Where the results of other software lie that golden tests compare with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data"


def golden_path(*parts: str) -> Path:
    """A file of the golden data folder (QIAO_GOLDEN_DATA); skips the test only where that folder is absent."""
    root = Path(os.environ.get("QIAO_GOLDEN_DATA") or _DEFAULT)
    if not root.is_dir():
        pytest.skip(f"no golden data: set QIAO_GOLDEN_DATA to their folder (looked in {root})")
    return root.joinpath(*parts)
