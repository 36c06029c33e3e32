"""Telling the appellant (mechanism S8)."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import SYSTEM
from qiao.base.db import atomic
from qiao.base.i18n import in_every_language
from qiao.base.telling import Message, tell
from qiao.org.appeals.choices import AppealState
from qiao.org.appeals.models import Appeal

_TEXTS = {
    AppealState.UNDER_REVIEW: noop("Your appeal %(code)s is being reviewed. It is to be decided by %(day)s."),
    AppealState.UPHELD: noop("Your appeal %(code)s is upheld: the refusal does not stand."),
    AppealState.DISMISSED: noop("Your appeal %(code)s is dismissed. The reason stands on its page."),
}


def tell_appellant(*, now: datetime, appeal_id: int) -> Appeal:
    """Tell the appellant where the appeal stands, by the channels they chose; each state once."""
    with atomic():
        appeal = Appeal.objects.select_for_update().get(pk=appeal_id)
        text = _TEXTS.get(AppealState(appeal.state))
        since = appeal.decided or appeal.taken_up
        if text is None or since is None or (appeal.told is not None and appeal.told >= since):
            return appeal
        sent = tell(
            Message(
                subject=in_every_language(noop("Your appeal %(code)s"), code=appeal.code),
                text=in_every_language(text, code=appeal.code, day=appeal.due),
                url=reverse("appeals:appeal", args=[appeal.code]),
                person_id=appeal.person_id,
                account_id=appeal.account_id,
            ),
            now,
        )
        appeal.told = now
        appeal.save(update_fields=["told"])
        audit.record(actor=SYSTEM, now=now, action="appeal.tell", code=appeal.code, unit_path=appeal.body_path,
                     detail={"sent": sent})  # fmt: skip
    return appeal
