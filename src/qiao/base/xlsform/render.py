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

from qiao.base.xlsform.entries import ADD, DROP, changed, changes, numbers
from qiao.base.xlsform.fields import RENDERERS
from qiao.base.xlsform.model import Group, Item, Question, Repeat
from qiao.base.xlsform.page import (
    EACH,
    ENTRY,
    ERRORS,
    GUIDANCE,
    LESS,
    MORE,
    MUST,
    ONLY_IF,
    WORDS,
    Html,
    Page,
    Parts,
    chosen_text,
    media,
)
from qiao.base.xlsform.plan import Step
from qiao.base.xlsform.runtime import Runtime, Translate
from qiao.base.xlsform.scope import is_heading

__all__ = ["WORDS", "Html", "render", "render_repeat"]


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
    defaults = runtime.defaults(now=now, language=language)
    given = defaults if answers is None else changed(answers) if changes(answers) else answers
    shown: dict[str, object] = {}
    for key, step in runtime.steps.items():
        got = given.get(key)
        shown[key] = chosen_text(step, [got] if isinstance(got, str) else list(got or ()))
    page = Page(runtime, language, given, errors or {}, translate, now, shown, defaults=defaults)
    # Return in a text field presses the first button of a form: it must not be one that adds an entry.
    first = '<button type="submit" class="sr" tabindex="-1" aria-hidden="true"></button>\n' if runtime.repeats else ""
    return Html(first + _summary(page) + _items(page, runtime.form.items, 2, conditional=False))


def render_repeat(
    runtime: Runtime,
    path: str,
    *,
    language: str,
    now: datetime,
    answers: Mapping[str, Sequence[str]],
    errors: Mapping[str, str],
    translate: Translate = str,
) -> Html:
    """One repeat with its entries, as `render` draws it, for a screen that asks one thing after another."""
    given = changed(answers) if changes(answers) else answers
    shown: dict[str, object] = {}
    for key, step in runtime.steps.items():
        got = given.get(key)
        shown[key] = chosen_text(step, [got] if isinstance(got, str) else list(got or ()))
    defaults = runtime.defaults(now=now, language=language)
    page = Page(runtime, language, given, errors, translate, now, shown, defaults=defaults)
    first = '<button type="submit" class="sr" tabindex="-1" aria-hidden="true"></button>\n'
    return Html(first + _repeat(page, runtime.repeats[path].repeat, 2))


def _summary(page: Page) -> str:
    if ADD in page.errors:
        return f'<p class="note" role="status">{escape(page.errors[ADD])}</p>\n'
    if not page.errors:
        return ""
    lines = "".join(
        f'<li><a href="#q-{escape(name)}">{_name(page, name)}</a></li>' for name in page.errors if _name(page, name)
    )
    return f'<div class="error" role="alert"><p>{escape(page.say(ERRORS))}</p><ul>{lines}</ul></div>\n'


def _name(page: Page, field_name: str) -> str:
    """What a field with an error is called: its label, with the number of its entry."""
    parts = field_name.split(":")
    key = parts[-1]
    step = page.runtime.steps.get(key) or page.runtime.inner.get(key)
    label = step.question.label if step else next(
        (repeat.repeat.label for repeat in page.runtime.repeats.values() if repeat.key == key), None
    )  # fmt: skip
    if label is None:
        return ""
    entry = f" ({escape(page.say(ENTRY) % {'number': int(parts[-2])})})" if len(parts) > 2 else ""
    return (page.text(label) or escape(key)) + entry


def _items(page: Page, items: Sequence[Item], level: int, *, conditional: bool) -> str:
    parts = []
    for item in items:
        if isinstance(item, Question):
            step = page.runtime.steps.get(item.key) or page.runtime.inner.get(item.key)
            if step is not None and not is_heading(item):
                parts.append(_question(page, step, conditional))
        elif item.path in page.runtime.absent:
            continue
        elif isinstance(item, Group):
            parts.append(_group(page, item, level, conditional))
        else:
            parts.append(_repeat(page, item, level))
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


