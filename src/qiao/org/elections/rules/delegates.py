"""How many delegates elect for how many members, where somebody has said it."""

from __future__ import annotations

import re

_LINE = re.compile(r"\s*(\d+)\s*[-–]\s*(\d+)\s*[:：]\s*(\d+)\s*[-–]\s*(\d+)\s*")


def delegates_for(table: str, members: int) -> tuple[int, int] | None:
    """Fewest and most delegates for a number of members; None where the table says nothing of that number.

    ``table``: lines such as "100-200: 30-40", set apart by semicolons. A line that is none says nothing.
    """
    for line in re.split(r"[;；\n]", table):
        found = _LINE.fullmatch(line)
        if found and int(found[1]) <= members <= int(found[2]):
            return int(found[3]), int(found[4])
    return None


def delegate_warning(table: str, *, members: int, electors: int) -> str:
    """What a page says of an election by delegates: "" in order, or the key of a warning.

    More than nine in ten of the members are no delegates.
    """
    if not members or not electors or electors * 10 >= members * 9:
        return ""
    wanted = delegates_for(table, members)
    if wanted is None:
        return "delegates_unknown"
    return "" if wanted[0] <= electors <= wanted[1] else "delegates_number"
