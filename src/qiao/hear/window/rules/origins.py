"""What a request came out of, in a stage above: it is told of the answer through what it enters here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from qiao.base.access import Actor

#: (origin, answer, actor, now): called in the transaction of the answer.
Told = Callable[[str, str, Actor, datetime], None]
_TOLD: dict[str, Told] = {}


def register_origin(prefix: str, told: Told) -> None:
    """Have ``told`` called when a request is answered whose origin begins with ``prefix``."""
    _TOLD[prefix] = told


def tell_origin(origin: str, answer: str, actor: Actor, now: datetime) -> bool:
    """Tell where a request came from of its answer; whether anybody wanted to know."""
    told = next((told for prefix, told in _TOLD.items() if origin.startswith(prefix)), None)
    if told is None:
        return False
    told(origin, answer, actor, now)
    return True
