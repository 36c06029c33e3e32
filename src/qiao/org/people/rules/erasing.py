"""Why something may not be erased yet, and what else is erased: told by the apps that hold it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from qiao.org.people.choices import RefusalGround


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing that stands against erasure now, in words of the request's language."""

    ground: RefusalGround
    text: str


#: Person id and moment to bars.
BarsOf = Callable[[int, datetime], list[Bar]]
#: Erases what an app holds about a person beyond what a law says, in the caller's transaction; how many rows.
Eraser = Callable[[int, datetime], int]
_BARS: list[BarsOf] = []
_ERASERS: list[tuple[str, Eraser]] = []


def register_bars(bars_of: BarsOf) -> None:
    """Have an app say what stands against erasing; from AppConfig.ready()."""
    if bars_of not in _BARS:
        _BARS.append(bars_of)


def register_eraser(name: str, eraser: Eraser) -> None:
    """Have an app erase what it holds when an erasure is granted; from AppConfig.ready()."""
    if all(eraser is not other for _name, other in _ERASERS):
        _ERASERS.append((name, eraser))


def bars_of(person_id: int, now: datetime) -> list[Bar]:
    """Everything that stands against erasing this person's data."""
    return [bar for giver in _BARS for bar in giver(person_id, now)]


def erasers() -> tuple[tuple[str, Eraser], ...]:
    """All erasers, by the name of what they erase."""
    return tuple(_ERASERS)
