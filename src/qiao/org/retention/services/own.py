"""Classes that belong to no app of the field: sessions, and the mails of an installation without a mail server."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

OUTBOX_PERIOD = Setting[int](
    "keep.outbox",
    _("Mails written to files"),
    Kind.DAYS,
    default=30,
    lowest=1,
    highest=366,
    note=_("Only where no mail server is named: mails then lie in a folder of the installation."),
    setter=Setter.FEDERATION,
    action="setting.protect",
)


def erase_sessions(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase sessions that have ended. A key of a session opens it: the proof takes its hash."""
    if held.everything:
        return Erased()
    keys = list(
        Session.objects.filter(expire_date__lt=cutoff)
        .order_by("expire_date", "pk")
        .values_list("session_key", flat=True)[:limit]
    )
    Session.objects.filter(pk__in=keys).delete()
    return Erased(tuple(f"session:{hashlib.sha256(key.encode()).hexdigest()}" for key in keys))


def erase_outbox(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase mails that were written to files before ``cutoff``, oldest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    if held.everything or not folder.is_dir():
        return Erased()
    dated = sorted((file.stat().st_mtime, file.name, file) for file in folder.glob("*.log"))
    due = [file for moment, _name, file in dated if moment < cutoff.timestamp()][:limit]
    for file in due:
        file.unlink(missing_ok=True)
    return Erased(tuple(f"outbox:{file.name}" for file in due))


SESSIONS_RULE = Rule(
    "sessions",
    _("Sessions that have ended"),
    erase_sessions,
    event=_("to the end of the session"),
    purpose=_("Staying signed in"),
)
OUTBOX_RULE = Rule(
    "outbox",
    _("Mails written to files"),
    erase_outbox,
    period=OUTBOX_PERIOD,
    purpose=_("Reading what was sent where there is no mail server"),
)
