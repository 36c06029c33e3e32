"""Jobs of the shell: signing the ledger."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.clock import now
from qiao.base.ledger.log import sign_head


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="ledger.sign_head", queueing_lock="ledger.sign_head", pass_context=False)
def sign_ledger_head(timestamp: int) -> None:
    """Sign the log as it stands; at one size only once, so a second run changes nothing."""
    sign_head(now=now())
