"""Jobs of elections."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.clock import now
from qiao.org.elections import services


@jobs.task(name="elections.tell_called", queue="mail", pass_context=False)
def tell_called(*, code: str) -> None:
    """Tell members that an election is called."""
    services.tell_called(code=code, now=now())


@jobs.task(name="elections.tell_reminder", queue="mail", pass_context=False)
def tell_reminder(*, term_id: int, kind: str) -> None:
    """Tell officers that a term ends or is over."""
    services.tell_reminder(term_id=term_id, kind=kind, now=now())


@jobs.periodic(cron="40 2 * * *")
@jobs.task(name="elections.nightly", queueing_lock="elections.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Remind of terms, end petitions nobody signed."""
    moment = now()
    services.remind_terms(now=moment)
    services.expire_petitions(now=moment)
