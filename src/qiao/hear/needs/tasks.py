"""Jobs of needs."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.hear.needs import services


@jobs.task(name="needs.topics", pass_context=False)
def work_out_topics(topic_set_id: int) -> None:
    """Work out the topics of one set."""
    services.cluster_topics(actor=SYSTEM, now=now(), topic_set_id=topic_set_id)


@jobs.periodic(cron="37 * * * *")
@jobs.task(name="needs.clocks", queueing_lock="needs.clocks", pass_context=False)
def clocks(timestamp: int) -> None:
    """Warn of needs whose time runs out, once an hour."""
    services.warn_needs(actor=SYSTEM, now=now())
