"""A form made ready for a page: every question with its compiled rules, in the order of their dependence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qiao.base.problems import Place, Problem, Problems
from qiao.base.xlsform.answers import (
    Reader,
    reader_for,
)
from qiao.base.xlsform.compiler import compile_expression
from qiao.base.xlsform.context import Columns, Evaluate, Expression, Scope
from qiao.base.xlsform.errors import ExpressionError, noop
from qiao.base.xlsform.model import DEVICE, Form, Group, Item, Question, Repeat
from qiao.base.xlsform.scope import NO_FIELD, is_heading, scope_of

_HINT = noop("A web page cannot ask this: leave it out, or ask the form with an app only.")


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


class Plan:
    """The steps of a form, or every reason why a page cannot ask it."""

    def __init__(self, form: Form) -> None:
        """Raises `Problems` with sheet and row for each part of the form that a page without an app cannot ask."""
        self.form = form
        self.scope: Scope = scope_of(form)
        self.steps: dict[str, Step] = {}
        self.group_relevance: dict[str, Expression] = {}
        self._faults: list[Problem] = []
        self._walk(form.items, (), set())
        if self._faults:
            raise Problems(self._faults)

    def _walk(self, items: Sequence[Item], conditions: tuple[Evaluate, ...], reads: set[str]) -> None:
        for item in items:
            if isinstance(item, Repeat):
                self._refuse(item.row, "type", noop("Questions that are asked several times (repeats) need an app."))
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

    def _refuse(self, row: int | None, column: str, message: str, **params: Any) -> None:
        place = Place(self.form.source, "survey", row, column)
        self._faults.append(Problem(message, place=place, hint=_HINT, **params))

    def _compile(self, item: Item, column: str, source: str, over_items: bool = False) -> Expression | None:
        try:
            return compile_expression(source, self.scope, item.path, over_items=over_items)
        except ExpressionError as fault:
            self._refuse(item.row, column, fault.message, **fault.params)
            return None

    def _question(self, question: Question, conditions: tuple[Evaluate, ...], reads: set[str]) -> None:
        kind = question.type
        reader = reader_for(question, self.form)
        if kind in DEVICE:
            self._refuse(question.row, "type", noop("A question of type %(kind)s needs an app."), kind=kind)
        elif reader is None and kind not in NO_FIELD:
            self._refuse(question.row, "type", noop("A question of type %(kind)s reads a file."), kind=kind)
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

    def order(self) -> list[Step]:
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
