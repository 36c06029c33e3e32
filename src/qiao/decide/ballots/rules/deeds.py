"""What may be done in a round of practical deeds when."""

from __future__ import annotations

from datetime import datetime

from qiao.decide.ballots.choices import DeedState as State

_LINE = tuple(State)


def follows(state: str) -> State | None:
    """The state after this one; None after the last."""
    place = _LINE.index(State(state))
    return _LINE[place + 1] if place + 1 < len(_LINE) else None


def takes_ideas(state: str, opens: datetime, closes: datetime, now: datetime) -> bool:
    """Whether members file ideas now."""
    return state == State.CALL and opens <= now < closes


def deed_steps(state: str) -> list[tuple[str, bool, bool]]:
    """The states as steps: label, done, current."""
    here = _LINE.index(State(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(_LINE)]
