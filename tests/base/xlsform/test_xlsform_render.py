"""The page of a questionnaire."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from tests.base.xlsform.conftest import form_bytes

from qiao.base.xlsform import Form, Runtime, codebook, read_form, render

NOON = datetime(2026, 3, 1, 12, 0)
VOID = {"input", "br"}


class Page(HTMLParser):
    """Elements with their attributes; fails on tags that do not close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def ids(self) -> list[str]:
        return [str(attrs["id"]) for _, attrs in self.elements if "id" in attrs]


KINDS = [
    {"type": "note", "name": "hello", "label": "Hello"},
    {"type": "select_one yn", "name": "one", "label": "One", "hint": "A hint", "required": "yes"},
    {"type": "select_multiple yn", "name": "many", "label": "Many"},
    {"type": "select_one yn", "name": "list", "label": "List", "appearance": "minimal"},
    {"type": "rank yn", "name": "rank", "label": "Rank"},
    {"type": "integer", "name": "n", "label": "N"},
    {"type": "decimal", "name": "x", "label": "X"},
    {"type": "text", "name": "t", "label": "T"},
    {"type": "text", "name": "long", "label": "Long", "appearance": "multiline"},
    {"type": "date", "name": "d", "label": "D"},
    {"type": "time", "name": "h", "label": "H"},
    {"type": "dateTime", "name": "dt", "label": "DT"},
    {"type": "range", "name": "scale", "label": "Scale", "parameters": "start=1 end=5 step=1"},
    {"type": "range", "name": "wide", "label": "Wide", "parameters": "start=0 end=100 step=1"},
    {"type": "acknowledge", "name": "ok", "label": "OK"},
    {"type": "calculate", "name": "c", "calculation": "1"},
]


def _page(form: Form, **more: object) -> Page:
    return Page(render(Runtime(form), language="default", now=NOON, **more))  # type: ignore[arg-type] # keywords of render


def test_every_kind_has_a_native_field_with_a_name_a_label_and_one_id(make_form: Callable[..., Form]) -> None:
    page = _page(make_form(*KINDS))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    fields = page.all("input") + page.all("select") + page.all("textarea")
    assert {str(field["name"]).split(".")[0] for field in fields} == {
        row["name"] for row in KINDS if row["type"] not in {"note", "calculate"}
    }
    assert {label["for"] for label in page.all("label") if "for" in label} <= set(ids)
    assert len(page.all("fieldset")) == len(page.all("legend")) == 4
    assert sum(field.get("type") == "radio" and field["name"] == "scale" for field in fields) == 5
    assert not page.all("script")
    assert not any(name.startswith("on") or name == "style" for _, attrs in page.elements for name in attrs)


def test_hints_and_errors_are_tied_to_their_fields(make_form: Callable[..., Form]) -> None:
    page = _page(make_form(*KINDS), answers={"n": ["x"], "one": ["y"]}, errors={"one": "Choose", "n": "A number"})
    fieldset = next(attrs for attrs in page.all("fieldset") if attrs["id"] == "q-one")
    assert fieldset["aria-describedby"] == "h-one e-one"
    field = next(attrs for attrs in page.all("input") if attrs["name"] == "n")
    assert (field["aria-describedby"], field["aria-invalid"], field["value"]) == ("e-n", "true", "x")
    assert {"h-one", "e-one", "e-n"} <= set(page.ids())
    assert [link["href"] for link in page.all("a")] == ["#q-one", "#q-n"]
    assert page.all("div")[0]["role"] == "alert"


def test_answers_come_back_as_given(make_form: Callable[..., Form]) -> None:
    given_ = {"one": ["n"], "many": ["y", "n"], "list": ["y"], "t": ["words"], "scale": ["4"], "rank": ["n", "y"]}
    page = _page(make_form(*KINDS), answers=given_)
    checked = [(field["name"], field["value"]) for field in page.all("input") if "checked" in field]
    assert checked == [("one", "n"), ("many", "y"), ("many", "n"), ("scale", "4")]
    assert [option.get("value") for option in page.all("option") if "selected" in option] == ["y", None, None]


