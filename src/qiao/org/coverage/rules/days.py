"""Days counted back by months."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils.timezone import get_default_timezone

from qiao.base.deadlines import Span, SpanUnit, before


def months_before(day: date, months: int) -> date:
    """The day so many months before: of the same number, or the last of a shorter month."""
    noon = datetime.combine(day, time(12), get_default_timezone())
    return before(noon, Span(months, SpanUnit.MONTHS)).date()
