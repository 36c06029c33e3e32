"""Names of files that are handed in."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qiao.base.uploads import file_name, on_disk


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("名册.xlsx", "名册.xlsx"), ("../../etc/passwd", "passwd"), ("C:\\up\\a.csv", "a.csv"), ("..", "table"),
        (None, "table"), ("", "table"), ("a." + "x" * 90, "a." + "x" * 90),
    ],
)  # fmt: skip
def test_a_name_is_its_last_part(given: str | None, kept: str) -> None:
    assert file_name(given) == kept


def test_a_long_chinese_name_is_cut_and_its_ending_stays() -> None:
    upload = SimpleUploadedFile("员" * 240 + ".xlsx", b"PK")
    with on_disk(upload) as file:
        assert file.suffix == ".xlsx"
        assert len(file.name.encode()) <= 200
        assert file.read_bytes() == b"PK"
    assert not file.exists()
