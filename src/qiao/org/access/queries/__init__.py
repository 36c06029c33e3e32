"""Building the actor of a request, the table as a page shows it, who handles what."""

from __future__ import annotations

from qiao.org.access.queries.actors import actor_for, compatible, declared_ties, tied_officers
from qiao.org.access.queries.handling import handled_nearer, handling_unit
from qiao.org.access.queries.humans import second_accounts
from qiao.org.access.queries.officers import Officer, grants_above, grants_of, officers_of, own_grants
from qiao.org.access.queries.own import own_bars, own_groups
from qiao.org.access.queries.table import BarRow, RoleRow, TableRow, access_table, bar_rows, role_rows

__all__ = [
    "BarRow",
    "Officer",
    "RoleRow",
    "TableRow",
    "access_table",
    "actor_for",
    "bar_rows",
    "compatible",
    "declared_ties",
    "grants_above",
    "grants_of",
    "handled_nearer",
    "handling_unit",
    "officers_of",
    "own_bars",
    "own_grants",
    "own_groups",
    "role_rows",
    "second_accounts",
    "tied_officers",
]
