"""What can be wrong with an expression. The texts have no place yet: whoever knows the row adds it."""

from __future__ import annotations

from typing import Any


def noop(message: str) -> str:
    """Mark a message for translation where it is written; it is translated where it is shown."""
    return message


class ExpressionError(ValueError):
    """An expression that cannot be read, or refers to what is not there. ``message`` is a %-template for ``params``."""

    def __init__(self, message: str, **params: object) -> None:
        self.message = message
        self.params: dict[str, Any] = dict(params)
        super().__init__(message % params if params else message)


class MissingError(ExpressionError):
    """An expression that reads a path where the form has nothing: allowed, always empty, and hardly ever meant."""


class UnsupportedError(ExpressionError):
    """A right expression that needs an app: chance, an attached file, a repeat, a phone."""
