"""What retention erases of surveys: single answers, and who was invited. Tables, codebook and manifest stay."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from qiao.base.frozen import MANIFEST, erase_table
from qiao.hear.surveys.models import Answer, AnswerFile, Invitation, Round
from qiao.hear.surveys.queries.frames import frame_folder
from qiao.hear.surveys.queries.frozen import frozen_folder
from qiao.hear.surveys.rules import RAW_RETENTION
from qiao.org.retention.rules import Erased, Held, Rule


def erase_answers(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase single answers of rounds that closed before ``cutoff`` and whose results are out, then their frozen table.

    A round is marked once its last answer and its table are gone; `qiao verify` of its bundle says that they are.
    """
    survey = _due(cutoff, held).filter(erased__isnull=True).order_by("closed", "pk").first()
    if survey is None:
        return Erased()
    chosen = list(Answer.objects.filter(round=survey).order_by("pk").values_list("pk", flat=True)[:limit])
    if chosen:
        Answer.objects.filter(pk__in=chosen).delete()
        return Erased(tuple(f"surveys.answer:{key}" for key in chosen))
    AnswerFile.objects.filter(round=survey).delete()
    # Erasing a file cannot be rolled back; it can be done again, and before the commit nothing claims that it is done.
    digest = erase_table(frozen_folder(survey.code), now=held.at, rule=RAW_RETENTION.key)
    survey.erased = held.at
    survey.save(update_fields=["erased"])
    return Erased((f"surveys.table:{survey.code}:{digest}",))


def erase_invitations(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase who was invited to rounds that closed before ``cutoff``; how many they were stands in the round."""
    rounds = _due(cutoff, held).filter(Exists(Invitation.objects.filter(round=OuterRef("pk"))))
    survey = rounds.order_by("closed", "pk").first()
    if survey is None:
        return Erased()
    chosen = list(Invitation.objects.filter(round=survey).order_by("pk").values_list("pk", flat=True)[:limit])
    Invitation.objects.filter(pk__in=chosen).delete()
    frame = frame_folder(survey.code)
    if (frame / MANIFEST).is_file() and not Invitation.objects.filter(round=survey).exists():
        # The frame is the list of those who could have been asked: it goes with the last of those who were.
        erase_table(frame, now=held.at, rule=RAW_RETENTION.key)
    return Erased(tuple(f"surveys.invitation:{key}" for key in chosen))


def _due(cutoff: datetime, held: Held) -> QuerySet[Round]:
    rounds = Round.objects.filter(closed__lte=cutoff, published__isnull=False).defer("results")
    return held.leave_out(rounds, code="code", path="unit__path")


ANSWERS_RULE = Rule(
    "survey_answers",
    _("Single answers of surveys"),
    erase_answers,
    period=RAW_RETENTION,
    purpose=_("Computing the published figures and deriving needs from them"),
    remains=_("Published tables, codebook, manifest with the hash of what is gone"),
)
INVITATIONS_RULE = Rule(
    "survey_invitations",
    _("Who was invited to a survey"),
    erase_invitations,
    period=RAW_RETENTION,
    purpose=_("Asking everybody once, reminding those who have not answered"),
    remains=_("How many were invited and answered, by stratum"),
)


def forget_person(person_id: int, now: datetime) -> int:  # noqa: ARG001 - every eraser is asked alike
    """Make a person's invitations nobody's: the rows stay for the counts of their round, the codes open nothing."""
    return Invitation.objects.filter(person_id=person_id).update(person_id=-F("pk"), code_hash=None)
