"""Transitions of elections and petitions, counts that fit, who is elected."""

from __future__ import annotations

from qiao.org.elections.rules.counts import Count, check_counts, check_elected, enough, passed
from qiao.org.elections.rules.delegates import delegate_warning, delegates_for
from qiao.org.elections.rules.settings import (
    BARRED,
    CALL_SHARE,
    DELEGATE_QUOTA,
    NOTICE,
    PETITION_LASTS,
    QUORUM,
    RECALL_MAJORITY,
    SETTINGS,
)
from qiao.org.elections.rules.states import OPEN, PETITION_OPEN, STEPS, may_become, require_state

__all__ = [
    "BARRED",
    "CALL_SHARE",
    "DELEGATE_QUOTA",
    "NOTICE",
    "OPEN",
    "PETITION_LASTS",
    "PETITION_OPEN",
    "QUORUM",
    "RECALL_MAJORITY",
    "SETTINGS",
    "STEPS",
    "Count",
    "check_counts",
    "check_elected",
    "delegate_warning",
    "delegates_for",
    "enough",
    "may_become",
    "passed",
    "require_state",
]
