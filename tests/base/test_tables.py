from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from qiao.base.problems import Problem
from qiao.base.tables import category, matches, numeric, read_csv, read_table, read_workbook, sheet_row


def write(folder: Path, content: bytes | str, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_chinese_text_is_read_in_the_encodings_people_save(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "姓名,单位\n张三,第一车间\n李四,总务处\n".encode(encoding))
    assert read_csv(path).to_pydict() == {"姓名": ["张三", "李四"], "单位": ["第一车间", "总务处"]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_found_and_quotes_are_honoured(tmp_path: Path, delimiter: str) -> None:
    quoted = f'"x{delimiter}y\nz"'
    path = write(tmp_path, delimiter.join([" a ", "b"]) + "\r\n" + delimiter.join([quoted, "0012"]) + "\r\n")
    assert read_csv(path).to_pydict() == {"a": [f"x{delimiter}y\nz"], "b": ["0012"]}


def test_a_single_column_keeps_its_empty_cells(tmp_path: Path) -> None:
    assert read_csv(write(tmp_path, "a\n1\n\n3\n"))["a"].to_pylist() == ["1", "", "3"]


def test_empty_rows_vanish_but_rows_keep_their_numbers(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "a,b\n1,2\n\n,\n3,4\nx,6\n"))
    assert table["a"].to_pylist() == ["1", "3", "x"]
    assert [sheet_row(table, index) for index in range(3)] == [2, 5, 6]
    with pytest.raises(Problem, match=r"data.csv, row 6, column a: “x” is not a number"):
        numeric(table, "a")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b" \n \n", "nothing but blanks"),
        (b"a,b\n", "no data rows"),
        (b"a,,c\n1,2,3\n", "Column number 2 has no name"),
        (b"a,b,a\n1,2,3\n", "Columns number 1 and 3 have the same name, “a”"),
        (b"a,b\n1,2\n1,2,3\n4\n", r"row 3: This row has 3 cells, but the header has 2 columns \(2 such rows"),
        (b"a,b\n1,2\n\x00,4\n", "row 3: The file holds zero bytes"),
        (b"PK\x03\x04rest", "spreadsheet or an archive"),
        (b"a,b\n1,2\n\xff\xff,3\n", "row 3: The file is neither UTF-8 nor GB18030"),
        (b"a,b\n1,2\n", "Missing column: w, s. The file has these columns: a, b."),
    ],
)
def test_faults_are_located(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(Problem, match=message) as caught:
        read_csv(write(tmp_path, content), required=["a", "w", "s"] if "Missing" in message else [])
    assert caught.value.place.source == "data.csv"


def test_a_ragged_row_after_a_cell_with_line_breaks_has_the_number_a_spreadsheet_shows(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        read_csv(write(tmp_path, 'a,b\n"x\n\ny",2\n1,2,3\n'))
    assert caught.value.place.row == 3


def test_a_two_gigabyte_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        os.truncate(stream.fileno(), 2_000_000_000)
    with pytest.raises(Problem, match=r"huge.csv: The file has 2,000 MB; at most 1,900 MB are read"):
        read_csv(path)


def test_an_unclosed_quote_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem):
        read_csv(write(tmp_path, 'a,b\n1,2\n"3,4\n5,6\n'))


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(Problem, match="folder"):
        read_csv(tmp_path)


def test_numbers(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "a,b\n1,x\n,x\nNA,x\n -2.5e1 ,x\n１２．５,x\n−3,x\n"))
    np.testing.assert_array_equal(numeric(table, "a"), [1, np.nan, np.nan, -25, 12.5, -3])
    for text in ("1_000", '"1,000"', "inf", "12%", "0x10"):
        with pytest.raises(Problem, match=r"row 2, column a: “.*” is not a number"):
            numeric(read_csv(write(tmp_path, f"a,b\n{text},x\n")), "a")


def test_categories_sort_as_numbers_if_all_are(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "n,t\n10,b\n9,a\n,NA\n10, b \n"))
    codes, levels = category(table, "n")
    assert levels == ("9", "10")
    assert codes.tolist() == [1, 0, -1, 1]
    codes, levels = category(table, "t")
    assert levels == ("a", "b")
    assert codes.tolist() == [1, 0, -1, 1]


def test_first_sheet_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "名单"
    for row in ([" a ", "b", None], [1, "x", None], [None, None, None], [2.5, True, None]):
        sheet.append(row)
    path = tmp_path / "book.csv"
    book.save(path)
    table = read_table(path, required=["a"])
    assert table.to_pydict() == {"a": ["1", "2.5"], "b": ["x", "TRUE"]}
    with pytest.raises(Problem, match=r"book.csv, sheet 名单, row 4, column b: “TRUE” is not a number"):
        numeric(table.set_column(1, "b", [["1", "TRUE"]]), "b")
    with pytest.raises(Problem, match="not a CSV file"):
        read_csv(path)


def test_a_broken_workbook_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read as a spreadsheet"):
        read_workbook(write(tmp_path, b"PK\x03\x04 nothing", "book.xlsx"))


def test_conditions_on_columns_whose_names_hold_an_operator(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "a=b,c\n1,x\n2,y\n,z\n"))
    assert matches(table, "a=b=2").tolist() == [False, True, False]
    assert matches(table, "a=b!=2").tolist() == [True, False, False]
    assert matches(table, "a=b<=１").tolist() == [True, False, False]
    assert matches(table, "c = y").tolist() == [False, True, False]
