"""Jobs of the problem ledger."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.judge.problems import services


@jobs.task(name="problems.tell")
def tell(entry_id: int, what: str) -> None:
    """Tell those who raised a problem what became of it."""
    services.tell_those_who_raised(now=now(), entry_id=entry_id, what=what)


@jobs.task(name="problems.tell_owner")
def tell_owner(entry_id: int, mark: int) -> None:
    """Tell the owner that a clock runs out."""
    services.tell_owner(now=now(), entry_id=entry_id, mark=mark)


@jobs.periodic(cron="23 * * * *")
@jobs.task(name="problems.clocks", queueing_lock="problems.clocks", pass_context=False)
def clocks(timestamp: int) -> None:
    """Settle rechecks whose time is over and warn of clocks that run out, once an hour."""
    services.settle_due(actor=SYSTEM, now=now())
    last = services.warn_due(actor=SYSTEM, now=now())
    while last:
        last = services.warn_due(actor=SYSTEM, now=now(), after=last)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="problems.judgments", queueing_lock="problems.judgments", pass_context=False)
def judgments(timestamp: int) -> None:
    """Take up poor results that were published."""
    services.take_up_evaluations(actor=SYSTEM, now=now())


@jobs.periodic(cron="11 3 * * *")
@jobs.task(name="problems.patterns", queueing_lock="problems.patterns", pass_context=False)
def patterns(timestamp: int) -> None:
    """Look for patterns in requests, once a night."""
    services.find_patterns(actor=SYSTEM, now=now())
