"""How the paragraphs of a paper fall into numbered parts.

Each numbered paragraph (第三条, 一、, （一）, 1., 1.1, Article 3 …) begins a part and keeps the number it bears; what
stands below without a number belongs to it. Chapters and headings open the part that follows. Where that makes more
parts than anybody reads, only the outer numbers count. Without any number headings part the text, without headings
every paragraph is a part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qiao.base.problems import Place, Problem
from qiao.decide.consultations.rules.clauses import LONGEST_CLAUSE, MOST_CLAUSES
from qiao.decide.consultations.rules.papers.shapes import Block, Paper

_HAN = "零〇一二三四五六七八九十百千两"
_CONTAINER = re.compile(
    rf"^\s*(?:第\s*[{_HAN}0-9]+\s*[编章节部]|(?:Chapter|Part|Title)\s+[0-9IVXLC]+\b)", re.IGNORECASE
)
_MARKER = re.compile(
    rf"""^\s*(?P<label>
        (?P<article>第\s*[{_HAN}0-9]+\s*条(?:之[{_HAN}]+)?)
      | (?P<word>(?:Article|Art\.|Clause|Section|§)\s*(?:[0-9]+(?:\.[0-9]+)*))
      | (?P<bracket>[（(]\s*[{_HAN}]+\s*[)）])
      | (?P<small>[（(]\s*[0-9]{{1,3}}\s*[)）])
      | (?P<plain>[{_HAN}]{{1,5}})(?=[、．.])
      | (?P<decimal>[0-9]{{1,3}}(?:\.[0-9]{{1,3}})+)(?=[\s、．.)）]|[^\s0-9A-Za-z%.,])
      | (?P<number>[0-9]{{1,3}})(?=[、．)）]|\.(?![0-9]))
    )[\s、．.:：)）]*""",
    re.VERBOSE | re.IGNORECASE,
)
_COUNTING = frozenset({"number", "decimal"})
_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the number it bears ("" for none), its text, and the paragraph it begins at."""

    label: str
    text: str
    row: int


@dataclass(slots=True)
class _Begun:
    """A part as it grows: ``depth`` 1 is the outermost number, 0 what stands before the first; ``own`` its own number
    without those it stands below."""

    label: str
    depth: int
    row: int
    lines: list[str] = field(default_factory=list)
    own: str = ""


def split_blocks(paper: Paper, name: str = "") -> list[Part]:
    """The parts of a paper. Raises Problem for too many parts, or one that is too long, with its paragraph."""
    begun = _begun(paper.blocks)
    if not any(part.depth for part in begun):
        begun = _unnumbered(paper.blocks)
    depths = sorted({part.depth for part in begun if part.depth}, reverse=True)
    while len(begun) > MOST_CLAUSES and len(depths) > 1:
        begun = _coarser(begun, depths.pop(0))
    if len(begun) > MOST_CLAUSES:
        raise Problem(
            "The text has %(number)d clauses, more than %(most)d: put paragraphs together.",
            number=len(begun), most=MOST_CLAUSES, place=Place(source=name or None),
        )  # fmt: skip
    parts = [Part(part.label[:_LONGEST_LABEL], "\n".join(part.lines).strip(), part.row) for part in begun]
    for part in parts:
        if len(part.text) > LONGEST_CLAUSE:
            raise Problem(
                "The part that begins at paragraph %(row)d is longer than %(most)d signs: split it in two.",
                row=part.row, most=LONGEST_CLAUSE, place=Place(source=name or None, row=part.row),
            )  # fmt: skip
    return [part for part in parts if part.text]


