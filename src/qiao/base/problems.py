"""Located errors: what is wrong, where, and what to write instead (house rule 13)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an input something stands. Rows are counted as a spreadsheet shows them: the header is row 1."""

    source: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [
            self.source,
            f"sheet {self.sheet}" if self.sheet else None,
            f"row {self.row}" if self.row is not None else None,
            f"column {self.column}" if self.column else None,
        ]
        return ", ".join(part for part in parts if part)


class Problem(ValueError):
    """One fault in what a person gave us.

    ``message`` is an English %-template and at once the key of its translation: write it as a literal, so that the
    message check finds it. ``hint`` (same form) says what to write instead.
    """

    def __init__(self, message: str, *, place: Place | None = None, hint: str | None = None, **params: object) -> None:
        self.message = message
        self.params = params
        self.place = place or Place()
        self.hint = hint
        super().__init__(str(self))

    def text(self) -> str:
        """The message alone, in English."""
        return self.message % self.params if self.params else self.message

    def __str__(self) -> str:
        where = str(self.place)
        hint = f" {self.hint % self.params if self.params else self.hint}" if self.hint else ""
        return f"{where}: {self.text()}{hint}" if where else f"{self.text()}{hint}"


class Problems(ValueError):
    """Several faults of one input, gathered so that a person mends them in one go."""

    def __init__(self, faults: list[Problem]) -> None:
        if not faults:
            raise ValueError("Problems needs at least one fault")
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))
