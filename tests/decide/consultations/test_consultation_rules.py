"""How a text falls into clauses, and what is hidden in an opinion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiao.base.problems import Problem
from qiao.decide.consultations.rules import likeness, mask, split_clauses, split_text


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("第一条 甲\n第二条 乙\n补充\n第三条 丙", ["甲", "乙\n补充", "丙"]),
        ("1. a\n2. b\n3) c", ["a", "b", "c"]),
        ("1、甲\r\n2、乙", ["甲", "乙"]),
        ("a\nb", ["a", "b"]),
        ("a\nb\n\nc", ["a\nb", "c"]),
        ("第一章 总则\n第一条 甲\n第二条 乙\n第二章 其他\n第三条 丙", ["第一章 总则\n甲", "乙", "第二章 其他\n丙"]),
        ("一、甲\n（一）子\n（二）丑\n二、乙", ["甲\n（一）子\n（二）丑", "乙"]),
        ("Article 1. Alpha\nArticle 2: Beta", ["Alpha", "Beta"]),
        # Numbers that do not count 1, 2, 3 stay: the text refers to them.
        ("第七条 甲\n第九条 乙", ["第七条 甲", "第九条 乙"]),
        ("前言\n1、甲\n2、乙", ["前言", "1、甲", "2、乙"]),
        ("3.5 元\n4 元", ["3.5 元", "4 元"]),
        ("第十一条 甲\n第二十条 乙", ["第十一条 甲", "第二十条 乙"]),
        ("", []),
    ],
)
def test_a_text_falls_into_clauses(text: str, clauses: list[str]) -> None:
    assert split_text(text) == clauses


def test_twelve_articles_in_chinese_numerals_lose_their_own_numbers() -> None:
    numerals = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
    text = "\n".join(f"第{numeral}条　内容{place}" for place, numeral in enumerate(numerals))
    assert split_text(text) == [f"内容{place}" for place in range(12)]


def test_both_languages_must_have_the_same_number_of_clauses() -> None:
    assert split_clauses("1. 甲\n2. 乙", "1. a\n2. b") == [{"zh-hans": "甲", "en": "a"}, {"zh-hans": "乙", "en": "b"}]
    with pytest.raises(Problem, match="2 clauses, the English 1"):
        split_clauses("1. 甲\n2. 乙", "only one")
    with pytest.raises(Problem, match="one clause per paragraph"):
        split_clauses(" \n ")


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=20), min_size=2, max_size=20))
def test_numbering_and_splitting_gives_the_parts_back(parts: list[str]) -> None:
    assert split_text("\n\n".join(f"{place}. {part}" for place, part in enumerate(parts, 1))) == parts


@pytest.mark.parametrize(
    ("text", "kept", "kinds"),
    [
        ("身份证110105199003071234，请查", "身份证███，请查", ["id_number"]),
        ("身份证 11010519900307123X", "身份证 ███", ["id_number"]),
        ("电话138 0013-8000", "电话███", ["phone"]),
        ("１３８００１３８０００找我", "███找我", ["phone"]),
        ("+86 13800138000", "███", ["phone"]),
        ("010-65551234", "███", ["phone"]),
        ("a.b@mail.example 来信", "███ 来信", ["email"]),
        ("卡号6222 0212 3456 7890 123", "卡号███", ["bank_card"]),
        ("13800138000，110105199003071234", "███，███", ["id_number", "phone"]),
        ("第12345号文件，2026年5月11日，共1500元", "第12345号文件，2026年5月11日，共1500元", []),
        ("夜班车 22:30 发车", "夜班车 22:30 发车", []),
    ],
)
def test_what_looks_like_personal_data_is_hidden(text: str, kept: str, kinds: list[str]) -> None:
    assert mask(text) == (kept, kinds)


def test_identical_texts_meet_whatever_their_marks() -> None:
    assert likeness("同意，尽快！") == likeness("同意 尽快") == likeness("同意。\n尽快")
    assert likeness("ＯＫ") == likeness("ok")
    assert likeness("同意") != likeness("不同意")
    assert likeness("！！") != likeness("？？")