def _begun(blocks: Sequence[Block]) -> list[_Begun]:
    parts: list[_Begun] = []
    headings: list[Block] = []
    stack: list[tuple[str, str, str]] = []  # kind, label, number as written
    for block in blocks:
        kind, label, rest = _marked(block, stack)
        if kind == "container" or (kind == "" and block.heading):
            headings.append(block)
            stack = []
            continue
        if kind:
            held = next((place for place, (one, _label, _text) in enumerate(stack) if one == kind), None)
            stack = stack[:held] if held is not None else stack
            outer = "" if kind in {"decimal", "article", "word"} else _outer(stack)
            stack.append((kind, label, label))
            part = _Begun(f"{outer}{label}", len(stack), headings[0].row if headings else block.row, own=label)
            part.lines += [heading.text for heading in headings]
            part.lines.append(rest)
            parts.append(part)
            headings = []
        elif headings or not parts:
            part = _Begun("", 0, headings[0].row if headings else block.row)
            part.lines += [*(heading.text for heading in headings), block.text]
            parts.append(part)
            headings = []
        else:
            parts[-1].lines.append(block.text)
    if headings:
        parts.append(_Begun("", 0, headings[0].row, [heading.text for heading in headings]))
    return parts


def _outer(stack: Sequence[tuple[str, str, str]]) -> str:
    """The numbers a part stands below, as they are said in one breath: 第三条（一）."""
    return "".join(label for kind, label, _text in stack if kind in {"article", "word", "plain", "bracket"})


def _marked(block: Block, stack: Sequence[tuple[str, str, str]]) -> tuple[str, str, str]:
    """Kind of number, the number as it stands, and the words behind it; "" for a paragraph without one."""
    if block.label == "｜":
        return "", "", block.text
    text = f"{block.label} {block.text}" if block.label else block.text
    if _CONTAINER.match(text):
        return "container", "", text
    found = _MARKER.match(text)
    if found is None or found.lastgroup is None:
        # A letter or Roman number the program put there is read with the words.
        return "", "", text
    kind = next(name for name in _KINDS if found[name])
    label = "".join(found["label"].split()) if kind != "word" else " ".join(found["label"].split())
    if kind in _COUNTING and not block.label and not _follows(kind, label, stack):
        return "", "", text
    rest = text[found.end() :].strip()
    return kind, f"{label}." if kind == "number" else f"{label}、" if kind == "plain" else label, rest or text


_KINDS = ("article", "word", "bracket", "small", "plain", "decimal", "number")


def _follows(kind: str, label: str, stack: Sequence[tuple[str, str, str]]) -> bool:
    """Whether a number is the next of its row, or its first: "1.5 million" and "2026." begin no part."""
    last = int(label.rsplit(".", 1)[-1])
    before = next((text for one, _label, text in stack if one == kind), None)
    if kind == "number":
        return last == 1 if before is None else last == 1 or 0 < last - int(before.rstrip(".")) <= 3
    head = label.rsplit(".", 1)[0]
    outer = next((text.rstrip(".、") for one, _label, text in reversed(stack) if one == "number"), None)
    if before is None:
        return last in (0, 1) and (outer is None or head == outer)
    old_head, old_last = before.rsplit(".", 1)
    return (head == old_head and 0 < last - int(old_last) <= 3) or (last == 1 and head != old_head)


def _unnumbered(blocks: Sequence[Block]) -> list[_Begun]:
    parts: list[_Begun] = []
    open_heading = False
    by_heading = sum(1 for block in blocks if block.heading) >= 2
    for block in blocks:
        text = f"{block.label} {block.text}" if block.label not in {"", "｜"} else block.text
        row = block.label == "｜"
        if (
            not parts
            or (block.heading and not open_heading)
            or not (by_heading or open_heading or block.heading or row)
        ):
            parts.append(_Begun("", 0, block.row, [text]))
        else:
            parts[-1].lines.append(text)
        open_heading = bool(block.heading)
    return parts


def _coarser(begun: Sequence[_Begun], depth: int) -> list[_Begun]:
    parts: list[_Begun] = []
    for part in begun:
        if part.depth >= depth and parts:
            parts[-1].lines += [f"{part.own} {part.lines[0]}", *part.lines[1:]]
        else:
            parts.append(part)
    return parts
