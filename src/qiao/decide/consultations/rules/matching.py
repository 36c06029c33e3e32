"""Which clause of a new text is which clause of the old one: the rule by which a clause keeps its id.

First clauses with the same words (blanks and marks aside) find each other, in order. Then, among what is left, pairs
are made from the most alike downwards: 0.8 × the share of neighbouring signs both have (Dice's coefficient of their
bigrams), 0.1 for the same printed number and 0.1 × how near both stand in their texts. Below `LEAST` nothing is paired:
the clause is new. An officer sees the pairs and mends them before anything is saved.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

#: Below this two clauses are not the same.
LEAST = 0.35


@dataclass(frozen=True, slots=True)
class Known:
    """A clause that has an id: ``key``, the number it bears, its text."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """The clause a new one is taken for (``key`` "" for none), and how alike they are, 0 to 1."""

    key: str
    alike: float


def match_clauses(old: Sequence[Known], new: Sequence[tuple[str, str]]) -> list[Match]:
    """For each new clause (number it bears, text) the old one it is taken for; each old one at most once."""
    found: dict[int, Match] = {}
    taken: set[int] = set()
    same: dict[str, list[int]] = defaultdict(list)
    for place, clause in enumerate(old):
        same[_plain(clause.text)].append(place)
    for place, (_label, text) in enumerate(new):
        free = [one for one in same.get(_plain(text), []) if one not in taken]
        if free:
            best = min(free, key=lambda one: (abs(one - place), one))
            found[place] = Match(old[best].key, 1.0)
            taken.add(best)
    left = [place for place in range(len(old)) if place not in taken]
    open_ones = [place for place in range(len(new)) if place not in found]
    old_pairs = {place: _pairs(old[place].text) for place in left}
    scored = []
    for place in open_ones:
        label, text = new[place]
        pairs = _pairs(text)
        for one in left:
            alike = _dice(pairs, old_pairs[one])
            near = 1 - abs(one / max(1, len(old)) - place / max(1, len(new)))
            score = 0.8 * alike + (0.1 if label and label == old[one].label else 0.0) + 0.1 * near
            if score >= LEAST and alike > 0:
                scored.append((-score, place, one, alike))
    for _score, place, one, alike in sorted(scored):
        if place not in found and one not in taken:
            found[place] = Match(old[one].key, round(alike, 3))
            taken.add(one)
    return [found.get(place, Match("", 0.0)) for place in range(len(new))]


def fresh_keys(used: Sequence[str], number: int) -> list[str]:
    """Ids no clause of the consultation ever had: k1, k2 … above the highest used."""
    top = max((int(key[1:]) for key in used if key[1:].isdigit()), default=0)
    return [f"k{top + place}" for place in range(1, number + 1)]


def _plain(text: str) -> str:
    signs = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in signs if unicodedata.category(sign)[0] in "LN") or text.strip()


def _pairs(text: str) -> Counter[str]:
    plain = _plain(text)
    return Counter(plain[place : place + 2] for place in range(max(1, len(plain) - 1)))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return 2 * sum(min(count, large[pair]) for pair, count in small.items()) / total if total else 0.0
