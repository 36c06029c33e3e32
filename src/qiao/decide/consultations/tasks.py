"""Jobs of consultations."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.decide.consultations import services


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="consultations.move_due", queueing_lock="consultations.move_due", pass_context=False)
def move_due(timestamp: int) -> None:
    """Open and close what is due."""
    services.move_due(actor=SYSTEM, now=now())


@jobs.task(name="consultations.tell_opinion")
def tell_opinion(opinion_id: int) -> None:
    """Mail one author the answer."""
    services.tell_opinion(actor=SYSTEM, now=now(), opinion_id=opinion_id)
