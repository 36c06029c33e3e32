"""Jobs of surveys."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.hear.surveys import queries, services


@jobs.task(name="surveys.mail_links", queue="mail", pass_context=False)
def mail_links(*, code: str, site: str) -> None:
    """Mail single-use links to those invited who have an account."""
    services.mail_links(code=code, site=site)


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="surveys.close_due", queueing_lock="surveys.close_due", pass_context=False)
def close_due(timestamp: int) -> None:
    """Close rounds whose last day is over, and publish what is closed."""
    moment = now()
    for code in queries.due_rounds(moment):
        services.close_round(actor=SYSTEM, now=moment, code=code)
        services.publish_results(actor=SYSTEM, now=moment, code=code)
