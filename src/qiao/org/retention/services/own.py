"""Classes that belong to no app of the field: the audit log, sessions, mails of an installation without a server."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from qiao.base.models import AuditRow
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


AUDIT_PERIOD = Setting[int](
    "keep.audit",
    _("Audit log"),
    Kind.YEARS,
    default=10,
    lowest=6,
    highest=30,
    note=_("Counted from the act. The database itself refuses to let go of a row before six years."),
    setter=Setter.FEDERATION,
    action="setting.protect",
)


def erase_audit(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase rows of the audit log older than ``cutoff``, oldest first."""
    rows = held.leave_out(AuditRow.objects.filter(at__lt=cutoff), code="code", path="unit_path")
    keys = list(rows.order_by("at", "pk").values_list("pk", flat=True)[:limit])
    AuditRow.objects.filter(pk__in=keys).delete()
    return Erased(tuple(f"base.audit:{key}" for key in keys))


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


AUDIT_RULE = Rule(
    "audit",
    _("Audit log"),
    erase_audit,
    period=AUDIT_PERIOD,
    purpose=_("Accountability: who did what, and when"),
    remains=_("The ledger, which names nobody"),
)
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
