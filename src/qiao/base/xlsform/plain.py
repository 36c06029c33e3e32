"""Conditions in plain words: "show only if the answer to … is …" written as an expression, and read back from one.

What was written by hand in another shape is not read back: it stays as it is and is shown as an expression.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_NAME = r"\$\{\s*(?P<name>[^{}\s]+)\s*\}"
_VALUE = r"(?:'(?P<text>[^']*)'|\"(?P<quoted>[^\"]*)\"|(?P<number>-?\d+(?:\.\d+)?))"
_SIGNS = {"is": "=", "is_not": "!=", "more": ">", "less": "<", "at_least": ">=", "at_most": "<="}
_BY_SIGN = {sign: name for name, sign in _SIGNS.items()}
_SHAPES = (
    (re.compile(rf"\s*{_NAME}\s*(?P<sign>!=|>=|<=|=|>|<)\s*{_VALUE}\s*\Z"), ""),
    (re.compile(rf"\s*selected\(\s*{_NAME}\s*,\s*{_VALUE}\s*\)\s*\Z"), "chosen"),
    (re.compile(rf"\s*not\(\s*selected\(\s*{_NAME}\s*,\s*{_VALUE}\s*\)\s*\)\s*\Z"), "not_chosen"),
)
_JOINED = re.compile(r"\s+(and|or)\s+")

TESTS = ("is", "is_not", "chosen", "not_chosen", "more", "less", "at_least", "at_most", "answered", "unanswered")
"""What can be said of an answer."""

WITHOUT_VALUE = frozenset({"answered", "unanswered"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a condition: the answer to the question ``name`` passes ``test`` with ``value``."""

    name: str
    test: str
    value: str = ""


def literal(value: str) -> str:
    """A value as an expression has it: numbers bare, texts in quotes. A text with both kinds of quotes loses one."""
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        return value
    return f"'{value}'" if "'" not in value else '"' + value.replace('"', "") + '"'


def write(clauses: Sequence[Clause], joiner: str = "and", *, multiple: frozenset[str] = frozenset()) -> str:
    """The expression of a condition; empty for none.

    ``multiple`` are questions with several answers, of which "is" means that one of them is chosen.
    """
    parts = []
    for clause in clauses:
        name = "${" + clause.name + "}"
        test = clause.test
        if clause.name in multiple and test in {"is", "is_not"}:
            test = "chosen" if test == "is" else "not_chosen"
        if test in WITHOUT_VALUE:
            parts.append(f"{name} {'!=' if test == 'answered' else '='} ''")
        elif test in {"chosen", "not_chosen"}:
            # A choice's name is a text even where it is a number.
            quoted = f"'{clause.value}'"
            parts.append(f"selected({name}, {quoted})" if test == "chosen" else f"not(selected({name}, {quoted}))")
        else:
            parts.append(f"{name} {_SIGNS[test]} {literal(clause.value)}")
    return f" {'or' if joiner == 'or' else 'and'} ".join(parts)


def read(expression: str) -> tuple[list[Clause], str] | None:
    """The clauses of a condition and what joins them; ``None`` where it says more than plain words can."""
    if not expression.strip():
        return [], "and"
    pieces = _JOINED.split(expression)
    joiners = set(pieces[1::2])
    if len(joiners) > 1:
        return None
    clauses = []
    for piece in pieces[::2]:
        clause = _clause(piece)
        if clause is None:
            return None
        clauses.append(clause)
    return clauses, next(iter(joiners), "and")


def _clause(piece: str) -> Clause | None:
    for shape, test in _SHAPES:
        found = shape.match(piece)
        if not found:
            continue
        value = next((part for part in (found["text"], found["quoted"], found["number"]) if part is not None), "")
        if test:
            return Clause(found["name"], test, value)
        named = _BY_SIGN[found["sign"]]
        if value == "" and named in {"is", "is_not"}:
            return Clause(found["name"], "unanswered" if named == "is" else "answered")
        if value == "":
            return None
        return Clause(found["name"], named, value)
    return None


_LIMITS = {
    "least": re.compile(r"\s*\.\s*>=\s*(?P<value>-?\d+(?:\.\d+)?|'\d{4}-\d\d-\d\d')\s*\Z"),
    "most": re.compile(r"\s*\.\s*<=\s*(?P<value>-?\d+(?:\.\d+)?|'\d{4}-\d\d-\d\d')\s*\Z"),
    "least_chosen": re.compile(r"\s*count-selected\(\s*\.\s*\)\s*>=\s*(?P<value>\d+)\s*\Z"),
    "most_chosen": re.compile(r"\s*count-selected\(\s*\.\s*\)\s*<=\s*(?P<value>\d+)\s*\Z"),
    "most_signs": re.compile(r"\s*string-length\(\s*\.\s*\)\s*<=\s*(?P<value>\d+)\s*\Z"),
}
_WRITTEN = {
    "least": ". >= {}",
    "most": ". <= {}",
    "least_chosen": "count-selected(.) >= {}",
    "most_chosen": "count-selected(.) <= {}",
    "most_signs": "string-length(.) <= {}",
}
LIMITS = tuple(_WRITTEN)
"""What can be said of the answer itself: least and most of a number, of choices, of signs."""


def write_limits(limits: Mapping[str, str]) -> str:
    """The expression of limits on an answer; empty for none."""
    return " and ".join(
        _WRITTEN[name].format(literal(limits[name]) if name in {"least", "most"} else limits[name])
        for name in LIMITS
        if limits.get(name)
    )


def read_limits(expression: str) -> dict[str, str] | None:
    """The limits an expression sets; ``None`` where it says more than that."""
    if not expression.strip():
        return {}
    found: dict[str, str] = {}
    for piece in re.split(r"\s+and\s+", expression):
        for name, shape in _LIMITS.items():
            match = shape.match(piece)
            if match and name not in found:
                found[name] = match["value"].strip("'")
                break
        else:
            return None
    return found
