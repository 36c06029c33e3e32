"""Telling authors what became of their opinions (mechanism S8 of the field)."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop as noop
from django.utils.translation import override

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES, Localized, in_every_language
from qiao.decide.consultations.choices import OpinionState
from qiao.decide.consultations.models import Opinion
from qiao.decide.consultations.queries.wording import answer_text
from qiao.org.people.models import Account, Delivery
from qiao.org.people.services.telling import tell


def tell_opinion(*, actor: Actor, now: datetime, opinion_id: int) -> bool:
    """Tell the author the answer, by the channels the author agreed to; whether it reaches somebody.

    Who has neither an account nor such a channel reads it by the receipt. Running it twice tells once.
    """
    with atomic():
        opinion = (
            Opinion.objects.select_for_update(of=("self",))
            .select_related("consultation__unit", "person", "answer")
            .get(pk=opinion_id)
        )
        if opinion.state != OpinionState.ANSWERED or opinion.person is None:
            return False
        message = tell(
            now=now, person_id=opinion.person.pk, url=reverse("consultations:opinion", args=[opinion.receipt]),
            subject=in_every_language(
                noop("Your opinion has been answered: %(title)s"), title=opinion.consultation.title
            ),
            text=in_every_language(
                noop(
                    "You wrote:\n%(text)s\n\nThe answer:\n%(answer)s\n\n"
                    "Receipt %(receipt)s: look it up at any time under “Find a receipt”, without signing in."
                ),
                text=opinion.text, answer=_answer(opinion), receipt=opinion.receipt,
            ),
        )  # fmt: skip
        if message is None or not (
            Account.objects.filter(person=opinion.person, is_active=True).exists()
            or Delivery.objects.filter(message=message).exists()
        ):
            return False
        opinion.state, opinion.told = OpinionState.TOLD, now
        opinion.save(update_fields=["state", "told"])
        audit.record(
            actor=actor, now=now, action="opinion.tell", code=opinion.consultation.code,
            unit_path=opinion.consultation.unit.path, detail={"opinion": opinion_id},
        )  # fmt: skip
    return True


def _answer(opinion: Opinion) -> Localized:
    texts: Localized = {}
    for language in LANGUAGES:
        with override(language):
            texts[language] = answer_text(opinion)
    return texts
