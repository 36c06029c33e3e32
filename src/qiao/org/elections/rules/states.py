"""What an election may become from where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from qiao.base.problems import Problem
from qiao.org.elections.choices import ElectionState as S
from qiao.org.elections.choices import PetitionState as P

_NEXT: Mapping[S, frozenset[S]] = {
    S.PLANNED: frozenset({S.CALLED, S.WITHDRAWN}),
    S.CALLED: frozenset({S.HELD, S.WITHDRAWN}),
    S.HELD: frozenset({S.FILED, S.HELD, S.WITHDRAWN}),
    S.FILED: frozenset({S.CONFIRMED, S.RETURNED}),
    S.RETURNED: frozenset({S.HELD, S.WITHDRAWN}),
    S.CONFIRMED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
#: Elections somebody still has to do something for.
OPEN = (S.PLANNED, S.CALLED, S.HELD, S.FILED, S.RETURNED)
#: Petitions that are not over.
PETITION_OPEN = (P.COLLECTING, P.REACHED, P.CALLED, P.HELD)
#: The steps a page shows.
STEPS = (S.PLANNED, S.CALLED, S.HELD, S.FILED, S.CONFIRMED)


def may_become(state: str, wanted: S) -> bool:
    """Whether an election in one state may come into the other."""
    return wanted in _NEXT[S(state)]


def require_state(state: str, *wanted: S) -> None:
    """Raise Problem unless the election stands in one of these states."""
    if state not in wanted:
        raise Problem("The election has gone on meanwhile: it is “%(state)s”.", state=S(state).label)
