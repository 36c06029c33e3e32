"""The states of a request and what may follow what."""

from __future__ import annotations

from collections.abc import Mapping

from qiao.base.problems import Problem
from qiao.hear.window.choices import State
from qiao.hear.window.models import Request

S = State
MOVES: Mapping[S, frozenset[S]] = {
    S.RECEIVED: frozenset({S.ANSWERED_AT_ONCE, S.WORK_ORDER, S.ASSIGNED, S.HANDED_OVER, S.LINKED}),
    S.WORK_ORDER: frozenset({S.ASSIGNED, S.ACCEPTED, S.ANSWERED_AT_ONCE, S.HANDED_OVER, S.LINKED, S.RETURNED}),
    S.ASSIGNED: frozenset({S.ACCEPTED, S.RETURNED, S.ASSIGNED, S.HANDED_OVER, S.LINKED}),
    S.RETURNED: frozenset({S.WORK_ORDER, S.ASSIGNED, S.HANDED_OVER, S.LINKED}),
    S.ACCEPTED: frozenset({S.IN_HAND, S.EXTENDED, S.ANSWERED, S.RETURNED, S.HANDED_OVER}),
    S.IN_HAND: frozenset({S.EXTENDED, S.ANSWERED, S.HANDED_OVER}),
    S.EXTENDED: frozenset({S.EXTENDED, S.ANSWERED, S.HANDED_OVER}),
    S.ANSWERED: frozenset({S.CALLED_BACK, S.REOPENED, S.ESCALATED}),
    S.CALLED_BACK: frozenset({S.RATED, S.CLOSED, S.REOPENED, S.ESCALATED}),
    S.RATED: frozenset({S.CLOSED, S.REOPENED, S.ESCALATED}),
    S.ANSWERED_AT_ONCE: frozenset({S.CLOSED, S.REOPENED, S.ESCALATED}),
    S.HANDED_OVER: frozenset({S.CLOSED, S.REOPENED, S.ESCALATED}),
    S.REOPENED: frozenset({S.WORK_ORDER, S.ASSIGNED, S.HANDED_OVER}),
    S.ESCALATED: frozenset({S.REOPENED, S.CLOSED}),
    S.LINKED: frozenset(),
    S.CLOSED: frozenset({S.REOPENED, S.ESCALATED}),
}
#: From here the asker may say that it is not solved.
REOPENABLE = frozenset(before for before, after in MOVES.items() if S.REOPENED in after and before != S.ESCALATED)
#: The way most requests take, as the steps of a page.
_LINE = (S.RECEIVED, S.ASSIGNED, S.IN_HAND, S.ANSWERED, S.CALLED_BACK, S.CLOSED)
_AT = {
    S.WORK_ORDER: S.ASSIGNED,
    S.RETURNED: S.ASSIGNED,
    S.ACCEPTED: S.IN_HAND,
    S.EXTENDED: S.IN_HAND,
    S.RATED: S.CALLED_BACK,
    S.REOPENED: S.ASSIGNED,
    S.ESCALATED: S.CALLED_BACK,
}


def may_become(before: str, after: S) -> bool:
    """Whether a request in one state may pass to the other."""
    return after in MOVES[S(before)]


def require_move(request: Request, after: S) -> None:
    """Raise Problem where the request is in another state than the act needs: somebody else may have been quicker."""
    if not may_become(request.state, after):
        raise Problem(
            "The request is “%(state)s”: somebody may have acted on it meanwhile. Look at it again.",
            state=str(request.get_state_display()),
        )


def steps(request: Request) -> list[tuple[str, bool, bool]]:
    """The states as steps (label, done, current)."""
    state = S(request.state)
    line = list(_LINE)
    if state in (S.ANSWERED_AT_ONCE, S.HANDED_OVER, S.LINKED):
        line = [S.RECEIVED, state, S.CLOSED] if state != S.LINKED else [S.RECEIVED, state]
    elif state == S.CLOSED and request.answered is None:
        line = [S.RECEIVED, S.ANSWERED_AT_ONCE, S.CLOSED]
    here = line.index(state if state in line else _AT[state])
    line[here] = state
    ended = state in (S.CLOSED, S.LINKED)
    done = here + 1 if ended else here
    return [(str(one.label), place < done, place == here) for place, one in enumerate(line)]
