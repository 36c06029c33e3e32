"""Which employers are known, for proposing a unit at one. The app of employers stands above units and offers itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownEmployer:
    """An employer as a proposal names it: unified social credit code ("" where it has none), name, place in words."""

    reg_code: str
    name: str
    place: str


#: The employers in business whose name or code begins so, at most so many.
Finder = Callable[[str, int], list[KnownEmployer]]
_FINDERS: list[Finder] = []


def offer_employers(finder: Finder) -> None:
    """Have ``finder`` asked for known employers; from AppConfig.ready(), once."""
    if finder not in _FINDERS:
        _FINDERS.append(finder)


def known_employers(text: str, limit: int) -> list[KnownEmployer]:
    """The employers that begin so, of whoever offered."""
    return [found for finder in _FINDERS for found in finder(text, limit)][:limit]
