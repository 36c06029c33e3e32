"""Rounds from the plan to the field: planning, privacy check, drawing, codes, opening, extending, linking."""

from __future__ import annotations

from qiao.hear.surveys.services.rounds.checking import pass_plan, refuse_plan
from qiao.hear.surveys.services.rounds.codes import CodeLine, NameLine, make_code_sheet, name_list, note_undeliverable
from qiao.hear.surveys.services.rounds.drawing import draw_round
from qiao.hear.surveys.services.rounds.opening import extend_round, link_round, open_round
from qiao.hear.surveys.services.rounds.planning import change_plan, plan_round

__all__ = [
    "CodeLine",
    "NameLine",
    "change_plan",
    "draw_round",
    "extend_round",
    "link_round",
    "make_code_sheet",
    "name_list",
    "note_undeliverable",
    "open_round",
    "pass_plan",
    "plan_round",
    "refuse_plan",
]
