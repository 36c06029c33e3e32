"""The audit log: every service writes one row in its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from qiao.base.access import Actor
from qiao.base.models import AuditRow


def record(
    *,
    actor: Actor,
    now: datetime,
    action: str,
    code: str = "",
    unit_path: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write who did what. ``detail`` holds ids, states and counts: never contents of answers, names or contacts."""
    AuditRow.objects.create(
        at=now,
        account_id=actor.account_id,
        actor_name=actor.name or "public",
        action=action,
        code=code,
        unit_path=unit_path,
        detail=dict(detail or {}),
    )
