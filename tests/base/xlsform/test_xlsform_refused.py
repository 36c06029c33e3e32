"""What must never be asked is found in names, labels and choices, and its false friends are left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qiao.base.denylist import CHINESE, ENGLISH, DeniedClass, looks_denied, match_header, options_denied
from qiao.base.xlsform import Form


def test_every_word_of_the_list_is_found_however_it_is_written() -> None:
    for table in (CHINESE, ENGLISH):
        for denied, words in table.items():
            for word in words:
                assert match_header(word) is denied
                assert match_header(f" {word.upper()}: ") is denied
                assert match_header(word.replace(" ", "_")) is denied


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("您的 政治 面貌 是？", DeniedClass.PARTY),
        ("政治面貌（必填）", DeniedClass.PARTY),
        ("是否黨員", DeniedClass.PARTY),
        ("入黨時間", DeniedClass.PARTY),
        ("民　族", DeniedClass.ETHNICITY),
        ("種族", DeniedClass.ETHNICITY),
        ("ETHNIC-GROUP", DeniedClass.ETHNICITY),
        ("ethnicGroup", DeniedClass.ETHNICITY),
        ("What is your religion?", DeniedClass.RELIGION),
        ("political_opinions", DeniedClass.OPINION),
        ("ideologies", DeniedClass.OPINION),
        ("ＧＰＳ", DeniedClass.TRACES),
    ],
)
def test_denied(text: str, denied: DeniedClass) -> None:
    assert match_header(text) is denied


@pytest.mark.parametrize(
    "text",
    [
        "third_party", "counterparty", "信访件编号", "民族中学", "在民族路上班吗", "job stability", "a trace of",
        "embrace", "party", "Did you like the party?", "unstable", "工作稳定", "职业定位", "", "？",
    ],
)  # fmt: skip
def test_false_friends(text: str) -> None:
    assert match_header(text) is None


def test_a_federation_may_lengthen_the_list() -> None:
    more = [(DeniedClass.PARTY, "团员编号"), (DeniedClass.TRACES, "badge log")]
    assert match_header("团员编号", more) is DeniedClass.PARTY
    assert match_header("badge_log", more) is DeniedClass.TRACES
    assert match_header("badge_log") is None


def test_columns_give_themselves_away_by_their_values() -> None:
    assert looks_denied(["中共党员", "", "群众", "工人"]) is DeniedClass.PARTY
    assert looks_denied(["汉族", "回族", "藏族"]) is DeniedClass.ETHNICITY
    assert looks_denied(["群众", *["工人"] * 9]) is None
    assert looks_denied(["", "  "]) is None
    assert looks_denied(["上班族", "家族"]) is None
    assert options_denied(["制造业", "宗教组织", "建筑业"]) is DeniedClass.RELIGION
    assert options_denied(["制造业", "建筑业"]) is None


def test_a_form_names_each_refused_question_and_no_answer(make_form: Callable[..., Form]) -> None:
    form = make_form(
        {"type": "select_one p", "name": "status", "label": "您的政治面貌"},
        {"type": "text", "name": "religion", "label": "Q"},
        {"type": "select_one ind", "name": "industry", "label": "Industry"},
        {"type": "text", "name": "third_party", "label": "Third party"},
        choices=(
            {"list_name": "p", "name": "1", "label": "中共党员"},
            {"list_name": "p", "name": "2", "label": "群众"},
            {"list_name": "ind", "name": "1", "label": "宗教组织"},
            {"list_name": "ind", "name": "2", "label": "制造业"},
        ),
    )
    places = [(refusal.place.sheet, refusal.place.row, refusal.place.column) for refusal in form.refused]
    assert places == [
        ("survey", 2, "label"),
        ("survey", 3, "name"),
        ("choices", 2, "list_name"),
        ("choices", 4, "list_name"),
    ]
    assert not any("中共党员" in str(refusal) for refusal in form.refused)
