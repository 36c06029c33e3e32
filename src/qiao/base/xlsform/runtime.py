"""Asking a questionnaire on a web page: what of an HTTP form is an answer, what is missing, what does not fit.

`Runtime` is built once per questionnaire version: conditions, constraints and calculations become closures, the order
in which answers depend on one another is settled, and what a page cannot do is refused. Checking one submission then
only runs closures. Answers to questions that do not apply are dropped; unknown fields are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qiao.base.xlsform.answers import (
    CONSTRAINT,
    FILTERED,
    NOTHING,
    REQUIRED,
    Fault,
    rank_order,
    reader_for,
)
from qiao.base.xlsform.context import Answers
from qiao.base.xlsform.grammar import REFERENCE
from qiao.base.xlsform.model import METADATA, Form
from qiao.base.xlsform.plan import Plan, Step
from qiao.base.xlsform.values import Moment, Value, moment, to_boolean, to_string

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``values``: what to store, by key, JSON-able. ``errors``: a message by key; with any, nothing may be stored."""

    values: dict[str, object] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


class Runtime:
    """A form compiled for the web page. Immutable after construction, safe to share between threads."""

    def __init__(self, form: Form) -> None:
        """Raises `Problems` with sheet and row for each part of the form that a page without an app cannot ask."""
        plan = Plan(form)
        self.form = form
        self.scope = plan.scope
        self.steps = plan.steps
        self.group_relevance = plan.group_relevance
        self._order = plan.order()
        self._checked = [s for s in self._order if s.constraint or s.required or s.keep]
        self._ranks = [s for s in self._order if s.question.type == "rank"]

    def validate(
        self,
        answers: Mapping[str, Sequence[str]],
        *,
        language: str,
        now: datetime,
        translate: Translate = str,
    ) -> Outcome:
        """Check one submission.

        ``answers``: texts by field name, as ``dict(request.POST.lists())`` gives them. ``language`` is one of the
        form's; ``now`` is the moment of answering in the place of answering (`today()` is its date); ``translate``
        turns the messages of `qiao.base.xlsform.answers` into the reader's language.
        """
        values: dict[str, Value] = {}
        clean: dict[str, object] = {}
        faults: dict[str, Fault] = {}
        live = self._live(values, now, language)
        if self._ranks:
            answers = self._places(answers)
        for step in self._order:
            key = step.key
            if not step.plain and not all(to_boolean(test(live)) for test in step.relevant):
                continue
            if step.reader is not None and not (step.calculation and key not in answers):
                got = answers.get(key)
                if not got:
                    continue
                typed, value, fault = step.reader([got] if isinstance(got, str) else got)
                if fault is not None:
                    faults[key] = fault
                elif value is not None:
                    values[key] = typed
                    clean[key] = value
            else:
                self._derive(step, live, values, clean)
        errors = {key: translate(template) % params for key, (template, params) in faults.items()}
        for step in self._checked:
            if step.key not in errors:
                message = self._check(step, live, clean, language, translate)
                if message is not None:
                    errors[step.key] = message
        for key in errors:
            clean.pop(key, None)
        ordered = {key: clean[key] for key in self.steps if key in clean} if len(clean) > 1 else clean
        return Outcome(ordered, {key: errors[key] for key in self.steps if key in errors} if errors else errors)

    def _live(self, values: dict[str, Value], now: datetime, language: str) -> Answers:
        today = moment(now.date().isoformat())
        exact = moment(now.isoformat())
        if not isinstance(today, Moment) or not isinstance(exact, Moment):
            raise ValueError("now must be a datetime")
        return Answers(values, today, exact, language)

    def _derive(self, step: Step, live: Answers, values: dict[str, Value], clean: dict[str, object]) -> None:
        """The value of what is not asked: a calculation, or the fixed value of a hidden or read-only question."""
        kind = step.question.type
        if kind in METADATA:
            if kind == "today":
                values[step.key] = live.today
            return
        if step.calculation is not None:
            value = step.calculation(live)
        elif callable(step.default):
            value = step.default(live)
        elif step.default is not None:
            value = step.default
        else:
            return
        text = to_string(value)
        if text in {"", "NaN"}:
            return
        if step.reader is None and step.question.type not in {"calculate", "hidden", "note", "text"}:
            reader = reader_for(step.question, self.form)
            typed, stored, _ = (
                reader(text.split() if kind in {"select_multiple", "rank"} else [text]) if reader else NOTHING
            )
            if stored is not None:
                values[step.key], clean[step.key] = typed, stored
            return
        values[step.key] = value
        if kind != "note":
            whole = isinstance(value, float) and not isinstance(value, bool) and text.lstrip("-").isdigit()
            clean[step.key] = int(text) if whole else value if type(value) is float and value == value else text

    def _check(
        self, step: Step, live: Answers, clean: Mapping[str, object], language: str, translate: Translate
    ) -> str | None:
        question = step.question
        if not all(to_boolean(test(live)) for test in step.relevant):
            return None
        if step.key not in clean:
            wanted = step.required if isinstance(step.required, bool) else to_boolean(step.required(live))
            return (self.form.text(question.required_message, language) or translate(REQUIRED)) if wanted else None
        if step.keep is not None:
            chosen = clean[step.key]
            for name in chosen if isinstance(chosen, list) else [chosen]:
                live.item = step.items.get(str(name), {})
                if not to_boolean(step.keep(live)):
                    return translate(FILTERED)
        if step.constraint is not None and not to_boolean(step.constraint(live)):
            return self.fill(self.form.text(question.constraint_message, language), live.values) or translate(
                CONSTRAINT
            )
        return None

    def _places(self, answers: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
        """Fields ``key.choice`` with places 1…n, as the page sends a ranking, become the names in order."""
        out = dict(answers)
        for step in self._ranks:
            places = {}
            for name in step.items:
                got = answers.get(f"{step.key}.{name}")
                text = (got if isinstance(got, str) else got[0]) if got else ""
                if text.strip():
                    places[name] = text
            if places and step.key not in answers:
                out[step.key] = rank_order(places) or ["\x00"]
        return out

    # what the page shows

    def fill(self, text: str, values: Mapping[str, object]) -> str:
        """A text with each ``${name}`` replaced by that answer, or … where there is none yet."""
        if "${" not in text:
            return text

        def one(found: object) -> str:
            path = self.scope.names.get(found[2], "")  # type: ignore[index] # a match of REFERENCE
            key = self.scope.nodes.get(path)
            value = values.get(key) if key else None
            if value is None or value == "":
                return "…"
            if isinstance(value, list):
                return ", ".join(str(part) for part in value)
            return to_string(value) if isinstance(value, (str, float, bool, Moment, tuple)) else str(value)

        return REFERENCE.sub(one, text)

    def defaults(self, *, now: datetime, language: str) -> dict[str, list[str]]:
        """What the fields show before anyone has answered: texts by field name."""
        live = self._live({}, now, language)
        shown: dict[str, list[str]] = {}
        for step in self.steps.values():
            if step.reader is None or step.default is None:
                continue
            text = step.default if isinstance(step.default, str) else to_string(step.default(live))
            if text:
                shown[step.key] = text.split() if step.question.type in {"select_multiple", "rank"} else [text]
        return shown
