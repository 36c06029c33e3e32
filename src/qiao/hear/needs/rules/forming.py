"""The scoring of candidates: criteria, weights, totals, and who may do which step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from qiao.base.problems import Problem
from qiao.hear.needs.choices import CandidateState, SheetState
from qiao.hear.needs.models import Candidate, Sheet
from qiao.hear.needs.rules import settings

#: Marks go from 0 to this.
BEST = 5
#: What a task is weighed by (handbook C06), and the setting that holds each weight.
CRITERIA = {
    "members": settings.CRITERIA_MEMBERS,
    "severity": settings.CRITERIA_SEVERITY,
    "able": settings.CRITERIA_ABLE,
    "cost": settings.CRITERIA_COST,
    "duty": settings.CRITERIA_DUTY,
}


def criterion_text(key: str) -> str:
    """What a criterion is called, with what a high mark means."""
    return {
        "members": _("Members affected (many: 5)"),
        "severity": _("Severity (grave: 5)"),
        "able": _("The union can act (fully: 5)"),
        "cost": _("Cost (low: 5)"),
        "duty": _("Legal duty (binding: 5)"),
    }[key]


def check_weights(weights: Mapping[str, int]) -> None:
    """Raise Problem unless there is a weight from 0 for every criterion and they sum to 100."""
    if set(weights) != set(CRITERIA) or any(weight < 0 for weight in weights.values()):
        raise Problem("Give every criterion a weight of 0 or more.")
    if sum(weights.values()) != 100:
        raise Problem("The weights sum to %(sum)d: they must sum to 100.", sum=sum(weights.values()))


def total(marks: Mapping[str, int], weights: Mapping[str, int]) -> float:
    """Marks 0…5 weighed to a total of 0…100: Σ weight · mark / 5. Raises Problem for a missing or impossible mark."""
    for key in CRITERIA:
        mark = marks.get(key)
        if isinstance(mark, bool) or not isinstance(mark, int) or not 0 <= mark <= BEST:
            raise Problem("Give every criterion a mark from 0 to 5.")
    return sum(weights[key] * marks[key] for key in CRITERIA) / BEST


def of_panel(totals: Sequence[float]) -> tuple[float, float, float]:
    """Mean, lowest and highest total of a panel of at least one."""
    return sum(totals) / len(totals), min(totals), max(totals)


ORDER = (CandidateState.RAISED, CandidateState.SCORED, CandidateState.CONSULTED, CandidateState.ADOPTED)


def steps(state: str) -> list[tuple[str, bool, bool]]:
    """The states of a candidate as its page shows them: label, done, current."""
    order = [*ORDER[:-1], CandidateState.REJECTED] if state == CandidateState.REJECTED else list(ORDER)
    here = order.index(CandidateState(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(order)]


def takes_candidates(sheet: Sheet) -> bool:
    """Whether candidates can be raised under a sheet: not once it is closed."""
    return sheet.state != SheetState.CLOSED


def takes_scores(sheet: Sheet, candidate: Candidate) -> bool:
    """Whether marks can be given: only after the sheet is published."""
    return sheet.state == SheetState.PUBLISHED and candidate.state == CandidateState.RAISED


def takes_voices(candidate: Candidate) -> bool:
    """Whether the user panel is heard on a candidate now."""
    return candidate.state == CandidateState.SCORED


def may_decide(candidate: Candidate) -> bool:
    """Whether it can be adopted or not: after the users were heard."""
    return candidate.state == CandidateState.CONSULTED


def is_decided(candidate: Candidate) -> bool:
    """Whether nothing more is to be done."""
    return candidate.state in {CandidateState.ADOPTED, CandidateState.REJECTED}
