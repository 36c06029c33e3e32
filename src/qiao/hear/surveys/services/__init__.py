"""What is done to questionnaires, rounds and answers."""

from __future__ import annotations

from qiao.hear.surveys.services.answers import Ticket, code_hash, look_up, store_many, take_answer
from qiao.hear.surveys.services.calls import (
    call_of,
    hand_out_calls,
    log_call,
    next_call,
    person_called,
    take_interview,
)
from qiao.hear.surveys.services.closing import close_round
from qiao.hear.surveys.services.files import enter_file
from qiao.hear.surveys.services.mailing import remind, send_links
from qiao.hear.surveys.services.margins import drop_margins, keep_margins
from qiao.hear.surveys.services.paper import (
    complete_batch,
    open_batch,
    store_batch,
    to_verify,
    type_again,
    type_sheet,
)
from qiao.hear.surveys.services.publishing import publish_results, tell_results
from qiao.hear.surveys.services.questionnaires import check_form, upload_questionnaire
from qiao.hear.surveys.services.rounds import (
    CodeLine,
    NameLine,
    change_plan,
    draw_round,
    extend_round,
    link_round,
    make_code_sheet,
    name_list,
    note_undeliverable,
    open_round,
    pass_plan,
    plan_round,
    refuse_plan,
)
from qiao.hear.surveys.services.unions import union_code
from qiao.hear.surveys.services.volunteers import note_volunteer
from qiao.hear.surveys.services.weighting import weight_round

__all__ = [
    "CodeLine",
    "NameLine",
    "Ticket",
    "call_of",
    "change_plan",
    "check_form",
    "close_round",
    "code_hash",
    "complete_batch",
    "draw_round",
    "drop_margins",
    "enter_file",
    "extend_round",
    "hand_out_calls",
    "keep_margins",
    "link_round",
    "log_call",
    "look_up",
    "make_code_sheet",
    "name_list",
    "next_call",
    "note_undeliverable",
    "note_volunteer",
    "open_batch",
    "open_round",
    "pass_plan",
    "person_called",
    "plan_round",
    "publish_results",
    "refuse_plan",
    "remind",
    "send_links",
    "store_batch",
    "store_many",
    "take_answer",
    "take_interview",
    "tell_results",
    "to_verify",
    "type_again",
    "type_sheet",
    "union_code",
    "upload_questionnaire",
    "weight_round",
]
