"""What every app holds about a person: the registry behind "my data" and its download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One thing held: what it is, its value in words, when it was last made sure of, where it is mended."""

    label: str
    value: str
    since: str = ""
    url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """What one app holds about a person: ``why`` says what for and for how long."""

    key: str
    title: str
    lines: tuple[OwnLine, ...]
    why: str = ""


#: Person id to groups, in the language of the request. Sealed values are opened: it is the person who asks.
OwnData = Callable[[int], list[OwnGroup]]
#: The app whose groups stand first.
FIRST = "people"
_GIVERS: list[tuple[str | Promise, OwnData]] = []


def register_own_data(app: str | Promise, giver: OwnData) -> None:
    """Have an app say what it holds; from AppConfig.ready()."""
    if all(giver is not other for _app, other in _GIVERS):
        _GIVERS.append((app, giver))


def own_data(person_id: int) -> list[OwnGroup]:
    """Everything every app holds about a person; who they are and how they are reached stands first."""
    givers = sorted(_GIVERS, key=lambda given: given[0] != FIRST)
    return [group for _app, giver in givers for group in giver(person_id) if group.lines]
