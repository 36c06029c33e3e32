"""What retention erases of imports of employers: staged rows, batch by batch."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from qiao.base.access import SYSTEM
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.retention.rules.periods import STAGING
from qiao.org.workplaces.choices import BatchState
from qiao.org.workplaces.models import EmployerBatch, EmployerRow
from qiao.org.workplaces.rules.states import next_states
from qiao.org.workplaces.services.imports.upload import discard_batch


def erase_staging(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase staged rows of batches uploaded before ``cutoff``; a batch still open is discarded."""
    batches = EmployerBatch.objects.filter(
        Exists(EmployerRow.objects.filter(batch=OuterRef("pk"))), uploaded__lt=cutoff
    )
    batch = held.leave_out(batches, code="code", path="unit__path").order_by("uploaded", "pk").first()
    if batch is None:
        return Erased()
    chosen = list(EmployerRow.objects.filter(batch=batch).order_by("row", "pk").values_list("pk", "row")[:limit])
    EmployerRow.objects.filter(pk__in=[key for key, _row in chosen]).delete()
    if len(chosen) < limit and BatchState.DISCARDED in next_states(batch.state):
        discard_batch(actor=SYSTEM, now=held.at, code=batch.code)
    return Erased(tuple(f"workplaces.import:{batch.code}:{row}" for _key, row in chosen))


STAGING_RULE = Rule(
    "employer_staging", _("Staged rows of imports of employers"), erase_staging, period=STAGING,
    purpose=_("Import by two people, with preview"), remains=_("Who imported what and when, and how many rows"),
)  # fmt: skip
