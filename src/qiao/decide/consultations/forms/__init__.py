"""Forms of consultations."""

from __future__ import annotations

from qiao.decide.consultations.forms.main import (
    AddendumForm,
    AnswerForm,
    ClosesForm,
    ConsultationForm,
    GroupForm,
    OpinionForm,
    ReasonForm,
    TextForm,
    UnitField,
    initial_of,
    moment_field,
    text_field,
    text_of,
)

__all__ = [
    "AddendumForm",
    "AnswerForm",
    "ClosesForm",
    "ConsultationForm",
    "GroupForm",
    "OpinionForm",
    "ReasonForm",
    "TextForm",
    "UnitField",
    "initial_of",
    "moment_field",
    "text_field",
    "text_of",
]
