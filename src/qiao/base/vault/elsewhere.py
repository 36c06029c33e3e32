"""Sealed values in tables that are not ours, such as those of a library: whoever seals there registers the place.

A rotation and the dropping of old keys then reach them like the columns of our own models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One such place.

    ``table`` and ``column`` name it; ``context`` is what its values are sealed for. ``rows`` gives the keys of the
    rows that hold sealed values, ``values`` every sealed value. ``renew`` locks one row in the caller's transaction,
    passes each of its sealed values through the function and keeps what comes out.
    """

    table: str
    column: str
    context: str
    rows: Callable[[], list[Any]]
    values: Callable[[], Iterator[bytes]]
    renew: Callable[[Any, Callable[[bytes], bytes]], None]


_PLACES: dict[tuple[str, str], Elsewhere] = {}


def register_elsewhere(place: Elsewhere) -> None:
    """Let rotations reach this place; registering it again replaces it."""
    _PLACES[place.table, place.column] = place


def places_elsewhere() -> list[Elsewhere]:
    """Every place registered."""
    return list(_PLACES.values())
