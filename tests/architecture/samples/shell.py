"""The shell's own pages."""

from __future__ import annotations

from collections.abc import Mapping

from tests.architecture.samples import Place, sample
from tests.architecture.samples.hear import need

from qiao.base.ledger.log import append


@sample("web:thread")
def thread(place: Place) -> Mapping[str, object]:
    """The thread of a need."""
    return place.other(need)


@sample("web:ledger_entry")
def entry(place: Place) -> Mapping[str, object]:
    """An entry of the ledger."""
    return {"index": append(kind="sample.made", code="X-1", content={}, now=place.now)}
