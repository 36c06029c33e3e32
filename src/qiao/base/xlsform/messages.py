"""pyxform's messages as located faults: ``[row : 5] On the 'choices' sheet, …`` knows where it is."""

from __future__ import annotations

import re

from qiao.base.problems import Place, Problem

_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"On the '(\w+)' sheet, *")
_COLUMN = re.compile(r"the '([^']+)' (?:value|column)")
_LEARN = re.compile(r"\s*Learn more: \S+")


def located(text: str, source: str) -> list[Problem]:
    """One fault for every line of a message that has a row; a message without rows is one fault."""
    text = _LEARN.sub("", text.strip())
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(_ROW.search(line) for line in lines):
        return [_one(line, source) for line in lines]
    return [_one(" ".join(lines) or "The form cannot be converted.", source)]


def _one(text: str, source: str) -> Problem:
    row, sheet, column = _ROW.search(text), _SHEET.search(text), _COLUMN.search(text)
    place = Place(
        source,
        sheet[1] if sheet else ("survey" if row else None),
        int(row[1]) if row else None,
        column[1] if column and row else None,
    )
    text = _SHEET.sub("", _ROW.sub("", text)).strip()
    return Problem("%(detail)s", place=place, detail=text[:500])
