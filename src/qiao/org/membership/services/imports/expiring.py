"""What retention erases of imports: staged rows, batch by batch."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from qiao.base.access import SYSTEM
from qiao.org.membership.choices import BatchState
from qiao.org.membership.models import ImportBatch, ImportChunk, ImportRow
from qiao.org.membership.rules import next_states
from qiao.org.membership.services.imports.staging import discard_batch
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.retention.rules.periods import STAGING


def erase_staging(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase staged rows and sealed cells of batches uploaded before ``cutoff``; a batch still open is discarded."""
    batches = ImportBatch.objects.filter(
        Exists(ImportRow.objects.filter(batch=OuterRef("pk")))
        | Exists(ImportChunk.objects.filter(batch=OuterRef("pk"))),
        uploaded__lt=cutoff,
    )
    batch = held.leave_out(batches, code="code", path="unit__path").order_by("uploaded", "pk").first()
    if batch is None:
        return Erased()
    chosen = list(batch.rows.order_by("row", "pk").values_list("pk", "row")[:limit])
    ImportRow.objects.filter(pk__in=[key for key, _row in chosen]).delete()
    keys = [f"membership.import:{batch.code}:{row}" for _key, row in chosen]
    if len(chosen) < limit:
        keys += [
            f"membership.chunk:{key}" for key in ImportChunk.objects.filter(batch=batch).values_list("pk", flat=True)
        ]
        ImportChunk.objects.filter(batch=batch).delete()
        if BatchState.DISCARDED in next_states(batch.state):
            discard_batch(actor=SYSTEM, now=held.at, code=batch.code)
    return Erased(tuple(keys))


STAGING_RULE = Rule(
    "import_staging",
    _("Staged rows of member imports"),
    erase_staging,
    period=STAGING,
    purpose=_("Import by two people, with preview"),
    remains=_("Who imported what and when, how many rows, which columns were dropped"),
)
