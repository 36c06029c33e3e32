"""What may happen to a need, and to whom it falls."""

from __future__ import annotations

from datetime import datetime

from qiao.hear.needs.choices import NeedState
from qiao.hear.needs.models import Need

#: Share of false findings that is put up with among the needs of groups.
FALSE_DISCOVERIES = 0.05

STEPS = (NeedState.DRAFTED, NeedState.CHECKED, NeedState.PUBLISHED, NeedState.TAKEN_UP)
PUBLIC = (NeedState.PUBLISHED, NeedState.TAKEN_UP, NeedState.ANSWERED)


def steps(state: str) -> list[tuple[str, bool, bool]]:
    """The states of a need as its page shows them: label, done, current."""
    order = [*STEPS[:-1], NeedState.ANSWERED] if state == NeedState.ANSWERED else list(STEPS)
    here = order.index(NeedState(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(order)]


def may_word(need: Need) -> bool:
    """Whether its words can be changed: until it is published."""
    return need.state in {NeedState.DRAFTED, NeedState.CHECKED}


def is_worded(need: Need) -> bool:
    """Whether somebody has worded it, so that its figures can be checked by another."""
    return need.worded_by is not None or need.state != NeedState.DRAFTED


def may_check(need: Need) -> bool:
    """Whether a second analyst can check it now."""
    return need.state == NeedState.DRAFTED


def may_publish(need: Need) -> bool:
    """Whether it can be published: worded by one, checked by another."""
    return need.state == NeedState.CHECKED


def may_answer(need: Need) -> bool:
    """Whether it can be answered with "no, because": also where what took it up has come to nothing."""
    return need.state in {NeedState.PUBLISHED, NeedState.TAKEN_UP}


def is_overdue(need: Need, now: datetime) -> bool:
    """Whether the time for an action or an answer has run out."""
    return need.state == NeedState.PUBLISHED and need.due is not None and need.due < now
