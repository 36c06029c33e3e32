"""How long terms last, who speaks for a unit, which channel may be public."""

from __future__ import annotations

from qiao.org.mandates.rules.channels import looks_private
from qiao.org.mandates.rules.drawing import draw_sample, frame_hash
from qiao.org.mandates.rules.settings import (
    CHAIR_VACANCY,
    FULLTIME_CHAIR_AT,
    HELP_NEW_EMPLOYER,
    SETTINGS,
    TERM_BASE,
    TERM_FEDERATION,
    TERM_LEAD,
    TEST_SAMPLE,
)
from qiao.org.mandates.rules.terms import days_over, is_base, longest_term, months_later, term_setting

__all__ = [
    "CHAIR_VACANCY",
    "FULLTIME_CHAIR_AT",
    "HELP_NEW_EMPLOYER",
    "SETTINGS",
    "TERM_BASE",
    "TERM_FEDERATION",
    "TERM_LEAD",
    "TEST_SAMPLE",
    "days_over",
    "draw_sample",
    "frame_hash",
    "is_base",
    "longest_term",
    "looks_private",
    "months_later",
    "term_setting",
]