def test_a_condition_goes_to_the_script_and_a_note_to_the_reader(make_form: Callable[..., Form]) -> None:
    form = make_form(
        {"type": "integer", "name": "age", "label": "Age"},
        {"type": "text", "name": "a", "label": "A", "relevant": "${age} > 3 and not(selected(${age}, '9'))"},
        {"type": "text", "name": "b", "label": "B", "relevant": "string-length(${age}) > 1", "required": "yes"},
    )
    page = _page(form)
    conditions = [attrs["data-relevant"] for _, attrs in page.elements if "data-relevant" in attrs]
    assert [json.loads(str(condition)) for condition in conditions] == [
        ["and", [">", ["$", "age"], 3.0], ["not", ["selected", ["$", "age"], "9"]]]
    ]
    assert page.text.count("Answer only if this applies to you.") == 2
    # A field that may not apply must not keep the browser from sending the page.
    assert not any("required" in field for field in page.all("input"))


def test_filtered_choices_carry_what_they_wait_for(make_form: Callable[..., Form]) -> None:
    form = make_form(
        {"type": "select_one county", "name": "county", "label": "County"},
        {"type": "select_one town", "name": "town", "label": "Town", "choice_filter": "county = ${county}"},
    )
    kept = [json.loads(str(attrs["data-keep"])) for attrs in _page(form).all("label") if "data-keep" in attrs]
    assert kept == [["=", "a", ["$", "county"]], ["=", "b", ["$", "county"]]]


def test_earlier_answers_stand_in_later_labels(make_form: Callable[..., Form]) -> None:
    form = make_form(
        {"type": "select_one yn", "name": "s", "label": "S"},
        {"type": "text", "name": "why", "label": "Why ${s}?"},
    )
    assert "Why Yes?" in _page(form, answers={"s": ["y"]}).text
    assert "Why …?" in _page(form).text


def test_languages_and_words(make_form: Callable[..., Form]) -> None:
    form = make_form(
        {"type": "text", "name": "q", "label::English (en)": "Name", "label::中文 (zh-Hans)": "姓名", "required": "yes"}
    )
    assert form.language_for("zh-hans") == form.language_for("zh") == "中文 (zh-Hans)"
    assert form.language_for("en-GB") == "English (en)"
    assert form.language_for("fr") == form.default_language
    html = render(Runtime(form), language="中文 (zh-Hans)", now=NOON, translate={"must be answered": "必答"}.get)  # type: ignore[arg-type] # words used here
    assert "姓名" in html
    assert "必答" in html
    assert html.__html__() == html
    assert codebook(form) == [
        {
            "variable": "q",
            "type": "text",
            "label English (en)": "Name",
            "label 中文 (zh-Hans)": "姓名",
            "choices English (en)": "",
            "choices 中文 (zh-Hans)": "",
            "relevant": "",
            "required": "yes",
        }
    ]


HOSTILE = st.text(alphabet="<>&\"'/=a ${}\n\t", min_size=1, max_size=20)
ROWS = [
    {"type": "text", "name": "t", "label": "Q", "hint": "Hint", "constraint": ". = 1"},
    {"type": "select_one yn", "name": "s", "label": "S ${t}"},
    {"type": "text", "name": "l", "label": "L", "appearance": "multiline"},
]
RUNTIME = Runtime(read_form(form_bytes(ROWS), "form.md"))


@given(HOSTILE, HOSTILE)
def test_whatever_is_answered_stays_text(answer: str, error: str) -> None:
    plain = Page(render(RUNTIME, language="default", now=NOON, answers={"t": ["x"], "l": ["x"]}, errors={"t": "x"}))
    answers = {"t": [answer], "l": [answer], "s": [answer]}
    page = Page(render(RUNTIME, language="default", now=NOON, answers=answers, errors={"t": error}))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert next(field for field in page.all("input") if field["name"] == "t")["value"] == answer


def test_what_the_form_says_stays_text(make_form: Callable[..., Form]) -> None:
    nasty = '<script>alert("x")</script>&'
    form = make_form(
        {"type": "text", "name": "t", "label": nasty, "hint": nasty},
        {"type": "select_one bad", "name": "s", "label": nasty},
        choices=({"list_name": "bad", "name": "a\"'>", "label": nasty},),
    )
    page = _page(form)
    assert not page.all("script")
    assert page.text.count(nasty) == 4
