"""Conditions, constraints and what must be answered."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from datetime import datetime

import pytest

from qiao.base.problems import Problems
from qiao.base.xlsform import Form, Outcome, Runtime

NOON = datetime(2026, 3, 1, 12, 0)
AGE = {"type": "integer", "name": "age", "label": "Age"}


def test_answers_that_do_not_apply_are_dropped_and_not_missed(ask: Callable[..., Outcome]) -> None:
    rows = [AGE, {"type": "text", "name": "job", "label": "Job", "relevant": "${age} >= 16", "required": "yes"}]
    assert ask(rows, age=["12"], job=["none"]) == Outcome({"age": 12}, {})
    assert ask(rows, age=["20"], job=["cook"]) == Outcome({"age": 20, "job": "cook"}, {})
    assert list(ask(rows, age=["20"]).errors) == ["job"]
    assert ask(rows) == Outcome({}, {})


def test_a_condition_may_look_ahead_and_runs_through_chains(ask: Callable[..., Outcome]) -> None:
    rows = [
        {"type": "text", "name": "c", "label": "C", "relevant": "${b} = 'x'"},
        {"type": "text", "name": "b", "label": "B", "relevant": "${a} = 'x'"},
        {"type": "text", "name": "a", "label": "A"},
    ]
    assert ask(rows, a=["x"], b=["x"], c=["kept"]).values == {"c": "kept", "b": "x", "a": "x"}
    assert ask(rows, a=["y"], b=["x"], c=["dropped"]).values == {"a": "y"}


def test_a_group_that_does_not_apply_takes_its_questions_along(ask: Callable[..., Outcome]) -> None:
    rows = [
        AGE,
        {"type": "begin group", "name": "g", "label": "G", "relevant": "${age} > 20"},
        {"type": "text", "name": "x", "label": "X", "required": "yes"},
        {"type": "end group"},
    ]
    assert ask(rows, age=["3"], x=["no"]) == Outcome({"age": 3}, {})
    assert list(ask(rows, age=["30"]).errors) == ["x"]


def test_constraints_speak_in_the_words_of_the_form(ask: Callable[..., Outcome]) -> None:
    rows = [
        AGE,
        {
            "type": "integer",
            "name": "years",
            "label": "Years",
            "constraint": ". <= ${age} - 16",
            "constraint_message": "At ${age} that is too long",
        },
    ]
    assert ask(rows, age=["20"], years=["4"]).errors == {}
    outcome = ask(rows, age=["20"], years=["5"])
    assert outcome.errors == {"years": "At 20 that is too long"}
    assert "years" not in outcome.values


def test_required_may_depend_on_answers_and_has_its_own_message(ask: Callable[..., Outcome]) -> None:
    rows = [AGE, {"type": "text", "name": "q", "label": "Q", "required": "${age} > 5", "required_message": "Please"}]
    assert ask(rows, age=["6"]).errors == {"q": "Please"}
    assert ask(rows, age=["5"]).errors == {}


def test_choices_are_held_against_their_filter(ask: Callable[..., Outcome]) -> None:
    rows = [
        {"type": "select_one county", "name": "county", "label": "County"},
        {"type": "select_one town", "name": "town", "label": "Town", "choice_filter": "county = ${county}"},
    ]
    assert ask(rows, county=["a"], town=["a1"]).values == {"county": "a", "town": "a1"}
    assert list(ask(rows, county=["a"], town=["b1"]).errors) == ["town"]


def test_or_other_asks_for_the_other_only_where_chosen(ask: Callable[..., Outcome]) -> None:
    rows = [{"type": "select_one yn or_other", "name": "q", "label": "Q"}]
    assert ask(rows, q=["other"], q_other=["neither"]).values == {"q": "other", "q_other": "neither"}
    assert ask(rows, q=["y"], q_other=["left over"]).values == {"q": "y"}


def test_unknown_fields_and_what_a_phone_would_add_are_ignored(ask: Callable[..., Outcome]) -> None:
    rows = [{"type": "start", "name": "start"}, {"type": "deviceid", "name": "deviceid"}, AGE]
    assert ask(rows, age=["3"], start=["now"], deviceid=["me"], csrf=["x"]).values == {"age": 3}


def test_hidden_fixed_and_calculated_values_come_from_the_form_not_from_the_field(ask: Callable[..., Outcome]) -> None:
    rows = [
        {"type": "hidden", "name": "wave", "default": "w1"},
        {"type": "integer", "name": "fixed", "label": "F", "default": "5", "read_only": "yes"},
        {"type": "calculate", "name": "twice", "calculation": "${fixed} * 2"},
    ]
    assert ask(rows, wave=["w9"], fixed=["9"], twice=["9"]).values == {"wave": "w1", "fixed": 5, "twice": 10}


def test_questions_of_one_name_in_two_groups_keep_apart(make_form: Callable[..., Form]) -> None:
    rows = []
    for group in ("one", "two"):
        rows += [{"type": "begin group", "name": group, "label": group}, AGE, {"type": "end group"}]
    runtime = Runtime(make_form(*rows))
    outcome = runtime.validate({"one.age": ["1"], "two.age": ["2"]}, language="default", now=NOON)
    assert outcome.values == {"one.age": 1, "two.age": 2}


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([AGE, {"type": "geopoint", "name": "where", "label": "Where"}], 3),
        ([AGE, {"type": "image", "name": "photo", "label": "Photo"}], 3),
        ([AGE, {"type": "calculate", "name": "c", "calculation": "pulldata('f', 'a', 'b', ${age})"}], 3),
        ([{**AGE, "constraint": "regex(., '(a+)+')"}], 2),
    ],
)
def test_what_needs_an_app_is_refused_by_row(
    make_form: Callable[..., Form], rows: list[dict[str, str]], row: int
) -> None:
    with pytest.raises(Problems) as caught:
        Runtime(make_form(*rows))
    assert [fault.place.row for fault in caught.value.faults] == [row]


def test_messages_are_translated_and_texts_of_the_form_are_not(make_form: Callable[..., Form]) -> None:
    runtime = Runtime(make_form({**AGE, "required": "yes"}))
    outcome = runtime.validate({"age": ["x"]}, language="default", now=NOON, translate=lambda text: f"[{text}]")
    assert outcome.errors["age"].startswith("[Please write a whole number")


def test_defaults_fill_an_untouched_page(make_form: Callable[..., Form]) -> None:
    runtime = Runtime(
        make_form(
            {"type": "date", "name": "d", "label": "D", "default": "today()"},
            {"type": "select_multiple yn", "name": "m", "label": "M", "default": "y n"},
            {"type": "text", "name": "t", "label": "T"},
        )
    )
    assert runtime.defaults(now=NOON, language="default") == {"d": ["2026-03-01"], "m": ["y", "n"]}


def test_twelve_plain_questions_are_checked_at_once(make_form: Callable[..., Form]) -> None:
    kinds = ["select_one yn"] * 6 + ["integer"] * 3 + ["text"] * 2 + ["select_multiple yn"]
    rows = [{"type": kind, "name": f"q{i}", "label": "Q", "required": "yes"} for i, kind in enumerate(kinds)]
    runtime = Runtime(make_form(*rows))
    answers = {f"q{i}": ["12" if kind == "integer" else "y"] for i, kind in enumerate(kinds)}
    assert runtime.validate(answers, language="default", now=NOON).errors == {}
    floor = min(timeit.repeat(lambda: {key: value[0].strip() for key, value in answers.items()}, number=200, repeat=5))
    took = min(timeit.repeat(lambda: runtime.validate(answers, language="default", now=NOON), number=200, repeat=5))
    assert took < 100 * floor
