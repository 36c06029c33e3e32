"""Texts in spreadsheets stay texts."""

from __future__ import annotations

import pytest

from qiao.base.cells import disarmed


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@a", "\tx", "＝HYPERLINK(0)"])
def test_what_begins_like_a_formula_is_quoted(text: str) -> None:
    assert disarmed(text) == f"'{text}"


@pytest.mark.parametrize("value", ["", "云", "a=b", -5, 0.5, None])
def test_everything_else_stays(value: object) -> None:
    assert disarmed(value) == value
