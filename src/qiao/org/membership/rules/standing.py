"""Which changes of a standing or an import are possible, and how long things last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from qiao.org.membership.choices import BatchState as B
from qiao.org.membership.choices import Standing

#: A transfer not accepted by then falls back to the hub (handbook C02, ``mem.transit_limit``).
TRANSIT_LIMIT = timedelta(days=30)
#: Staged rows are deleted after this (handbook P8).
STAGING_LASTS = timedelta(days=7)
#: An approved export can be taken this long.
EXPORT_LASTS = timedelta(days=3)

_NEXT: Mapping[B, frozenset[B]] = {
    B.UPLOADED: frozenset({B.MATCHED, B.DISCARDED}),
    B.MATCHED: frozenset({B.MATCHED, B.WAITING, B.DISCARDED}),
    B.WAITING: frozenset({B.CONFIRMED, B.DISCARDED}),
    B.CONFIRMED: frozenset({B.UNDONE}),
    B.UNDONE: frozenset(),
    B.DISCARDED: frozenset(),
}


def next_states(state: str) -> frozenset[B]:
    """The states an import may go to from this one."""
    return _NEXT[B(state)]


def may_start_transfer(state: str) -> bool:
    """Whether a member in this state may go over to another unit."""
    return state in (Standing.ACTIVE, Standing.RETAINED)
