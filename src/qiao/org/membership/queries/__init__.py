"""Reading the register, the imports and the exports."""

from __future__ import annotations

from qiao.org.membership.queries.desk import desk_items
from qiao.org.membership.queries.exports import exports_of, waiting_exports
from qiao.org.membership.queries.imports import (
    Column,
    ImportView,
    RowPage,
    StagedRow,
    batch_of,
    batches_of,
    row_page,
    verdicts,
)
from qiao.org.membership.queries.reading import (
    RosterRow,
    active_members,
    member_count,
    member_counts,
    membership_of,
    roster,
)
from qiao.org.membership.queries.register import (
    RegisterPage,
    arriving,
    arriving_count,
    namesakes,
    register_page,
    register_rows,
    standing_of,
    standings_of,
)

__all__ = [
    "Column",
    "ImportView",
    "RegisterPage",
    "RosterRow",
    "RowPage",
    "StagedRow",
    "active_members",
    "arriving",
    "arriving_count",
    "batch_of",
    "batches_of",
    "desk_items",
    "exports_of",
    "member_count",
    "member_counts",
    "membership_of",
    "namesakes",
    "register_page",
    "register_rows",
    "roster",
    "row_page",
    "standing_of",
    "standings_of",
    "verdicts",
    "waiting_exports",
]
