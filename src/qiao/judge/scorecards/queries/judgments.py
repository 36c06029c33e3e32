"""Evaluations of a subtree with users apart from non-users, and what ended without a judgment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch
from django.utils.timezone import localdate

from qiao.base.deadlines import Progress, progress
from qiao.deliver.programmes.choices import State as ProjectState
from qiao.deliver.programmes.models import Milestone, Project
from qiao.judge.evaluations.choices import OUT_STATES, Indicator, Outcome
from qiao.judge.evaluations.choices import State as EvaluationState
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.models import Figure as EvaluationFigure
from qiao.judge.evaluations.queries.after import latest_checks
from qiao.judge.scorecards.rules.settings import JUDGE_WITHIN
from qiao.org.settings.queries import federation_path, value_of
from qiao.org.units.models import Unit

_MOST = 50


@dataclass(frozen=True, slots=True)
class Judged:
    """One evaluation: what its users say, how many knew of it or never used it (None where withheld), what followed.

    ``satisfaction`` is of users only; ``awareness`` is of all who answered; ``not_used``: share of them who never did.
    ``kept`` of ``promised`` was found kept by the evaluator, where it ``looked`` again.
    """

    evaluation: Evaluation
    satisfaction: EvaluationFigure | None
    solved: EvaluationFigure | None
    awareness: EvaluationFigure | None
    not_used: float | None
    not_used_n: int | None
    promised: int
    kept: int
    looked: bool
    response_late: bool


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A task that is done and was not judged yet, or closed without a judgment; its clock where it still runs."""

    project: Project
    since: date
    due: datetime | None
    clock: Progress | None
    running: str
    closed_without: bool


def judged(
    path: str, *, now: datetime, code: str = "", provider: str = "", limit: int = _MOST
) -> list[Judged]:  # fmt: skip
    """Published evaluations of a subtree, newest first: not ordered by how good they are. Five queries.

    ``code``: that one only; ``provider``: those of projects that the organisation with this number carried out.
    """
    wanted: dict[str, object] = {"code": code} if code else {}
    if provider:
        wanted["project_code__in"] = Project.objects.filter(provider_code=provider).values("code")
    rows = list(
        Evaluation.objects.filter(unit__path__startswith=path, state__in=OUT_STATES, **wanted)
        .select_related("unit")
        .prefetch_related(Prefetch("figures", queryset=EvaluationFigure.objects.all()), "promises", "rechecks")
        .order_by("-published", "-pk")[:limit]
    )
    checks = latest_checks([one for row in rows for one in row.promises.all()])
    today = localdate(now)
    found = []
    for row in rows:
        figures = {one.indicator: one for one in row.figures.all() if one.estimate is not None}
        used = figures.get(Indicator.PARTICIPATION)
        promises = list(row.promises.all())
        kept = sum(one.pk in checks and checks[one.pk].outcome == Outcome.KEPT for one in promises)
        found.append(
            Judged(
                row, figures.get(Indicator.SATISFACTION), figures.get(Indicator.SOLVED),
                figures.get(Indicator.AWARENESS),
                None if used is None or used.estimate is None else 1 - used.estimate,
                None if used is None else used.base,
                len(promises), kept, bool(row.rechecks.all()),
                not row.response and row.response_due is not None and row.response_due < today,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Carried:
    """A project an organisation carries out: milestones due, and met by the first date."""

    project: Project
    due: int
    on_time: int


def carried_out(provider: str, *, today: date) -> list[Carried]:
    """Its projects that began, newest first. Two queries."""
    rows = Project.objects.filter(provider_code=provider).exclude(state=ProjectState.PLANNED)
    found = []
    for one in rows.select_related("unit").prefetch_related("milestones").order_by("-started", "-pk")[:_MOST]:
        due = [step for step in one.milestones.all() if step.source_due is not None and step.source_due <= today]
        found.append(Carried(one, len(due), sum(met(step) for step in due)))
    return found


def met(milestone: Milestone) -> bool:
    """Whether it was reached by the date it first had."""
    return (
        milestone.done is not None
        and milestone.source_due is not None
        and localdate(milestone.done) <= milestone.source_due
    )


def awaiting(path: str, *, now: datetime, limit: int = 200) -> list[Awaiting]:
    """Every ended task is judged: those that are not yet, what waits longest first, then those closed without."""
    within = value_of(JUDGE_WITHIN, path=federation_path(), on=localdate(now))
    rows = (
        Project.objects.filter(unit__path__startswith=path, evaluation_code="")
        .filter(state__in=[ProjectState.VERIFIED, ProjectState.CLOSED])
        .select_related("unit")
        .order_by("state", "verified", "pk")[:limit]
    )
    projects = list(rows)
    under_way = dict(
        Evaluation.objects.filter(project_code__in=[one.code for one in projects])
        .exclude(state=EvaluationState.VOID)
        .values_list("project_code", "code")
    )
    found = []
    for one in projects:
        start = one.verified or one.ended or one.planned
        closed = one.state == ProjectState.CLOSED
        due = None if closed else start + timedelta(days=within)
        found.append(
            Awaiting(
                one, localdate(start), due, progress(start, due, now) if due else None, under_way.get(one.code, ""),
                closed,
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: (row.closed_without, row.due or now, row.project.pk))


def overdue_judgments(path: str, *, now: datetime) -> int:
    """How many ended tasks wait for a judgment past their time."""
    within = value_of(JUDGE_WITHIN, path=federation_path(), on=localdate(now))
    return Project.objects.filter(
        unit__path__startswith=path, state=ProjectState.VERIFIED, evaluation_code="",
        verified__lt=now - timedelta(days=within),
    ).count()  # fmt: skip


def children(unit: Unit) -> list[Unit]:
    """Units right below, in the order of the tree."""
    return list(Unit.objects.filter(parent=unit).order_by("path"))
