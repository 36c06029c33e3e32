"""Reading an expression: elementpath's XPath 1.0 grammar with the functions of XForms."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from elementpath import ElementPathError, XPath1Parser
from elementpath.tdop import Parser

from qiao.base.xlsform.errors import ExpressionError, noop
from qiao.base.xlsform.functions import ARITIES

REFERENCE = re.compile(r"\$\{\s*(last-saved#)?\s*([^{}]*?)\s*\}")
"""``${name}`` as a form writes a reference to another question."""


class XFormsParser(XPath1Parser):
    """XPath 1.0 with the functions of XForms; only its tree is used, evaluation is our own."""

    PATH_STEP_LABELS = (*XPath1Parser.PATH_STEP_LABELS, "function")  # instance(…)/root/item


for _name, _arity in ARITIES.items():
    if _name in XFormsParser.symbol_table:
        XFormsParser.unregister(_name)
    XFormsParser.function(_name, nargs=_arity)

_PREFIXED = re.compile(r"\bjr:(choice-name|itext)(?=\s*\()")
_UNKNOWN = re.compile(r"unknown function '([^']*)'")


@lru_cache(maxsize=4096)
def parse(source: str) -> Any:
    """The syntax tree of an expression whose ``${…}`` are already paths. Raises `ExpressionError` in plain words."""
    parser = XFormsParser()
    if parser.tokenizer is None:
        parser.tokenizer = parser.create_tokenizer(parser.symbol_table)
    try:
        return Parser.parse(parser, _PREFIXED.sub(r"jr-\1", source))
    except (ElementPathError, ValueError, RecursionError, KeyError, TypeError) as fault:
        text = str(fault)
        unknown = _UNKNOWN.search(text)
        if unknown:
            raise ExpressionError(noop("There is no function %(name)s()."), name=unknown[1]) from None
        text = re.sub(r"\[err:\w+\] *", "", text).replace("fn:", "")
        raise ExpressionError(noop("The expression cannot be read: %(detail)s."), detail=text) from None
