"""The forms of joining, of following one's application, and of the review."""

from __future__ import annotations

from qiao.org.joining.forms.applying import SendForm, WorkForm, YouForm
from qiao.org.joining.forms.deciding import (
    AssistForm,
    IdentityForm,
    PassOnForm,
    QuestionForm,
    ReasonForm,
    RulingForm,
)
from qiao.org.joining.forms.following import AnswerForm, AppealForm, ConfirmForm, MoveForm

__all__ = [
    "AnswerForm",
    "AppealForm",
    "AssistForm",
    "ConfirmForm",
    "IdentityForm",
    "MoveForm",
    "PassOnForm",
    "QuestionForm",
    "ReasonForm",
    "RulingForm",
    "SendForm",
    "WorkForm",
    "YouForm",
]
