"""Handing in, looking at and deciding applications to join; telling the worker."""

from __future__ import annotations

from qiao.org.joining.services.appealing import appeal, refusal_set_aside
from qiao.org.joining.services.apply import (
    IDENTITY_CHECK,
    JOIN,
    Given,
    code_fits,
    confirm_application,
    enter_application,
    new_code,
    submit_application,
)
from qiao.org.joining.services.by_receipt import member_by_code, member_of, send_member_code
from qiao.org.joining.services.own import answer_question, withdraw
from qiao.org.joining.services.review import (
    approve,
    approve_many,
    ask_back,
    note_identity,
    pass_on,
    refuse,
    reopen,
    say_known,
    take_up,
)
from qiao.org.joining.services.tell import tell_applicant, welcome

__all__ = [
    "IDENTITY_CHECK",
    "JOIN",
    "Given",
    "answer_question",
    "appeal",
    "approve",
    "approve_many",
    "ask_back",
    "code_fits",
    "confirm_application",
    "enter_application",
    "member_by_code",
    "member_of",
    "new_code",
    "note_identity",
    "pass_on",
    "refusal_set_aside",
    "refuse",
    "reopen",
    "say_known",
    "send_member_code",
    "submit_application",
    "take_up",
    "tell_applicant",
    "welcome",
    "withdraw",
]
