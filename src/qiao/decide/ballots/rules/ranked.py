"""Holding a count of rankings against its rule by another way: plain loops over the different papers.

The count itself is made by the kernel over arrays. What it gives is followed here step by step, so that a count that
does not follow the rule is noticed before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

#: A paper: candidates by number, each with its rank (1 is best), the best first.
Ranking = tuple[tuple[int, int], ...]


def follows_runoff(papers: Mapping[Ranking, int], order: Sequence[int]) -> bool:
    """Whether ``order`` (winner first) is an instant run-off's, of equal ones the last on the paper leaving."""
    inside = set(order)
    #: Papers by those they count for now: only the papers of whoever leaves are looked at again.
    heaps: dict[tuple[int, ...], list[tuple[Ranking, int]]] = {}
    _deal(papers.items(), inside, heaps)
    for leaving in reversed(order[1:]):
        votes = dict.fromkeys(inside, Fraction(0))
        for first, heap in heaps.items():
            for one in first:
                votes[one] += Fraction(sum(times for _paper, times in heap), len(first))
        fewest = min(votes.values())
        if leaving != max(one for one in inside if votes[one] == fewest):
            return False
        inside.discard(leaving)
        loose = [paper for first in list(heaps) if leaving in first for paper in heaps.pop(first)]
        _deal(loose, inside, heaps)
    return True


def _deal(
    papers: Iterable[tuple[Ranking, int]], inside: set[int], heaps: dict[tuple[int, ...], list[tuple[Ranking, int]]]
) -> None:
    """Lay each paper on the heap of those it names best among the ones still in; who names none of them is laid off."""
    for paper, times in papers:
        best, first = 0, tuple[int, ...]()
        for one, rank in paper:
            if one not in inside or (first and rank > best):
                continue
            first = (*first, one) if first and rank == best else (one,)
            best = rank
        if first:
            heaps.setdefault(first, []).append((paper, times))


def follows_schulze(papers: Mapping[Ranking, int], order: Sequence[int]) -> bool:
    """Whether ``order`` is Schulze's: nobody stands behind one whose strongest path to them is weaker than theirs back.

    Strongest paths are found by raising the bar from link to link: what a bar can still reach is reached at least so.
    """
    size = len(order)
    beats = [[0] * size for _ in range(size)]
    for paper, times in papers.items():
        ranks = dict(paper)
        for one, rank in paper:
            row = beats[one]
            for other in range(size):
                if ranks.get(other, size + 1) > rank:
                    row[other] += times
    links = {
        (one, other): beats[one][other]
        for one in range(size)
        for other in range(size)
        if beats[one][other] > beats[other][one]
    }
    paths = [[0] * size for _ in range(size)]
    for bar in sorted(set(links.values())):
        for begin in range(size):
            for end in _reached(begin, {pair for pair, strength in links.items() if strength >= bar}):
                paths[begin][end] = bar
    wins = [sum(paths[one][other] > paths[other][one] for other in range(size)) for one in range(size)]
    return list(order) == sorted(range(size), key=lambda one: (-wins[one], one))


def _reached(begin: int, links: set[tuple[int, int]]) -> set[int]:
    found: set[int] = set()
    edge = {begin}
    while edge:
        edge = {other for one, other in links if one in edge} - found
        found |= edge
    return found - {begin}
