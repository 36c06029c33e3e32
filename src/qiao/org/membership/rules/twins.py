"""How alike two records are, and from where on somebody is asked. docs/algorithms/duplicates.md says why so.

Nobody is merged by a number: the score only orders the list a person decides on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from qiao.org.membership.choices import Sign

#: What a sign adds where it is the same in both records.
SAME: Mapping[Sign, int] = {
    Sign.IDENTITY: 100,
    Sign.MOBILE: 30,
    Sign.MAIL: 30,
    Sign.NAME: 30,
    Sign.UNIT: 20,
    Sign.EMPLOYER: 10,
    Sign.SINCE: 10,
}
#: What a sign takes away where both records have it and it differs.
DIFFERENT: Mapping[Sign, int] = {Sign.IDENTITY: 100, Sign.NAME: 20}
#: From here on two records are put before somebody.
PROPOSED_FROM = 50
#: A merge can be undone for so long.
UNDO_LASTS = timedelta(days=30)


def score(same: Iterable[str], different: Iterable[str] = ()) -> int:
    """The sum of what is the same minus what differs, between 0 and 100.

    A differing identity number alone makes it 0: two numbers are two persons, whatever else agrees.
    """
    total = sum(SAME[Sign(sign)] for sign in same) - sum(DIFFERENT.get(Sign(sign), 0) for sign in different)
    return max(0, min(100, total))


def is_proposed(same: Iterable[str], different: Iterable[str] = ()) -> bool:
    """Whether two records are put before somebody to decide."""
    return score(same, different) >= PROPOSED_FROM
