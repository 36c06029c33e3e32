"""Rounds: lists, the monitor, what a page shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from qiao.base.access import Actor
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import ENDED, WITH_RESULTS, Asked, RoundState
from qiao.hear.surveys.models import Invitation, Round, SealedAnswer
from qiao.hear.surveys.queries.reaching import letters_needed
from qiao.org.settings.queries import value_of

#: What gives somebody a part in a round before it is public.
WORKING = ("round.plan", "round.draw", "round.read", "round.check")
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
    for action in WORKING:
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
    return Round.objects.filter(state__in=WITH_RESULTS).select_related("unit").order_by("-published", "-pk")


def due_rounds(now: datetime) -> list[str]:
    """Codes of open rounds whose last day is over, and of closed ones whose time for weighting is over."""
    due = Q(state=RoundState.FIELDING, closes__lte=now) | Q(state__in=[RoundState.CLOSED, RoundState.WEIGHTED])
    rounds = Round.objects.filter(due).select_related("unit").defer("results", "weighting").order_by("pk")
    return [one.code for one in rounds if one.state == RoundState.FIELDING or is_overdue(one, now)]


def publishes_by(survey: Round) -> datetime | None:
    """When a closed round is published at the latest, by the rule in force when it closed."""
    if survey.closed is None:
        return None
    days = value_of(rules.WEIGHTING_DAYS, path=survey.unit.path, on=localdate(survey.closed))
    return survey.closed + timedelta(days=days)


def is_overdue(survey: Round, now: datetime) -> bool:
    """Whether a closed round is published by itself now: too few answers need no weighting and no wait."""
    last = publishes_by(survey)
    return last is not None and (now >= last or survey.answered < survey.publish_floor)


def fielding_rounds() -> list[str]:
    """Codes of the rounds in the field that invite people."""
    return list(
        Round.objects.filter(state=RoundState.FIELDING, asked__in=[Asked.CENSUS, Asked.SAMPLE])
        .order_by("pk")
        .values_list("code", flat=True)
    )


def answered_now(survey: Round) -> int:
    """How many answers a round has; while it is open this is all that anybody sees."""
    if survey.state != RoundState.FIELDING:
        return survey.answered
    if survey.asked == Asked.VOLUNTEERS:
        return SealedAnswer.objects.filter(round=survey).count()
    return Invitation.objects.filter(round=survey, answered=True).count()


def codes_waiting(survey: Round) -> int:
    """How many invited people wait for a letter: no channel reaches them, and no slip was made yet."""
    return len(letters_needed(survey))


def may_see(actor: Actor, survey: Round) -> bool:
    """Whether a round is public already, or the actor has a part in preparing it."""
    path = survey.unit.path
    return survey.state in PUBLIC_STATES or any(actor.may(action, path) for action in WORKING)


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
