"""What an app has checked is held against the form once more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import pytest
from tests.base.xlsform.conftest import NOON, form_bytes

from qiao.base.xlsform import Runtime, read_form
from qiao.base.xlsform.again import Checked, check_again, fields_of
from qiao.base.xlsform.answers import CONSTRAINT, FILTERED, RANGE, REQUIRED

Rows = Sequence[dict[str, str]]
Check = Callable[..., Checked]

AGE = {"type": "integer", "name": "age", "label": "Age"}
JOB = {"type": "text", "name": "job", "label": "Job", "relevant": "${age} >= 16", "required": "yes"}
FAMILY = (
    {"type": "begin repeat", "name": "family", "label": "Family"},
    {"type": "integer", "name": "years", "label": "Years", "constraint": ". < 120"},
    {"type": "text", "name": "school", "label": "School", "relevant": "${years} < 18", "required": "yes"},
    {"type": "end repeat"},
)


@pytest.fixture
def check() -> Check:
    """Check stored values against a form made of rows."""

    def checked(rows: Rows, values: Mapping[str, object], *, now: datetime = NOON, dated: bool = True) -> Checked:
        runtime = Runtime(read_form(form_bytes(rows), "form.md"), partial=True)
        return check_again(runtime, values, language="default", now=now, dated=dated)

    return checked


def test_an_answer_that_does_not_apply_is_dropped_and_one_that_applies_is_missed(check: Check) -> None:
    assert check([AGE, JOB], {"age": 12, "job": "cook"}) == Checked({"age": 12}, {})
    assert check([AGE, JOB], {"age": 20, "job": "cook"}) == Checked({"age": 20, "job": "cook"}, {})
    assert check([AGE, JOB], {"age": 20}).errors == {"job": REQUIRED}
    assert check([AGE, JOB], {}) == Checked({}, {})


def test_what_hangs_on_a_dropped_answer_is_dropped_with_it(check: Check) -> None:
    more = {"type": "text", "name": "since", "label": "Since", "relevant": "${job} != ''"}
    assert check([AGE, JOB, more], {"age": 12, "job": "cook", "since": "May"}).values == {"age": 12}


def test_constraints_filters_and_ranges_hold(check: Check) -> None:
    years = {"type": "integer", "name": "years", "label": "Years", "constraint": ". <= ${age}"}
    assert check([AGE, years], {"age": 20, "years": 21}).errors == {"years": CONSTRAINT}
    assert check([AGE, years], {"age": 20, "years": 20}).errors == {}
    county = {"type": "select_one county", "name": "c", "label": "C"}
    town = {"type": "select_one town", "name": "t", "label": "T", "choice_filter": "county = ${c}"}
    assert check([county, town], {"c": "a", "t": "b1"}).errors == {"t": FILTERED}
    assert check([county, town], {"c": "a", "t": "a1"}).errors == {}
    scale = {"type": "range", "name": "r", "label": "R", "parameters": "start=0 end=10 step=2"}
    assert check([scale], {"r": 3}).errors == {"r": RANGE % {"start": 0, "end": 10, "step": 2}}
    assert check([scale], {"r": 4}).errors == {}


def test_numbers_are_read_as_they_were_told(check: Check) -> None:
    rate = {"type": "decimal", "name": "rate", "label": "Rate", "constraint": ". < 0.001"}
    assert check([rate], {"rate": 1e-7}) == Checked({"rate": 1e-7}, {})
    assert check([rate], {"rate": 2.5}).errors == {"rate": CONSTRAINT}


@pytest.mark.parametrize(
    ("constraint", "dated", "judged"),
    [
        (". <= today()", True, True),
        (". <= today()", False, False),
        # The time of day at which an answer was given is never known.
        (". <= now()", True, False),
        (". <= now()", False, False),
    ],
)
def test_what_reads_the_clock_is_judged_where_the_day_is_known(
    check: Check, constraint: str, dated: bool, judged: bool
) -> None:
    born = {"type": "date", "name": "born", "label": "Born", "constraint": constraint}
    late = check([born], {"born": "2027-01-01"}, dated=dated)
    assert late.errors == ({"born": CONSTRAINT} if judged else {})
    assert check([born], {"born": "2026-01-01"}, dated=dated).errors == {}
    # What depends on a question that is not judged is not judged either.
    more = {"type": "text", "name": "more", "label": "More", "relevant": "${born} > today()"}
    rows = [born, more, {"type": "text", "name": "last", "label": "Last", "relevant": "${more} != ''"}]
    kept = check(rows, {"born": "2026-01-01", "more": "x", "last": "y"}, dated=dated).values
    assert ("last" in kept) is not judged


def test_entries_of_a_repeat_are_judged_one_by_one(check: Check) -> None:
    told = {"family": [{"years": 40, "school": "none"}, {"years": 7, "school": "first"}]}
    assert check(FAMILY, told) == Checked({"family": [{"years": 40}, {"years": 7, "school": "first"}]}, {})
    assert told["family"][0] == {"years": 40, "school": "none"}, "what was told is left as it was"
    assert check(FAMILY, {"family": [{"years": 40}, {"years": 7}]}).errors == {"school": REQUIRED}
    assert check(FAMILY, {"family": [{"years": 140}]}).errors == {"years": CONSTRAINT}


def test_a_repeat_that_does_not_apply_is_dropped_as_a_whole(check: Check) -> None:
    begin = {**FAMILY[0], "relevant": "${age} > 20"}
    rows = [AGE, begin, *FAMILY[1:]]
    assert check(rows, {"age": 18, "family": [{"years": 7}, {"years": 8}]}) == Checked({"age": 18}, {})
    assert check(rows, {"age": 30, "family": [{"years": 40}]}).values == {"age": 30, "family": [{"years": 40}]}


def test_repeats_within_repeats(check: Check) -> None:
    rows = [
        {"type": "begin repeat", "name": "house", "label": "House"},
        {"type": "integer", "name": "rooms", "label": "Rooms"},
        {"type": "begin repeat", "name": "room", "label": "Room"},
        {"type": "integer", "name": "beds", "label": "Beds", "relevant": "${rooms} > 1"},
        {"type": "end repeat"},
        {"type": "end repeat"},
    ]
    told = {"house": [{"rooms": 1, "room": [{"beds": 3}]}, {"rooms": 2, "room": [{"beds": 1}, {"beds": 2}]}]}
    kept = {"house": [{"rooms": 1}, {"rooms": 2, "room": [{"beds": 1}, {"beds": 2}]}]}
    assert check(rows, told) == Checked(kept, {})


def test_a_calculation_that_came_out_otherwise_is_believed_with_what_depends_on_it(check: Check) -> None:
    rows = [
        AGE,
        {"type": "calculate", "name": "twice", "calculation": "${age} * 2"},
        {"type": "text", "name": "why", "label": "Why", "relevant": "${twice} > 50", "required": "yes"},
    ]
    assert check(rows, {"age": 30, "twice": "60"}).errors == {"why": REQUIRED}
    assert check(rows, {"age": 30, "twice": "60.0"}).errors == {"why": REQUIRED}
    assert check(rows, {"age": 30, "twice": "7"}) == Checked({"age": 30, "twice": "7"}, {})
    assert check(rows, {"age": 10, "twice": "70", "why": "x"}).values == {"age": 10, "twice": "70", "why": "x"}


def test_what_only_a_phone_knows_is_believed_with_what_depends_on_it(check: Check) -> None:
    rows = [
        {"type": "deviceid", "name": "device"},
        {"type": "geopoint", "name": "place", "label": "Place"},
        {"type": "text", "name": "near", "label": "Near", "relevant": "${place} != ''"},
        {"type": "text", "name": "whose", "label": "Whose", "relevant": "${device} != ''"},
        AGE,
        JOB,
    ]
    told = {"place": "39.9 116.4 0 0", "near": "gate", "whose": "mine", "age": 12, "job": "cook"}
    assert check(rows, told).values == {"place": "39.9 116.4 0 0", "near": "gate", "whose": "mine", "age": 12}


def test_a_ranking_is_whole_or_it_is_words(check: Check) -> None:
    rank = {"type": "rank yn", "name": "order", "label": "Order", "required": "yes"}
    assert check([rank], {"order": ["n", "y"]}) == Checked({"order": ["n", "y"]}, {})
    assert list(check([rank], {"order": ["n"]}).errors) == ["order"]
    # Older engines ask a ranking as text.
    assert check([rank], {"order": "first the bus"}) == Checked({"order": "first the bus"}, {})


def test_what_is_no_value_of_the_form_becomes_no_field() -> None:
    runtime = Runtime(read_form(form_bytes([AGE, *FAMILY]), "form.md"))
    told = {"age": 3, "stranger": "x", "family": [{"years": 1}, {"years": 2.5, "stranger": "y"}]}
    assert fields_of(runtime, told) == {
        "age": ["3"],
        "family:#": ["1 2"],
        "family:1:years": ["1"],
        "family:2:years": ["2.5"],
    }
