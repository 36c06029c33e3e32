"""Questions that are asked several times: what is sent, what is stored, what the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from tests.base.xlsform.conftest import NOON, form_bytes

from qiao.base.problems import Problems
from qiao.base.xlsform import Outcome, Runtime, codebook, read_form, render

FAMILY = (
    {"type": "integer", "name": "limit", "label": "Limit"},
    {"type": "begin repeat", "name": "family", "label": "Family"},
    {"type": "text", "name": "who", "label": "Who", "required": "yes"},
    {"type": "integer", "name": "age", "label": "Age", "constraint": ". <= ${limit}", "constraint_message": "${who}?"},
    {"type": "select_one yn", "name": "school", "label": "School", "relevant": "${age} < 18"},
    {"type": "calculate", "name": "place", "calculation": "position(..)"},
    {"type": "begin repeat", "name": "job", "label": "Job"},
    {"type": "text", "name": "title", "label": "Title"},
    {"type": "end repeat"},
    {"type": "calculate", "name": "jobs", "calculation": "count(${job})"},
    {"type": "end repeat"},
    {"type": "calculate", "name": "people", "calculation": "count(${family})"},
    {"type": "calculate", "name": "years", "calculation": "sum(${age})"},
    {"type": "calculate", "name": "oldest", "calculation": "max(${age})"},
    {"type": "calculate", "name": "second", "calculation": "indexed-repeat(${who}, ${family}, 2)"},
)  # fmt: skip


def runtime(rows: Sequence[dict[str, str]] = FAMILY) -> Runtime:
    return Runtime(read_form(form_bytes(rows), "form.md"))


def send(answers: Mapping[str, Sequence[str]], rows: Sequence[dict[str, str]] = FAMILY) -> Outcome:
    return runtime(rows).validate(answers, language="default", now=NOON)


def test_entries_are_stored_as_a_list_of_objects_and_expressions_see_them() -> None:
    outcome = send(
        {
            "limit": ["100"],
            "family:#": ["1 3"],
            "family:1:who": ["Ann"], "family:1:age": ["40"], "family:1:school": ["y"],
            "family:1:job:#": ["1"], "family:1:job:1:title": ["Nurse"],
            "family:3:who": ["Bo"], "family:3:age": ["7"], "family:3:school": ["y"],
        }
    )  # fmt: skip
    assert outcome.errors == {}
    assert outcome.values == {
        "limit": 100,
        "family": [
            {"who": "Ann", "age": 40, "place": 1, "job": [{"title": "Nurse"}], "jobs": 1},
            {"who": "Bo", "age": 7, "school": "y", "place": 2, "jobs": 0},
        ],
        "people": 2,
        "years": 47,
        "oldest": 40,
        "second": "Bo",
    }


def test_faults_name_the_entry_and_an_empty_entry_is_none() -> None:
    outcome = send({"limit": ["10"], "family:#": ["1 2 3"], "family:1:age": ["x"], "family:2:who": ["Bo"],
                    "family:2:age": ["11"]})  # fmt: skip
    assert set(outcome.errors) == {"family:1:age", "family:1:who", "family:2:age"}
    assert outcome.errors["family:2:age"] == "Bo?"
    outcome = send({"limit": ["10"], "family:#": ["1"], "family:1:who": [" "]})
    assert (outcome.errors, outcome.values) == ({}, {"limit": 10, "people": 0, "years": 0})


def test_a_button_for_one_entry_more_or_less_stores_nothing_and_changes_the_page() -> None:
    asked = runtime()
    sent = {"limit": ["9"], "family:#": ["1"], "family:1:who": ["Ann"], "qiao:add": ["family"]}
    outcome = asked.validate(sent, language="default", now=NOON)
    assert outcome.values == {}
    assert set(outcome.errors) == {"qiao:add"}
    page = render(asked, language="default", now=NOON, answers=sent, errors=outcome.errors)
    assert 'name="family:#" value="1 2"' in page
    assert 'name="family:1:who"' in page
    assert 'value="Ann"' in page
    assert 'name="family:2:who"' in page
    less = {**sent, "family:#": ["1 2"], "family:2:who": ["Bo"], "qiao:drop": ["family:1"]}
    del less["qiao:add"]
    outcome = asked.validate(less, language="default", now=NOON)
    page = render(asked, language="default", now=NOON, answers=less, errors=outcome.errors)
    assert 'name="family:#" value="2"' in page
    assert "Ann" not in page
    assert 'value="Bo"' in page


def test_an_untouched_page_has_one_entry_a_template_and_conditions_of_its_own_entry() -> None:
    page = render(runtime(), language="default", now=NOON)
    assert 'name="family:#" value="1"' in page
    assert "<template>" in page
    assert "family:__0__:who" in page
    assert "family:__0__:job:__1__:title" in page
    assert "[&quot;$&quot;, &quot;family:1:age&quot;]" in page
    assert page.index('type="submit" class="sr"') < page.index("qiao:add")


COUNTED = (
    {"type": "integer", "name": "n", "label": "How many?"},
    {"type": "begin repeat", "name": "child", "label": "Child", "repeat_count": "${n}"},
    {"type": "integer", "name": "age", "label": "Age", "required": "yes"},
    {"type": "end repeat"},
)  # fmt: skip


def test_a_counted_repeat_has_as_many_entries_as_the_answer_says() -> None:
    asked = runtime(COUNTED)
    outcome = asked.validate({"n": ["2"]}, language="default", now=NOON)
    assert set(outcome.errors) == {"child", "child:1:age", "child:2:age"}
    page = render(asked, language="default", now=NOON, answers={"n": ["2"]}, errors=outcome.errors)
    assert 'name="child:2:age"' in page
    assert "qiao:add" not in page
    assert "data-count" in page
    full = {"n": ["2"], "child:1:age": ["3"], "child:2:age": ["4"], "child:3:age": ["5"]}
    outcome = asked.validate(full, language="default", now=NOON)
    assert (outcome.errors, outcome.values["child"]) == ({}, [{"age": 3}, {"age": 4}])
    assert set(asked.validate({"n": ["9999"]}, language="default", now=NOON).errors) == {"child"}


def test_ranks_choices_and_filters_work_within_entries() -> None:
    rows = (
        {"type": "begin repeat", "name": "r", "label": "R"},
        {"type": "rank county", "name": "order", "label": "Order"},
        {"type": "select_one county", "name": "county", "label": "County"},
        {"type": "select_one town", "name": "town", "label": "Town", "choice_filter": "county=${county}"},
        {"type": "end repeat"},
    )
    outcome = send({"r:1:order.a": ["2"], "r:1:order.b": ["1"], "r:2:county": ["b"], "r:2:town": ["a1"]}, rows)
    assert set(outcome.errors) == {"r:2:town"}
    outcome = send({"r:1:order.a": ["2"], "r:1:order.b": ["1"], "r:2:county": ["b"], "r:2:town": ["b1"]}, rows)
    assert outcome.values == {"r": [{"order": ["b", "a"]}, {"county": "b", "town": "b1"}]}


def test_the_codebook_has_one_row_for_a_repeat_and_names_its_parts() -> None:
    rows = {row["variable"]: row for row in codebook(read_form(form_bytes(FAMILY), "f.md"))}
    assert set(rows) == {"limit", "family", "people", "years", "oldest", "second"}
    assert rows["family"]["type"] == "repeat"
    assert "age = Age" in rows["family"]["choices"]


def test_what_only_an_app_can_ask_is_left_out_of_the_page_and_said() -> None:
    rows = (
        {"type": "integer", "name": "age", "label": "Age"},
        {"type": "geopoint", "name": "where", "label": "Where"},
        {"type": "begin group", "name": "g", "label": "G", "relevant": "pulldata('f', 'a', 'b', ${age}) = 1"},
        {"type": "text", "name": "inside", "label": "Inside"},
        {"type": "end group"},
    )
    form = read_form(form_bytes(rows), "f.md")
    with pytest.raises(Problems):
        Runtime(form)
    partial = Runtime(form, partial=True)
    assert [(fault.place.row, fault.place.column) for fault in partial.left_out] == [(3, "type"), (4, "relevant")]
    page = render(partial, language="default", now=NOON)
    assert "Age" in page
    assert "Where" not in page
    assert "Inside" not in page
    assert partial.validate({"age": ["3"], "inside": ["x"]}, language="default", now=NOON).values == {"age": 3}
    assert "geopoint" in form.xform
