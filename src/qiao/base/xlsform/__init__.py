"""Questionnaires as XLSForms: read, check, ask on a page without script, and describe. No Django in here."""

from __future__ import annotations

from qiao.base.xlsform.model import Choice, ChoiceList, Form, Group, Question, Repeat
from qiao.base.xlsform.read import read_form

__all__ = ["Choice", "ChoiceList", "Form", "Group", "Question", "Repeat", "read_form"]
