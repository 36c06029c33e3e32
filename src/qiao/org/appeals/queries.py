"""Reading appeals."""

from __future__ import annotations

from qiao.org.appeals.models import Appeal


def appeal_by_code(code: str) -> Appeal:
    """The appeal with this code; raises Appeal.DoesNotExist."""
    return Appeal.objects.get(code=code)


def appeals_of(kind: str, subject: str) -> list[Appeal]:
    """The appeals against the refusal of one thing, oldest first."""
    return list(Appeal.objects.filter(kind=kind, subject=subject).order_by("pk"))
