"""Reading the register, the imports and the exports."""

from __future__ import annotations

from qiao.org.membership.queries.desk import desk_items
from qiao.org.membership.queries.exports import exports_of, waiting_exports
from qiao.org.membership.queries.groups import group_by_key, group_list, groups_led, groups_of
from qiao.org.membership.queries.imports import (
    NOTED,
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
from qiao.org.membership.queries.rulings import former_rulings, ruling_by_code, waiting_rulings
from qiao.org.membership.queries.tally import employment_counts, member_count, member_counts
from qiao.org.membership.queries.told import Keeping, Told, keeping, told
from qiao.org.membership.queries.twins import holds_at, pair_of, seen_name, signs_of, twins_at

__all__ = [
    "NOTED",
    "Column",
    "ImportView",
    "Keeping",
    "RegisterPage",
    "RosterRow",
    "RowPage",
    "StagedRow",
    "Told",
    "active_members",
    "arriving",
    "arriving_count",
    "batch_of",
    "batches_of",
    "desk_items",
    "employment_counts",
    "exports_of",
    "former_rulings",
    "group_by_key",
    "group_list",
    "groups_led",
    "groups_of",
    "holds_at",
    "keeping",
    "member_count",
    "member_counts",
    "membership_of",
    "namesakes",
    "pair_of",
    "register_page",
    "register_rows",
    "roster",
    "row_page",
    "ruling_by_code",
    "seen_name",
    "signs_of",
    "standing_of",
    "standings_of",
    "told",
    "twins_at",
    "verdicts",
    "waiting_exports",
    "waiting_rulings",
]
