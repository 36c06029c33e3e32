"""Evaluations by code and by state. Nothing here counts answers of an open one, for nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.figures import IntervalRow
from qiao.base.i18n import percent_text
from qiao.deliver.programmes.models import Project
from qiao.deliver.programmes.queries import projects_awaiting_judgment
from qiao.judge.evaluations.choices import OUT_STATES, Indicator, State
from qiao.judge.evaluations.models import Evaluation, Figure, IssuerKey
from qiao.judge.evaluations.rules.frame import FRAME
from qiao.judge.evaluations.rules.instrument import BY_SCALE, Instrument
from qiao.judge.evaluations.rules.states import SCALE
from qiao.judge.evaluators.choices import Duty
from qiao.judge.evaluators.models import Seat
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.people.models import Account
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit

OUT = OUT_STATES


def evaluation_by_code(code: str) -> Evaluation:
    """The evaluation with its unit and evaluator; raises Evaluation.DoesNotExist."""
    return Evaluation.objects.select_related("unit", "evaluator", "organisation").get(code=code)


def open_rounds(now: datetime) -> QuerySet[Evaluation]:
    """Evaluations open for answers now, what closes first on top."""
    return Evaluation.objects.filter(state=State.OPEN, closes__gt=now).select_related("unit").order_by("closes", "pk")


def latest_results(most: int = 12) -> QuerySet[Evaluation]:
    """Published evaluations, newest first, with their figures."""
    return (
        Evaluation.objects.filter(state__in=OUT)
        .select_related("unit")
        .prefetch_related(Prefetch("figures", queryset=Figure.objects.order_by("pk")))
        .order_by("-published", "-pk")[:most]
    )


@dataclass(frozen=True, slots=True)
class Board:
    """All evaluations by what happens to them now."""

    open: tuple[Evaluation, ...]
    coming: tuple[Evaluation, ...]
    published: tuple[Evaluation, ...]
    void: tuple[Evaluation, ...]


def board(*, most: int = 100) -> Board:
    """The newest evaluations: open, coming (or sealed), published, void. Two queries, whatever their number."""
    rows = list(
        Evaluation.objects.select_related("unit")
        .prefetch_related(Prefetch("figures", queryset=Figure.objects.order_by("pk")))
        .order_by("-pk")[:most]
    )

    def having(*states: State) -> tuple[Evaluation, ...]:
        return tuple(row for row in rows if row.state in states)

    return Board(having(State.OPEN), having(State.TERMS, State.KEYED, State.SEALED), having(*OUT), having(State.VOID))


def projects_to_judge(actor: Actor | None = None) -> list[Project]:
    """Projects that await judgment and have no evaluation yet; with an actor only those they may commission one for."""
    paths = ("",) if actor is None else actor.paths("evaluation.commission")
    waiting = {project.code: project for path in paths for project in projects_awaiting_judgment(path)}
    begun = set(
        Evaluation.objects.filter(project_code__in=list(waiting))
        .exclude(state=State.VOID)
        .values_list("project_code", flat=True)
    )
    return [project for code, project in waiting.items() if code not in begun]


def evaluators_for(unit: Unit, today: date) -> QuerySet[Account]:
    """Accounts that run the evaluations of an organisation admitted here, with the role of evaluator and no other."""
    current = RoleGrant.objects.filter(Q(until__isnull=True) | Q(until__gt=today), account=OuterRef("pk"))
    above = [unit.path[:end] for end in range(5, len(unit.path) + 1, 5)]
    return Account.objects.filter(
        Exists(current.filter(role=Role.EVALUATOR, since__lte=today, unit__path__in=above)),
        ~Exists(current.exclude(role=Role.EVALUATOR)),
        Exists(Seat.objects.filter(account=OuterRef("pk"), until__isnull=True, duty=Duty.LEAD)),
        is_active=True,
    ).order_by("display_name", "pk")


def issuer_of(evaluation: Evaluation) -> str:
    """The public half of the key that signs credentials; empty where the evaluation opened before there were any."""
    return IssuerKey.objects.filter(evaluation=evaluation).values_list("public", flat=True).first() or ""


def frame_of(evaluation: Evaluation) -> str | None:
    """The frozen frame as a file; None before it is frozen."""
    return evaluation.bundle.filter(name=FRAME).values_list("content", flat=True).first()


def digests_of(evaluation: Evaluation) -> list[str]:
    """SHA-256 of all sealed answers, sorted; none before the close."""
    if evaluation.closed is None:
        return []
    return list(evaluation.sealed_answers.order_by("digest").values_list("digest", flat=True))


def bar_rows(figures: list[Figure]) -> list[IntervalRow]:
    """The printed figures as rows of a chart; satisfaction and what is part of it stand together."""
    order = [indicator for indicator in Indicator if indicator != Indicator.COMPOSITE]
    by_indicator = {figure.indicator: figure for figure in figures}
    rows = []
    for indicator in order:
        figure = by_indicator.get(indicator)
        if figure is not None and figure.estimate is not None:
            rows.append(
                IntervalRow(
                    str(indicator.label),
                    figure.estimate,
                    figure.lower,
                    figure.upper,
                    shown(figure),
                    strong=indicator != Indicator.TOP_BOX,
                )
            )
    return rows


def shown(figure: Figure) -> str:
    """A figure with its interval as every page writes it: "82 % (76–87 %)"."""
    if figure.estimate is None or figure.lower is None or figure.upper is None:
        return _("withheld: too few")
    return _("%(estimate)s (%(lower)s to %(upper)s)") % {
        "estimate": percent_text(figure.estimate),
        "lower": percent_text(figure.lower),
        "upper": percent_text(figure.upper),
    }


def instrument_for(path: str, today: date) -> Instrument:
    """The questions a new evaluation of a project of this unit would ask."""
    return BY_SCALE[value_of(SCALE, path=path, on=today)]


def codes_over(now: datetime) -> list[str]:
    """Codes of evaluations still open though their time is over."""
    return list(
        Evaluation.objects.filter(state=State.OPEN, closes__lte=now).order_by("pk").values_list("code", flat=True)
    )
