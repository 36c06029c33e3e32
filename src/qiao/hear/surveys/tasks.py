"""Jobs of surveys."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.hear.surveys import queries, services


@jobs.task(name="surveys.send_links", queue="mail", pass_context=False)
def send_links(*, code: str) -> None:
    """Send single-use links to those invited whom a channel reaches."""
    services.send_links(now=now(), code=code)


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="surveys.close_due", queueing_lock="surveys.close_due", pass_context=False)
def close_due(timestamp: int) -> None:
    """Close rounds whose last day is over, and publish those whose time for weighting is over."""
    moment = now()
    for code in queries.due_rounds(moment):
        survey = services.close_round(actor=SYSTEM, now=moment, code=code)
        if queries.is_overdue(survey, moment):
            services.publish_results(actor=SYSTEM, now=moment, code=code)


@jobs.task(name="surveys.tell_results", queue="mail", pass_context=False)
def tell_results(*, code: str) -> None:
    """Tell everybody who was invited that the results are out."""
    services.tell_results(now=now(), code=code)


@jobs.periodic(cron="20 8-19 * * *")
@jobs.task(name="surveys.remind_due", queueing_lock="surveys.remind_due", queue="mail", pass_context=False)
def remind_due(timestamp: int) -> None:
    """By day, go on with what an interrupted job left, and send the reminders that are due."""
    moment = now()
    for code in queries.fielding_rounds():
        services.send_links(now=moment, code=code)
        services.remind(now=moment, code=code)
