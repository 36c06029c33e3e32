"""Who wants to know of a poor rating: apps above register, since nothing below may import them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from qiao.base.access import Actor
from qiao.base.i18n import Localized
from qiao.org.units.models import Unit


@dataclass(frozen=True, slots=True)
class PoorRating:
    """A published rating with poor points: code, unit, title, the points (key to text), share satisfied on the whole.

    ``finding_code``: the need raised from it.
    """

    code: str
    unit: Unit
    title: Localized
    points: dict[str, Localized]
    satisfied: float | None
    finding_code: str


Listener = Callable[[PoorRating, Actor, datetime], None]
_listeners: list[Listener] = []


def on_poor_rating(listener: Listener) -> None:
    """Call ``listener`` in the transaction that publishes a poor rating; from AppConfig.ready(). Twice is once."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_listeners(found: PoorRating, actor: Actor, now: datetime) -> None:
    """Tell everybody registered."""
    for listener in _listeners:
        listener(found, actor, now)
