"""How much is asked of which body: told by the window, which stands above this app and signs in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

#: Requests are complaints: below this they are not shown in public (handbook P7).
SMALLEST = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests of one topic at one body in a span: how many came, how many of them wait past their promised day."""

    came: int
    late: int


#: Unit ids and the two ends of the span to what was asked, by unit id and topic.
Counter = Callable[[Sequence[int], datetime, datetime], Mapping[tuple[int, str], Asked]]
_COUNTERS: list[Counter] = []


def register_demand(counter: Counter) -> None:
    """Let an app above count what is asked; called from its AppConfig.ready()."""
    if counter not in _COUNTERS:
        _COUNTERS.append(counter)


def asked_of(units: Sequence[int], since: datetime, until: datetime) -> dict[tuple[int, str], Asked]:
    """What was asked of these units, by unit id and topic; what nobody asked is left out."""
    found: dict[tuple[int, str], Asked] = {}
    for counter in _COUNTERS:
        for key, asked in counter(units, since, until).items():
            before = found.get(key, Asked(0, 0))
            found[key] = Asked(before.came + asked.came, before.late + asked.late)
    return found
