"""What people type, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiao.base.xlsform import Outcome
from qiao.base.xlsform.answers import read_date, read_decimal, read_integer, read_text, read_time

RANGE = {"type": "range", "name": "q", "label": "Q"}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("integer", "12", 12),
        ("integer", " -3 ", -3),
        ("integer", "１２", 12),
        ("integer", "12.5", None),
        ("integer", "1" * 16, None),
        ("integer", "twelve", None),
        ("decimal", "12.50", 12.5),
        ("decimal", "．5", 0.5),
        ("decimal", "1e5", None),
        ("decimal", "nan", None),
        ("text", "  two\r\nlines ", "two\nlines"),
        ("text", "nul\x00less", "nulless"),
        ("date", "2026-01-31", "2026-01-31"),
        ("date", "2026/1/5", "2026-01-05"),
        ("date", "2026年1月5日", "2026-01-05"),
        ("date", "2026-02-30", None),
        ("date", "31.1.2026", None),
        ("time", "8:30", "08:30"),
        ("time", "24:01", None),
        ("dateTime", "2026-01-31T08:30", "2026-01-31T08:30:00"),
        ("dateTime", "yesterday", None),
        ("acknowledge", "OK", "OK"),
        ("select_one yn", "y", "y"),
        ("select_one yn", "maybe", None),
        ("select_multiple yn", "n", ["n"]),
    ],
)
def test_one_answer(ask: Callable[..., Outcome], kind: str, typed: str, kept: object) -> None:
    outcome = ask([{"type": kind, "name": "q", "label": "Q"}], q=[typed])
    assert outcome.values.get("q") == kept
    assert ("q" in outcome.errors) == (kept is None)


@pytest.mark.parametrize("kind", ["integer", "decimal", "text", "date", "time", "dateTime", "select_one yn"])
def test_nothing_is_no_answer_and_no_fault(ask: Callable[..., Outcome], kind: str) -> None:
    for blank in ([], [""], ["   "]):
        assert ask([{"type": kind, "name": "q", "label": "Q"}], q=blank) == Outcome({}, {})


def test_several_choices_come_in_the_order_of_the_list(ask: Callable[..., Outcome]) -> None:
    rows = [{"type": "select_multiple yn", "name": "q", "label": "Q"}]
    assert ask(rows, q=["n", "y", "n"]).values == {"q": ["y", "n"]}
    assert "q" in ask(rows, q=["n", "x"]).errors


@pytest.mark.parametrize(
    ("parameters", "typed", "kept"),
    [
        ("start=1 end=5 step=1", "3", 3),
        ("start=1 end=5 step=1", "6", None),
        ("start=1 end=5 step=2", "2", None),
        ("start=0 end=1 step=0.25", "0.75", 0.75),
        ("start=5 end=-5 step=-1", "-4", -4),
        ("", "10", 10),
    ],
)
def test_scales(ask: Callable[..., Outcome], parameters: str, typed: str, kept: object) -> None:
    assert ask([{**RANGE, "parameters": parameters}], q=[typed]).values.get("q") == kept


def test_a_ranking_is_a_place_for_every_item(ask: Callable[..., Outcome]) -> None:
    rows = [{"type": "rank county", "name": "q", "label": "Q"}]
    assert ask(rows, **{"q.a": ["2"], "q.b": ["1"]}).values == {"q": ["b", "a"]}
    assert ask(rows, q=["b", "a"]).values == {"q": ["b", "a"]}
    for places in ({"q.a": ["1"], "q.b": ["1"]}, {"q.a": ["1"]}, {"q.a": ["x"], "q.b": ["2"]}):
        assert "q" in ask(rows, **places).errors
    assert ask(rows, **{"q.a": [""], "q.b": [""]}) == Outcome({}, {})


@given(st.text())
def test_no_typing_breaks_a_reader(text: str) -> None:
    for read in (read_text, read_integer, read_decimal, read_date, read_time):
        _, clean, fault = read([text])
        assert fault is None or clean is None
        assert "\x00" not in str(clean)


@given(st.integers(min_value=-(10**13), max_value=10**13))
def test_whole_numbers_are_kept_exactly(number: int) -> None:
    assert read_integer([str(number)]) == (float(number), number, None)
