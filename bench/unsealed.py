"""The intake of evaluations without its seal: the same pages, roll and box, but nothing is sealed and nothing signed.

Only to measure what sealing costs; what it stores is no sealed answer.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping

from qiao.base import sealing
from qiao.config.wsgi import application
from qiao.judge.evaluations.services import answer

__all__ = ["application"]


def _padded(_public_key: str, content: Mapping[str, object]) -> bytes:
    """The answer as it is, as long as a sealed one and with as many random bytes."""
    text = json.dumps(content, ensure_ascii=False).encode()
    return secrets.token_bytes(sealing.OVERHEAD) + text.ljust(sealing.PAD)


class _Plain:
    seal = staticmethod(_padded)


answer.sealing = _Plain  # type: ignore[assignment]
answer.private_of = lambda _evaluation: ""  # type: ignore[assignment]
answer.own_credential = lambda _private, _digest: (bytes(32), bytes(256))  # type: ignore[assignment]
