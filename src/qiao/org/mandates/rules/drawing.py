"""Drawing the units whose channel is tested, so that anybody can draw them again.

Each unit of the frame gets the SHA-256 of ``seed:label``; the units with the smallest are the sample, in that order.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence


def draw_sample(labels: Iterable[str], *, seed: str, share: float) -> list[str]:
    """The sample of a frame of labels: ``ceil(share × number)``, by rising hash. The order of ``labels`` is no matter.

    Raises ValueError for a share outside 0 … 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1: {share}")
    frame = sorted(set(labels))
    # A thousandth of a unit is rounding, not a unit: 0.05 × 20 is 1.
    number = math.ceil(len(frame) * share - 1e-9)
    return sorted(frame, key=lambda label: (hashlib.sha256(f"{seed}:{label}".encode()).hexdigest(), label))[:number]


def frame_hash(labels: Sequence[str]) -> str:
    """SHA-256 of the sorted labels, one a line: what the ledger holds of the frame before the draw is known."""
    return hashlib.sha256("\n".join(sorted(labels)).encode()).hexdigest()
