"""Jobs about persons. They take numbers only: nothing of a message or contact ever lies in the queue."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.org.people import services
from qiao.org.people.services.campaigns import close_due


@jobs.task(name="people.carry", retry=3)
def carry(delivery_id: int) -> None:
    """Carry one message on one channel."""
    services.carry(actor=SYSTEM, now=now(), delivery_id=delivery_id)


@jobs.task(name="people.send_code", retry=3)
def send_code(contact_id: int) -> None:
    """Send the code by which a contact is shown to be somebody's own."""
    services.send_code(actor=SYSTEM, now=now(), contact_id=contact_id)


@jobs.task(name="people.send_checks", retry=3)
def send_checks(campaign_id: int) -> None:
    """Send the links of a data check that wait."""
    services.send_checks(actor=SYSTEM, now=now(), campaign_id=campaign_id)


@jobs.task(name="people.send_proof", retry=3)
def send_proof(change_id: int) -> None:
    """Send the code to a number that is to take a lost one's place."""
    services.send_proof(actor=SYSTEM, now=now(), change_id=change_id)


@jobs.task(name="people.warn_contacts", retry=3)
def warn_contacts(change_id: int) -> None:
    """Warn what was known of a member before another number holds."""
    services.warn_contacts(actor=SYSTEM, now=now(), change_id=change_id)


@jobs.periodic(cron="5 * * * *")
@jobs.task(name="people.set_numbers", queueing_lock="people.set_numbers", pass_context=False)
def set_numbers(timestamp: int) -> None:
    """Set the numbers nobody objected to; end changes that were left."""
    services.set_numbers(actor=SYSTEM, now=now())


@jobs.periodic(cron="40 3 * * *")
@jobs.task(name="people.nightly", queueing_lock="people.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """End data checks whose time is over."""
    close_due(actor=SYSTEM, now=now())
