"""Reading requests for exports."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from qiao.org.membership.choices import ExportState
from qiao.org.membership.models import MemberExport
from qiao.org.units.models import Unit


def exports_of(unit: Unit) -> QuerySet[MemberExport]:
    """Requests for this unit's register, newest first."""
    return MemberExport.objects.filter(unit=unit).select_related("asked_by", "decided_by").order_by("-asked")


def waiting_exports(paths: tuple[str, ...], now: datetime) -> list[MemberExport]:
    """Requests in these subtrees that wait for a second person, or can be taken."""
    found = MemberExport.objects.none()
    for path in paths:
        found = found | MemberExport.objects.filter(unit__path__startswith=path)
    open_now = found.filter(state=ExportState.ASKED) | found.filter(state=ExportState.APPROVED, expires__gt=now)
    return list(open_now.select_related("unit").order_by("asked")[:50])
