"""The shell's own pages."""

from __future__ import annotations

from collections.abc import Mapping

from tests.architecture.samples import Place, sample
from tests.architecture.samples.decide import proposal
from tests.architecture.samples.needs import need

from qiao.base.ledger.log import append, sign_head


@sample("web:thread")
def thread(place: Place) -> Mapping[str, object]:
    """The thread of a need."""
    return place.other(need)


@sample("web:record")
def recorded(place: Place) -> Mapping[str, object]:
    """The record of a proposal."""
    return place.other(proposal)


@sample("web:ledger_entry")
def entry(place: Place) -> Mapping[str, object]:
    """An entry of the ledger."""
    return {"index": append(kind="sample.made", code="X-1", content={}, now=place.now)}


@sample("web:ledger_consistency")
def heads(place: Place) -> Mapping[str, object]:
    """The newest head with itself."""
    place.other(entry)
    head = sign_head(now=place.now)
    assert head is not None
    return {"older": head.size, "newer": head.size}


@sample("web:end_session", gone="nothing of one's own", shared="the page is the visitor's own")
def session(place: Place) -> Mapping[str, object]:
    """No session of a person."""
    return {"sign_in_id": 0}
