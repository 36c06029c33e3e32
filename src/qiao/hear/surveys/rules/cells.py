"""Which groups are too small to be told apart, and which figures stay hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qiao.hear.surveys.choices import UnionSize

#: A combination of design columns with fewer invited people is not written onto answers; it is merged.
DESIGN_CELL = 10


def union_size(members: int) -> UnionSize:
    """The band of a base union's size."""
    bands = ((300, UnionSize.LARGE), (100, UnionSize.MIDDLE), (25, UnionSize.SMALL))
    return next((band for least, band in bands if members >= least), UnionSize.TINY)


def merge_small(sizes: Mapping[str, int], floor: int) -> dict[str, str]:
    """Each label's merged label, such that no merged group has fewer than ``floor`` people, if that is possible.

    All labels below the floor are joined; what they make is joined with the next smallest until it is large enough.
    """
    small = sorted((label for label, size in sizes.items() if size < floor), key=lambda label: (sizes[label], label))
    if not small:
        return {label: label for label in sizes}
    rest = sorted((label for label in sizes if label not in small), key=lambda label: (sizes[label], label))
    while sum(sizes[label] for label in small) < floor and rest:
        small.append(rest.pop(0))
    name = "+".join(sorted(small))
    return {label: name if label in small else label for label in sizes}


def pseudo_clusters(invited: Mapping[str, int], order: Sequence[str], floor: int = DESIGN_CELL) -> dict[str, str]:
    """Each cluster's pseudo-PSU "01", "02", …: neighbours in ``order`` joined until each has ``floor`` invited people.

    A cluster code on an answer would tell of a small union. Joining whole clusters of one stratum keeps the estimate
    unbiased; the variance between joined clusters is counted within, so that it is judged from fewer, larger units
    (Wolter 2007, section 2.4, random groups). The last one that stays too small joins the one before; a stratum with
    fewer than ``floor`` invited in all is a single one.
    """
    found: dict[str, str] = {}
    number, size, last = 1, 0, []
    for cluster in order:
        found[cluster] = f"{number:02}"
        last.append(cluster)
        size += invited[cluster]
        if size >= floor:
            number, size, last = number + 1, 0, []
    if last and number > 1:
        found |= dict.fromkeys(last, f"{number - 1:02}")
    return found


def splits_safely(moved: int, left: int, floor: int = DESIGN_CELL) -> bool:
    """Whether people of one cell may be marked apart: both parts are empty or large enough."""
    return all(size == 0 or size >= floor for size in (moved, left))


def veiled(counts: Sequence[int], smallest: int, wholes: Sequence[int] | None = None) -> list[bool]:
    """Which of some counts with a published sum stay hidden: those from 1 to below ``smallest``, and one more.

    Of ``wholes`` (each count's own) also those that leave fewer than ``smallest`` over: where four of five have
    answered, it is told of each of the five that they did. With a single hidden count it could be computed back from
    the sum: the next smallest is hidden with it (of zeros only where nothing else is left).
    """
    hide = [0 < count < smallest for count in counts]
    if wholes is not None:
        hide = [
            dark or (count > 0 and whole - count < smallest)
            for dark, count, whole in zip(hide, counts, wholes, strict=True)
        ]
    if sum(hide) == 1 and len(counts) > 1:
        rest = sorted(
            (place for place, hidden in enumerate(hide) if not hidden), key=lambda k: (counts[k] == 0, counts[k], k)
        )
        hide[rest[0]] = True
    return hide
