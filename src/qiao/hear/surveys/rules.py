"""What may happen to a round and when, how names mark questions, how samples are shared out, what stays hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext_lazy as _

from qiao.base.xlsform import Question
from qiao.hear.surveys.choices import Asked, RoundState
from qiao.hear.surveys.models import Round
from qiao.org.settings.choices import Kind, Setter, Stricter
from qiao.org.settings.rules import Setting

#: A round with fewer valid answers is published as failed, with its n and nothing else.
PUBLISH_FLOOR = Setting[int](
    "svy.publish_floor",
    _("Answers below which nothing is published"),
    Kind.COUNT,
    default=30,
    lowest=10,
    note=_("A round keeps the number it was planned with."),
    setter=Setter.ABOVE,
    lower=Stricter.HIGHER,
)
#: Figures resting on fewer people are hidden.
SMALL_CELL = Setting[int](
    "svy.small_cell",
    _("People below whom a survey's figure is hidden"),
    Kind.COUNT,
    default=5,
    lowest=5,
    note=_("A protection of those who answer: it can be raised, never lowered below five."),
    setter=Setter.ABOVE,
    lower=Stricter.HIGHER,
    action="setting.protect",
)
#: After so long the single answers of a closed and published round are erased.
RAW_RETENTION = Setting[int](
    "svy.raw_retention",
    _("Single answers of surveys"),
    Kind.DAYS,
    default=90,
    lowest=1,
    highest=366,
    note=_("Counted from the close of a round whose results are out. Tables, codebook and manifest stay."),
    setter=Setter.FEDERATION,
    action="setting.protect",
)
#: A combination of stratum and employment with fewer invited people is not written onto answers; it is merged.
DESIGN_CELL = 10

#: Names that begin so mark questions about the work situation: their answers make groups.
WORK_PREFIX = "ws_"
#: Names that begin so mark questions whose options are needs.
NEED_PREFIX = "need"
#: Options that are no need and no group: they say no, nothing, other, or that one does not know.
NO_GROUP = frozenset({"no", "none", "n", "0", "other", "dont_know", "dk", "na"})
#: Columns of the frozen data that no question may be called.
RESERVED = frozenset({"code", "stratum", "employment", "weight", "population"})

#: Kinds of question whose answers are counted and published.
CLOSED_KINDS = frozenset({"select_one", "select_multiple", "range", "acknowledge"})

STEPS = (RoundState.PLANNED, RoundState.SAMPLED, RoundState.FIELDING, RoundState.CLOSED, RoundState.PUBLISHED)


def steps(state: str) -> list[tuple[str, bool, bool]]:
    """The states of a round as its page shows them: label, done, current."""
    order = [*STEPS[:-1], RoundState.FAILED] if state == RoundState.FAILED else list(STEPS)
    here = order.index(RoundState(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(order)]


def may_draw(survey: Round) -> bool:
    """Whether the sample can be drawn now (again, as long as the round is not open)."""
    return survey.state in {RoundState.PLANNED, RoundState.SAMPLED} and survey.asked != Asked.VOLUNTEERS


def may_make_codes(survey: Round) -> bool:
    """Whether single-use codes can be made for a letter."""
    return survey.state in {RoundState.SAMPLED, RoundState.FIELDING} and survey.asked != Asked.VOLUNTEERS


def may_open(survey: Round, now: datetime) -> bool:
    """Whether the round can go into the field: drawn (volunteers need no draw) and not past its end."""
    ready = RoundState.PLANNED if survey.asked == Asked.VOLUNTEERS else RoundState.SAMPLED
    return survey.state == ready and now < survey.closes


def takes_answers(survey: Round, now: datetime) -> bool:
    """Whether answers are taken now."""
    return survey.state == RoundState.FIELDING and now < survey.closes


def is_need(question: Question) -> bool:
    """Whether the options of a question are needs."""
    return question.name.startswith(NEED_PREFIX) and question.type in {"select_one", "select_multiple"}


def is_work_situation(question: Question) -> bool:
    """Whether a question's answers make groups by work situation."""
    return question.name.startswith(WORK_PREFIX) and question.type in {"select_one", "select_multiple"}


def merge_small(sizes: Mapping[str, int], floor: int) -> dict[str, str]:
    """Each label's merged label, such that no merged group has fewer than ``floor`` people, if that is possible.

    All labels below the floor are joined; what they make is joined with the next smallest until it is large enough.
    """
    small = sorted((label for label, size in sizes.items() if size < floor), key=lambda label: (sizes[label], label))
    if not small:
        return {label: label for label in sizes}
    rest = sorted((label for label in sizes if label not in small), key=lambda label: (sizes[label], label))
    while sum(sizes[label] for label in small) < floor and rest:
        small.append(rest.pop(0))
    name = "+".join(sorted(small))
    return {label: name if label in small else label for label in sizes}


def allocate(total: int, sizes: Sequence[int]) -> list[int]:
    """Share ``total`` out in proportion to ``sizes`` by largest remainders; at least 2 of each stratum that has them.

    No stratum gives more than it has; what is left over goes to the others.
    """
    everyone = sum(sizes)
    if total >= everyone:
        return list(sizes)
    exact = [total * size / everyone for size in sizes]
    given = [int(share) for share in exact]
    for place in sorted(range(len(sizes)), key=lambda k: (given[k] - exact[k], k))[: total - sum(given)]:
        given[place] += 1
    for place, size in enumerate(sizes):
        least = min(2, size)
        while given[place] < least:
            richest = max(range(len(sizes)), key=lambda k: (given[k], -k))
            if given[richest] <= 2:
                break
            given[richest] -= 1
            given[place] += 1
    return given


def hidden(
    counts: npt.NDArray[np.int64], bases: npt.NDArray[np.int64], *, single: bool, smallest: int
) -> npt.NDArray[np.bool_]:
    """Which cells (options, groups) must not be shown.

    ``counts`` (options, groups): people who chose; ``bases`` (groups,): people asked. Hidden is a count from 1
    to below ``smallest``; for questions with several choices also so few people who did not choose; every cell over
    fewer than ``smallest`` people. With one
    choice per person a single hidden cell of a group could be computed back from the others: the next smallest is
    hidden with it.
    """
    small = (counts > 0) & (counts < smallest)
    if not single:
        left = bases - counts
        small |= (left > 0) & (left < smallest)
    small |= bases < smallest
    if single:
        for group in np.flatnonzero(small.sum(axis=0) == 1):
            others = np.flatnonzero(~small[:, group] & (counts[:, group] > 0))
            if others.size:
                small[others[np.argmin(counts[others, group])], group] = True
    return small
