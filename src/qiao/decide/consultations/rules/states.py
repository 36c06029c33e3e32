"""States, dates and their guards."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.models import Consultation

TRANSITIONS: dict[str, frozenset[str]] = {
    S.DRAFT: frozenset({S.NOTICED, S.WITHDRAWN}),
    S.NOTICED: frozenset({S.OPEN, S.WITHDRAWN}),
    S.OPEN: frozenset({S.CLOSED, S.WITHDRAWN}),
    S.CLOSED: frozenset({S.ANSWERED}),
    S.ANSWERED: frozenset(),
    S.WITHDRAWN: frozenset(),
}


def may_become(state: str, wanted: str) -> bool:
    """Whether a consultation in ``state`` may become ``wanted``."""
    return wanted in TRANSITIONS[state]


def is_public(state: str) -> bool:
    """Whether everybody may see that the consultation exists."""
    return state != S.DRAFT


def takes_part(state: str, closes: datetime, now: datetime) -> bool:
    """Whether votes and opinions are taken now: the closing time holds even before a job has closed it."""
    return state == S.OPEN and now < closes


def answer_due(consultation: Consultation) -> datetime:
    """Until when every opinion is to be answered, by the rule the consultation began under."""
    return consultation.answer_due or consultation.closes + timedelta(days=consultation.answer_days)


def promised_day(consultation: Consultation) -> date:
    """The day a receipt promises the answer for."""
    return localdate(answer_due(consultation))


def steps(state: str) -> list[tuple[str, bool, bool]]:
    """The states as steps (label, done, current)."""
    if state == S.WITHDRAWN:
        return [(str(S.WITHDRAWN.label), False, True)]
    line = [S.DRAFT, S.NOTICED, S.OPEN, S.CLOSED, S.ANSWERED]
    here = line.index(S(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(line)]
