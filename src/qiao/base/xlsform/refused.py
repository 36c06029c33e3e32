"""Questions and choice lists that ask for what the platform never holds (see `qiao.base.denylist`)."""

from __future__ import annotations

from collections.abc import Mapping

from qiao.base.denylist import DeniedClass, match_header, options_denied
from qiao.base.problems import Place, Problem
from qiao.base.xlsform.document import FormDocument
from qiao.base.xlsform.errors import noop
from qiao.base.xlsform.model import Form, Question

_HINT = noop("Leave it out: the platform never holds it, and no answer to it would be stored.")
_MESSAGES = {
    DeniedClass.ETHNICITY: noop("'%(name)s' asks for ethnicity."),
    DeniedClass.RELIGION: noop("'%(name)s' asks for religion."),
    DeniedClass.PARTY: noop("'%(name)s' asks for party membership."),
    DeniedClass.OPINION: noop("'%(name)s' asks for political opinion or ideology."),
    DeniedClass.SECURITY: noop("'%(name)s' asks for a security or stability mark."),
    DeniedClass.TRACES: noop("'%(name)s' asks for traces of where a person was or how they look."),
}


def refused_questions(form: Form) -> tuple[Problem, ...]:
    """One fault for each refused question, group or choice list, with sheet, row and column; never a value."""
    found: list[Problem] = []
    for item in form.walk():
        if isinstance(item, Question) and item.type in {"calculate", "xml-external", "csv-external"}:
            texts: Mapping[str, str] = {}
        else:
            texts = item.label
        for column, text in (("name", item.name), *((_column("label", key), text) for key, text in texts.items())):
            denied = match_header(text)
            if denied:
                found.append(_refusal(form, "survey", item.row, column, denied, item.name))
                break
    for choices in form.lists.values():
        denied = match_header(choices.name) or options_denied(
            text for choice in choices.choices for text in choice.label.values()
        )
        if denied:
            row = choices.choices[0].row if choices.choices else None
            found.append(_refusal(form, "choices", row, "list_name", denied, choices.name))
    return tuple(found)


def refused_nodes(document: FormDocument) -> tuple[Problem, ...]:
    """The same of a document that may not be a form yet, as the editor asks at every save: labels, hints, lists."""
    found: list[Problem] = []

    def told(column: str, denied: DeniedClass, name: str) -> None:
        found.append(Problem(_MESSAGES[denied], hint=_HINT, name=name, place=Place(column=column)))

    for node in document.walk():
        said = [("name", node.name)]
        if node.type != "calculate":
            said += [(_column("label", key), text) for key, text in node.text("label").items()]
        hit = next(((column, denied) for column, text in said if (denied := match_header(text))), None)
        if hit:
            told(*hit, node.name)
    for name, options in document.lists.items():
        named = match_header(name) or options_denied(
            text for option in options for text in option.text("label").values()
        )
        if named:
            told("list_name", named, name)
    return tuple(found)


def _column(name: str, language: str) -> str:
    return name if language == "default" else f"{name}::{language}"


def _refusal(form: Form, sheet: str, row: int | None, column: str, denied: DeniedClass, name: str) -> Problem:
    return Problem(
        _MESSAGES[denied],
        place=Place(form.source, sheet, row, column),
        hint=_HINT,
        name=name,
    )
