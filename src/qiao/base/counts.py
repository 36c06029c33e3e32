"""One rule for counts of members in public (handbook P7): what is small is not told, and nothing that gives it away.

Officers and the members concerned see every number. To everybody else a count of members from 1 to 4 is "<5", and
where the whole is that small no part of it is told either. Tables with sums use ``qiao_stats.disclosure``, which hides
second cells as well; single numbers are asked here. Both have the same threshold.
"""

from __future__ import annotations

from qiao_stats.disclosure import ORDINARY

#: The smallest count of members that is public.
SMALL = int(ORDINARY)


def is_small(number: int) -> bool:
    """Whether a count of members is too small to be told: one to four; none at all tells of nobody."""
    return 0 < number < SMALL


def public_count(number: int) -> int | None:
    """A count of members as everybody may see it; None where it is few, or nobody."""
    return number if number >= SMALL else None


def count_text(number: int, *, inside: bool) -> str:
    """A count of members as it is shown: to those outside the union no small one, from which one might guess whose."""
    return str(number) if inside or not is_small(number) else f"<{SMALL}"
