"""The steps of an import of employers."""

from __future__ import annotations

from collections.abc import Mapping

from qiao.org.workplaces.choices import BatchState

_NEXT: Mapping[str, frozenset[str]] = {
    BatchState.UPLOADED: frozenset({BatchState.MATCHED, BatchState.DISCARDED}),
    BatchState.MATCHED: frozenset({BatchState.MATCHED, BatchState.WAITING, BatchState.DISCARDED}),
    BatchState.WAITING: frozenset({BatchState.CONFIRMED, BatchState.DISCARDED}),
    BatchState.CONFIRMED: frozenset({BatchState.UNDONE}),
    BatchState.UNDONE: frozenset(),
    BatchState.DISCARDED: frozenset(),
}


def next_states(state: str) -> frozenset[str]:
    """Where an import may go from here."""
    return _NEXT[state]
