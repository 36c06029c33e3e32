"""How answers came about: on a member's own device, or through somebody of the evaluator's, by telephone or from paper.

The mode stands inside the sealed answer, so that nobody counts modes while an evaluation is open. Whoever seals may
write anything there; at the close the roll therefore tells for how many a credential was given out in each mode, and
both numbers are published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qiao.judge.evaluations.choices import Mode
from qiao.judge.evaluations.rules.states import SMALLEST_CELL

#: Modes that go through somebody of the evaluator's.
ASSISTED = (Mode.PHONE, Mode.PAPER)


def mode_of(answer: Mapping[str, object]) -> Mode:
    """The mode an opened answer names; what names none came from a device of one's own."""
    named = answer.get("mode")
    return Mode(str(named)) if named in {one.value for one in ASSISTED} else Mode.DEVICE


def told_modes(modes: Iterable[str]) -> dict[str, int | None]:
    """How many of each mode, as it may be told: None for 1 to 4 of a mode, and for another so that none follows."""
    counts = dict.fromkeys((mode.value for mode in Mode), 0)
    for mode in modes:
        counts[mode] += 1
    small = {mode for mode, count in counts.items() if 0 < count < SMALLEST_CELL}
    told: dict[str, int | None] = {mode: None if mode in small else count for mode, count in counts.items()}
    if len(small) == 1:
        # With the number of all answers the one that is hidden would follow: the next smallest goes with it.
        rest = [mode for mode, count in told.items() if count]
        if rest:
            told[min(rest, key=lambda mode: counts[mode])] = None
    return told


def fits(told: Mapping[str, object], total: int) -> bool:
    """Whether these are the modes of ``total`` answers, told as `told_modes` tells them."""
    if set(told) != {mode.value for mode in Mode}:
        return False
    hidden = [mode for mode, count in told.items() if count is None]
    known = [count for count in told.values() if count is not None]
    if not all(isinstance(count, int) and (count == 0 or count >= SMALLEST_CELL) for count in known):
        return False
    rest = total - sum(int(str(count)) for count in known)
    return rest == 0 if not hidden else rest >= len(hidden)
