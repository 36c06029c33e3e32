"""Who looked at a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qiao.base.i18n import pick
from qiao.org.people.models import Look
from qiao.org.people.rules import record_label

PAGE = 50


@dataclass(frozen=True, slots=True)
class LookLine:
    """One look in words."""

    pk: int
    at: datetime
    looker: str
    office: str
    record: str
    reason: str


def looks_of(person_id: int, *, before: int | None = None, limit: int = PAGE) -> tuple[list[LookLine], int | None]:
    """A page of looks, newest first, and the number the next page starts below; None where it ends."""
    rows = Look.objects.filter(person_id=person_id).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    lines = [
        LookLine(row.pk, row.at, row.looker, pick(row.office), record_label(row.record), row.reason)
        for row in found[:limit]
    ]
    return lines, found[limit - 1].pk if len(found) > limit else None
