"""Acts on evaluations: commission, key, open, answer, close, open the answers, respond, void."""

from __future__ import annotations

from qiao.judge.evaluations.services.answer import submit_sealed
from qiao.judge.evaluations.services.close import close_evaluation, require_voider, void_evaluation
from qiao.judge.evaluations.services.codes import Invitation, SheetRow, make_code_sheet, make_invitations
from qiao.judge.evaluations.services.commission import commission_evaluation
from qiao.judge.evaluations.services.field import open_evaluation
from qiao.judge.evaluations.services.key import make_key, register_key
from qiao.judge.evaluations.services.opening import Opened, open_answers
from qiao.judge.evaluations.services.respond import respond
from qiao.judge.evaluations.services.steps import require_evaluator

__all__ = [
    "Invitation",
    "Opened",
    "SheetRow",
    "close_evaluation",
    "commission_evaluation",
    "make_code_sheet",
    "make_invitations",
    "make_key",
    "open_answers",
    "open_evaluation",
    "register_key",
    "require_evaluator",
    "require_voider",
    "respond",
    "submit_sealed",
    "void_evaluation",
]
