"""Cells of files that spreadsheet programs open: a text is never taken for a formula."""

from __future__ import annotations

#: How a formula begins, also in full width, as East Asian keyboards write it.
_BEGINS = frozenset("=+-@\t\r\n＝＋－＠")


def disarmed(value: object) -> object:
    """A text that a spreadsheet would take for a formula, with a quote before it; numbers and empty cells as given."""
    return f"'{value}" if isinstance(value, str) and value[:1] in _BEGINS else value
