"""What the shell asks of every app."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage, Station
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, OpenItem, OwnItem, ReceiptState
from qiao.hear.surveys.choices import OUT, Asked, RoundState
from qiao.hear.surveys.models import Invitation, Round
from qiao.hear.surveys.queries.calendar import due_calendar
from qiao.hear.surveys.queries.rounds import PUBLIC_STATES, find_round, open_rounds

RECEIPT_KIND = "survey"


def rate_text(survey: Round) -> str:
    """Answers and rate in words: "512 answers, 41 % of those asked"."""
    if survey.asked == Asked.VOLUNTEERS or not survey.invited:
        return _("%(n)s answers from volunteers") % {"n": f"{survey.answered:,}"}
    return _("%(n)s answers, %(rate).0f %% of those asked") % {
        "n": f"{survey.answered:,}",
        "rate": 100 * survey.answered / max(survey.invited - survey.undeliverable, 1),
    }


def stations(codes: Collection[str]) -> list[Station]:
    """The rounds among these codes."""
    wanted = [code for code in codes if code.startswith("S-")]
    if not wanted:
        return []
    rounds = Round.objects.filter(code__in=wanted, state__in=PUBLIC_STATES).defer("results").order_by("pk")
    return [
        Station(
            code=survey.code,
            stage=Stage.HEAR,
            kind=_("Needs survey"),
            title=pick(survey.title),
            url=reverse("surveys:round", args=[survey.code]),
            state=survey.get_state_display(),
            at=survey.published or survey.opened,
            figure=rate_text(survey) if survey.published else "",
            finished=survey.state in OUT,
            due=survey.closes if survey.state == RoundState.FIELDING else None,
        )
        for survey in rounds
    ]


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:
    """Rounds this person was invited to and has not answered, and those open to whoever wants."""
    rounds = list(open_rounds(now))
    if not rounds:
        return []
    waiting: set[int] = set()
    if actor.person_id:
        waiting = set(
            Invitation.objects.filter(person_id=actor.person_id, answered=False, round__in=rounds).values_list(
                "round_id", flat=True
            )
        )
    return [
        OpenItem(
            closes=survey.closes,
            title=pick(survey.title),
            stage=Stage.HEAR,
            note=_("%(number)d questions, about %(minutes)d min · nobody can tell which answer is yours")
            % {"number": survey.version.questions, "minutes": max(1, round(survey.version.questions / 4))},
            url=reverse("surveys:mine", args=[survey.code]),
        )
        for survey in rounds
        if survey.pk in waiting or survey.asked == Asked.VOLUNTEERS
    ]


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:  # noqa: ARG001 - asked so of every app
    """Rounds this person took part in, and where they stand."""
    if not actor.person_id:
        return []
    rounds = (
        Round.objects.filter(invitations__person_id=actor.person_id, invitations__answered=True)
        .defer("results")
        .order_by("-opens")[:20]
    )
    return [
        OwnItem(
            title=pick(survey.title),
            stage=Stage.HEAR,
            state=rate_text(survey) if survey.published else survey.get_state_display(),
            url=reverse("surveys:round", args=[survey.code]),
            thread_code=survey.code,
            # The day the round opened, not the day of the answer: that is not kept.
            at=survey.opened or survey.opens,
        )
        for survey in rounds
    ]


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """What waits for drawers and owners of rounds."""
    items: list[DeskItem] = []
    for state, action, due, step in (
        (RoundState.PLANNED, "round.check", "opens", _("Check the privacy of the plan")),
        (RoundState.PRIVACY_CHECKED, "round.draw", "opens", _("Draw the sample and make the codes")),
        (RoundState.SAMPLED, "round.plan", "opens", _("Open the round")),
        (RoundState.FIELDING, "round.plan", "closes", _("Watch the response; it closes by itself")),
        (RoundState.CLOSED, "round.plan", "closes", _("Weight the answers")),
        (RoundState.WEIGHTED, "round.plan", "closes", _("Publish the results")),
    ):
        places = Q(pk__in=[])
        for path in actor.paths(action):
            places |= Q(unit__path__startswith=path)
        rounds = Round.objects.filter(places, state=state).select_related("unit").defer("results").order_by(due, "pk")
        if state == RoundState.PRIVACY_CHECKED:
            rounds = rounds.exclude(asked=Asked.VOLUNTEERS)
        items.extend(
            DeskItem(
                due=getattr(survey, due),
                title=pick(survey.title),
                stage=Stage.HEAR,
                unit=pick(survey.unit.name),
                next_step=step,
                url=reverse("surveys:round", args=[survey.code]),
            )
            for survey in rounds[:50]
        )
    return [*items, *_called_for(actor, now), *_unions_asked(actor, now), *_overdue(actor, now)]


def _called_for(actor: Actor, now: datetime) -> list[DeskItem]:
    """Telephone lists of one's own that are not done."""
    if not actor.may("round.interview"):
        return []
    rows = Round.objects.filter(
        state=RoundState.FIELDING, closes__gt=now, invitations__call__interviewer_id=actor.account_id,
        invitations__answered=False,
    ).select_related("unit").defer("results").distinct()  # fmt: skip
    return [
        DeskItem(
            due=survey.closes, title=pick(survey.title), stage=Stage.HEAR, unit=pick(survey.unit.name),
            next_step=_("Call the next person on your list"), url=reverse("surveys:interview", args=[survey.code]),
        )
        for survey in rows
    ]  # fmt: skip


def _unions_asked(actor: Actor, now: datetime) -> list[DeskItem]:
    """Surveys that one's own base union has not answered."""
    mine = [grant.unit_id for grant in actor.grants if "round.answer_union" in grant.actions]
    if not mine:
        return []
    rows = Round.objects.filter(
        state=RoundState.FIELDING, closes__gt=now, asked=Asked.BASE_UNIONS, invitations__unit_id__in=mine,
        invitations__answered=False,
    ).select_related("unit").defer("results").distinct()  # fmt: skip
    return [
        DeskItem(
            due=survey.closes, title=pick(survey.title), stage=Stage.HEAR, unit=pick(survey.unit.name),
            next_step=_("Answer for your union"), url=reverse("surveys:union", args=[survey.code]),
        )
        for survey in rows
    ]  # fmt: skip


def _overdue(actor: Actor, now: datetime) -> list[DeskItem]:
    """Rounds whose time has come and which nobody has planned."""
    return [
        DeskItem(
            due=make_aware(datetime.combine(row.due, time.min)), title=row.what, stage=Stage.HEAR, unit=row.unit,
            next_step=_("Plan the round: it is overdue"), url=reverse("surveys:calendar"),
        )
        for row in due_calendar(actor, now)
        if row.overdue
    ]  # fmt: skip


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """Where the round stands that an answer was given to. The answer itself cannot be found through its receipt."""
    if receipt.kind != RECEIPT_KIND:
        return None
    survey = find_round(receipt.code)
    if survey is None:
        return None
    published = survey.state in OUT
    return ReceiptState(
        title=pick(survey.title),
        stage=Stage.HEAR,
        state=rate_text(survey) if published else survey.get_state_display(),
        url=reverse("surveys:round", args=[survey.code]),
        steps=(
            (_("Your answer was counted"), True),
            (_("The round is closed"), survey.state != RoundState.FIELDING),
            (_("The results are published"), published),
            *([(_("The single answers are erased, the tables stay"), True)] if survey.erased else []),
        ),
        answer=_("Nobody, not even the union, can find your answer through this number."),
    )
