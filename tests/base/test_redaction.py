from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from qiao.base.problems import Problems
from qiao.base.redaction import Mark, luhn, require_clean, scan


def marks(text: str, **more: bool) -> list[Mark]:
    return [found.mark for found in scan(text, **more)]


@pytest.mark.parametrize(
    "text",
    [
        "身份证 11010519491231002X。",
        "身份证号：110105 19491231 0021",
        "110105-19900101-1234",
        "老身份证 110105491231002",
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_identity_numbers_are_found_however_written(text: str) -> None:
    assert marks(text) == [Mark.IDENTITY]


@pytest.mark.parametrize(
    "text",
    [
        "电话13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "+86 138 1234 5678",
        "一三八一二三四五六七八",
        "幺三八一二三四五六七八",
        "①③⑧①②③④⑤⑥⑦⑧",
        "1 3 8 1 2 3 4 5 6 7 8",
        "138\u200b1234\u200b5678",
        "1381-234-5678",
    ],
)
def test_mobile_numbers_are_found_however_written(text: str) -> None:
    assert marks(text) == [Mark.PHONE]


@pytest.mark.parametrize("text", ["0571-87654321", "(010)62345678", "（0755）8234567"])
def test_office_telephones_are_blocked_in_notices_only(text: str) -> None:
    assert marks(text) == [Mark.LANDLINE]
    assert marks(text, landlines=False) == []


@pytest.mark.parametrize("text", ["6222020200001234567", "6222 0202 0000 1234", "卡号 4111-1111-1111-1111"])
def test_bank_cards_are_found(text: str) -> None:
    assert marks(text) == [Mark.BANK]


@pytest.mark.parametrize(
    "text",
    [
        "12351 职工热线",
        "2026年5月11日，投入 1,234,567.89 元，惠及 13,800 人。",
        "项目 W-1042，回执 R-7F3K-22QX-5。",
        "2026-05-11 至 2026-12-31",
        "在 110105 号信箱",
        "第一百三十八条，一千二百三十四人",
        "999999999999999",
    ],
)
def test_ordinary_numbers_pass(text: str) -> None:
    assert marks(text) == []


def test_the_place_is_told_and_the_number_is_not() -> None:
    with override("en"), pytest.raises(Problems) as caught:
        require_clean({"text": {"zh-hans": "第一段。\n请联系 13812345678 领取。", "en": "fine"}, "title": "好"})
    said = str(caught.value)
    assert "Text (Chinese)" in said
    assert "Paragraph 2, signs 5 to 15" in said
    assert "ends in 78" in said
    assert "13812345678" not in said


def test_every_piece_is_named_once() -> None:
    found = scan("甲 13812345678，乙 13912345678\n丙 11010519491231002X")
    assert [(each.mark, each.paragraph) for each in found] == [
        (Mark.PHONE, 1), (Mark.PHONE, 1), (Mark.IDENTITY, 2)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("digits", "valid"), [("79927398713", True), ("79927398710", False), ("4111111111111111", True)]
)
def test_luhn(digits: str, valid: bool) -> None:
    assert luhn(digits) is valid


@given(st.text(max_size=200))
def test_any_text_can_be_scanned(text: str) -> None:
    for found in scan(text):
        assert 1 <= found.first <= found.last
