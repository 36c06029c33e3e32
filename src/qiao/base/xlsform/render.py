"""A questionnaire as HTML: native fields, a legend or label for each, hints and errors tied to them, no script needed.

A question under a condition carries it in ``data-relevant`` for the page's script, which hides what does not apply;
without script it is shown with a note, and the server drops what does not apply. Everything that comes from the form or
from an answer is escaped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from qiao.base.xlsform.fields import RENDERERS
from qiao.base.xlsform.model import Group, Item, Question
from qiao.base.xlsform.page import ERRORS, MUST, ONLY_IF, WORDS, Html, Page, Parts
from qiao.base.xlsform.plan import Step
from qiao.base.xlsform.runtime import Runtime, Translate
from qiao.base.xlsform.scope import is_heading

__all__ = ["WORDS", "Html", "render"]


def render(
    runtime: Runtime,
    *,
    language: str,
    now: datetime,
    answers: Mapping[str, Sequence[str]] | None = None,
    errors: Mapping[str, str] | None = None,
    translate: Translate = str,
) -> Html:
    """The questions of a form, ready to stand inside a ``<form>``.

    ``answers`` are texts by field name, as submitted; ``None`` for an untouched page, which shows the form's defaults.
    ``errors`` are those of `Outcome`. ``translate`` turns the words in ``WORDS`` into the reader's language.
    """
    given = runtime.defaults(now=now, language=language) if answers is None else answers
    shown: dict[str, object] = {}
    for key, step in runtime.steps.items():
        got = given.get(key)
        texts = [got] if isinstance(got, str) else list(got or ())
        labels = {name: item["label"] for name, item in step.items.items()}
        shown[key] = ", ".join(" ".join(labels.get(text, text).split()) for text in texts)
    page = Page(runtime, language, given, errors or {}, translate, shown)
    return Html(_summary(page) + _items(page, runtime.form.items, 2, conditional=False))


def _summary(page: Page) -> str:
    if not page.errors:
        return ""
    lines = "".join(
        f'<li><a href="#q-{escape(key)}">{page.text(page.runtime.steps[key].question.label) or escape(key)}</a></li>'
        for key in page.errors
        if key in page.runtime.steps
    )
    return f'<div class="error" role="alert"><p>{escape(page.say(ERRORS))}</p><ul>{lines}</ul></div>\n'


def _items(page: Page, items: Sequence[Item], level: int, *, conditional: bool) -> str:
    parts = []
    for item in items:
        if isinstance(item, Question):
            if not is_heading(item):
                parts.append(_question(page, page.runtime.steps[item.key], conditional))
        elif isinstance(item, Group):
            parts.append(_group(page, item, level, conditional))
    return "".join(parts)


def _group(page: Page, group: Group, level: int, conditional: bool) -> str:
    label = page.text(group.label)
    head = f"<h{level}>{label}</h{level}>\n" if label else ""
    relevance = page.runtime.group_relevance.get(group.path)
    condition, note = _condition(page, relevance.client if relevance else None, relevance is not None)
    inner = _items(page, group.items, min(level + 1, 6), conditional=conditional or relevance is not None)
    if not head and not condition and not note:
        return inner
    return f'<section class="group"{condition}>\n{head}{note}{inner}</section>\n'


def _condition(page: Page, client: Sequence[object] | None, there_is_one: bool) -> tuple[str, str]:
    if not there_is_one:
        return "", ""
    attribute = f' data-relevant="{escape(json.dumps(client, ensure_ascii=False))}"' if client else ""
    return attribute, f'<p class="meta only-if">{escape(page.say(ONLY_IF))}</p>\n'


def _question(page: Page, step: Step, conditional: bool) -> str:
    question = step.question
    if question.type not in RENDERERS or (question.read_only and question.type != "note"):
        return _shown_only(page, step)
    key = escape(question.key)
    condition, note = _condition(page, step.client, question.relevant is not None)
    if question.type == "note":
        body = page.text(question.label)
        return f'<div class="note" id="q-{key}"{condition}>{note}<p>{body}</p>{_hint(page, question)}</div>\n'
    required = step.required is True
    must = f' <small class="meta">{escape(page.say(MUST))}</small>' if required else ""
    label = (page.text(question.label) or key) + must
    hint, error = _hint(page, question), _error(page, question.key)
    described = " ".join(name for name, text in ((f"h-{key}", hint), (f"e-{key}", error)) if text)
    reference = f' aria-describedby="{described}"' if described else ""
    state = reference + (' aria-invalid="true"' if error else "")
    # A field that may not apply must not be `required`: a browser would not send the page without it.
    must_attribute = " required" if required and not conditional and question.relevant is None else ""
    return RENDERERS[question.type](
        page, step, Parts(key, label, note + hint + error, condition, reference, state, must_attribute)
    )


def _hint(page: Page, question: Question) -> str:
    hint = page.text(question.hint)
    return f'<p class="meta" id="h-{escape(question.key)}">{hint}</p>\n' if hint else ""


def _error(page: Page, key: str) -> str:
    message = page.errors.get(key)
    return f'<p class="error" id="e-{escape(key)}"><strong>{escape(message)}</strong></p>\n' if message else ""


def _shown_only(page: Page, step: Step) -> str:
    """A read-only question shows its value; a calculation or hidden value shows nothing."""
    question = step.question
    value = page.shown.get(question.key)
    if not question.read_only or not question.label or not value:
        return ""
    return f'<p id="q-{escape(question.key)}">{page.text(question.label)} <b>{escape(str(value))}</b></p>\n'
