"""What can be wrong with an expression. The texts are English and have no place yet: whoever knows the row adds it."""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression that cannot be read, or refers to what is not there. Its text is English and has no place yet."""


class MissingError(ExpressionError):
    """An expression that reads a path where the form has nothing: allowed, always empty, and hardly ever meant."""


class UnsupportedError(ExpressionError):
    """A right expression that needs an app: chance, an attached file, a repeat, a phone."""
