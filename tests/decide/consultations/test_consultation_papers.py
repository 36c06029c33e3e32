"""Papers read into clauses, clauses that keep their ids, versions side by side."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from qiao.base.problems import Problem
from qiao.decide.consultations.rules.comparing import Change, Version, compare, word_changes
from qiao.decide.consultations.rules.matching import Known, fresh_keys, match_clauses
from qiao.decide.consultations.rules.papers import archive, read_paper, split_blocks

MARKDOWN = """# 夜班车实施办法

第一章 总则

第一条 为了夜班职工，制定本办法。
第二条 适用于：
（一）合同工；
（二）劳务派遣工。

第二章 细则

第三条 经费如下。

| 项目 | 金额 |
|---|---|
| 1. 车 | 6000 |

1.5 万元另列。
"""


def word(fill: Callable[[Any], None]) -> bytes:
    """A Word file."""
    document, stream = docx.Document(), io.BytesIO()
    fill(document)
    document.save(stream)
    return stream.getvalue()


def odt(body: str, *, extra: dict[str, str] | None = None, head: str = "") -> bytes:
    """An OpenDocument text."""
    stream = io.BytesIO()
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"))
    )
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "content.xml",
            f'<?xml version="1.0"?>{head}<office:document-content{names}><office:automatic-styles>'
            '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" '
            'style:num-suffix="."/></text:list-style></office:automatic-styles><office:body><office:text>'
            f"{body}</office:text></office:body></office:document-content>",
        )
        for name, text in (extra or {}).items():
            packed.writestr(name, text)
    return stream.getvalue()


def labels(name: str, data: bytes) -> list[tuple[str, str]]:
    return [(part.label, part.text) for part in split_blocks(read_paper(name, data), name)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_markdown_falls_into_clauses_in_every_way_of_writing(encoding: str) -> None:
    paper = read_paper("a.md", MARKDOWN.encode(encoding))
    parts = split_blocks(paper)
    assert [part.label for part in parts] == ["第一条", "第二条", "第二条（一）", "第二条（二）", "第三条"]
    assert parts[0].text == "夜班车实施办法\n第一章 总则\n为了夜班职工，制定本办法。"
    assert parts[4].text == "第二章 细则\n经费如下。\n项目 ｜ 金额\n1. 车 ｜ 6000\n1.5 万元另列。"
    assert paper.tables == 1


def test_numbers_of_every_kind_begin_clauses() -> None:
    text = "一、总的\n（一）甲\n1. 一\n2. 二\n2.1 二一\n2.2 二二\n（二）乙\n二、其他"
    assert [label for label, _text in labels("a.txt", text.encode())] == [
        "一、", "一、（一）", "一、（一）1.", "一、（一）2.", "2.1", "2.2", "一、（二）", "二、",
    ]  # fmt: skip


def test_without_numbers_headings_or_paragraphs_are_clauses() -> None:
    assert labels("a.md", b"# One\n\nwords\n\nmore\n\n# Two\n\nwords") == [("", "One\nwords\nmore"), ("", "Two\nwords")]
    assert labels("a.md", b"words\n\nmore") == [("", "words"), ("", "more")]


def test_word_keeps_the_numbers_word_puts_there() -> None:
    def fill(document: Any) -> None:
        document.add_heading("办法", 0)
        document.add_paragraph("第一条 甲")
        document.add_paragraph("车", style="List Number")
        document.add_paragraph("钱", style="List Number")
        table = document.add_table(2, 2)
        table.cell(0, 0).text, table.cell(1, 1).text = "项目", "6000"
        document.add_paragraph("第二条 乙")

    assert labels("a.docx", word(fill)) == [
        ("第一条", "办法\n甲"), ("第一条1.", "车"), ("第一条2.", "钱\n项目 ｜ \n ｜ 6000"), ("第二条", "乙"),
    ]  # fmt: skip


def test_chinese_numbering_of_word_is_counted() -> None:
    def fill(document: Any) -> None:
        numbering = document.part.numbering_part.element
        numbering.insert(0, parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>'
        ))  # fmt: skip
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
        for place in range(12):
            paragraph = document.add_paragraph(f"第{place}段话")
            properties = paragraph._p.get_or_add_pPr()
            properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr>'))

    found = labels("a.docx", word(fill))
    assert [label for label, _text in found][:2] == ["第一条", "第二条"]
    assert found[10][0] == "第十一条"


def test_tracked_changes_are_refused_with_their_paragraph() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("第一条 甲")
        run = document.add_paragraph("第二条 乙")._p
        run.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="x"><w:r><w:t>丙</w:t></w:r></w:ins>'))
        assert run.find(qn("w:ins")) is not None

    with pytest.raises(Problem, match="tracked in paragraph 2") as fault:
        read_paper("a.docx", word(fill))
    assert fault.value.place.row == 2


def test_odt_lists_tables_and_headings() -> None:
    body = (
        '<text:h text:outline-level="1">办法</text:h><text:p>第一条 甲<text:s text:c="3"/>乙</text:p>'
        '<text:list text:style-name="L1"><text:list-item><text:p>车</text:p></text:list-item>'
        "<text:list-item><text:p>钱</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert labels("a.odt", odt(body)) == [("第一条", "办法\n甲   乙"), ("第一条1.", "车"), ("第一条2.", "钱\na ｜ b")]


BOMB = io.BytesIO()
with zipfile.ZipFile(BOMB, "w", zipfile.ZIP_DEFLATED) as _packed:
    _packed.writestr("word/document.xml", "<a>" + " " * 30_000_000 + "</a>")
MACRO = io.BytesIO()
with zipfile.ZipFile(MACRO, "w") as _packed:
    _packed.writestr("word/document.xml", "<a/>")
    _packed.writestr("word/vbaProject.bin", "x")
ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.pdf", b"%PDF", "not read"),
        ("a.docm", b"x", "macros"),
        ("a.xlsx", b"x", "of the kind .docx"),
        ("a.docx", b"", "empty"),
        ("a.docx", b"not a zip", "not what its name says"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxx", "old Word file"),
        ("a.docx", BOMB.getvalue(), "unpacks to more"),
        ("a.docx", MACRO.getvalue(), "macros"),
        ("a.docx", word(lambda document: None), "no text"),
        ("a.odt", odt("<text:p>x</text:p>", extra={"Basic/Standard/m.xml": "x"}), "macros"),
        ("a.odt", odt("<text:p>x</text:p>", head=ENTITY), "document type"),
        ("a.odt", odt("<text:tracked-changes><text:p/></text:tracked-changes>"), "tracked"),
        ("a.odt", word(lambda document: document.add_paragraph("x")), "not what its name says"),
        ("a.md", "第一条\n甲".encode() + b"\xff\xff", "Line 2"),
        ("a.md", b"\x00\x01\x02\x03", "no text"),
        ("a.md", b"   \n\n", "empty"),
        ("a.md", ("第一条 " + "车" * 7000).encode(), "split it in two"),
        ("a.md", ("段落\n\n" * 301).encode(), "more than 300"),
        ("a.md", ("车" * 2_000_001).encode(), "at most 2000000"),
    ],
)
def test_bad_files_are_refused_in_words(name: str, data: bytes, message: str) -> None:
    with pytest.raises(Problem, match=message) as fault:
        split_blocks(read_paper(name, data), name)
    assert fault.value.place.source == name


def test_a_member_larger_than_it_claims_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_MEMBER", 10)
    with pytest.raises(Problem, match="unpacks to more"):
        read_paper("a.odt", odt("<text:p>第一条 甲</text:p>"))


def test_deep_numbering_gives_way_where_there_are_too_many_parts() -> None:
    text = "\n".join(
        f"第{place}条 甲\n" + "\n".join(f"（{sign}）乙" for sign in "一二三四五六") for place in range(1, 61)
    )
    found = labels("a.txt", text.encode())
    assert len(found) == 60
    assert found[0][1] == "甲\n（一） 乙\n（二） 乙\n（三） 乙\n（四） 乙\n（五） 乙\n（六） 乙"


OLD = [("第一条", "每夜两班车，十点一班，零点一班"), ("第二条", "职工乘车全程免费"), ("第三条", "本办法自七月起施行")]


def known(rows: Sequence[tuple[str, str]]) -> list[Known]:
    return [Known(f"k{place}", label, text) for place, (label, text) in enumerate(rows, 1)]


def test_clauses_keep_their_ids_when_moved_and_reworded() -> None:
    new = [
        ("第一条", "职工乘车全程免费"),
        ("第二条", "每夜三班车，十点、零点和两点各一班"),
        ("第三条", "司机须持有效证件"),
        ("第四条", "本办法自八月起施行"),
    ]
    assert [match.key for match in match_clauses(known(OLD), new)] == ["k2", "k1", "", "k3"]
    assert fresh_keys(["k1", "k2", "k9"], 2) == ["k10", "k11"]


TEXTS = st.lists(st.text(alphabet="车班夜免费职工一二三四，。ab ", min_size=1, max_size=30), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_the_same_text_again_keeps_every_id(texts: list[str]) -> None:
    rows = [("", text) for text in texts]
    matches = match_clauses(known(rows), rows)
    assert sorted(match.key for match in matches) == sorted(f"k{place}" for place in range(1, len(rows) + 1))
    kept = {f"k{place}": text for place, (_label, text) in enumerate(rows, 1)}
    plain = [("".join(sign for sign in text if sign.isalnum()) or text.strip()) for text in texts]
    for match, text in zip(matches, texts, strict=True):
        if plain.count("".join(sign for sign in text if sign.isalnum()) or text.strip()) == 1:
            assert kept[match.key] == text


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_no_id_is_given_twice(old: list[str], new: list[str]) -> None:
    keys = [match.key for match in match_clauses(known([("", text) for text in old]), [("", text) for text in new])]
    given = [key for key in keys if key]
    assert len(given) == len(set(given))
    assert len(keys) == len(new)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="车班夜免费 ab1\n。", max_size=60), st.text(alphabet="车班夜免费 ab1\n。", max_size=60))
def test_the_pieces_give_both_texts_back(old: str, new: str) -> None:
    pieces = word_changes(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new
    assert all(piece.text for piece in pieces)


def test_changes_are_told_by_word_and_by_sign() -> None:
    pieces = word_changes("每夜两班车，全程免费。", "每夜三班车，全程免费。")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("kept", "每夜"), ("gone", "两"), ("new", "三"), ("kept", "班车，全程免费。"),
    ]  # fmt: skip


def test_versions_side_by_side() -> None:
    old = [Version("k1", 1, "一", "甲甲"), Version("k2", 2, "二", "乙乙"), Version("k3", 3, "三", "丙丙")]
    new = [Version("k3", 1, "一", "丙丙"), Version("k1", 2, "二", "甲甲甲"), Version("k4", 3, "三", "丁")]
    rows = {row.key: row for row in compare(old, new)}
    assert {key: row.change for key, row in rows.items()} == {
        "k1": Change.CHANGED, "k2": Change.GONE, "k3": Change.SAME, "k4": Change.NEW,
    }  # fmt: skip
    assert rows["k2"].new is None
    assert rows["k4"].old is None
    assert sum(row.moved for row in rows.values()) == 1
