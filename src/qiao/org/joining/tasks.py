"""Jobs of joining."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.org.joining import services


@jobs.task(name="joining.tell")
def tell(code: str, what: str) -> None:
    """Tell an applicant what has become of the application."""
    services.tell_applicant(actor=SYSTEM, now=now(), code=code, what=what)


@jobs.task(name="joining.welcome")
def welcome(membership_id: int) -> None:
    """Tell a new member where they are a member and who represents them."""
    services.welcome(actor=SYSTEM, now=now(), membership_id=membership_id)
