"""Reading the register, the imports and the exports."""

from __future__ import annotations

from qiao.org.membership.queries.reading import (
    RosterRow,
    active_members,
    member_count,
    member_counts,
    membership_of,
    roster,
)

__all__ = [
    "RosterRow",
    "active_members",
    "member_count",
    "member_counts",
    "membership_of",
    "roster",
]
