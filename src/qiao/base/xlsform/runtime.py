"""Asking a questionnaire on a web page: what of an HTTP form is an answer, what is missing, what does not fit.

`Runtime` is built once per questionnaire version: conditions, constraints and calculations become closures, the order
in which answers depend on one another is settled, and what a page cannot do is refused. Checking one submission then
only runs closures. Answers to questions that do not apply are dropped; unknown fields are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qiao.base.problems import Place, Problem, Problems
from qiao.base.xlsform.answers import (
    CONSTRAINT,
    FILTERED,
    NOTHING,
    REQUIRED,
    Fault,
    Reader,
    rank_order,
    reader_for,
)
from qiao.base.xlsform.compiler import Answers, Columns, Evaluate, Expression, Scope, compile_expression
from qiao.base.xlsform.grammar import REFERENCE, ExpressionError
from qiao.base.xlsform.model import DEVICE, METADATA, Form, Group, Item, Question, Repeat
from qiao.base.xlsform.scope import NO_FIELD, is_heading, scope_of
from qiao.base.xlsform.values import Moment, Value, moment, to_boolean, to_string

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``values``: what to store, by key, JSON-able. ``errors``: a message by key; with any, nothing may be stored."""

    values: dict[str, object] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Step:
    """One question, ready to be checked. Only `Runtime` and the page's renderer read it."""

    question: Question
    key: str
    reader: Reader | None
    relevant: tuple[Evaluate, ...] = ()
    calculation: Evaluate | None = None
    constraint: Evaluate | None = None
    required: Evaluate | bool = False
    keep: Evaluate | None = None
    items: Mapping[str, Columns] = field(default_factory=dict)
    default: Evaluate | str | None = None
    client: list[object] | None = None
    client_filter: list[object] | None = None
    reads: set[str] = field(default_factory=set)
    plain: bool = False


class Runtime:
    """A form compiled for the web page. Immutable after construction, safe to share between threads."""

    def __init__(self, form: Form) -> None:
        """Raises `Problems` with sheet and row for each part of the form that a page without an app cannot ask."""
        self.form = form
        self.scope: Scope = scope_of(form)
        self._faults: list[Problem] = []
        self.steps: dict[str, Step] = {}
        self.group_relevance: dict[str, Expression] = {}
        self._walk(form.items, (), set())
        if self._faults:
            raise Problems(self._faults)
        self._order = self._sorted()
        self._checked = [s for s in self._order if s.constraint or s.required or s.keep]
        self._ranks = [s for s in self._order if s.question.type == "rank"]

    # compiling

    def _walk(self, items: Sequence[Item], conditions: tuple[Evaluate, ...], reads: set[str]) -> None:
        for item in items:
            if isinstance(item, Repeat):
                self._refuse(item.row, "type", "questions that are asked several times (repeats) need an app")
                continue
            if isinstance(item, Group):
                inner, inner_reads = conditions, reads
                if item.relevant:
                    read = self._compile(item, "relevant", item.relevant)
                    if read:
                        self.group_relevance[item.path] = read
                        inner, inner_reads = (*conditions, read.evaluate), reads | read.reads
                self._walk(item.items, inner, inner_reads)
                continue
            if not is_heading(item):
                self._question(item, conditions, reads)

    def _refuse(self, row: int | None, column: str, why: str) -> None:
        self._faults.append(
            Problem(
                "%(why)s, which the web page cannot do",
                place=Place(self.form.source, "survey", row, column),
                hint="Leave it out, or ask this form with an app only.",
                why=why,
            )
        )

    def _compile(self, item: Item, column: str, source: str, over_items: bool = False) -> Expression | None:
        try:
            return compile_expression(source, self.scope, item.path, over_items=over_items)
        except ExpressionError as fault:
            self._refuse(item.row, column, str(fault))
            return None

    def _question(self, question: Question, conditions: tuple[Evaluate, ...], reads: set[str]) -> None:
        kind = question.type
        reader = reader_for(question, self.form)
        if kind in DEVICE:
            self._refuse(question.row, "type", f"a question of type {kind} needs an app")
        elif reader is None and kind not in NO_FIELD:
            self._refuse(question.row, "type", f"a question of type {kind} reads a file that only an app has")
        step = Step(question, question.key, None if question.read_only else reader, conditions, reads=set(reads))
        if question.relevant:
            read = self._compile(question, "relevant", question.relevant)
            if read:
                step.relevant = (*conditions, read.evaluate)
                step.client = read.client
                step.reads |= read.reads
        if question.calculation and not question.trigger:
            read = self._compile(question, "calculation", question.calculation)
            if read:
                step.calculation = read.evaluate
                step.reads |= read.reads
        if question.constraint:
            read = self._compile(question, "constraint", question.constraint)
            step.constraint = read.evaluate if read else None
        if question.required and step.reader:
            read = self._compile(question, "required", question.required)
            step.required = True if question.required == "true()" else read.evaluate if read else False
        if question.choice_filter and question.choices in self.form.lists:
            read = self._compile(question, "choice_filter", question.choice_filter, over_items=True)
            if read:
                step.keep = read.evaluate
                step.client_filter = read.client
        if question.choices in self.form.lists:
            step.items = {item["name"]: item for item in self.scope.columns[str(question.choices)]}
        self._default(question, step)
        step.plain = bool(step.reader) and not step.relevant and not step.calculation
        self.steps[question.key] = step

    def _default(self, question: Question, step: Step) -> None:
        """A default is a text, or an expression where it has a function call or reference, as pyxform decides."""
        from pyxform.utils import default_is_dynamic

        if question.default is None:
            return
        if not default_is_dynamic(question.default, question.type):
            step.default = question.default
            return
        try:
            step.default = compile_expression(question.default, self.scope, question.path).evaluate
        except ExpressionError:
            # A default is a help, not a rule: one that only an app can compute leaves the field empty.
            step.default = None

    def _sorted(self) -> list[Step]:
        """The steps such that each comes after those it reads, otherwise in the order of the form."""
        order: list[Step] = []
        state: dict[str, int] = {}
        for start in self.steps:
            stack = [start]
            while stack:
                key = stack[-1]
                if state.get(key) == 2:
                    stack.pop()
                    continue
                waiting = [k for k in sorted(self.steps[key].reads) if k in self.steps and k not in state and k != key]
                if state.get(key) == 1 or not waiting:
                    state[key] = 2
                    order.append(self.steps[key])
                    stack.pop()
                else:
                    state[key] = 1
                    stack.extend(waiting)
        return order

    # answering

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
