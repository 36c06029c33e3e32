"""What authors do with their own opinions: take them back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_noop

from qiao.base import audit
from qiao.base.access import ANONYMOUS, Actor, Refused
from qiao.base.db import atomic
from qiao.base.i18n import in_every_language
from qiao.base.problems import Problem
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.models import Consultation, Opinion, OpinionGroup
from qiao.decide.consultations.services.locks import held


def take_back_opinion(*, actor: Actor, now: datetime, opinion_id: int) -> bool:
    """Take one's own opinion back; whether anything was there to take. Twice is harmless.

    Until it has its answer it is deleted, and only counted as taken back. Once answered its words and its author are
    erased; that there was an opinion, and its answer, stays. Raises Refused for anybody but the author.
    """
    opinion = Opinion.objects.select_related("consultation").filter(pk=opinion_id).first()
    if opinion is None:
        return False
    if actor.person_id is None or opinion.person_id != actor.person_id:
        raise Refused("this opinion is not yours")
    with atomic():
        consultation = held(opinion.consultation.code)
        found = Opinion.objects.select_for_update(of=("self",)).filter(pk=opinion_id).first()
        if found is None or found.person_id != actor.person_id:
            return False
        if found.answer_id is None and consultation.state != S.ANSWERED:
            if found.acts.exists():
                raise Problem("Moderation has dealt with your words: they can be taken back once they are answered.")
            found.delete()
            OpinionGroup.objects.filter(consultation=consultation, opinions__isnull=True).delete()
        else:
            found.text, found.person, found.hidden, found.likeness = "", None, [], f"erased:{found.pk}"
            found.withheld = in_every_language(gettext_noop("its author took it back"))
            found.evidence = ""
            found.save(update_fields=["text", "person", "hidden", "likeness", "withheld", "evidence"])
        Consultation.objects.filter(pk=consultation.pk).update(taken_back=F("taken_back") + 1)
        # Under nobody's name, as it was given.
        audit.record(
            actor=ANONYMOUS, now=now, action="opinion.take_back", code=consultation.code,
            unit_path=consultation.unit.path,
        )  # fmt: skip
    return True
