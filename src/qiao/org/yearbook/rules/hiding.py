"""Hiding small cells of the yearly table from the top down, so that no sum gives one away (handbook P7).

Counts of people are members, split into women, others who said their sex and those who said nothing; and delegates,
split into women known as such and the rest. For each unit its children and what belongs to it directly make one line
of wholes with the unit's own number as sum, and a table of splits with both sums. What the unit above hides is not
published as a sum below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qiao.base.counts import is_small
from qiao_stats.disclosure import suppress, suppress_line

#: A whole, and the published parts that split it, each contained in the next.
SPLITS = (("members", ("women", "said")), ("delegates", ("women_delegates",)))
#: Wholes that are themselves counts of people nobody need know of one by one; delegates are named in public.
_PRIVATE = frozenset({"members"})


@dataclass(frozen=True, slots=True)
class Family:
    """The figures of the units directly below one unit, of what belongs to it directly, and what it hides itself."""

    children: Sequence[Mapping[str, int]]
    rest: Mapping[str, int]
    hidden: frozenset[str]


def split(figures: Mapping[str, int], whole: str, parts: Sequence[str]) -> list[int]:
    """The pieces of a whole: each part without those before it, and what is left; none below 0."""
    ends = [figures.get(part, 0) for part in parts] + [figures.get(whole, 0)]
    return [max(end - start, 0) for start, end in zip([0, *ends], ends, strict=False)]


def hidden_parts(figures: Mapping[str, int]) -> frozenset[str]:
    """Keys to hide in a row that stands alone: small numbers of people, and parts that leave a small rest."""
    found: set[str] = set()
    for whole, parts in SPLITS:
        if whole in _PRIVATE and is_small(figures.get(whole, 0)):
            found.add(whole)
        if whole in found or any(is_small(piece) for piece in split(figures, whole, parts)):
            found.update(parts)
    return frozenset(found)


def hidden_below(family: Family) -> list[frozenset[str]]:
    """For each child the keys it hides, so that its parent's published numbers give none of them away."""
    if not family.children:
        return []
    rows = [*family.children, family.rest]
    found: list[set[str]] = [set() for _row in rows]
    for whole, parts in SPLITS:
        if whole in _PRIVATE:
            line = suppress_line([row.get(whole, 0) for row in rows], sum_open=whole in family.hidden)
            for keys, flag in zip(found, line.hidden, strict=True):
                keys.update({whole} if flag else ())
        counts = np.array([split(row, whole, parts) for row in rows], dtype=np.int64)
        open_rows = np.array([whole in keys for keys in found])
        forced = open_rows[:, None] & (counts > 0)
        open_columns = np.full(counts.shape[1], bool(family.hidden.intersection(parts)))
        hidden = suppress(counts, forced=forced, rows_open=open_rows, columns_open=open_columns).hidden
        for keys, flags in zip(found, hidden, strict=True):
            keys.update(parts if flags.any() or whole in keys else ())
    return [frozenset(keys) for keys in found[:-1]]
