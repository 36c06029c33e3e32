"""What may happen to a round, and when."""

from __future__ import annotations

from datetime import datetime

from qiao.hear.surveys.choices import Asked, RoundState
from qiao.hear.surveys.models import Round

S = RoundState
#: From where to where a round goes. A refused plan goes back; nothing else does.
TRANSITIONS: dict[RoundState, frozenset[RoundState]] = {
    S.PLANNED: frozenset({S.PRIVACY_CHECKED}),
    S.PRIVACY_CHECKED: frozenset({S.PLANNED, S.SAMPLED, S.FIELDING}),
    S.SAMPLED: frozenset({S.PLANNED, S.FIELDING}),
    S.FIELDING: frozenset({S.CLOSED}),
    S.CLOSED: frozenset({S.WEIGHTED, S.PUBLISHED, S.FAILED}),
    S.WEIGHTED: frozenset({S.PUBLISHED, S.FAILED}),
    S.PUBLISHED: frozenset({S.LINKED}),
    S.FAILED: frozenset(),
    S.LINKED: frozenset(),
}
STEPS = (
    S.PLANNED, S.PRIVACY_CHECKED, S.SAMPLED, S.FIELDING, S.CLOSED, S.WEIGHTED, S.PUBLISHED, S.LINKED,
)  # fmt: skip


def steps(state: str, asked: str = "") -> list[tuple[str, bool, bool]]:
    """The states of a round as its page shows them: label, done, current. Volunteers are not drawn."""
    order = [*STEPS[:-2], S.FAILED] if state == S.FAILED else list(STEPS)
    if asked == Asked.VOLUNTEERS:
        order.remove(S.SAMPLED)
    here = order.index(S(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(order)]


def may_check(survey: Round) -> bool:
    """Whether the data protection officer looks at the plan now."""
    return survey.state == S.PLANNED


def may_draw(survey: Round) -> bool:
    """Whether the sample can be drawn now: once, between the privacy check and the opening."""
    return survey.state == S.PRIVACY_CHECKED and survey.asked != Asked.VOLUNTEERS


def may_make_codes(survey: Round) -> bool:
    """Whether single-use codes can be made for letters."""
    return survey.state in {S.SAMPLED, S.FIELDING} and survey.asked not in {Asked.VOLUNTEERS, Asked.BASE_UNIONS}


def may_open(survey: Round, now: datetime) -> bool:
    """Whether the round can go into the field: drawn (volunteers need no draw) and not past its end."""
    ready = S.PRIVACY_CHECKED if survey.asked == Asked.VOLUNTEERS else S.SAMPLED
    return survey.state == ready and now < survey.closes


def takes_answers(survey: Round, now: datetime) -> bool:
    """Whether answers are taken now."""
    return survey.state == S.FIELDING and now < survey.closes


def may_remind(survey: Round, now: datetime) -> bool:
    """Whether another reminder may go out at all; when one is due is `reminder_due`."""
    return (
        takes_answers(survey, now)
        and survey.asked not in {Asked.VOLUNTEERS, Asked.BASE_UNIONS}
        and survey.reminded < survey.reminders_most
    )


def reminder_due(survey: Round, now: datetime) -> bool:
    """Whether the next reminder is due: so many days after the last wave, and at least a day before the close."""
    if survey.opened is None or not may_remind(survey, now):
        return False
    waited = (now - survey.opened).total_seconds() / 86_400
    left = (survey.closes - now).total_seconds() / 86_400
    return waited >= survey.reminders_after * (survey.reminded + 1) and left >= 1


def is_linked(answered: int, needs: int) -> bool:
    """Whether every finding of a round is answered: there is at least one, and none without an answer."""
    return 0 < needs == answered
