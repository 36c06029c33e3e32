"""Looking for bursts at the close: the times at which votes came in, without names, then erased."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import numpy as np

from qiao.decide.ballots.models import Ballot, Cast
from qiao_stats.bursts import find_bursts

#: Votes are looked at in windows of so many minutes.
WINDOW = 10


def look_for_bursts(ballot: Ballot) -> list[dict[str, object]]:
    """Windows in which far more votes came in by one way, or at one place, than around them; then the times go.

    Each is told as the start of the window, the way, the place (None online), how many came and how many were to be
    expected. Called once, in the transaction of the close.
    """
    rows: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    opened = (ballot.opened or ballot.opens).replace(second=0, microsecond=0)
    casts = Cast.objects.filter(ballot=ballot)
    for channel, desk_id, minute in casts.values_list("channel", "desk_id", "minute").iterator(chunk_size=20_000):
        rows[channel, desk_id].append(int((minute - opened).total_seconds() // 60))
    length = int((ballot.closes - opened).total_seconds() // 60) + 1
    found: list[dict[str, object]] = []
    for (way, place), minutes in sorted(rows.items(), key=lambda one: (one[0][0], one[0][1] or 0)):
        counts = np.bincount(np.clip(np.array(minutes), 0, length - 1), minlength=length)
        found += [
            {
                "begins": (opened + timedelta(minutes=burst.begins)).isoformat(),
                "minutes": WINDOW,
                "channel": way,
                "desk": place,
                "votes": burst.votes,
                "expected": round(burst.expected, 1),
            }
            for burst in find_bursts(counts, window=WINDOW)
        ]
    casts.delete()
    return found
