"""Which changes of a standing or an import are possible, and how long things last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from qiao.org.membership.choices import BatchState as B
from qiao.org.membership.choices import RulingKind, Standing

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


def may_leave(state: str) -> bool:
    """Whether somebody in this state may leave: from every standing there is, at once."""
    return state in (Standing.ACTIVE, Standing.TRANSFERRING, Standing.RETAINED, Standing.SUSPENDED)


def may_be_retained(state: str) -> bool:
    """Whether a member in this state may have the standing kept at the upper union."""
    return state in (Standing.ACTIVE, Standing.TRANSFERRING)


_RULED: Mapping[RulingKind, tuple[frozenset[Standing], Standing]] = {
    RulingKind.SUSPEND: (frozenset({Standing.ACTIVE, Standing.TRANSFERRING}), Standing.SUSPENDED),
    RulingKind.LIFT: (frozenset({Standing.SUSPENDED}), Standing.ACTIVE),
    RulingKind.EXPEL: (
        frozenset({Standing.ACTIVE, Standing.TRANSFERRING, Standing.RETAINED, Standing.SUSPENDED}),
        Standing.EXPELLED,
    ),
    RulingKind.LAPSE: (frozenset({Standing.ACTIVE}), Standing.LAPSED),
    RulingKind.DECEASED: (
        frozenset({Standing.ACTIVE, Standing.TRANSFERRING, Standing.RETAINED, Standing.SUSPENDED}),
        Standing.DECEASED,
    ),
}
#: Rulings of a body: only with its vote and the hash of its minutes.
VOTED = (RulingKind.SUSPEND, RulingKind.EXPEL)


def may_be_ruled(state: str, kind: str) -> bool:
    """Whether a ruling of this kind can be made on a standing in this state."""
    return state in _RULED[RulingKind(kind)][0]


def ruled_state(kind: str) -> Standing:
    """The state a ruling of this kind leads to."""
    return _RULED[RulingKind(kind)][1]
