"""What retention erases of imports of units: staged rows, batch by batch."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.retention.rules.periods import STAGING
from qiao.org.units.choices import BatchState
from qiao.org.units.models import UnitBatch, UnitRow


def erase_rows(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase staged rows of batches uploaded before ``cutoff``; a batch still open is discarded."""
    batches = UnitBatch.objects.filter(Exists(UnitRow.objects.filter(batch=OuterRef("pk"))), uploaded__lt=cutoff)
    batch = held.leave_out(batches, code="code", path="unit__path").order_by("uploaded", "pk").first()
    if batch is None:
        return Erased()
    chosen = list(batch.rows.order_by("row", "pk").values_list("pk", "row")[:limit])
    batch.rows.filter(pk__in=[key for key, _row in chosen]).delete()
    if len(chosen) < limit and batch.state in (BatchState.MATCHING, BatchState.STAGED):
        batch.state = BatchState.DISCARDED
        batch.save(update_fields=["state"])
    return Erased(tuple(f"units.import:{batch.code}:{row}" for _key, row in chosen))


STAGING_RULE = Rule(
    "unit_staging", _("Staged rows of imports of units"), erase_rows, period=STAGING,
    purpose=_("Import by two people, with preview"), remains=_("Who imported what and when, and how many rows"),
)  # fmt: skip
