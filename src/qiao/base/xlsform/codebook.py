"""The codebook of a questionnaire: one row for every variable of its data."""

from __future__ import annotations

from collections.abc import Iterator

from qiao.base.xlsform.model import DEFAULT, METADATA, Form, Question
from qiao.base.xlsform.scope import is_heading

_UNSTORED = frozenset({"note", "xml-external", "csv-external", "audit", *METADATA})


def variables(form: Form) -> Iterator[Question]:
    """The questions that have a column in the data, in order."""
    for question in form.questions:
        if question.type not in _UNSTORED and not is_heading(question):
            yield question


def codebook(form: Form) -> list[dict[str, str]]:
    """Rows ``variable, type, label…, choices…, condition, required``: a label and a choices column for each language.

    Choices are written ``name = label``, one to a line. A form without languages has one column of each.
    """
    languages = form.languages or (DEFAULT,)
    rows = []
    for question in variables(form):
        row = {"variable": question.key, "type": question.type}
        for language in languages:
            row[_head("label", language)] = form.text(question.label, language)
        held = form.lists.get(question.choices or "")
        for language in languages:
            row[_head("choices", language)] = "\n".join(
                f"{choice.name} = {form.text(choice.label, language)}" for choice in (held.choices if held else ())
            )
        row["relevant"] = question.relevant or ""
        row["required"] = "yes" if question.required == "true()" else question.required or ""
        rows.append(row)
    return rows


def _head(name: str, language: str) -> str:
    return name if language == DEFAULT else f"{name} {language}"
