"""Broken forms: every fault in one go, each with its sheet and row."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.base.xlsform.conftest import CHOICES, form_bytes

from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import read_form

TEXT = {"type": "text", "name": "a", "label": "A"}


def _faults(rows: list[dict[str, str]], choices: object = CHOICES) -> list[tuple[str | None, int | None, str | None]]:
    with pytest.raises(Problems) as caught:
        read_form(form_bytes(rows, choices), "form.md")  # type: ignore[arg-type] # rows of choices
    return [(fault.place.sheet, fault.place.row, fault.place.column) for fault in caught.value.faults]


def test_all_faults_of_a_form_are_told_at_once() -> None:
    rows = [
        {"type": "txt", "name": "a", "label": "A"},
        {"type": "select_one nolist", "name": "b", "label": "B"},
        {"type": "integer", "name": "b", "label": "B again"},
        {"type": "text", "name": "1x", "label": "bad name"},
        {"type": "text", "label": "no name"},
        {"type": "text", "name": "q"},
        {"type": "begin group", "name": "g", "label": "G"},
        {"type": "text", "name": "z", "label": "Z", "relevant": "${nope} = 1"},
        {"type": "text", "name": "w", "label": "W", "relevant": "(${q} = 1"},
        {"type": "calculate", "name": "c", "calculation": "foo(${q})"},
    ]
    choices = (*CHOICES, {"list_name": "yn", "name": "y", "label": "Again"}, {"list_name": "yn", "label": "No name"})
    assert _faults(rows, choices) == [
        ("choices", 8, "name"),
        ("choices", 9, "name"),
        ("survey", 2, "type"),
        ("survey", 3, "type"),
        ("survey", 4, "name"),
        ("survey", 5, "name"),
        ("survey", 6, "name"),
        ("survey", 7, "label"),
        ("survey", 8, "type"),
        ("survey", 9, "relevant"),
        ("survey", 10, "relevant"),
        ("survey", 11, "calculation"),
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"relevant": "foo(${a})"}, "relevant"),
        ({"relevant": "${a} == 'x'"}, "relevant"),
        ({"relevant": "${a} = 'x' AND ${a} = 'y'"}, "relevant"),
        ({"constraint": "selected(.)"}, "constraint"),
        ({"constraint": "regex(., '[')"}, "constraint"),
        ({"required": "if(${a}, 1)"}, "required"),
        ({"calculation": "instance('nolist')/root/item[name = ${a}]/label"}, "calculation"),
        ({"calculation": "//a"}, "calculation"),
        ({"default": "foo(1)"}, "default"),
    ],
)
def test_expressions_that_pyxform_lets_pass_are_still_held_to_account(row: dict[str, str], column: str) -> None:
    assert _faults([TEXT, {"type": "text", "name": "q", "label": "Q", **row}]) == [("survey", 3, column)]


@pytest.mark.parametrize(
    "rows",
    [
        [{**TEXT, "relevant": "${a} = 'x'"}],
        [{**TEXT, "relevant": "${b} = 'x'"}, {"type": "text", "name": "b", "label": "B", "relevant": "${a} = 'x'"}],
        [
            {"type": "begin group", "name": "g", "label": "G", "relevant": "${x} = 1"},
            {"type": "text", "name": "x", "label": "X"},
            {"type": "end group"},
        ],
    ],
)
def test_values_that_depend_on_each_other_in_a_circle_are_named(rows: list[dict[str, str]]) -> None:
    with pytest.raises(Problems, match="depend on each other"):
        read_form(form_bytes(rows), "form.md")


def test_a_path_that_leads_nowhere_is_a_remark_not_a_fault() -> None:
    form = read_form(form_bytes([{**TEXT, "relevant": "/data/nothing = 1"}]), "form.md")
    assert any("There is nothing at /data/nothing" in warning for warning in form.warnings)


@pytest.mark.parametrize("end", ["end group", "end_repeat"])
def test_an_end_without_a_beginning(end: str) -> None:
    assert _faults([TEXT, {"type": end}]) == [("survey", 3, "type")]


def _book(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_files_that_are_no_questionnaire_are_told_apart(tmp_path: Path) -> None:
    cases = {
        "empty.xlsx": (b"", "empty"),
        "text.xlsx": (b"hello", "no readable workbook"),
        "noise.xls": (bytes(range(256)) * 9, "no readable workbook"),
        "archive.xlsx": (b"PK\x03\x04 broken", "no readable workbook"),
        "old.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel workbook"),
        "locked.xlsx": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "locked with a password",
        ),
        "page.html": (b"<html>", "not read"),
        "prose.csv": (b"one,two", "no readable workbook"),
    }
    for name, (data, message) in cases.items():
        with pytest.raises(Problem, match=message):
            read_form(data, name)
    with pytest.raises(Problem, match="no such file"):
        read_form(tmp_path / "none.xlsx", "none.xlsx")
    with pytest.raises(Problem, match="folder"):
        read_form(tmp_path, "folder.xlsx")


def test_a_file_of_two_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)
    with pytest.raises(Problem, match="2048 MB"):
        read_form(path, path.name)


def test_sheets_and_columns_that_are_missing_or_double(tmp_path: Path) -> None:
    misspelt = _book(tmp_path / "m.xlsx", {"servey": [["type", "name"]], "more": [["x"]]})
    with pytest.raises(Problems, match="servey"):
        read_form(misspelt, misspelt.name)
    untyped = _book(tmp_path / "u.xlsx", {"survey": [["name", "label"], ["a", "A"]]})
    with pytest.raises(Problems, match="'type'"):
        read_form(untyped, untyped.name)
    double = _book(tmp_path / "d.xlsx", {"survey": [["type", "name", "label", "label"], ["text", "a", "A", "B"]]})
    with pytest.raises(Problem) as caught:
        read_form(double, double.name)
    assert (caught.value.place.sheet, caught.value.place.row, caught.value.place.column) == ("survey", 1, "label")


def test_a_near_miss_is_offered() -> None:
    with pytest.raises(Problems, match="Did you mean yn"):
        read_form(form_bytes([{"type": "select_one yns", "name": "a", "label": "A"}]), "form.md")


def test_a_header_that_makes_no_xml_is_named() -> None:
    choices = [{"list_name": "yn", "name": "y", "label": "Yes", "${a}": "1"}]
    assert _faults([{"type": "select_one yn", "name": "s", "label": "S"}], choices) == [("choices", 1, "${a}")]
