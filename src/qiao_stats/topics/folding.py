"""Equal texts are one text: who pastes the same words a thousand times makes no topic larger.

Texts are equal where they differ only in width, case, blanks and marks. What counts is not how many texts there are but
from how many different sources they come.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qiao_stats.errors import StatsError

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Folded:
    """The different texts among n given ones.

    ``code`` (n,): which different text each is, −1 for one without letters or digits. ``first`` (d,): where each
    different text stands first. ``sources`` (d,): from how many different sources it came.
    """

    code: IntArray
    first: IntArray
    sources: IntArray

    @property
    def count(self) -> int:
        """How many different texts there are."""
        return len(self.first)


def normal(text: str) -> str:
    """The letters and digits of a text, in plain width and lower case; "" for marks, blanks and pictures alone."""
    signs = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in signs if unicodedata.category(sign)[0] in "LN")


def fold(texts: Sequence[str], sources: Sequence[Hashable | None] | None = None) -> Folded:
    """Fold n texts into the different ones.

    Args:
        texts: n texts.
        sources: who each came from; None (for one or for all) where it is not known: such copies of one text count as
            one source, because they may all be one person's.

    Raises:
        StatsError: texts and sources of different length.
    """
    if sources is not None and len(sources) != len(texts):
        raise StatsError("Each text needs its source.", column="sources")
    places: dict[str, int] = {}
    code = np.full(len(texts), -1, dtype=np.int64)
    first: list[int] = []
    seen: list[set[Hashable]] = []
    for number, text in enumerate(texts):
        plain = normal(text)
        if not plain:
            continue
        place = places.setdefault(plain, len(first))
        if place == len(first):
            first.append(number)
            seen.append(set())
        code[number] = place
        seen[place].add(None if sources is None else sources[number])
    return Folded(code, np.array(first, np.int64), np.array([len(one) for one in seen], np.int64))
