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
from qiao.base.xlsform.paths import repeat_mark
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
    checks: set[str] = field(default_factory=set)
    plain: bool = False
    chain: tuple[str, ...] = ()


@dataclass(slots=True)
class RepeatStep:
    """A repeat, ready to be checked: when it applies, and how many entries it has where that is fixed."""

    repeat: Repeat
    chain: tuple[str, ...]
    relevant: tuple[Evaluate, ...] = ()
    count: Evaluate | None = None
    client: list[object] | None = None
    client_count: list[object] | None = None
    reads: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        """The name of its list of entries."""
        return self.repeat.key


class Plan:
    """The steps of a form; what a page cannot ask is refused, or left out where ``partial``.

    ``steps`` are the questions asked once, ``inner`` those inside repeats, ``repeats`` these by path. ``left_out`` are
    the reasons why parts of the form stay away from the page.
    """

    def __init__(self, form: Form, *, partial: bool = False) -> None:
        """Raises `Problems` with sheet and row for each part of the form that a page without an app cannot ask.

        With ``partial`` these parts are left out instead: an app may ask them.
        """
        self.form = form
        self.scope: Scope = scope_of(form)
        self.steps: dict[str, Step] = {}
        self.inner: dict[str, Step] = {}
        self.repeats: dict[str, RepeatStep] = {}
        self.group_relevance: dict[str, Expression] = {}
        self.absent: set[str] = set()
        self._faults: list[Problem] = []
        self._walk(form.items, (), set())
        self.left_out = tuple(self._faults)
        if self._faults and not partial:
            raise Problems(self._faults)

    def _walk(self, items: Sequence[Item], conditions: tuple[Evaluate, ...], reads: set[str]) -> None:
        for item in items:
            if isinstance(item, Repeat):
                self._repeat(item, conditions, reads)
                continue
            if isinstance(item, Group):
                inner, inner_reads = conditions, reads
                if item.relevant:
                    read = self._compile(item, "relevant", item.relevant)
                    if read is None:
                        # What decides whether to ask cannot be computed: nobody is asked.
                        self.absent.add(item.path)
                        continue
                    self.group_relevance[item.path] = read
                    inner, inner_reads = (*conditions, read.evaluate), reads | read.reads
                self._walk(item.items, inner, inner_reads)
                continue
            if not is_heading(item):
                self._question(item, conditions, reads)

    def _repeat(self, repeat: Repeat, conditions: tuple[Evaluate, ...], reads: set[str]) -> None:
        """The conditions above it are asked of the repeat; those inside it of each entry."""
        step = RepeatStep(repeat, self.scope.chain(repeat.path), conditions, reads=set(reads))
        for column, source in (("relevant", repeat.relevant), ("repeat_count", repeat.count)):
            if not source:
                continue
            read = self._compile(repeat, column, source)
            if read is None:
                self.absent.add(repeat.path)
                return
            step.reads |= read.reads
            if column == "relevant":
                step.relevant, step.client = (*conditions, read.evaluate), read.client
            else:
                step.count, step.client_count = read.evaluate, read.client
        self.repeats[repeat.path] = step
        self._walk(repeat.items, (), {repeat_mark(repeat.path)})

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
        before = len(self._faults)
        if kind in DEVICE:
            self._refuse(question.row, "type", noop("A question of type %(kind)s needs an app."), kind=kind)
        elif reader is None and kind not in NO_FIELD:
            self._refuse(question.row, "type", noop("A question of type %(kind)s reads a file."), kind=kind)
        step = Step(question, question.key, None if question.read_only else reader, conditions, reads=set(reads))
        step.chain = self.scope.chain(question.path)
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
            step.checks |= read.reads if read else set()
        if question.required and step.reader:
            read = self._compile(question, "required", question.required)
            step.required = True if question.required == "true()" else read.evaluate if read else False
            step.checks |= read.reads if read else set()
        if question.choice_filter and question.choices in self.form.lists:
            read = self._compile(question, "choice_filter", question.choice_filter, over_items=True)
            if read:
                step.keep = read.evaluate
                step.checks |= read.reads
                step.client_filter = read.client
        if question.choices in self.form.lists:
            step.items = {item["name"]: item for item in self.scope.columns[str(question.choices)]}
        if len(self._faults) > before:
            self.absent.add(question.path)
            return
        self._default(question, step)
        step.plain = bool(step.reader) and not step.relevant and not step.calculation
        (self.inner if step.chain else self.steps)[question.key] = step

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

    def order(self) -> list[Step | RepeatStep]:
        """The steps such that each comes after those it reads, otherwise in the order of the form."""
        every: dict[str, Step | RepeatStep] = {repeat_mark(path): step for path, step in self.repeats.items()}
        every |= self.steps | self.inner
        for path, repeat in self.repeats.items():
            if repeat.chain:
                every[repeat_mark(path)].reads.add(repeat_mark(repeat.chain[-1]))
        order: list[Step | RepeatStep] = []
        state: dict[str, int] = {}
        for start in (*self.steps, *every):
            stack = [start]
            while stack:
                key = stack[-1]
                if state.get(key) == 2:
                    stack.pop()
                    continue
                waiting = [k for k in sorted(every[key].reads) if k in every and k not in state and k != key]
                if state.get(key) == 1 or not waiting:
                    state[key] = 2
                    order.append(every[key])
                    stack.pop()
                else:
                    state[key] = 1
                    stack.extend(waiting)
        return order
