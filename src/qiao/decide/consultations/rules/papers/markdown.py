"""Markdown and plain texts: read by markdown-it (CommonMark with tables), raw HTML as words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from qiao.base.problems import Place, Problem
from qiao.decide.consultations.rules.papers.shapes import Block, Paper

_CELLS = " ｜ "
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: Signs no text has; a file full of them is none.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
#: A line whose number is no list of Markdown's begins a paragraph all the same.
_NUMBERED = re.compile(
    r"\n(?=\s*(?:第\s*\S{1,8}\s*[条章节编]|[（(][一二三四五六七八九十百0-9]+[)）]|[一二三四五六七八九十百]+、|\d{1,3}(?:\.\d{1,3})*[.、．\s]))"
)


def read_markdown(name: str, data: bytes) -> Paper:
    """The paragraphs of a Markdown text in UTF-8, UTF-16 or GBK. Raises Problem for what is no text."""
    text = decoded(name, data)
    if _CONTROL.search(text):
        raise Problem(
            "The file is no text.", place=Place(source=name), hint="Give a file of the kind .docx, .odt or .md."
        )
    # Nothing is left out as HTML, and a number of one's own writing stays what it is.
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table").disable(["list", "code"])
    blocks: list[Block] = []
    tables = pictures = 0
    tokens = reader.parse(text.replace("\r\n", "\n").replace("\r", "\n"))
    cells: list[str] | None = None
    heading = 0
    for token in tokens:
        row = (token.map[0] if token.map else 0) + 1
        if token.type == "table_open":
            tables += 1
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            if cells and any(cells):
                blocks.append(Block(_CELLS.join(cells), row if token.map else _last(blocks), "｜"))
            cells = None
        elif token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type == "heading_close":
            heading = 0
        elif token.type == "inline":
            words, shown = _words(token)
            pictures += shown
            if cells is not None:
                cells.append(words)
            elif words:
                blocks += _paragraphs(words, row, heading)
        elif token.type in {"fence", "code_block", "html_block"} and token.content.strip():
            blocks.append(Block(token.content.strip(), row))
    return Paper(tuple(blocks), tables=tables, pictures=pictures)


def decoded(name: str, data: bytes) -> str:
    """A text as signs. Raises Problem where the bytes are in none of the three ways of writing."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _no_text(name, data, error.start) from None
    start = 0
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            # The fault is where the better guess ends.
            start = max(start, error.start)
    raise _no_text(name, data, start)


def _no_text(name: str, data: bytes, start: int) -> Problem:
    row = data.count(b"\n", 0, start) + 1
    return Problem(
        "Line %(row)d is in no way of writing that is known.", row=row, place=Place(source=name, row=row),
        hint="Save the file as UTF-8.",
    )  # fmt: skip


def _paragraphs(words: str, row: int, heading: int) -> Iterator[Block]:
    offset = 0
    for part in _NUMBERED.split(words):
        text = re.sub(r"^\s*[-*+]\s+", "· ", part.strip("\n"), flags=re.MULTILINE)
        if text.strip():
            yield Block(text.strip(), row + offset, heading=heading)
        offset += part.count("\n") + 1


def _words(token: Token) -> tuple[str, int]:
    """The words of a line without the marks of Markdown, and how many pictures it shows."""
    pieces: list[str] = []
    pictures = 0
    for child in token.children or []:
        if child.type in {"text", "code_inline", "html_inline"}:
            pieces.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            pieces.append("\n")
        elif child.type == "image":
            pictures += 1
    return "".join(pieces).strip(), pictures


def _last(blocks: list[Block]) -> int:
    return blocks[-1].row + 1 if blocks else 1
