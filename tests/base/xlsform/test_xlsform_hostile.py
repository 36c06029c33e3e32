"""Files meant to stop the machine or to make it read what it must not, and files that are merely wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from qiao.base.problems import Place, Problem
from qiao.base.xlsform import read_form


def book(rows: int = 1, columns: int = 3) -> bytes:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("survey")
    sheet.append(["type", "name", "label", *(f"c{number}" for number in range(columns - 3))])
    for number in range(rows):
        sheet.append(["text", f"q{number}", "Q"])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def repacked(change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return stream.getvalue()


def in_sheet(before: bytes) -> bytes:
    return repacked(lambda name, data: before + data.split(b"?>", 1)[-1] if "sheet1" in name else data)


def refusal(data: bytes, name: str) -> Problem:
    with pytest.raises(Problem) as caught:
        read_form(data, name)
    return caught.value


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread() -> None:
    bomb = repacked(lambda name, data: data + b" " * 120_000_000 if "sheet1" in name else data)
    assert len(bomb) < 1_000_000
    assert "unpacks to" in refusal(bomb, "f.xlsx").text()


@pytest.mark.parametrize(
    "head",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
def test_entities_are_refused(head: bytes) -> None:
    assert "DOCTYPE" in refusal(in_sheet(head), "f.xlsx").text()


@pytest.mark.parametrize("name", ["f.xlsm", "f.xlsx"])
def test_macros_are_refused(name: str) -> None:
    held = repacked(lambda _name, data: data, {"xl/vbaProject.bin": b"x"})
    assert refusal(held, name).text() == "The workbook holds macros."


def test_a_sheet_of_a_hundred_thousand_rows_is_refused_with_its_row() -> None:
    fault = refusal(book(100_000), "f.xlsx")
    assert fault.place == Place("f.xlsx", "survey", 5002)


def test_a_sheet_of_very_many_columns_is_refused() -> None:
    fault = refusal(book(1, 1_500), "f.xlsx")
    assert (fault.place.sheet, fault.place.row) == ("survey", 1)


@pytest.mark.parametrize(("encoding", "row"), [("gbk", 3), ("utf-16", 1)])
def test_text_in_another_encoding_is_refused_with_its_row(encoding: str, row: int) -> None:
    data = "survey,,,\n,type,name,label\n,text,q,您好\n".encode(encoding)
    fault = refusal(data, "f.csv")
    assert (fault.text(), fault.place.row) == ("The file is not written in UTF-8.", row)
