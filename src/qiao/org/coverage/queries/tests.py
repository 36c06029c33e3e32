"""The four tests of effective coverage for many unions at once."""

from __future__ import annotations

from datetime import date

from qiao.org.coverage.rules import TOLD_PROOF, TOLD_SHARE, WINDOW, active_units
from qiao.org.coverage.rules.days import months_before
from qiao.org.mandates.queries import in_term, reachable
from qiao.org.membership.queries.told import told
from qiao.org.settings.queries import federation_path, value_of


def union_tests(unit_ids: frozenset[int], on: date) -> dict[int, tuple[bool, bool, bool, bool]]:
    """Per union: election in term, named reachable officer, activity in the window, members told they are members.

    Who forms a union certifies neither the second nor the fourth: test calls are made by other units (mandates), and
    being told is what members confirmed themselves or what was delivered to them (membership).
    """
    path = federation_path()
    within, reach = in_term(unit_ids, on), reachable(unit_ids, on)
    active = active_units(unit_ids, months_before(on, value_of(WINDOW, path=path, on=on)), on)
    own_only = value_of(TOLD_PROOF, path=path, on=on) == "own"
    least = value_of(TOLD_SHARE, path=path, on=on)
    knowing = {
        key
        for key, found in told(unit_ids, on).items()
        if found.members and (found.confirmed if own_only else found.told) >= least * found.members
    }
    return {key: (key in within, key in reach and reach[key].holds, key in active, key in knowing) for key in unit_ids}
