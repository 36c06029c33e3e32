"""`qiao forms check` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from qiao.cli.main import app

RUN = CliRunner()
GOOD = [
    ["type", "name", "label::English (en)", "label::中文 (zh)", "relevant", "constraint"],
    ["integer", "age", "Age", "年龄", None, ". > 15"],
    ["text", "job", "Job", "工作", "${age} > 20", None],
]


def _form(path: Path, survey: list[list[str | None]]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in survey:
        book.active.append(row)
    book.save(path)
    return path


def test_a_valid_form_is_described(tmp_path: Path) -> None:
    result = RUN.invoke(app, ["forms", "check", str(_form(tmp_path / "good.xlsx", GOOD)), "--format", "json"])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["verdict"] == "ok"
    assert document["languages"] == ["English (en)", "中文 (zh)"]
    assert (document["binds"], document["relevant"], document["constraint"]) == (3, 1, 1)
    assert [(q["row"], q["name"], q["type"]) for q in document["questions"]] == [
        (2, "age", "integer"),
        (3, "job", "text"),
    ]
    assert document["faults"] == document["refused"] == document["not_on_web"] == []


def test_the_table_and_the_codebook(tmp_path: Path) -> None:
    path = _form(tmp_path / "good.xlsx", GOOD)
    table = RUN.invoke(app, ["forms", "check", str(path)])
    assert table.exit_code == 0
    assert "good.xlsx: valid." in table.stdout
    assert "languages: English (en), 中文 (zh)" in table.stdout
    codebook = RUN.invoke(app, ["forms", "check", str(path), "--format", "csv"])
    assert codebook.stdout.splitlines()[1].startswith("age,integer,Age,年龄")


@pytest.mark.parametrize("output", ["table", "json", "csv"])
def test_every_fault_comes_with_sheet_and_row(tmp_path: Path, output: str) -> None:
    broken = _form(tmp_path / "bad.xlsx", [GOOD[0], ["intger", "age", "Age"], ["text", "job", None]])
    result = RUN.invoke(app, ["forms", "check", str(broken), "--format", output])
    assert result.exit_code == 2
    assert "sheet survey, row 2, column type: There is no question type 'intger'" in result.stderr
    assert "sheet survey, row 3, column label" in result.stderr
    if output == "json":
        document = json.loads(result.stdout)
        assert document["verdict"] == "invalid"
        assert [(fault["sheet"], fault["row"], fault["column"]) for fault in document["faults"]] == [
            ("survey", 2, "type"),
            ("survey", 3, "label"),
        ]


def test_refused_questions_are_named_and_the_form_stays_valid(tmp_path: Path) -> None:
    path = _form(tmp_path / "p.xlsx", [["type", "name", "label"], ["text", "q", "政治面貌"]])
    result = RUN.invoke(app, ["forms", "check", str(path)])
    assert result.exit_code == 0
    assert "refused question: p.xlsx, sheet survey, row 2, column label" in result.stderr


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [("empty.xlsx", b"", "The file is empty"), ("text.xlsx", b"hello", "no readable workbook")],
)
def test_what_is_no_workbook(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    result = RUN.invoke(app, ["forms", "check", str(tmp_path / name)])
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_file(tmp_path: Path) -> None:
    result = RUN.invoke(app, ["forms", "check", str(tmp_path / "none.xlsx")])
    assert result.exit_code == 2
    assert "no such file" in result.stderr
