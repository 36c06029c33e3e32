"""Which of many short texts say the same as what is being written: BM25 over words of both languages.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), k1 = 1.2, b = 0.75; the weight
of a word is log(1 + (N − n + 0.5) / (n + 0.5)), never negative. A thousand short texts take some milliseconds.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from qiao.base.han import simplified

_K1, _B = 1.2, 0.75
_WORD = re.compile(r"[a-z]{3,}|[\u4e00-\u9fff]{2,}|\d{2,}")
_COMMON = (
    "我们 他们 你们 这个 那个 什么 怎么 怎样 如何 可以 是否",
    "没有 因为 所以 但是 已经 一直 现在 公司 单位 请问 工会 应该 需要",
    "the and for are was you our not with that this have has can what how when they from",
)
_STOP = frozenset(word for words in _COMMON for word in words.split())
#: Below this it is another matter. As a cosine: the score over the mean (geometric) of what each scores with itself,
#: so that a long story finds the short question it comes down to.
ALIKE = 0.12


@dataclass(frozen=True, slots=True)
class Hit:
    """One text by its place in the list, and how alike it is: 1 is the same words."""

    place: int
    alike: float


def words_of(text: str) -> list[str]:
    """The words that carry a meaning: two Chinese signs or three letters and more, in simplified script."""
    plain = simplified(unicodedata.normalize("NFKC", text)).lower()
    cut = [piece for word in rjieba.cut_for_search(plain) for piece in _WORD.findall(word)]
    return [word for word in cut if word not in _STOP]


@lru_cache(maxsize=4096)
def _counted(text: str) -> Counter[str]:
    return Counter(words_of(text))


def most_alike(text: str, texts: Sequence[str], *, most: int = 3, least: float = ALIKE) -> list[Hit]:
    """The texts most like ``text``, best first; none below ``least``. ``texts`` may be some thousands."""
    wanted = Counter(words_of(text))
    if not wanted or not texts:
        return []
    bags = [_counted(one) for one in texts]
    lengths = [sum(bag.values()) for bag in bags]
    mean = (sum(lengths) + sum(wanted.values())) / (len(lengths) + 1)
    known = Counter(word for bag in bags for word in bag)
    every = len(bags) + 1

    def weight(word: str) -> float:
        having = known[word] + (word in wanted)
        return math.log(1 + (every - having + 0.5) / (having + 0.5))

    def score(words: Counter[str], bag: Counter[str], length: int) -> float:
        total = 0.0
        for word in words:
            often = bag[word]
            if often:
                total += weight(word) * often * (_K1 + 1) / (often + _K1 * (1 - _B + _B * length / mean))
        return total

    own = score(wanted, wanted, sum(wanted.values()))
    hits = []
    for place, (bag, length) in enumerate(zip(bags, lengths, strict=True)):
        found = score(wanted, bag, length)
        if found:
            hits.append(Hit(place, found / math.sqrt(own * score(bag, bag, length))))
    hits = [hit for hit in hits if hit.alike >= least]
    return sorted(hits, key=lambda hit: (-hit.alike, hit.place))[:most]
