"""From an expression's tree to a Python closure, once per questionnaire version.

A closure takes the `Answers` of one submission and returns a value; nothing is parsed or looked up by path again.
What only an app can compute (repeats, attached files, chance) raises `UnsupportedError` here, never while answering.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from qiao.base.xlsform.context import Answers, Evaluate, Expression, Frame, Scope
from qiao.base.xlsform.errors import ExpressionError, MissingError, UnsupportedError, noop
from qiao.base.xlsform.functions import COMPUTED
from qiao.base.xlsform.grammar import parse
from qiao.base.xlsform.patterns import compile_pattern
from qiao.base.xlsform.values import (
    Scalar,
    Value,
    equal,
    ordered,
    scalar,
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


def repeat_mark(path: str) -> str:
    """How the number of entries of a repeat stands among the keys that an expression reads."""
    return f"#{path}"


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


class _Compiler:
    def __init__(self, scope: Scope, here: str) -> None:
        self.scope = scope
        self.here = here
        self.reads: set[str] = set()

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
        return self._path(token, over_items)

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
            return self._path(token, over_items)
        if name == "instance":
            return self._path(token, over_items)
        if name == "position":
            return self._position(token, over_items)
        if name == "indexed-repeat":
            return self._indexed(token, over_items)
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

    def _position(self, token: Any, over_items: bool) -> Evaluate:
        """``position(..)``: the place of the entry one stands in; of anything that is asked once it is 1."""
        if not len(token):
            return (lambda a: float(a.position)) if over_items else (lambda _: 1.0)
        path, chain = self._plain_path(token[0]), self.scope.chain(f"{self.here}/")
        if path not in chain:
            return lambda _: 1.0
        up = len(chain) - 1 - chain.index(path) - (1 if self.here in self.scope.repeats else 0)
        if up < 0:
            return lambda _: 1.0

        def place(answers: Answers) -> Value:
            frame = answers.frame
            for _ in range(up):
                frame = frame.parent if frame else None
            return float(frame.index) if frame else 1.0

        return place

    def _plain_path(self, token: Any) -> str:
        origin, steps = self._steps(token)
        if origin.startswith("instance:") or any(predicates for _name, predicates in steps):
            raise UnsupportedError(noop("The expression uses a path that only an app can follow."))
        path = [] if origin == "root" else self.here.strip("/").split("/")
        for name, _predicates in steps:
            if name == "..":
                if not path:
                    raise ExpressionError(noop("The path climbs above the form."))
                path.pop()
            elif name != ".":
                path.append(name)
        return "/" + "/".join(path)

    def _indexed(self, token: Any, over_items: bool) -> Evaluate:
        """``indexed-repeat(${question}, ${repeat}, n)``: the answer in the n-th entry of a repeat that stands alone."""
        target, repeat = self._plain_path(token[0]), self._plain_path(token[1])
        if len(token) != 3 or self.scope.chain(target) != (repeat,):
            raise UnsupportedError(noop("Only an app can pick answers out of repeats in repeats."))
        key = self.scope.nodes.get(target)
        if key is None:
            raise MissingError(noop("There is nothing at %(path)s."), path=target)
        at = self.compile(token[2], over_items)
        if self.scope.chain(self.here) != (repeat,):
            # Within the same repeat it is another entry's answer that is read, which makes no circle.
            self.reads.add(key)

        def pick(answers: Answers) -> Value:
            frame = answers.frame
            while frame is not None and frame.parent is not None:
                frame = frame.parent
            entries, number = frame.held.get(repeat, []) if frame else [], to_number(at(answers))
            whole = int(number) if number == number and abs(number) < 1e6 else 0
            return entries[whole - 1].values.get(key, "") if 1 <= whole <= len(entries) else ""

        return pick

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

    # paths

    def _steps(self, token: Any) -> tuple[str, list[tuple[str, list[Any]]]]:
        """Origin (`root`, `here`, `current`, `instance:NAME`) and the steps, each with its predicates."""
        symbol = token.symbol
        if symbol == "/":
            if len(token) == 1:
                return "root", self._steps(token[0])[1]
            if len(token) == 2:
                origin, steps = self._steps(token[0])
                return origin, steps + self._steps(token[1])[1]
        if symbol == "[":
            origin, steps = self._steps(token[0])
            if steps:
                name, predicates = steps[-1]
                return origin, [*steps[:-1], (name, [*predicates, token[1]])]
        if symbol == "(name)":
            return "here", [(str(token.value), [])]
        if symbol == "child" and len(token) == 1:
            return self._steps(token[0])
        if symbol == ".":
            return "here", [(".", [])]
        if symbol == ".." or (symbol == "parent" and len(token) == 1 and token[0].symbol == "node"):
            return "here", [("..", [])]
        if symbol == "self" and len(token) == 1 and token[0].symbol == "node":
            return "here", [(".", [])]
        if token.label == "function" and symbol == "current":
            return "current", []
        if token.label == "function" and symbol == "instance" and token[0].label == "literal":
            return f"instance:{token[0].value}", []
        if symbol in {"//", "$"}:
            raise ExpressionError(noop("%(symbol)s is not allowed in the expressions of a form."), symbol=symbol)
        raise UnsupportedError(noop("The expression uses a path that only an app can follow."))

    def _path(self, token: Any, over_items: bool) -> Evaluate:
        origin, steps = self._steps(token)
        if origin.startswith("instance:"):
            return self._items(origin.removeprefix("instance:"), steps)
        if origin == "here" and over_items:
            names = [name for name, _ in steps if name != "."]
            if not names:
                return lambda a: a.item.get("name", "")
            if len(names) == 1 and names[0] != "..":
                column = names[0]
                return lambda a: a.item.get(column, "")
            raise UnsupportedError(
                noop("The filter uses a path that leaves the choice list, which only an app can follow.")
            )
        path = [] if origin == "root" else self.here.strip("/").split("/")
        for name, predicates in steps:
            if name == "..":
                if not path:
                    raise ExpressionError(noop("The path climbs above the form."))
                path.pop()
            elif name != ".":
                path.append(name)
            if predicates:
                raise UnsupportedError(noop("The expression picks among repeated answers, which only an app can do."))
        return self._answer("/" + "/".join(path))

    def _answer(self, path: str) -> Evaluate:
        scope = self.scope
        if path not in scope.nodes:
            if path.startswith(f"/{scope.root}/meta/"):
                return lambda _: ""
            raise MissingError(noop("There is nothing at %(path)s."), path=path)
        chain, here = scope.chain(path), scope.chain(self.here)
        if path in scope.repeats:
            self.reads.add(repeat_mark(path))
            return self._entries((*chain, path), here, lambda _: "")
        key = scope.nodes[path]
        if key is None:
            return lambda _: ""
        self.reads.add(key)
        if chain:
            return self._entries(chain, here, lambda frame: frame.values.get(key, ""))
        return lambda a: a.values.get(key, "")

    @staticmethod
    def _entries(chain: tuple[str, ...], here: tuple[str, ...], value: Callable[[Frame], Scalar | Value]) -> Evaluate:
        """What is read in a repeat: one's own entry's answer, or those of all entries below where one stands."""
        common = 0
        while common < min(len(chain), len(here)) and chain[common] == here[common]:
            common += 1
        up, down = len(here) - common, chain[common:]

        def read(answers: Answers) -> Value:
            frame = answers.frame
            for _ in range(up):
                frame = frame.parent if frame else None
            if frame is None:
                return "" if not down else ()
            if not down:
                return value(frame)
            return tuple(scalar(value(entry)) for entry in frame.inside(down))

        return read

    def _items(self, name: str, steps: list[tuple[str, list[Any]]]) -> Evaluate:
        """``instance('list')/root/item[…]/column``: look a choice up."""
        items = self.scope.columns.get(name)
        if items is None and name not in self.scope.instances:
            raise ExpressionError(noop("There is no choice list or attached file '%(name)s'."), name=name)
        if items is None:
            raise UnsupportedError(noop("The expression reads the file '%(name)s', which only an app has."), name=name)
        if [step for step, _ in steps[:2]] != ["root", "item"] or len(steps) > 3 or steps[0][1]:
            raise UnsupportedError(noop("The expression uses a path that only an app can follow."))
        tests = [self.compile(predicate, True) for predicate in steps[1][1]]
        column = steps[2][0] if len(steps) == 3 else "name"

        def look_up(answers: Answers) -> Value:
            outer = answers.item, answers.position, answers.size
            found = list(items)
            for test in tests:
                kept = []
                answers.size = len(found)
                for answers.position, answers.item in enumerate(found, start=1):
                    verdict = scalar(test(answers))
                    if verdict == answers.position if isinstance(verdict, float) else to_boolean(verdict):
                        kept.append(answers.item)
                found = kept
            answers.item, answers.position, answers.size = outer
            return tuple(item.get(column, "") for item in found)

        return look_up

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
        origin, steps = self._steps(token)
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
