"""After the result: what the union promised, and what the rechecks found of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from qiao.base.i18n import Localized
from qiao.judge.evaluations.choices import Outcome, State
from qiao.judge.evaluations.models import Evaluation, Promise, PromiseCheck, Recheck


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """One promise with what the latest recheck found; ``late``: its day is over and nobody has found it kept."""

    promise: Promise
    outcome: str
    outcome_label: str
    note: Localized
    late: bool


@dataclass(frozen=True, slots=True)
class After:
    """What follows the result: promises, rechecks, clocks."""

    promises: tuple[PromiseLine, ...]
    rechecks: tuple[Recheck, ...]
    response_late: bool
    recheck_late: bool
    recheck_open: bool


def latest_checks(promises: Iterable[Promise]) -> dict[int, PromiseCheck]:
    """Promise to what the latest recheck found of it: one query."""
    rows = PromiseCheck.objects.filter(promise__in=list(promises)).order_by("recheck__turn")
    return {row.promise_id: row for row in rows}


def open_promises(evaluation: Evaluation) -> list[Promise]:
    """Promises no recheck has found kept yet: two queries."""
    promises = list(evaluation.promises.order_by("position"))
    checks = latest_checks(promises)
    return [one for one in promises if one.pk not in checks or checks[one.pk].outcome != Outcome.KEPT]


def after(evaluation: Evaluation, today: date) -> After:
    """What follows the result of an evaluation that is out: three queries."""
    promises = list(evaluation.promises.order_by("position"))
    checks = latest_checks(promises)
    waits = evaluation.state != State.ENDED
    return After(
        promises=tuple(_line(one, checks.get(one.pk), today) for one in promises),
        rechecks=tuple(evaluation.rechecks.order_by("-turn")),
        response_late=not evaluation.response
        and evaluation.response_due is not None
        and evaluation.response_due < today,
        recheck_late=waits and evaluation.recheck_due is not None and evaluation.recheck_due < today,
        recheck_open=waits and evaluation.recheck_from is not None and evaluation.recheck_from <= today,
    )


def _line(promise: Promise, check: PromiseCheck | None, today: date) -> PromiseLine:
    if check is None:
        return PromiseLine(promise, "", "", {}, late=promise.until < today)
    label = str(Outcome(check.outcome).label)
    return PromiseLine(promise, check.outcome, label, check.note, late=check.outcome != Outcome.KEPT)
