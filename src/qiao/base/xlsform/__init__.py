"""Questionnaires as XLSForms: read, check, ask on a page without script, and describe. No Django in here.

``read_form(path, name)`` reads a form or raises `Problems`; ``Runtime(form)`` compiles it for a web page or raises
`Problems`; ``runtime.validate(dict(request.POST.lists()), language=…, now=…)`` checks a submission;
``render(runtime, language=…, …)`` gives the page's questions; ``codebook(form)`` describes the data.
"""

from __future__ import annotations

from qiao.base.xlsform.codebook import codebook
from qiao.base.xlsform.model import Choice, ChoiceList, Form, Group, Question, Repeat
from qiao.base.xlsform.read import read_form
from qiao.base.xlsform.render import Html, render
from qiao.base.xlsform.runtime import Outcome, Runtime

__all__ = [
    "Choice",
    "ChoiceList",
    "Form",
    "Group",
    "Html",
    "Outcome",
    "Question",
    "Repeat",
    "Runtime",
    "codebook",
    "read_form",
    "render",
]
