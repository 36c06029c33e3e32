"""What the page of one evaluation shows, to whom."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import Actor
from qiao.base.figures import described, interval_chart
from qiao.base.i18n import pick
from qiao.deliver.programmes.models import Project
from qiao.deliver.programmes.queries import project_by_code
from qiao.judge.evaluations.choices import Indicator, State
from qiao.judge.evaluations.models import Evaluation, Figure
from qiao.judge.evaluations.queries.after import After, after
from qiao.judge.evaluations.queries.contacts import ContactFigures, contact_figures
from qiao.judge.evaluations.queries.modes import modes_text
from qiao.judge.evaluations.queries.own import Standing, standing_of
from qiao.judge.evaluations.queries.rounds import OUT, bar_rows, issuer_of, shown
from qiao.judge.evaluations.rules.bundle import MANIFEST
from qiao.judge.evaluations.rules.composite import weights_from
from qiao.judge.evaluations.rules.instrument import INSTRUMENTS, Instrument
from qiao.judge.evaluations.rules.results import is_anomalous, is_poor
from qiao.judge.evaluations.rules.states import steps
from qiao.judge.evaluators.models import Seat
from qiao.judge.evaluators.queries import own_seat


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure in words: what it is, how large with its interval, of whom."""

    label: str
    text: str
    of: str


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of the table of answers; an empty count is hidden."""

    question: str
    answer: str
    count: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template needs."""

    evaluation: Evaluation
    project: Project
    instrument: Instrument
    steps: list[tuple[str, bool, bool]]
    standing: Standing
    is_evaluator: bool
    may_interview: bool
    may_commission: bool
    may_draw: bool
    rate: float | None
    chart: str
    figures: tuple[FigureRow, ...]
    table: tuple[TableLine, ...]
    contacts: ContactFigures | None
    modes: str
    issued_modes: str
    poor: bool
    anomalous: bool
    after: After
    may_recheck: bool
    issuer: str


def evaluation_page(evaluation: Evaluation, *, actor: Actor, now: datetime) -> Page:
    """The page of one evaluation as this actor sees it."""
    out = evaluation.state in OUT
    figures = list(evaluation.figures.order_by("pk")) if out else []
    seat = own_seat(actor) if actor.may("evaluation.run", evaluation.unit.path) else None
    is_evaluator = _runs(actor, evaluation, seat)
    satisfaction = next((row.estimate for row in figures if row.indicator == Indicator.SATISFACTION), None)
    instrument = INSTRUMENTS[evaluation.instrument]
    shares = [row.estimate for row in figures if row.indicator in (Indicator.SATISFACTION, Indicator.TOP_BOX)]
    return Page(
        evaluation=evaluation,
        project=project_by_code(evaluation.project_code),
        instrument=instrument,
        steps=steps(evaluation.state),
        standing=standing_of(actor, evaluation, now),
        is_evaluator=is_evaluator,
        may_interview=seat is not None and seat.organisation_id == evaluation.organisation_id,
        may_commission=actor.may("evaluation.commission", evaluation.unit.path),
        may_draw=actor.may("round.draw", evaluation.unit.path),
        rate=_rate(evaluation),
        chart=_chart(evaluation, figures),
        figures=tuple(FigureRow(str(Indicator(row.indicator).label), shown(row), base_text(row)) for row in figures),
        table=_table(evaluation, instrument) if out else (),
        contacts=contact_figures(evaluation) if out else None,
        modes=_modes(evaluation) if out else "",
        issued_modes=modes_text(evaluation.issued_modes) if out and evaluation.issued_modes else "",
        poor=is_poor(satisfaction),
        anomalous=any(is_anomalous(share) for share in shares),
        after=after(evaluation, localdate(now)),
        may_recheck=is_evaluator and out and evaluation.state != State.ENDED,
        issuer=issuer_of(evaluation),
    )


def _runs(actor: Actor, evaluation: Evaluation, seat: Seat | None) -> bool:
    """Whether this actor runs the evaluation: as its evaluator's lead or, before organisations, as its evaluator."""
    if evaluation.organisation_id is None:
        return actor.account_id == evaluation.evaluator_id and actor.may("evaluation.run", evaluation.unit.path)
    return seat is not None and seat.is_lead and seat.organisation_id == evaluation.organisation_id


def base_text(figure: Figure) -> str:
    """Whom a figure speaks of, with their number."""
    if figure.base is None:
        return ""
    texts = {
        Indicator.UNPROMPTED: ngettext("of %(n)d who answered", "of %(n)d who answered", figure.base),
        Indicator.AWARENESS: ngettext("of %(n)d who answered", "of %(n)d who answered", figure.base),
        Indicator.PARTICIPATION: ngettext("of %(n)d who answered", "of %(n)d who answered", figure.base),
        Indicator.SATISFACTION: ngettext("of %(n)d user", "of %(n)d users", figure.base),
        Indicator.TOP_BOX: ngettext("of %(n)d user", "of %(n)d users", figure.base),
        Indicator.SOLVED: ngettext("of %(n)d who had the need", "of %(n)d who had the need", figure.base),
        Indicator.COMPOSITE: _(
            "%(awareness)g awareness + %(participation)g participation + %(satisfaction)g satisfaction"
        )
        % weights_from(figure.evaluation.weights),
    }
    text = texts[Indicator(figure.indicator)]
    return text % {"n": figure.base} if "%(n)d" in text else text


def _rate(evaluation: Evaluation) -> float | None:
    if evaluation.received is None or not evaluation.asked:
        return None
    return evaluation.received / evaluation.asked


def _modes(evaluation: Evaluation) -> str:
    """How those who answered were asked, in words; empty where the bundle does not tell."""
    kept = evaluation.bundle.filter(name=MANIFEST).values_list("content", flat=True).first()
    told = json.loads(kept).get("modes") if kept else None
    return "" if told is None else modes_text(told)


def _chart(evaluation: Evaluation, figures: list[Figure]) -> str:
    rows = bar_rows(figures)
    if not rows:
        return ""
    title = _("What those served say of it: %(title)s") % {"title": pick(evaluation.title)}
    return interval_chart(rows, title=title, description=described(rows), stage="judge")


def _table(evaluation: Evaluation, instrument: Instrument) -> tuple[TableLine, ...]:
    """The published table, read from the bundle: what is hidden there is known to nobody."""
    kept = evaluation.bundle.filter(name="answers.csv").values_list("content", flat=True).first() or ""
    labels = {
        (question.key, option.value): (pick(question.label), pick(option.label))
        for question in instrument.tabled
        for option in question.options
    }
    lines: list[TableLine] = []
    before = ""
    for row in kept.splitlines()[1:]:
        question, answer, count = row.split(",")
        asked, said = labels[(question, answer)]
        lines.append(TableLine("" if question == before else asked, said, count))
        before = question
    return tuple(lines)
