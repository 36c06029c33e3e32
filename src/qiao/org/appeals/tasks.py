"""Jobs of appeals."""

from __future__ import annotations

from qiao.base.clock import now
from qiao.base.jobs import task
from qiao.org.appeals.services import tell_appellant


@task(name="appeals.tell")
def tell(appeal_id: int) -> None:
    """Tell one appellant."""
    tell_appellant(now=now(), appeal_id=appeal_id)
