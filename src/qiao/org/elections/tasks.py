"""Jobs of elections."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.clock import now
from qiao.org.elections import services


@jobs.task(name="elections.mail_called", queue="mail", pass_context=False)
def mail_called(*, code: str) -> None:
    """Mail members that an election is called."""
    services.mail_called(code=code)


@jobs.task(name="elections.mail_reminder", queue="mail", pass_context=False)
def mail_reminder(*, term_id: int, kind: str) -> None:
    """Mail officers that a term ends or is over."""
    services.mail_reminder(term_id=term_id, kind=kind)


@jobs.periodic(cron="40 2 * * *")
@jobs.task(name="elections.nightly", queueing_lock="elections.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Remind of terms, end petitions nobody signed."""
    moment = now()
    services.remind_terms(now=moment)
    services.expire_petitions(now=moment)
