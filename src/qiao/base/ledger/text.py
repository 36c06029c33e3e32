"""The one text of an entry. Pure: an outsider's machine without database hashes the same."""

from __future__ import annotations

import json
from collections.abc import Mapping


def canonical(content: Mapping[str, object]) -> str:
    """The one JSON text of a content: sorted keys, no blanks, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