def _repeat(page: Page, repeat: Repeat, level: int) -> str:
    """The entries of a repeat, one after another; a button adds one, and each has one that takes it away.

    With a fixed count there are as many as it says and no buttons. The `template` is for the page's script, which does
    the same without asking the server.
    """
    step = page.runtime.repeats[repeat.path]
    name = page.prefix + step.key
    key = escape(name)
    there = numbers(page.answers, name)
    if step.count is not None:
        wanted = page.runtime.counted(page.answers, language=page.language, now=page.now).get(name, 0)
    else:
        wanted = max(len(there), 0 if f"{name}:#" in page.answers else 1)
    entries = [*there, *range(max(there, default=0) + 1, max(there, default=0) + 1 + wanted - len(there))][:wanted]
    condition, note = _condition(page, step.client, repeat.relevant is not None)
    label = page.text(repeat.label)
    head = f"<h{level}>{label}</h{level}>\n" if label else ""
    fixed_count = step.count is not None

    def entry(number: str, place: str, fresh: bool) -> str:
        inside = page.entry(repeat.path, f"{name}:{number}:", fresh)
        inner = _items(inside, repeat.items, min(level + 1, 6), conditional=True)
        title = escape(page.say(ENTRY)).replace("%(number)d", place)
        less = (
            ""
            if fixed_count
            else f'<p><button type="submit" class="button quiet" name="{DROP}" value="{key}:{number}" formnovalidate>'
            f'{escape(page.say(LESS))} <span class="sr">{title}</span></button></p>\n'
        )
        return f'<fieldset class="entry" data-entry="{number}"><legend>{title}</legend>\n{inner}{less}</fieldset>\n'

    drawn = "".join(
        entry(str(number), str(place), number not in there) for place, number in enumerate(entries, start=1)
    )
    count = page.condition(step.client_count) if step.client_count else None
    counted = f' data-count="{escape(json.dumps(count, ensure_ascii=False))}"' if count is not None else ""
    # One mark for each depth: an entry put in by script may itself hold repeats.
    mark = f"__{len(page.chain)}__"
    more = (
        ""
        if fixed_count
        else f'<p><button type="submit" class="button quiet" name="{ADD}" value="{key}" formnovalidate>'
        f"{escape(page.say(MORE))}</button></p>\n"
    )
    told = "" if fixed_count else f'<p class="meta">{escape(page.say(EACH))}</p>\n'
    listed = " ".join(str(number) for number in entries)
    return (
        f'<section class="repeat" id="q-{key}" data-repeat="{key}" data-mark="{mark}"{counted}{condition}>\n'
        f"{head}{note}{told}{_error(page, step.key)}"
        f'<input type="hidden" name="{key}:#" value="{listed}">\n<div data-entries>\n{drawn}</div>\n{more}'
        f"<template>{entry(mark, mark, True)}</template>\n</section>\n"
    )


def _condition(page: Page, client: Sequence[object] | None, there_is_one: bool) -> tuple[str, str]:
    if not there_is_one:
        return "", ""
    bound = page.condition(list(client)) if client else None
    attribute = f' data-relevant="{escape(json.dumps(bound, ensure_ascii=False))}"' if bound is not None else ""
    return attribute, f'<p class="meta only-if">{escape(page.say(ONLY_IF))}</p>\n'


def _question(page: Page, step: Step, conditional: bool) -> str:
    question = step.question
    if question.type not in RENDERERS or (question.read_only and question.type != "note"):
        return _shown_only(page, step)
    key = escape(page.prefix + question.key)
    condition, note = _condition(page, step.client, question.relevant is not None)
    if question.type == "note":
        body = page.text(question.label)
        shown = media(page, question.media, question.alt, body)
        return f'<div class="note" id="q-{key}"{condition}>{note}<p>{body}</p>{shown}{_hint(page, question)}</div>\n'
    required = step.required is True
    must = f' <small class="meta">{escape(page.say(MUST))}</small>' if required else ""
    label = (page.text(question.label) or key) + must
    hint, error = _hint(page, question), _error(page, question.key)
    guidance = page.text(question.guidance)
    if guidance:
        note += f"<details><summary>{escape(page.say(GUIDANCE))}</summary><p>{guidance}</p></details>\n"
    note += media(page, question.media, question.alt, label)
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
    return f'<p class="meta" id="h-{escape(page.prefix + question.key)}">{hint}</p>\n' if hint else ""


def _error(page: Page, key: str) -> str:
    message = page.error(key)
    name = escape(page.prefix + key)
    return f'<p class="error" id="e-{name}"><strong>{escape(message)}</strong></p>\n' if message else ""


def _shown_only(page: Page, step: Step) -> str:
    """A read-only question shows its value; a calculation or hidden value shows nothing."""
    question = step.question
    value = page.shown.get(question.key)
    if not question.read_only or not question.label or not value:
        return ""
    return (
        f'<p id="q-{escape(page.prefix + question.key)}">{page.text(question.label)} <b>{escape(str(value))}</b></p>\n'
    )
