"""Freezing the table of a year: its public text is hashed, and the hash goes to the ledger."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import SYSTEM
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.org.yearbook.models import Edition
from qiao.org.yearbook.queries.editions import edition_lines


def freeze_year(*, now: datetime, year: int) -> Edition:
    """Freeze the edition of a year that is over. Twice changes nothing.

    Raises Edition.DoesNotExist where none was computed, Problem while the year runs.
    """
    if year >= localdate(now).year:
        raise Problem("The year %(year)d is not over.", year=year)
    with atomic():
        edition = Edition.objects.select_for_update().get(year=year)
        if edition.frozen is not None:
            return edition
        digest, rows = hashlib.sha256(), 0
        for line in edition_lines(edition):
            digest.update(line.encode())
            rows += 1
        edition.frozen, edition.sha256 = now, digest.hexdigest()
        edition.save(update_fields=["frozen", "sha256"])
        log.append(
            kind="yearbook.frozen",
            code=f"YEAR-{year}",
            content={"year": year, "as_of": edition.as_of.isoformat(), "rows": rows - 1, "sha256": edition.sha256},
            now=now,
        )
        audit.record(actor=SYSTEM, now=now, action="yearbook.freeze", code=f"YEAR-{year}", detail={"rows": rows - 1})
    return edition
