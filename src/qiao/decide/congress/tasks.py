"""Jobs of the workers' congress."""

from __future__ import annotations

from django.db import connection

from qiao.base import jobs
from qiao.base.clock import now
from qiao.decide.congress import services


@jobs.task(name="congress.tell_session", queue="mail", pass_context=False)
def tell_session(*, code: str, what: str) -> None:
    """Tell delegates what happened to a meeting."""
    services.tell_session(now=now(), code=code, what=what)


@jobs.task(name="congress.tell_proposal", queue="mail", pass_context=False)
def tell_proposal(*, code: str, state: str) -> None:
    """Tell the makers of a proposal where it stands."""
    services.tell_proposal(now=now(), code=code, state=state)


@jobs.task(name="congress.tell_affair", queue="mail", pass_context=False)
def tell_affair(*, code: str) -> None:
    """Tell delegates that something is shown."""
    services.tell_affair(now=now(), code=code)


@jobs.task(name="congress.tell_answer", queue="mail", pass_context=False)
def tell_answer(*, question_id: int) -> None:
    """Tell an asker the answer."""
    services.tell_answer(now=now(), question_id=question_id)


@jobs.periodic(cron="50 2 * * *")
@jobs.task(name="congress.nightly", queueing_lock="congress.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Close replies nobody rated in time."""
    del timestamp
    services.close_unrated(now=now())


@jobs.task(name="congress.pack_tables")
def pack_tables() -> None:
    """Rewrite the files of box and marks, so that row versions from before the count are gone from them too."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL) congress_votemark, congress_votepaper")
