"""From an expression's tree to a Python closure, once per questionnaire version.

A closure takes the `Answers` of one submission and returns a value; nothing is parsed or looked up by path again.
What only an app can compute (repeats, attached files, chance) raises `UnsupportedError` here, never while answering.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from qiao.base.xlsform.context import Answers, Evaluate, Expression, Scope
from qiao.base.xlsform.errors import ExpressionError, UnsupportedError, noop
from qiao.base.xlsform.functions import COMPUTED
from qiao.base.xlsform.grammar import parse
from qiao.base.xlsform.paths import Paths
from qiao.base.xlsform.patterns import compile_pattern
from qiao.base.xlsform.values import (
    Scalar,
    Value,
    equal,
    ordered,
    to_boolean,
    to_number,
    to_string,
    unequal,
)


def compile_expression(source: str, scope: Scope, here: str, *, over_items: bool = False) -> Expression:
    """Compile one expression of the question or group at path ``here``.

    ``over_items``: it is a choice filter, where bare names are columns of the choices sheet. Raises `ExpressionError`.
    """
    compiler = _Compiler(scope, here)
    tree = parse(scope.expand(source).strip())
    evaluate = compiler.compile(tree, over_items)
    return Expression(evaluate, frozenset(compiler.reads), compiler.client(tree, over_items))


_COMPARE: dict[str, Callable[[Value, Value], bool]] = {
    "=": equal,
    "!=": unequal,
    "<": ordered(operator.lt),
    "<=": ordered(operator.le),
    ">": ordered(operator.gt),
    ">=": ordered(operator.ge),
}


def _divide(left: float, right: float) -> float:
    if right == 0:
        return float("nan") if left == 0 or left != left else float("inf") * (1 if left > 0 else -1)
    return left / right


def _remainder(left: float, right: float) -> float:
    import math

    return math.fmod(left, right) if right != 0 and math.isfinite(left) else float("nan")


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": _divide,
    "mod": _remainder,
}


class _Compiler(Paths):
    def compile(self, token: Any, over_items: bool) -> Evaluate:
        symbol = token.symbol
        if token.label == "literal":
            constant: Scalar = (
                float(token.value) if isinstance(token.value, (int, float, Decimal)) else str(token.value)
            )
            return lambda _: constant
        if symbol == "(" and len(token) == 1:
            return self.compile(token[0], over_items)
        if symbol in {"and", "or"}:
            left, right = (self.compile(part, over_items) for part in token)
            if symbol == "and":
                return lambda a: to_boolean(left(a)) and to_boolean(right(a))
            return lambda a: to_boolean(left(a)) or to_boolean(right(a))
        if symbol in _COMPARE and len(token) == 2:
            compare = _COMPARE[symbol]
            left, right = (self.compile(part, over_items) for part in token)
            return lambda a: compare(left(a), right(a))
        if symbol in _ARITHMETIC and token.label == "operator":
            return self._arithmetic(token, over_items)
        if token.label == "function":
            return self._function(token, over_items)
        if symbol == "|":
            raise UnsupportedError(noop("The expression joins sets of answers with |, which only an app can do."))
        return self.path(token, over_items)

    def _arithmetic(self, token: Any, over_items: bool) -> Evaluate:
        if len(token) == 1:
            sign = -1.0 if token.symbol == "-" else 1.0
            only = self.compile(token[0], over_items)
            return lambda a: sign * to_number(only(a))
        compute = _ARITHMETIC[token.symbol]
        left, right = (self.compile(part, over_items) for part in token)
        return lambda a: compute(to_number(left(a)), to_number(right(a)))

    def _function(self, token: Any, over_items: bool) -> Evaluate:
        name = token.symbol
        if name == "jr-choice-name":
            return self._choice_name(token, over_items)
        if name == "current":
            return self.path(token, over_items)
        if name == "instance":
            return self.path(token, over_items)
        if name == "position":
            return self.position(token, over_items)
        if name == "indexed-repeat":
            return self.indexed(token, over_items)
        if name == "last":
            return lambda a: float(a.size)
        parts = [self.compile(part, over_items) for part in token]
        if not parts and name in {"number", "string", "string-length", "normalize-space"}:
            parts = [self._answer(self.here)]
        if name == "if":
            test, yes, no = parts
            return lambda a: yes(a) if to_boolean(test(a)) else no(a)
        if name == "today":
            return lambda a: a.today
        if name == "now":
            return lambda a: a.now
        if name == "once":
            return parts[0]
        if name not in COMPUTED:
            raise UnsupportedError(noop("Only an app can compute %(name)s()."), name=name.replace("jr-", "jr:"))
        function = COMPUTED[name][1]
        if name == "regex" and token[1].label == "literal":
            pattern, text = compile_pattern(str(token[1].value)), parts[0]
            return lambda a: pattern.fullmatch(to_string(text(a))) is not None
        if len(parts) == 1:
            first = parts[0]
            return lambda a: function(first(a))
        if len(parts) == 2:
            one, two = parts
            return lambda a: function(one(a), two(a))
        return lambda a: function(*(part(a) for part in parts))

    def _choice_name(self, token: Any, over_items: bool) -> Evaluate:
        chosen = self.compile(token[0], over_items)
        if token[1].label != "literal":
            raise UnsupportedError(noop("Only an app can follow a jr:choice-name() whose question is an expression."))
        path = str(token[1].value).strip()
        if path not in self.scope.nodes:
            raise ExpressionError(noop("jr:choice-name() names '%(path)s', which is no question."), path=path)
        labels = self.scope.labels.get(self.scope.lists.get(path, ""), {})

        def label(answers: Answers) -> Value:
            texts = labels.get(to_string(chosen(answers)))
            return "" if not texts else texts.get(answers.language) or next(iter(texts.values()), "")

        return label

    # the page's script

    def client(self, token: Any, over_items: bool) -> list[Any] | None:
        """The same expression as nested lists for the script on the page; ``None`` where it is beyond it."""
        try:
            read = self._client(token, over_items)
        except UnsupportedError:
            return None
        return read if isinstance(read, list) else None

    def _client(self, token: Any, over_items: bool) -> Any:
        symbol = token.symbol
        if token.label == "literal":
            return float(token.value) if isinstance(token.value, (int, float, Decimal)) else str(token.value)
        if symbol == "(" and len(token) == 1:
            return self._client(token[0], over_items)
        if symbol in {"and", "or", *_COMPARE} and len(token) == 2:
            return [symbol, self._client(token[0], over_items), self._client(token[1], over_items)]
        if token.label == "function":
            if symbol in {"selected", "not", "count-selected", "true", "false"}:
                return [symbol, *(self._client(part, over_items) for part in token)]
            raise UnsupportedError("")
        origin, steps = self.steps(token)
        if origin == "here" and over_items:
            if len(steps) == 1 and steps[0][0] not in {".", ".."}:
                return ["@", steps[0][0]]
            raise UnsupportedError("")
        path = [] if origin == "root" else self.here.strip("/").split("/")
        for name, predicates in steps:
            if predicates:
                raise UnsupportedError("")
            if name == "..":
                path.pop()
            elif name != ".":
                path.append(name)
        key = self.scope.nodes.get("/" + "/".join(path))
        if key is None or key not in self.scope.client:
            raise UnsupportedError("")
        return ["$", key]
