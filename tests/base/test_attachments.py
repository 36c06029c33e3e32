from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiao.base.attachments import bare, is_what_it_says

START, END = b"\xff\xd8", b"\xff\xd9"
TABLE = b"\xff\xdb\x00\x04\x01\x02"
SCAN = b"\xff\xda\x00\x03\x01" + b"drawn\xff\x00more\xff\xd0on"


def segment(marker: int, said: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(said) + 2).to_bytes(2, "big") + said


def test_a_picture_is_left_with_what_is_drawn() -> None:
    exif, note, colours = segment(0xE1, b"Exif GPS here"), segment(0xFE, b"made by"), segment(0xEE, b"Adobe")
    said = START + exif + TABLE + colours + note + SCAN + segment(0xE1, b"GPS again") + SCAN + END + b"PK\x03\x04hung"
    kept = bare("jpg", said)
    assert kept == START + TABLE + colours + SCAN + SCAN + END
    assert bare("jpeg", kept) == kept


@given(st.binary(max_size=300))
def test_no_bytes_break_it(said: bytes) -> None:
    for ending, begin in (("jpg", b"\xff\xd8\xff"), ("png", b"\x89PNG\r\n\x1a\n")):
        assert len(bare(ending, begin + said)) <= len(begin + said)


def test_other_files_stay_as_they_are() -> None:
    assert bare("pdf", b"%PDF-1.7 \xff\xe1") == b"%PDF-1.7 \xff\xe1"


def packed(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("ending", "content", "fits"),
    [
        ("pdf", b"%PDF-1.4", True),
        ("pdf", b"<html>", False),
        ("png", b"\x89PNG\r\n\x1a\n", True),
        ("jpg", b"\x89PNG\r\n\x1a\n", False),
        ("xlsx", packed("xl/workbook.xml"), True),
        ("xlsx", packed("xl/workbook.xml", "xl/vbaProject.bin"), False),
        ("docx", packed("xl/workbook.xml"), False),
        ("docx", b"PK\x03\x04", False),
        ("csv", "姓名,单位\n".encode("gbk"), True),
        ("csv", b"a\x00b", False),
    ],
)
def test_a_file_is_known_by_its_content(ending: str, content: bytes, fits: bool) -> None:
    assert is_what_it_says(ending, content) is fits


def test_an_ending_nobody_takes_is_a_fault_of_the_caller() -> None:
    with pytest.raises(KeyError):
        is_what_it_says("exe", b"MZ")
