"""Questionnaires as XLSForms: read, write, check, ask on a page without script, and describe. No Django in here.

``read_form(path, name)`` reads a form or raises `Problems`; ``Runtime(form)`` compiles it for a web page or raises
`Problems`; ``runtime.validate(dict(request.POST.lists()), language=…, now=…)`` checks a submission;
``render(runtime, language=…, …)`` gives the page's questions; ``codebook(form)`` describes the data.

``read_document(path, name)`` reads the same file as a `FormDocument`, the JSON the house keeps and the editor changes;
``write_xlsx(document)`` writes it as a workbook again and ``form_of(document)`` makes the form of it.
"""

from __future__ import annotations

from qiao.base.xlsform.codebook import codebook
from qiao.base.xlsform.document import FormDocument, Node, Option, from_json, to_json
from qiao.base.xlsform.model import Choice, ChoiceList, Form, Group, Question, Repeat
from qiao.base.xlsform.read import form_of, read_document, read_form
from qiao.base.xlsform.render import Html, render, render_repeat
from qiao.base.xlsform.runtime import Outcome, Runtime
from qiao.base.xlsform.writing import write_xlsx

__all__ = [
    "Choice",
    "ChoiceList",
    "Form",
    "FormDocument",
    "Group",
    "Html",
    "Node",
    "Option",
    "Outcome",
    "Question",
    "Repeat",
    "Runtime",
    "codebook",
    "form_of",
    "from_json",
    "read_document",
    "read_form",
    "render",
    "render_repeat",
    "to_json",
    "write_xlsx",
]
