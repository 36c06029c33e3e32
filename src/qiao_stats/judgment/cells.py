"""Hiding small cells of a row of counts whose total is printed."""

from __future__ import annotations

from collections.abc import Sequence


def hide_small_cells(counts: Sequence[int], *, smallest: int) -> tuple[int | None, ...]:
    """The counts with None for every cell below ``smallest``, and for as many others as hide these.

    One hidden cell could be computed back from the total, and so could several that are all zero: the smallest shown
    cells are hidden too until at least two are, and they hold ``smallest`` together. A row without small cells stays.
    """
    hidden = {place for place, count in enumerate(counts) if count < smallest}
    shown = sorted((count, place) for place, count in enumerate(counts) if place not in hidden)
    while hidden and shown and (len(hidden) < 2 or sum(counts[place] for place in hidden) < smallest):
        hidden.add(shown.pop(0)[1])
    return tuple(None if place in hidden else count for place, count in enumerate(counts))
