"""The state machine of an evaluation and its settings."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qiao.judge.evaluations.choices import OUT_STATES, State
from qiao.org.settings.choices import Kind, Setter, Stricter
from qiao.org.settings.rules import Setting
from qiao_stats.judgment import WEIGHTS

#: What may follow what. Nothing leads back: an evaluation that went wrong is void and a new one is commissioned.
FOLLOWING: Mapping[State, frozenset[State]] = {
    State.TERMS: frozenset({State.KEYED, State.VOID}),
    State.KEYED: frozenset({State.KEYED, State.OPEN, State.VOID}),
    State.OPEN: frozenset({State.SEALED, State.VOID}),
    State.SEALED: frozenset({State.PUBLISHED, State.VOID}),
    State.PUBLISHED: frozenset({State.RESPONDED, State.RECHECKED}),
    State.RESPONDED: frozenset({State.RECHECKED, State.ENDED}),
    State.RECHECKED: frozenset({State.RESPONDED, State.RECHECKED, State.ENDED}),
    State.ENDED: frozenset(),
    State.VOID: frozenset(),
}

#: Time the union has for its response after the results are out; the evaluation keeps the day.
RESPONSE_DAYS = Setting[int](
    "eval.response_days",
    _("Days for the union's response to an evaluation"),
    Kind.DAYS,
    default=30,
    lowest=1,
    highest=120,
    note=_("The publication does not wait for the response. Units below may take less time, not more."),
    setter=Setter.ABOVE,
    lower=Stricter.LOWER,
)
#: When the evaluator looks again whether what was promised is done (handbook C22, `eval.recheck`).
RECHECK_MONTHS = Setting[int](
    "eval.recheck",
    _("An evaluation is rechecked after"),
    Kind.MONTHS,
    default=6,
    lowest=1,
    highest=24,
    note=_("Counted from the publication of the result. Units below may take less time, not more."),
    setter=Setter.ABOVE,
    lower=Stricter.LOWER,
)
#: How long the recheck may take from then on.
RECHECK_WITHIN = Setting[int](
    "eval.recheck_within",
    _("The recheck of an evaluation is published within"),
    Kind.DAYS,
    default=30,
    lowest=1,
    highest=120,
    setter=Setter.ABOVE,
    lower=Stricter.LOWER,
)
#: The scale of the grade; the terms keep it.
SCALE = Setting[str](
    "eval.scale",
    _("Scale of the grade in an evaluation by a third party"),
    Kind.CHOICE,
    default="5",
    choices={"5": _("Five grades"), "3": _("Three steps")},
    setter=Setter.FEDERATION,
)


def _weight(key: str, label: Promise) -> Setting[float]:
    return Setting[float](
        f"eval.weights.{key}",
        label,
        Kind.SHARE,
        default=WEIGHTS[key],
        note=_("Weight in the composite. The three weights sum to 1; the parts stand beside it."),
        setter=Setter.FEDERATION,
    )


COMPOSITE_WEIGHTS: Mapping[str, Setting[float]] = {
    "awareness": _weight("awareness", _("Awareness")),
    "participation": _weight("participation", _("Participation")),
    "satisfaction": _weight("satisfaction", _("Satisfaction among users")),
}
#: Satisfaction among users below this goes back to Hear as a finding (point estimate).
SATISFACTION_FLOOR = 0.6
#: From here on a share is a reason to look again at how people were asked (handbook C22).
ANOMALY = 0.98
#: Seconds a device waits at most, by chance, between taking its credential and spending it.
LONGEST_WAIT = 20
#: Fewer answers than this are never opened.
FEWEST_ANSWERS = 10
#: Figures with a smaller base and cells below it are not printed (handbook P7).
SMALLEST_CELL = 5


def may_follow(state: str, following: State) -> bool:
    """Whether the transition is allowed."""
    return following in FOLLOWING[State(state)]


def may_leave(state: str) -> bool:
    """Whether the sealed answers may leave the house: after the close. Of what is void nothing is ever opened."""
    return state in (State.SEALED, *OUT_STATES)


def steps(state: str) -> list[tuple[str, bool, bool]]:
    """The line of states as steps: label, passed, current."""
    line = [State.TERMS, State.KEYED, State.OPEN, State.SEALED, State.PUBLISHED, State.RESPONDED, State.ENDED]
    if state == State.RECHECKED:
        line.insert(-1, State.RECHECKED)
    if state == State.VOID:
        return [(str(State.TERMS.label), True, False), (str(State.VOID.label), False, True)]
    here = line.index(State(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(line)]
