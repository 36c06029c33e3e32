"""Permanent random numbers that anybody can compute again, in any language, from the published seed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qiao_stats.errors import StatsError

#: 2⁵³: what a double holds exactly.
_SPAN = 1 << 53


def ranks(keys: Sequence[str], seed: str) -> npt.NDArray[np.float64]:
    """One number in [0, 1) for each key: the first 53 bits of SHA-256(seed, line feed, key) over 2⁵³.

    The numbers depend on nothing but seed and key: neither on the order of the frame nor on a version of a random
    number library, so a draw can be checked with any tool (permanent random numbers: Ohlsson 1995).
    Shape: (len(keys),). Raises StatsError for an empty seed or a key that occurs twice.
    """
    if not seed:
        raise StatsError("The draw needs a seed.", column="seed")
    seen: dict[str, int] = {}
    found = np.empty(len(keys))
    begun = hashlib.sha256(seed.encode() + b"\n")
    for place, key in enumerate(keys):
        if seen.setdefault(key, place) != place:
            raise StatsError(
                "The key %(key)s stands twice in the frame: rows %(first)d and %(second)d.",
                key=key, first=seen[key] + 1, second=place + 1, row=place, column="key",
            )  # fmt: skip
        digest = begun.copy()
        digest.update(key.encode())
        found[place] = (int.from_bytes(digest.digest()[:7], "big") >> 3) / _SPAN
    return found
