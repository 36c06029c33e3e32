"""What came of a consultation, as the apps above describe it: they are asked through a registry."""

from __future__ import annotations

from collections.abc import Callable, Collection

from qiao.base.lineage import Station

Finder = Callable[[Collection[str]], list[Station]]
_FINDERS: list[Finder] = []


def register_stations(finder: Finder) -> None:
    """Offer a finder of stations by code; called from an app's ``ready()``."""
    if finder not in _FINDERS:
        _FINDERS.append(finder)


def stations_after(codes: Collection[str]) -> list[Station]:
    """The objects with these codes as their own apps describe them, in the language of the moment."""
    return [station for finder in _FINDERS for station in finder(codes)]
