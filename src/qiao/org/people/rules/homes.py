"""Where a person belongs: told by the register, which stands above this app."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from qiao.base.i18n import Localized


@dataclass(frozen=True, slots=True)
class Home:
    """The unit in which a person has standing now."""

    unit_id: int
    path: str
    label: str
    name: Localized


#: Persons to the unit of their standing; whoever has none is left out.
HomesOf = Callable[[Collection[int]], dict[int, Home]]
#: Ids of those with standing in the unit at a path and below, ascending.
MembersUnder = Callable[[str], Iterator[int]]

_REGISTER: list[tuple[HomesOf, MembersUnder]] = []


def register_roll(*, homes_of: HomesOf, members_under: MembersUnder) -> None:
    """Have the register answer; from the AppConfig.ready() of the app that keeps it."""
    _REGISTER[:] = [(homes_of, members_under)]


def homes_of(person_ids: Collection[int]) -> dict[int, Home]:
    """The units of these persons."""
    return _REGISTER[0][0](person_ids) if _REGISTER else {}


def home_of(person_id: int) -> Home | None:
    """The unit of one person, None without standing."""
    return homes_of([person_id]).get(person_id)


def members_under(path: str) -> Iterator[int]:
    """Ids of the members of the unit at ``path`` and below, ascending."""
    return _REGISTER[0][1](path) if _REGISTER else iter(())
