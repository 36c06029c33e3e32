"""Paths in an expression: which answer, which entries of a repeat, which row of a choice list they read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qiao.base.xlsform.context import Answers, Evaluate, Frame, Scope
from qiao.base.xlsform.errors import ExpressionError, MissingError, UnsupportedError, noop
from qiao.base.xlsform.values import Scalar, Value, scalar, to_boolean, to_number


def repeat_mark(path: str) -> str:
    """How the number of entries of a repeat stands among the keys that an expression reads."""
    return f"#{path}"


class Paths:
    """Follows the paths of one expression at ``here``; ``reads`` are the keys of what it reads.

    Predicates and numbers inside a path are expressions: whoever compiles those completes this class.
    """

    def __init__(self, scope: Scope, here: str) -> None:
        self.scope = scope
        self.here = here
        self.reads: set[str] = set()

    def compile(self, token: Any, over_items: bool) -> Evaluate:
        """An expression inside a path."""
        raise NotImplementedError

    def steps(self, token: Any) -> tuple[str, list[tuple[str, list[Any]]]]:
        """Origin (`root`, `here`, `current`, `instance:NAME`) and the steps, each with its predicates."""
        symbol = token.symbol
        if symbol == "/":
            if len(token) == 1:
                return "root", self.steps(token[0])[1]
            if len(token) == 2:
                origin, steps = self.steps(token[0])
                return origin, steps + self.steps(token[1])[1]
        if symbol == "[":
            origin, steps = self.steps(token[0])
            if steps:
                name, predicates = steps[-1]
                return origin, [*steps[:-1], (name, [*predicates, token[1]])]
        if symbol == "(name)":
            return "here", [(str(token.value), [])]
        if symbol == "child" and len(token) == 1:
            return self.steps(token[0])
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

    def path(self, token: Any, over_items: bool) -> Evaluate:
        """What is read at a path: an answer, all answers of a repeat, a column of a choice list."""
        origin, steps = self.steps(token)
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

    def position(self, token: Any, over_items: bool) -> Evaluate:
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
        origin, steps = self.steps(token)
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

    def indexed(self, token: Any, over_items: bool) -> Evaluate:
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
