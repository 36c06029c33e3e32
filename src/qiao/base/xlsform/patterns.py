"""Patterns of `regex()`: written for Java, matched with Python, and refused where they could run for ever."""

from __future__ import annotations

import re
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined] # the only parser of patterns there is
from typing import Any

from qiao.base.xlsform.errors import ExpressionError, UnsupportedError, noop

_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT"})


@lru_cache(maxsize=1024)
def compile_pattern(source: str) -> re.Pattern[str]:
    """Compile a pattern. Raises `ExpressionError` when it is none, `UnsupportedError` when it cannot be matched safely.

    A repeat without limit inside another one can take time exponential in the length of an answer.
    """
    try:
        tree = _parser.parse(source)
        if _nested(tree, False):
            raise UnsupportedError(noop("The pattern repeats a repetition, which can take for ever."))
        return re.compile(source)
    except re.error as fault:
        if "bad escape" in str(fault):
            raise UnsupportedError(noop("The pattern uses an escape that only an app knows.")) from None
        raise ExpressionError(noop("The pattern cannot be read: %(detail)s."), detail=str(fault)) from None
    except (OverflowError, RecursionError):
        raise ExpressionError(noop("The pattern is too large.")) from None


def _nested(tree: Any, inside: bool) -> bool:
    for operator, argument in tree:
        if str(operator) in _REPEATS:
            _, most, inner = argument
            endless = str(most) == "MAXREPEAT"
            if (endless and inside) or _nested(inner, inside or endless):
                return True
        elif str(operator) == "SUBPATTERN":
            if _nested(argument[-1], inside):
                return True
        elif str(operator) == "BRANCH" and any(_nested(part, inside) for part in argument[1]):
            return True
    return False


def matches(text: str, pattern: str) -> bool:
    """Whether the whole text matches; a pattern only known while answering that cannot be used matches nothing."""
    try:
        return compile_pattern(pattern).fullmatch(text) is not None
    except ExpressionError:
        return False
