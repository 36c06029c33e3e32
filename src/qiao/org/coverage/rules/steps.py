"""Where a lead may go, and what makes a target stricter than its source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from qiao.org.coverage.choices import LeadState

S = LeadState
#: Outreach goes on step by step; what was declined or paused may be taken up again, a formed union ends it.
NEXT_LEAD: Mapping[str, tuple[LeadState, ...]] = {
    S.LISTED: (S.CONTACTED, S.DECLINED, S.PAUSED),
    S.CONTACTED: (S.PREPARING, S.DECLINED, S.PAUSED),
    S.PREPARING: (S.FORMED, S.DECLINED, S.PAUSED),
    S.PAUSED: (S.CONTACTED, S.PREPARING, S.DECLINED),
    S.DECLINED: (S.CONTACTED,),
    S.FORMED: (),
}


def next_lead_states(state: str) -> tuple[LeadState, ...]:
    """Where a lead may go from here."""
    return NEXT_LEAD[state]


def is_stricter(*, value: Decimal, due: date, source_value: Decimal, source_due: date) -> bool:
    """Whether a target asks for more, or for it sooner, than its source."""
    return value > source_value or due < source_due
