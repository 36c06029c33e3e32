"""What is done to questionnaires, rounds and answers."""

from __future__ import annotations

from qiao.hear.surveys.services.answers import Ticket, code_hash, look_up, store_many, take_answer
from qiao.hear.surveys.services.closing import close_round, figures_csv, publish_results
from qiao.hear.surveys.services.files import enter_file
from qiao.hear.surveys.services.mailing import mail_links
from qiao.hear.surveys.services.questionnaires import check_form, upload_questionnaire
from qiao.hear.surveys.services.rounds import (
    CodeLine,
    draw_round,
    make_code_sheet,
    open_round,
    plan_round,
)

__all__ = [
    "CodeLine",
    "Ticket",
    "check_form",
    "close_round",
    "code_hash",
    "draw_round",
    "enter_file",
    "figures_csv",
    "look_up",
    "mail_links",
    "make_code_sheet",
    "open_round",
    "plan_round",
    "publish_results",
    "store_many",
    "take_answer",
    "upload_questionnaire",
]
