"""What a count gives, whatever the rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

#: The different papers and how many say so: codes, and ranks beside them (none where the rule asks for no order).
Said = Counter[tuple[tuple[str, ...], tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``chosen`` in their order; votes of each project; what the page tells of each; the file to count again.

    ``ties`` name the chosen and those that stood equal. ``working`` keeps the steps of a ranked count.
    """

    chosen: tuple[str, ...]
    votes: Mapping[str, int]
    ties: Sequence[Mapping[str, object]]
    text: str
    ending: str
    spent: Fraction | None = None
    share: Fraction | None = None
    payments: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    working: Mapping[str, object] = field(default_factory=dict)
