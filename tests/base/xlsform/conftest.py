"""Questionnaires for tests, written as rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from qiao.base.xlsform import Form, Outcome, Runtime, read_form

CHOICES = (
    {"list_name": "yn", "name": "y", "label": "Yes"},
    {"list_name": "yn", "name": "n", "label": "No"},
    {"list_name": "town", "name": "a1", "label": "Alpha", "county": "a"},
    {"list_name": "town", "name": "b1", "label": "Beta", "county": "b"},
    {"list_name": "county", "name": "a", "label": "County A"},
    {"list_name": "county", "name": "b", "label": "County B"},
)

NOON = datetime(2026, 3, 1, 12, 0)


def _table(sheet: str, rows: Sequence[dict[str, str]]) -> str:
    head = list(dict.fromkeys(key for row in rows for key in row))
    lines = [f"| {sheet} |", f"| | {' | '.join(head)} |"]
    for row in rows:
        cells = (row.get(key, "").replace("|", r"\|") for key in head)
        lines.append(f"| | {' | '.join(cells)} |")
    return "\n".join(lines)


def form_bytes(
    rows: Sequence[dict[str, str]],
    choices: Sequence[dict[str, str]] = CHOICES,
    settings: dict[str, str] | None = None,
) -> bytes:
    """An XLSForm in pyxform's Markdown notation."""
    tables = [_table("survey", rows), _table("choices", choices)]
    if settings:
        tables.append(_table("settings", [settings]))
    return "\n".join(tables).encode()


MakeForm = Callable[..., Form]


@pytest.fixture
def make_form() -> MakeForm:
    """Read a form from rows; keyword arguments as for `form_bytes`."""

    def make(*rows: dict[str, str], **more: object) -> Form:
        return read_form(form_bytes(rows, **more), "form.md")  # type: ignore[arg-type] # keywords of form_bytes

    return make


@pytest.fixture
def ask() -> Callable[..., Outcome]:
    """Answer a form made of rows: ``ask(rows, q=["1"])``."""

    def answer(rows: Sequence[dict[str, str]], **answers: list[str]) -> Outcome:
        runtime = Runtime(read_form(form_bytes(rows), "form.md"))
        return runtime.validate(answers, language="default", now=NOON)

    return answer
