"""What an application may become, what a worker may write, and the settings of joining."""

from __future__ import annotations

from qiao.org.joining.rules.cells import clean_contact, clean_identity, is_staff_list
from qiao.org.joining.rules.settings import AGENCY_CHOICE, DECIDE_WITHIN, ELIGIBILITY, IDENTITY_CHECK, VOLUNTARY
from qiao.org.joining.rules.states import may_become, next_states, steps_of

__all__ = [
    "AGENCY_CHOICE",
    "DECIDE_WITHIN",
    "ELIGIBILITY",
    "IDENTITY_CHECK",
    "VOLUNTARY",
    "clean_contact",
    "clean_identity",
    "is_staff_list",
    "may_become",
    "next_states",
    "steps_of",
]
