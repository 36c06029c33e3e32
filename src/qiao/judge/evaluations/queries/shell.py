"""What the shell asks every app: stations, the desk, what is open to me, my own, the state of a receipt."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage, Station
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, OpenItem, OwnItem, ReceiptState
from qiao.judge.evaluations.choices import OUT_STATES, Indicator, State
from qiao.judge.evaluations.models import Evaluation, Figure, RollEntry
from qiao.judge.evaluations.queries.rounds import OUT, projects_to_judge, shown
from qiao.judge.evaluations.rules.instrument import INSTRUMENTS
from qiao.judge.evaluators.models import Seat
from qiao.judge.evaluators.queries import own_seat


def stations(codes: Collection[str]) -> list[Station]:
    """The evaluations behind these codes as stations of a thread: two queries."""
    wanted = [code for code in codes if code.startswith("E-")]
    if not wanted:
        return []
    rows = (
        Evaluation.objects.filter(code__in=wanted)
        .prefetch_related(Prefetch("figures", queryset=Figure.objects.filter(indicator=Indicator.SATISFACTION)))
        .order_by("pk")
    )
    return [_station(row) for row in rows]


def _station(evaluation: Evaluation) -> Station:
    out = evaluation.state in OUT
    figure = ""
    if out:
        satisfaction = next(iter(evaluation.figures.all()), None)
        figure = _("satisfied: %(share)s") % {"share": shown(satisfaction)} if satisfaction else ""
    awaits, due = "", None
    if evaluation.state in (State.TERMS, State.KEYED):
        awaits, due = _("Opens for judging"), evaluation.opens
    elif evaluation.state == State.OPEN:
        awaits, due = _("Those served are judging"), evaluation.closes
    elif evaluation.state == State.SEALED:
        awaits = _("The evaluator opens the sealed answers and signs the result")
    return Station(
        code=evaluation.code,
        stage=Stage.JUDGE,
        kind=_("Evaluation"),
        title=pick(evaluation.title),
        url=reverse("evaluations:detail", args=[evaluation.code]),
        state=str(State(evaluation.state).label),
        at=evaluation.published or evaluation.closed or evaluation.opened or evaluation.opens,
        figure=figure,
        finished=out,
        awaits=awaits,
        due=due,
        flags=(_("The evaluation is void: the project still awaits judgment."),)
        if evaluation.state == State.VOID
        else (),
        weight=0 if evaluation.state == State.VOID else 1,
    )


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """What an evaluator has to do next; what the executive has to commission or respond to."""
    seat = own_seat(actor) if actor.may("evaluation.run") else None
    items = [_evaluator_item(row, seat, now) for row in _own_rounds(actor, now)] if actor.may("evaluation.run") else []
    found = [item for item in items if item is not None]
    if actor.may("evaluation.commission"):
        found += [
            DeskItem(
                due=None,
                title=pick(project.title),
                stage=Stage.JUDGE,
                unit=pick(project.unit.name),
                next_step=_("Have it judged by those it served"),
                url=f"{reverse('evaluations:new')}?project={project.code}",
            )
            for project in projects_to_judge(actor)
        ]
        condition = Q(pk__in=[])
        for path in actor.paths("evaluation.commission"):
            condition |= Q(unit__path__startswith=path)
        waiting = Evaluation.objects.filter(condition, state__in=OUT_STATES, responded__isnull=True)
        waiting = waiting.select_related("unit").order_by("pk")
        found += [
            DeskItem(
                due=_end_of(row.response_due),
                title=pick(row.title),
                stage=Stage.JUDGE,
                unit=pick(row.unit.name),
                next_step=_("Respond to the result"),
                url=reverse("evaluations:respond", args=[row.code]),
            )
            for row in waiting
        ]
    return found


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.max, get_current_timezone())


def _own_rounds(actor: Actor, now: datetime) -> QuerySet[Evaluation]:
    return (
        Evaluation.objects.filter(
            Q(state__in=[State.TERMS, State.KEYED, State.OPEN, State.SEALED])
            | Q(state__in=OUT_STATES, recheck_from__lte=localdate(now)) & ~Q(state=State.ENDED),
            Q(organisation__seats__in=Seat.objects.filter(account=actor.account_id, until__isnull=True))
            | Q(evaluator_id=actor.account_id, organisation__isnull=True),
        )
        .select_related("unit")
        .order_by("opens", "pk")
    )


def _evaluator_item(evaluation: Evaluation, seat: Seat | None, now: datetime) -> DeskItem | None:
    page = "detail"
    due: datetime | None
    if seat is not None and not seat.is_lead:
        if evaluation.state != State.OPEN or evaluation.closes <= now:
            return None
        step, due, page = _("Ask and type in"), evaluation.closes, "interviews"
    elif evaluation.state == State.TERMS:
        step, due, page = _("Register your public key"), evaluation.opens, "key"
    elif evaluation.state == State.KEYED:
        step, due = (
            (_("Open it for judging"), evaluation.opens)
            if evaluation.frame_frozen
            else (_("Freeze the frame"), evaluation.opens)
        )
    elif evaluation.state == State.OPEN and evaluation.closes > now:
        step, due = _("Runs; closes by itself"), evaluation.closes
    elif evaluation.state == State.OPEN:
        step, due = _("Close it"), evaluation.closes
    elif evaluation.state in OUT:
        step, due, page = _("Look again, publish the recheck"), _end_of(evaluation.recheck_due), "recheck"
    else:
        step, due = _("Open the sealed answers on your machine and upload the signed result"), evaluation.closed
    return DeskItem(
        due=due,
        title=pick(evaluation.title),
        stage=Stage.JUDGE,
        unit=pick(evaluation.unit.name),
        next_step=step,
        url=reverse(f"evaluations:{page}", args=[evaluation.code]),
    )


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:
    """Evaluations that ask this member and for which they took no credential yet."""
    if actor.person_id is None:
        return []
    rows = Evaluation.objects.filter(
        state=State.OPEN, closes__gt=now, roll__person_id=actor.person_id, roll__issued=False
    ).order_by("closes", "pk")
    return [
        OpenItem(
            closes=row.closes,
            # Its first question is asked before the service is named.
            title=pick(row.title) if INSTRUMENTS[row.instrument].first is None else _("Judge a service of your union"),
            stage=Stage.JUDGE,
            note=_("A few questions, 1 minute · collected by a third party, the union sees no single answer"),
            url=reverse("evaluations:answer", args=[row.code]),
        )
        for row in rows
    ]


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:  # noqa: ARG001 - the shell passes the clock to every app
    """Evaluations for which this member took a credential; whether it was spent nobody knows. Dated by the round."""
    if actor.person_id is None:
        return []
    rows = (
        RollEntry.objects.filter(person_id=actor.person_id, issued=True)
        .select_related("evaluation")
        .order_by("-evaluation__opened", "-pk")
    )
    return [
        OwnItem(
            title=pick(row.evaluation.title),
            stage=Stage.JUDGE,
            state=str(State(row.evaluation.state).label),
            url=reverse("evaluations:detail", args=[row.evaluation.code]),
            thread_code=row.evaluation.code,
            at=row.evaluation.opened or row.evaluation.opens,
        )
        for row in rows
    ]


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """What became of a sealed answer: that it is kept and counted. Its content nobody can show, nor should."""
    if receipt.kind != "evaluation":
        return None
    evaluation = Evaluation.objects.filter(code=receipt.code).first()
    if evaluation is None:
        return None
    closed, out = evaluation.closed is not None, evaluation.state in OUT
    if evaluation.state == State.VOID:
        state = _("The evaluation is void; your answer was not opened.")
    elif out:
        state = _("Your answer is counted in the published result.")
    elif closed:
        state = _("Your answer is sealed and its hash stands under the root in the ledger.")
    else:
        state = _("Your answer is sealed. Nobody can read it, and it cannot be changed.")
    return ReceiptState(
        title=pick(evaluation.title),
        stage=Stage.JUDGE,
        state=state,
        url=reverse("evaluations:proof", args=[evaluation.code, receipt.reference]),
        steps=((_("Sealed"), True), (_("In the ledger"), closed), (_("Counted in the result"), out)),
        answer=pick(evaluation.response),
    )
