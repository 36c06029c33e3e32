"""Jobs of the yearly table."""

from __future__ import annotations

from django.utils.timezone import localdate

from qiao.base import jobs
from qiao.base.clock import now
from qiao.org.yearbook import queries, services


@jobs.periodic(cron="30 4 * * *")
@jobs.task(name="yearbook.nightly", queueing_lock="yearbook.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Compute this year's table; freeze those of years that are over."""
    moment = now()
    for year in queries.years_to_freeze(localdate(moment).year):
        services.freeze_year(now=moment, year=year)
    services.compute_year(now=moment, year=localdate(moment).year)
