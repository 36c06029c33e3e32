"""Jobs of the service window."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.hear.window import services


@jobs.task(name="window.tell")
def tell(request_id: int, what: str, serial: int) -> None:
    """Tell the asker what became of a request."""
    services.tell_asker(now=now(), request_id=request_id, what=what)


@jobs.task(name="window.tell_handler")
def tell_handler(request_id: int, what: str) -> None:
    """Tell the officer who works on it."""
    services.tell_handler(now=now(), request_id=request_id, what=what)


@jobs.task(name="window.tell_upper")
def tell_upper(request_id: int) -> None:
    """Tell the body above that a request is overdue."""
    services.tell_upper(now=now(), request_id=request_id)


@jobs.task(name="window.safety")
def safety(call_id: int) -> None:
    """Call those who are trained."""
    services.tell_safety(now=now(), call_id=call_id)


@jobs.task(name="window.secret")
def secret(request_id: int) -> None:
    """Send the asker the secret of a request an officer wrote down."""
    services.send_secret(now=now(), request_id=request_id)


@jobs.periodic(cron="41 2 * * *")
@jobs.task(name="window.sample", queueing_lock="window.sample", pass_context=False)
def sample(timestamp: int) -> None:
    """Draw what the bodies above call once more."""
    services.draw_sample(actor=SYSTEM, now=now())


@jobs.periodic(cron="17 * * * *")
@jobs.task(name="window.clocks", queueing_lock="window.clocks", pass_context=False)
def clocks(timestamp: int) -> None:
    """Warn of clocks that run out, once an hour."""
    last = services.warn_due(actor=SYSTEM, now=now())
    while last:
        last = services.warn_due(actor=SYSTEM, now=now(), after=last)


@jobs.periodic(cron="12 8 * * *")
@jobs.task(name="window.follow_up", queueing_lock="window.follow_up", pass_context=False)
def follow_up(timestamp: int) -> None:
    """Ask whether it is still solved."""
    while services.ask_follow_ups(actor=SYSTEM, now=now()):
        pass


@jobs.periodic(cron="23 1 * * *")
@jobs.task(name="window.seal", queueing_lock="window.seal", pass_context=False)
def seal(timestamp: int) -> None:
    """Enter yesterday's filings and endings in the ledger."""
    services.seal_days(actor=SYSTEM, now=now())


@jobs.task(name="window.deliver")
def deliver(delivery_id: int) -> None:
    """Try one notice to another system."""
    services.deliver(now=now(), delivery_id=delivery_id)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="window.deliver_due", queueing_lock="window.deliver_due", pass_context=False)
def deliver_due(timestamp: int) -> None:
    """Try again what did not come through, and what a killed worker left."""
    services.deliver_due(now=now())
