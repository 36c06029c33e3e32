"""Entering employers, their headcounts and their unions."""

from __future__ import annotations

from qiao.org.workplaces.services.counts import correct_headcount, enter_headcount
from qiao.org.workplaces.services.employers import change_employer, close_employer, register_employer
from qiao.org.workplaces.services.unions import end_union_link, link_union

__all__ = [
    "change_employer",
    "close_employer",
    "correct_headcount",
    "end_union_link",
    "enter_headcount",
    "link_union",
    "register_employer",
]
