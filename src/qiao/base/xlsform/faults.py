"""Faults of a form that pyxform does not tell, or tells one at a time: all of them, with sheet, row and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from pyxform.utils import default_is_dynamic

from qiao.base.problems import Place, Problem
from qiao.base.xlsform.compiler import compile_expression
from qiao.base.xlsform.errors import ExpressionError, MissingError, UnsupportedError, noop
from qiao.base.xlsform.model import SELECTS, Form, Item, Question, Repeat
from qiao.base.xlsform.scope import scope_of


def expression_faults(form: Form) -> tuple[list[Problem], list[Problem]]:
    """Faults and remarks on conditions, constraints, calculations, filters and defaults.

    Faults: what cannot be read, refers to no question, or goes in a circle. Remarks: paths that lead nowhere, which
    form engines read as empty.
    """
    scope = scope_of(form)
    faults: list[Problem] = []
    remarks: list[Problem] = []
    needs: dict[str, set[str]] = {question.key: set() for question in form.questions}
    for item, keys in _with_keys(form.items):
        for column, source, over_items in _expressions(item):
            place = Place(form.source, "survey", item.row, column)
            try:
                read = compile_expression(source, scope, item.path, over_items=over_items)
            except UnsupportedError:
                continue
            except MissingError as fault:
                remarks.append(expression_fault(place, fault, source))
            except ExpressionError as fault:
                faults.append(expression_fault(place, fault, source))
            else:
                if column in {"relevant", "calculation"}:
                    for key in keys:
                        needs[key] |= read.reads
    rows = {question.key: question.row for question in form.questions}
    faults += [
        Problem(
            "The values of %(circle)s depend on each other.",
            place=Place(form.source, "survey", rows[circle[0]]),
            hint="Break the circle: one of them must not refer to the others.",
            circle=" → ".join([*circle, circle[0]]),
        )
        for circle in _circles(needs)
    ]
    return faults, remarks


def _with_keys(items: Sequence[Item]) -> Iterator[tuple[Item, list[str]]]:
    """Each item with the keys of the questions under its condition."""
    for item in items:
        if isinstance(item, Question):
            yield item, [item.key]
            continue
        inner = list(_with_keys(item.items))
        yield item, [key for held, keys in inner if isinstance(held, Question) for key in keys]
        yield from inner


def _expressions(item: Item) -> Iterator[tuple[str, str, bool]]:
    if item.relevant:
        yield "relevant", str(item.relevant), False
    if isinstance(item, Repeat) and item.count:
        yield "repeat_count", str(item.count), False
    if isinstance(item, Question):
        written = {"constraint": item.constraint, "required": item.required, "calculation": item.calculation}
        for column, source in written.items():
            if source:
                yield column, str(source), False
        if item.choice_filter and item.type in SELECTS:
            yield "choice_filter", str(item.choice_filter), True
        if item.default and default_is_dynamic(item.default, item.type):
            yield "default", str(item.default), False


def expression_fault(place: Place, fault: ExpressionError, source: str) -> Problem:
    """The fault of an expression at its place, with the expression itself."""
    return Problem(
        fault.message, place=place, hint=noop("It is written: %(source)s"), source=source[:200], **fault.params
    )


def _circles(needs: Mapping[str, set[str]]) -> list[list[str]]:
    """Each circle of dependence once, as the list of its members."""
    graph = {key: set(reads) for key, reads in needs.items()}
    found: list[list[str]] = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as fault:
            circle = list(reversed(fault.args[1]))[:-1]
            start = min(range(len(circle)), key=lambda at: list(needs).index(circle[at]))
            found.append(circle[start:] + circle[:start])
            for key in circle:
                graph[key] = set()
        else:
            return found
