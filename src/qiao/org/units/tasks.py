"""Jobs of units."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.clock import now
from qiao.org.units import services


@jobs.task(name="units.tell_proposer")
def tell_proposer(founding_id: int) -> None:
    """Tell whoever proposed a unit where it stands."""
    services.tell_proposer(now=now(), founding_id=founding_id)
