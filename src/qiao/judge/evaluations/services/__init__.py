"""Acts on evaluations: commission, key, open, answer, close, open the answers, respond, void."""

from __future__ import annotations

from qiao.judge.evaluations.services.answer import submit_sealed
from qiao.judge.evaluations.services.box import spend_credential
from qiao.judge.evaluations.services.close import close_evaluation, require_voider, void_evaluation
from qiao.judge.evaluations.services.codes import Invitation, SheetRow, make_code_sheet, make_invitations
from qiao.judge.evaluations.services.commission import commission_evaluation
from qiao.judge.evaluations.services.credential import issue_credential
from qiao.judge.evaluations.services.field import open_evaluation
from qiao.judge.evaluations.services.key import make_key, register_key
from qiao.judge.evaluations.services.opening import Opened, open_answers
from qiao.judge.evaluations.services.respond import respond
from qiao.judge.evaluations.services.roll import stir_roll
from qiao.judge.evaluations.services.steps import require_evaluator

__all__ = [
    "Invitation",
    "Opened",
    "SheetRow",
    "close_evaluation",
    "commission_evaluation",
    "issue_credential",
    "make_code_sheet",
    "make_invitations",
    "make_key",
    "open_answers",
    "open_evaluation",
    "register_key",
    "require_evaluator",
    "require_voider",
    "respond",
    "spend_credential",
    "stir_roll",
    "submit_sealed",
    "void_evaluation",
]
