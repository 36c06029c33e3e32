"""The one exception of the statistics kernels."""

from __future__ import annotations


class StatsError(ValueError):
    """Input that a kernel cannot honestly compute with.

    ``message`` is a %-template in English (it is also the key of its translation), ``params`` fill it.
    ``row`` is the zero-based position in the arrays given and ``column`` the argument's or column's name, where known.
    """

    def __init__(self, message: str, *, row: int | None = None, column: str | None = None, **params: object) -> None:
        self.message = message
        self.params = params
        self.row = row
        self.column = column
        super().__init__(message % params if params else message)
