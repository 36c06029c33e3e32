"""The way of a batch through its states, and the end of what was staged."""

from __future__ import annotations

from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require, require_untied
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.membership.choices import BatchState, ChunkKind, Verdict
from qiao.org.membership.models import ImportBatch, ImportChunk
from qiao.org.membership.queries.imports import ties_in, verdicts
from qiao.org.membership.rules import next_states


def locked_batch(actor: Actor, code: str) -> ImportBatch:
    """The batch, held until the transaction ends.

    Raises Refused without ``member.admit`` at its unit, Problem where there is none.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("unit").filter(code=code).first()
    if batch is None:
        raise Problem("There is no import with this code: %(code)s.", code=code)
    require(actor, "member.admit", batch.unit.path)
    return batch


def require_step(batch: ImportBatch, to: BatchState) -> None:
    """Raise Problem where the batch may not go there from where it stands."""
    if to not in next_states(batch.state):
        raise Problem("The import stands at “%(state)s”: this step is not open.", state=BatchState(batch.state).label)


def require_untied_rows(actor: Actor, batch: ImportBatch) -> None:
    """Raise Problem where the actor declared a tie to an employer whose union or workers stand in the batch (S12)."""
    require_untied(actor, batch.unit.path)
    for path, employer_id in ties_in(batch, actor):
        require_untied(actor, path, employer_id)


def hand_over(*, actor: Actor, now: datetime, code: str) -> ImportBatch:
    """Hand a matched batch to the second person. From now on it cannot be changed, only confirmed or discarded.

    What stood in the cells is deleted: the rows keep what the register has fields for. Handing over twice changes
    nothing. Raises Refused without ``member.admit``, Problem where no row could be taken over.
    """
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state == BatchState.WAITING:
            return batch
        require_step(batch, BatchState.WAITING)
        counts = verdicts(batch)
        if not counts[Verdict.READY] + counts[Verdict.HELD] + counts[Verdict.DUPLICATE]:
            raise Problem("No row of this table can be admitted.", hint="Mend the faults listed and upload it again.")
        ImportChunk.objects.filter(batch=batch, kind=ChunkKind.CELLS).delete()
        batch.state, batch.report = BatchState.WAITING, counts
        batch.save(update_fields=["state", "report"])
        audit.record(
            actor=actor, now=now, action="import.hand_over", code=code, unit_path=batch.unit.path, detail=counts
        )
    return batch


def discard_batch(*, actor: Actor, now: datetime, code: str) -> ImportBatch:
    """Throw a batch away that was not confirmed; its rows are deleted. Twice changes nothing.

    Raises Refused without ``member.admit``, Problem once it is confirmed.
    """
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state == BatchState.DISCARDED:
            return batch
        require_step(batch, BatchState.DISCARDED)
        _discard(actor, now, batch)
    return batch


def _discard(actor: Actor, now: datetime, batch: ImportBatch) -> None:
    number = batch.rows.count()
    batch.rows.all()._raw_delete("default")
    ImportChunk.objects.filter(batch=batch).delete()
    batch.state, batch.ended = BatchState.DISCARDED, now
    batch.save(update_fields=["state", "ended"])
    audit.record(
        actor=actor, now=now, action="import.discard", code=batch.code, unit_path=batch.unit.path,
        detail={"rows": number},
    )  # fmt: skip
