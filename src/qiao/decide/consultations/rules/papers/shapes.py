"""What a reader of papers gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph: its text, the number the program put before it (``label``), and how high a heading it is.

    ``heading`` 0 is no heading, 1 the highest. ``row`` counts paragraphs from 1, as faults name them.
    """

    text: str
    row: int
    label: str = ""
    heading: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """The paragraphs of a paper, and how many tables, pictures, notes and text boxes it had that are no paragraphs."""

    blocks: tuple[Block, ...]
    tables: int = 0
    pictures: int = 0
    notes: int = 0
    boxes: int = 0
