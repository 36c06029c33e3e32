"""Acts on evaluations: commission, key, open, answer, close, hand out, publish, respond, void."""

from __future__ import annotations

from qiao.judge.evaluations.services.answer import submit_sealed
from qiao.judge.evaluations.services.box import spend_credential
from qiao.judge.evaluations.services.close import close_evaluation, require_voider, void_evaluation
from qiao.judge.evaluations.services.codes import (
    AddressRow,
    Invitation,
    SheetRow,
    list_addresses,
    make_code_sheet,
    make_invitations,
)
from qiao.judge.evaluations.services.commission import commission_evaluation
from qiao.judge.evaluations.services.contact import report_contact
from qiao.judge.evaluations.services.credential import issue_credential
from qiao.judge.evaluations.services.field import freeze_frame, open_evaluation
from qiao.judge.evaluations.services.key import register_key
from qiao.judge.evaluations.services.publishing import hand_out, publish_result, terms_of
from qiao.judge.evaluations.services.recheck import recheck
from qiao.judge.evaluations.services.respond import MOST, Promised, respond
from qiao.judge.evaluations.services.roll import stir_roll
from qiao.judge.evaluations.services.steps import recheck_days, require_evaluator, require_interviewer

__all__ = [
    "MOST",
    "AddressRow",
    "Invitation",
    "Promised",
    "SheetRow",
    "close_evaluation",
    "commission_evaluation",
    "freeze_frame",
    "hand_out",
    "issue_credential",
    "list_addresses",
    "make_code_sheet",
    "make_invitations",
    "open_evaluation",
    "publish_result",
    "recheck",
    "recheck_days",
    "register_key",
    "report_contact",
    "require_evaluator",
    "require_interviewer",
    "require_voider",
    "respond",
    "spend_credential",
    "stir_roll",
    "submit_sealed",
    "terms_of",
    "void_evaluation",
]
