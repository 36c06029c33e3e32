"""What expressions are compiled against (the scope of a form) and evaluated on (the answers of one submission)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qiao.base.xlsform.errors import ExpressionError, UnsupportedError, noop
from qiao.base.xlsform.grammar import REFERENCE
from qiao.base.xlsform.values import Moment, Value

Columns = Mapping[str, str]


class Frame:
    """One entry of a repeat while it is being checked, or (without parent) the whole submission.

    ``prefix`` is what stands before the names of its fields, ``index`` its place among the entries of its repeat from
    1, ``values`` typed values and ``clean`` what is stored, both by question key, ``held`` the entries of each repeat
    inside it, by the repeat's path.
    """

    __slots__ = ("clean", "fixed", "held", "index", "parent", "prefix", "values")

    def __init__(self, parent: Frame | None, prefix: str, index: int) -> None:
        self.parent = parent
        self.prefix = prefix
        self.index = index
        self.values: dict[str, Value] = {}
        self.clean: dict[str, object] = {}
        self.held: dict[str, list[Frame]] = {}
        self.fixed = False

    def inside(self, chain: tuple[str, ...]) -> list[Frame]:
        """The entries reached by going down through these repeats; itself for no repeats."""
        found = [self]
        for repeat in chain:
            found = [entry for frame in found for entry in frame.held.get(repeat, ())]
        return found


class Answers:
    """One submission while it is being checked: typed values by question key, the clock, and the item in hand.

    ``values`` are those outside repeats; ``frame`` is the entry whose expressions are being evaluated; ``beside`` are
    fields that were sent though they do not apply.
    """

    __slots__ = ("beside", "frame", "item", "language", "now", "position", "size", "today", "values")

    def __init__(self, values: dict[str, Value], today: Moment, now: Moment, language: str) -> None:
        self.values = values
        self.beside: list[str] = []
        self.frame: Frame | None = None
        self.today = today
        self.now = now
        self.language = language
        self.item: Columns = {}
        self.position = 1
        self.size = 1


Evaluate = Callable[[Answers], Value]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: how to evaluate it, which questions it reads, and its form for the page's script."""

    evaluate: Evaluate
    reads: frozenset[str]
    client: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may speak of.

    ``nodes`` maps every path to the key of its question, or to ``None`` for a group; ``names`` maps a name to its path
    (empty text: the name is there more than once). ``repeats`` are the paths of repeats, ``columns`` the items of each
    choice list as plain mappings, ``labels`` their labels by list, choice name and language, ``lists`` the list of a
    question's path. ``client`` are the keys that a page shows as fields, ``instances`` the names of all lists and
    attached files.
    """

    root: str
    nodes: Mapping[str, str | None]
    names: Mapping[str, str]
    repeats: frozenset[str] = frozenset()
    columns: Mapping[str, tuple[Columns, ...]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    client: frozenset[str] = frozenset()
    instances: frozenset[str] = frozenset()

    def chain(self, path: str) -> tuple[str, ...]:
        """The repeats that hold what stands at this path, outermost first; a repeat does not hold itself."""
        return tuple(sorted((repeat for repeat in self.repeats if path.startswith(f"{repeat}/")), key=len))

    def expand(self, source: str) -> str:
        """The expression with each ``${name}`` written as a path. Raises `ExpressionError` for an unknown name."""

        def path(found: Any) -> str:
            if found[1]:
                raise UnsupportedError(noop("Only an app knows the answers of an earlier submission (last-saved)."))
            known = self.names.get(found[2])
            if known is None:
                raise ExpressionError(noop("There is no question named '%(name)s'."), name=found[2])
            if not known:
                raise ExpressionError(noop("The name '%(name)s' stands for more than one question."), name=found[2])
            return f" {known} "

        return REFERENCE.sub(path, source)
