"""Writing and releasing news."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor
from qiao.base.i18n import Localized
from qiao.org.units.models import Unit
from qiao.publish.models import Article


def announce(
    *, actor: Actor, now: datetime, unit: Unit, title: Localized, body: Localized, code: str = "", url: str = ""
) -> Article:
    """Publish a plain record of the loop (results are out, a consultation opens …) in the caller's transaction.

    The caller has asked for its own permission and writes its own audit row: an announcement is no act of its own.
    """
    return Article.objects.create(
        unit=unit, title=title, body=body, code=code, url=url, state=Article.State.PUBLISHED, published=now,
        written_by=actor.account_id,
    )
