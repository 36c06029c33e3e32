"""The native field, or fields, of each kind of question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape

from qiao.base.xlsform.model import Choice
from qiao.base.xlsform.page import CHOOSE_ONE, PLACE, SCALE, Page, Parts, box, fieldset, media
from qiao.base.xlsform.plan import Step

MANY = 15
"""With more choices than this a question becomes a drop-down list."""


_FIELDS = {
    "integer": 'type="text" inputmode="numeric"',
    "decimal": 'type="text" inputmode="decimal"',
    "date": 'type="date"',
    "time": 'type="time"',
    "datetime": 'type="datetime-local"',
    "text": 'type="text"',
}


def _input(page: Page, step: Step, parts: Parts) -> str:
    question = step.question
    value = escape((page.answer(question.key) or [""])[0])
    common = f'id="i-{parts.key}" name="{parts.key}"{parts.state}{parts.required}'
    if question.type == "text" and ("multiline" in question.appearance.split() or "rows" in question.parameters):
        rows = question.parameters.get("rows", "4")
        return box(parts, f'<textarea rows="{escape(rows)}" {common}>\n{value}</textarea>')
    kind = _FIELDS[question.type]
    if question.type == "text" and "numbers" in question.appearance.split():
        kind += ' inputmode="numeric"'
    return box(parts, f'<input {kind} {common} value="{value}" autocomplete="off">')


def _options(page: Page, step: Step) -> list[tuple[Choice, bool, str]]:
    """Each choice, whether it is chosen, and its condition for the script.

    All are shown, for the answers a filter reads may still change on this page; the server applies the filter.
    """
    chosen = set(page.answer(step.key))
    made = []
    for choice in page.runtime.form.lists[str(step.question.choices)].choices:
        condition = ""
        if step.client_filter is not None:
            bound = page.condition(_bind(step.client_filter, step.items[choice.name]))
            if bound is not None:
                condition = f' data-keep="{escape(json.dumps(bound, ensure_ascii=False))}"'
        made.append((choice, choice.name in chosen, condition))
    return made


def _bind(part: object, item: Mapping[str, str]) -> object:
    if not isinstance(part, list):
        return part
    return item.get(part[1], "") if part[0] == "@" else [_bind(inner, item) for inner in part]


def _label(page: Page, choice: Choice) -> str:
    return page.text(choice.label) or escape(choice.name)


def _pictured(page: Page, choice: Choice) -> str:
    """A choice's words with its picture, if it has one."""
    words = page.text(choice.label)
    shown = media(page, choice.media, choice.alt, words, brief=True)
    return shown + (words or ("" if shown else escape(choice.name)))


def _choices(page: Page, step: Step, parts: Parts) -> str:
    options = _options(page, step)
    one = step.question.type == "select_one"
    looks = step.question.appearance.split()
    pictured = any(choice.media for choice, _on, _condition in options)
    if one and not pictured and (len(options) > MANY or "minimal" in looks):
        listed = "".join(
            f'<option value="{escape(choice.name)}"{" selected" if on else ""}{condition}>'
            f"{_label(page, choice)}</option>\n"
            for choice, on, condition in options
        )
        first = f'<option value="">{escape(page.say(CHOOSE_ONE))}</option>\n'
        return box(
            parts,
            f'<select id="i-{parts.key}" name="{parts.key}"{parts.state}{parts.required}>\n{first}{listed}</select>',
        )
    kind = "radio" if one else "checkbox"
    required = parts.required if one else ""
    drawn = "".join(
        f'<label class="choice"{condition}><input type="{kind}" name="{parts.key}" value="{escape(choice.name)}"'
        f"{' checked' if on else ''}{required}> <span>{_pictured(page, choice)}</span></label>\n"
        for choice, on, condition in options
    )
    if any(look in {"likert", "horizontal", "horizontal-compact", "quickcompact"} or look.startswith("columns")
           for look in looks):  # fmt: skip
        drawn = f'<div class="choices-inline">\n{drawn}</div>\n'
    return fieldset(parts, drawn)


def _rank(page: Page, step: Step, parts: Parts) -> str:
    choices = page.runtime.form.lists[str(step.question.choices)].choices
    order = page.answer(step.key)
    rows = []
    for choice in choices:
        name = f"{step.key}.{choice.name}"
        field_name = f"{page.prefix}{name}"
        place = (page.answer(name) or [str(order.index(choice.name) + 1) if choice.name in order else ""])[0]
        listed = "".join(
            f"<option{' selected' if place == str(number) else ''}>{number}</option>"
            for number in range(1, len(choices) + 1)
        )
        first = f'<option value="">{escape(page.say(PLACE))}</option>'
        rows.append(
            f'<label class="choice"><select name="{escape(field_name)}">{first}{listed}</select> '
            f"<span>{_pictured(page, choice)}</span></label>\n"
        )
    return fieldset(parts, "".join(rows))


def _range(page: Page, step: Step, parts: Parts) -> str:
    """A scale of few steps is a row of choices: a slider has no position for "no answer"."""
    told = {key: step.question.parameters.get(key, "1") for key in ("start", "end", "step")}
    start, end, size = (float(told[key]) for key in ("start", "end", "step"))
    value = (page.answer(step.key) or [""])[0]
    steps = int(abs(end - start) / abs(size) + 1e-9) + 1 if size else 1
    if steps > MANY:
        low, high = (told["start"], told["end"]) if start <= end else (told["end"], told["start"])
        text = f'<p class="meta">{escape(page.say(SCALE) % told)}</p>\n'
        return box(
            parts,
            f'{text}<input type="number" id="i-{parts.key}" name="{parts.key}" '
            f'min="{escape(low)}" max="{escape(high)}" step="{escape(told["step"].lstrip("-"))}" '
            f'value="{escape(value)}"{parts.state}{parts.required}>',
        )
    signed = abs(size) if end >= start else -abs(size)
    made = []
    for number in range(steps):
        text = f"{start + number * signed:.10g}"
        made.append(
            f'<label class="choice"><input type="radio" name="{parts.key}" value="{text}"'
            f"{' checked' if text == value else ''}{parts.required}> <span>{text}</span></label>\n"
        )
    return fieldset(parts, "".join(made))


def _acknowledge(page: Page, step: Step, parts: Parts) -> str:
    on = " checked" if page.answer(step.key) else ""
    return (
        f'<div class="question" id="q-{parts.key}"{parts.condition}>\n{parts.between}<label class="choice">'
        f'<input type="checkbox" name="{parts.key}" value="OK"{on}{parts.state}{parts.required}> '
        f"<span>{parts.label}</span></label>\n</div>\n"
    )


RENDERERS = {
    **dict.fromkeys(_FIELDS, _input),
    "select_one": _choices,
    "select_multiple": _choices,
    "rank": _rank,
    "range": _range,
    "acknowledge": _acknowledge,
    "note": _acknowledge,
}
