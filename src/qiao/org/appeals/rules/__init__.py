"""What may be appealed against, who may decide, and the clocks."""

from __future__ import annotations

from qiao.org.appeals.rules.deciding import DECIDING, acting_path, body_for_second, may_decide
from qiao.org.appeals.rules.kinds import Kind, kind_of, register
from qiao.org.appeals.rules.settings import DECIDE_WITHIN, FILE_WITHIN, SECOND_WITHIN

__all__ = [
    "DECIDE_WITHIN",
    "DECIDING",
    "FILE_WITHIN",
    "SECOND_WITHIN",
    "Kind",
    "acting_path",
    "body_for_second",
    "kind_of",
    "may_decide",
    "register",
]
