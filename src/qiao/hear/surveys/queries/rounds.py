"""Rounds: lists, the monitor, what a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.hear.surveys.choices import ENDED, Asked, RoundState
from qiao.hear.surveys.models import Invitation, Round, SealedAnswer

PUBLIC_STATES = (RoundState.FIELDING, *ENDED)


def round_by_code(code: str) -> Round:
    """The round with this code; raises Round.DoesNotExist."""
    return (
        Round.objects.select_related("unit", "version", "version__questionnaire")
        .defer("version__content")
        .get(code=code)
    )


def round_by_id(pk: int) -> Round:
    """The round with this key; raises Round.DoesNotExist."""
    return Round.objects.select_related("unit", "version").defer("version__content", "results").get(pk=pk)


def find_round(code: str) -> Round | None:
    """The round with this code, or None."""
    try:
        return round_by_code(code)
    except Round.DoesNotExist:
        return None


def visible_rounds(actor: Actor) -> QuerySet[Round]:
    """Rounds the public sees, and those being prepared where the actor works on them; newest first."""
    condition = Q(state__in=PUBLIC_STATES)
    for action in ("round.plan", "round.draw", "round.read"):
        for path in actor.paths(action):
            condition |= Q(unit__path__startswith=path)
    return Round.objects.filter(condition).select_related("unit").defer("results").order_by("-opens", "-pk")


def open_rounds(now: datetime) -> QuerySet[Round]:
    """Rounds that take answers now, what closes first on top."""
    return (
        Round.objects.filter(state=RoundState.FIELDING, closes__gt=now)
        .select_related("unit", "version")
        .defer("results", "version__content")
        .order_by("closes", "pk")
    )


def published_rounds() -> QuerySet[Round]:
    """Rounds with results, newest first."""
    return Round.objects.filter(state=RoundState.PUBLISHED).select_related("unit").order_by("-published", "-pk")


def due_rounds(now: datetime) -> list[str]:
    """Codes of open rounds whose last day is over, and of closed ones whose results are not out yet."""
    due = Q(state=RoundState.FIELDING, closes__lte=now) | Q(state=RoundState.CLOSED)
    return list(Round.objects.filter(due).order_by("pk").values_list("code", flat=True))


@dataclass(frozen=True, slots=True)
class MonitorRow:
    """One stratum of the response monitor. ``rate`` is None where nobody was invited."""

    label: str
    population: int
    invited: int
    answered: int
    rate: float | None


def monitor(survey: Round) -> list[MonitorRow]:
    """Invited and answered by stratum: how many, never who said what. The last row is the whole."""
    labels = {stratum["key"]: stratum for stratum in survey.strata}
    if survey.state in {RoundState.CLOSED, RoundState.PUBLISHED, RoundState.FAILED}:
        counted = {key: (row["invited"], row.get("answered", 0)) for key, row in labels.items()}
    else:
        rows = (
            Invitation.objects.filter(round=survey)
            .order_by("stratum")
            .values_list("stratum")
            .annotate(invited=Count("pk"), answered=Count("pk", filter=Q(answered=True)))
        )
        counted = {key: (invited, answered) for key, invited, answered in rows}
    made = [_row(pick(row["label"]), int(row["population"]), *counted.get(key, (0, 0))) for key, row in labels.items()]
    if len(made) > 1:
        made.append(
            _row("", sum(r.population for r in made), sum(r.invited for r in made), sum(r.answered for r in made))
        )
    return made


def _row(label: str, population: int, invited: int, answered: int) -> MonitorRow:
    return MonitorRow(label, population, invited, answered, answered / invited if invited else None)


def answered_now(survey: Round) -> int:
    """How many answers a round has; while it is open this is all that anybody sees."""
    if survey.state != RoundState.FIELDING:
        return survey.answered
    if survey.asked == Asked.VOLUNTEERS:
        return SealedAnswer.objects.filter(round=survey).count()
    return Invitation.objects.filter(round=survey, answered=True).count()


def codes_waiting(survey: Round) -> int:
    """How many invited people wait for a letter: they have no account to mail a link to, and no code yet."""
    from qiao.org.people.models import Account

    with_account = Account.objects.filter(person__isnull=False).values("person_id")
    return (
        Invitation.objects.filter(round=survey, answered=False, code_hash__isnull=True)
        .exclude(person_id__in=with_account)
        .count()
    )


def may_see(actor: Actor, survey: Round) -> bool:
    """Whether a round is public already, or the actor has a part in preparing it."""
    path = survey.unit.path
    return survey.state in PUBLIC_STATES or any(
        actor.may(action, path) for action in ("round.plan", "round.draw", "round.read")
    )


def may_enter(actor: Actor, survey: Round) -> bool:
    """Whether the actor may enter answers from paper or file: at the round's unit or anywhere below it."""
    path = survey.unit.path
    return any(path.startswith(own) or own.startswith(path) for own in actor.paths("round.enter"))


def invitation_of(survey: Round, person_id: int | None) -> Invitation | None:
    """The invitation of a person, or None."""
    return Invitation.objects.filter(round=survey, person_id=person_id).first() if person_id else None


def invitations_for_entry(survey: Round) -> list[Invitation]:
    """The invitations of a round that have not answered, in the order of people."""
    return list(Invitation.objects.filter(round=survey, answered=False).order_by("person_id"))
