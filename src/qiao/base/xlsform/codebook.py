"""The codebook of a questionnaire: one row for every variable of its data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qiao.base.xlsform.model import DEFAULT, METADATA, Form, Item, Question, Repeat
from qiao.base.xlsform.scope import is_heading

_UNSTORED = frozenset({"note", "xml-external", "csv-external", "audit", *METADATA})


def variables(form: Form) -> Iterator[Question]:
    """The questions that have a column in the data, in order: those asked once."""
    for question in form.questions:
        if _stored(question) and question.key not in form.repeated:
            yield question


def _stored(question: Question) -> bool:
    return question.type not in _UNSTORED and not is_heading(question)


def codebook(form: Form) -> list[dict[str, str]]:
    """Rows ``variable, type, label…, choices…, condition, required``: a label and a choices column for each language.

    Choices are written ``name = label``, one to a line. A form without languages has one column of each. A repeat is
    one variable, whose value is a list of entries in JSON; in place of choices stand the names of their parts.
    """
    languages = form.languages or (DEFAULT,)
    rows = []
    asked = {question.key for question in variables(form)}
    for item in _flat(form.items):
        if isinstance(item, Repeat):
            rows.append(_repeat_row(form, item, languages))
            continue
        question = item
        if question.key not in asked:
            continue
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


def _flat(items: Sequence[Item]) -> Iterator[Question | Repeat]:
    """Questions and repeats in order, without what stands inside a repeat."""
    for item in items:
        if isinstance(item, Question | Repeat):
            yield item
        else:
            yield from _flat(item.items)


def _repeat_row(form: Form, repeat: Repeat, languages: Sequence[str]) -> dict[str, str]:
    row = {"variable": repeat.key, "type": "repeat"}
    for language in languages:
        row[_head("label", language)] = form.text(repeat.label, language)
    for language in languages:
        row[_head("choices", language)] = "\n".join(
            f"{part.key} = {form.text(part.label, language)}"
            for part in _flat(repeat.items)
            if isinstance(part, Repeat) or _stored(part)
        )
    return {**row, "relevant": repeat.relevant or "", "required": ""}


def _head(name: str, language: str) -> str:
    return name if language == DEFAULT else f"{name} {language}"
