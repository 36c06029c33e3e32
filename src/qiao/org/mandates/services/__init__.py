"""Opening and ending terms and mandates, the office's channel, tests of it."""

from __future__ import annotations

from qiao.org.mandates.services.channels import agree_own_channel, set_channel, withdraw_own_channel
from qiao.org.mandates.services.posts import declare_employer_post, end_mandate, enter_mandate, open_mandate
from qiao.org.mandates.services.terms import end_term, mark_terms, open_committee, open_term
from qiao.org.mandates.services.testing import draw_tests, record_test

__all__ = [
    "agree_own_channel",
    "declare_employer_post",
    "draw_tests",
    "end_mandate",
    "end_term",
    "enter_mandate",
    "mark_terms",
    "open_committee",
    "open_mandate",
    "open_term",
    "record_test",
    "set_channel",
    "withdraw_own_channel",
]
