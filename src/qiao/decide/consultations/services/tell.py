"""Telling authors what became of their opinions (mechanism S8 of the field)."""

from __future__ import annotations

from datetime import datetime

from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.addresses import full_address
from qiao.base.db import atomic
from qiao.base.i18n import pick
from qiao.decide.consultations.choices import OpinionState
from qiao.decide.consultations.models import Opinion
from qiao.decide.consultations.queries.wording import answer_text
from qiao.org.people.models import Account


def tell_opinion(*, actor: Actor, now: datetime, opinion_id: int) -> bool:
    """Mail the answer to the author, in the author's language; whether a mail was sent.

    Who has no account reads it by the receipt. Running it twice sends one mail.
    """
    with atomic():
        opinion = (
            Opinion.objects.select_for_update(of=("self",))
            .select_related("consultation__unit", "person", "answer")
            .get(pk=opinion_id)
        )
        if opinion.state != OpinionState.ANSWERED or opinion.person is None:
            return False
        account = Account.objects.filter(person=opinion.person, is_active=True).exclude(email="").order_by("pk").first()
        if account is None:
            return False
        with override(opinion.person.language):
            subject = _("Your opinion has been answered: %(title)s") % {"title": pick(opinion.consultation.title)}
            body = _(
                "You wrote:\n%(text)s\n\nThe answer:\n%(answer)s\n\n"
                "Receipt %(receipt)s: look it up at any time under “Find a receipt”, without signing in."
            ) % {"text": opinion.text, "answer": answer_text(opinion), "receipt": opinion.receipt}
            body = f"{body}\n{full_address(reverse('consultations:opinion', args=[opinion.receipt]))}"
        opinion.state, opinion.told = OpinionState.TOLD, now
        opinion.save(update_fields=["state", "told"])
        audit.record(
            actor=actor, now=now, action="opinion.tell", code=opinion.consultation.code,
            unit_path=opinion.consultation.unit.path, detail={"opinion": opinion_id},
        )  # fmt: skip
        # Last, so that a failing mail server undoes the mark and the job is tried again.
        send_mail(subject, body, None, [account.email])
    return True
