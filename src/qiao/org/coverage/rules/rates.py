"""One rate with what it rests on, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Withheld(StrEnum):
    """Why a rate is not printed."""

    NO_SCOPE = "no_scope"
    NOBODY = "nobody"
    OVER = "over"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Rate:
    """``value`` from 0 to 1, None where ``why`` says why it is withheld; ``part`` of ``whole``."""

    part: int
    whole: int
    value: float | None
    why: Withheld | None = None


def rate(part: int, whole: int, *, scoped: bool = True, hidden: bool = False, least: int = 5) -> Rate:
    """``part`` ÷ ``whole``, withheld where the scope is not stated, the base is small or hidden, or part exceeds whole.

    A rate above 100 % is blocked and never capped: one of the two counts is wrong, and whoever keeps them is told.
    ``least`` is the smallest base (small cell); 1 for what is no count of persons.
    """
    why = None
    if not scoped:
        why = Withheld.NO_SCOPE
    elif hidden:
        why = Withheld.SMALL
    elif whole <= 0:
        # Somebody belongs to nothing that is counted: that is more than the whole, too.
        why = Withheld.OVER if part > 0 else Withheld.NOBODY
    elif part > whole:
        why = Withheld.OVER
    elif whole < least:
        why = Withheld.SMALL
    return Rate(part, whole, None if why else part / whole, why)
