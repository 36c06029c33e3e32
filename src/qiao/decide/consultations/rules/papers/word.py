"""Word files (.docx): paragraphs with the numbers Word itself puts before them, tables row by row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from qiao.base.problems import Place, Problem
from qiao.decide.consultations.rules.papers import archive as zipped
from qiao.decide.consultations.rules.papers.counting import counted
from qiao.decide.consultations.rules.papers.shapes import Block, Paper

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VML = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
#: Runs in which nobody has decided yet whether they stay.
_TRACKED = (f"{_W}ins", f"{_W}del", f"{_W}moveFrom", f"{_W}moveTo")
#: Between the cells of a table's row.
CELLS = " ｜ "


def read_docx(name: str, data: bytes) -> Paper:
    """The paragraphs of a Word file. Raises Problem for damaged files, macros, and changes that are still tracked."""
    place = Place(source=name)
    with zipped.opened(name, data) as packed:
        members = set(packed.namelist())
        if any(member.lower().endswith("vbaproject.bin") for member in members):
            raise Problem("The file holds macros.", place=place, hint="Save it as .docx, without macros.")
        if "word/document.xml" not in members:
            raise Problem(
                "The file is not what its name says, or is damaged.", place=place, hint="Open it and save it again."
            )
        # The library reads members whole: each is read here first, so that none is larger than it claims.
        for member in members:
            if member.endswith((".xml", ".rels")):
                zipped.tree(zipped.content(packed, member, name), name)
    try:
        document = Document(io.BytesIO(data))
        body = document.element.body
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, zipfile.BadZipFile, etree.XMLSyntaxError):
        raise Problem("The file is damaged.", place=place, hint="Open it and save it again.") from None
    if body is None:
        raise Problem("There is no text in the file.", place=place)
    return _Reader(name, document).read(body)


class _Reader:
    """One walk through a document: counts its paragraphs, tables and numbered lists."""

    def __init__(self, name: str, document: Any) -> None:
        self.name = name
        self.row = 0
        self.tables = self.pictures = self.notes = self.boxes = 0
        self.styles = {style.style_id: style for style in document.styles}
        self.levels = _levels(document)
        self.counts: dict[str, list[int]] = {}

    def read(self, body: Any) -> Paper:
        blocks = tuple(self._blocks(body))
        return Paper(blocks, tables=self.tables, pictures=self.pictures, notes=self.notes, boxes=self.boxes)

    def _blocks(self, parent: Any) -> Iterator[Block]:
        for element in parent:
            if element.tag == f"{_W}p":
                block = self._paragraph(element)
                if block is not None:
                    yield block
            elif element.tag == f"{_W}tbl":
                self.tables += 1
                yield from self._rows(element)
            elif element.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}smartTag", f"{_W}customXml"}:
                yield from self._blocks(element)
            elif element.tag in _TRACKED:
                self.row += 1
                self._refuse()

    def _paragraph(self, paragraph: Any) -> Block | None:
        self.row += 1
        properties = paragraph.find(f"{_W}pPr")
        marked = properties.find(f"{_W}rPr") if properties is not None else None
        if next(paragraph.iter(*_TRACKED), None) is not None or (
            marked is not None and next(marked.iter(*_TRACKED), None) is not None
        ):
            self._refuse()
        text = self._text(paragraph)
        style = self.styles.get(_value(properties, "pStyle")) if properties is not None else None
        label = self._label(properties, style)
        if not text.strip():
            return None
        return Block(text.strip(), self.row, label, _heading(properties, style))

    def _refuse(self) -> None:
        raise Problem(
            "Changes are still tracked in paragraph %(row)d: nobody has said whether they stand.", row=self.row,
            place=Place(source=self.name, row=self.row), hint="Accept or reject all changes, then save the file.",
        )  # fmt: skip

    def _rows(self, table: Any) -> Iterator[Block]:
        for row in table.iter(f"{_W}tr"):
            self.row += 1
            cells = [
                " ".join(part for paragraph in cell.iter(f"{_W}p") if (part := self._text(paragraph).strip()))
                for cell in row.iter(f"{_W}tc")
            ]
            if next(row.iter(*_TRACKED), None) is not None:
                self._refuse()
            if any(cells):
                # The mark keeps a row that begins with a number from being taken for a clause.
                yield Block(CELLS.join(cells), self.row, "｜")

    def _text(self, paragraph: Any) -> str:
        pieces: list[str] = []
        self._gather(paragraph, pieces)
        return "".join(pieces)

    def _gather(self, element: Any, pieces: list[str]) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{_W}t":
                pieces.append(child.text or "")
            elif tag in {f"{_W}tab", f"{_W}ptab"}:
                pieces.append(" ")
            elif tag in {f"{_W}br", f"{_W}cr"}:
                pieces.append("\n")
            elif tag == f"{_W}noBreakHyphen":
                pieces.append("-")
            elif tag in {f"{_W}footnoteReference", f"{_W}endnoteReference", f"{_W}commentReference"}:
                self.notes += 1
            elif tag in {f"{_W}drawing", f"{_W}pict", f"{_W}object", f"{_VML}AlternateContent"}:
                if next(child.iter(f"{_W}txbxContent"), None) is not None:
                    self.boxes += 1
                else:
                    self.pictures += 1
            elif tag not in {f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", f"{_W}delText"}:
                self._gather(child, pieces)

    def _label(self, properties: Any, style: Any) -> str:
        """The number Word shows before the paragraph; "" where it shows none or a bullet."""
        found = _numbering(properties, style)
        if found is None:
            return ""
        number, level = found
        shapes = self.levels.get(number)
        if not shapes or level not in shapes:
            return ""
        counts = self.counts.setdefault(number, [])
        while len(counts) <= level:
            counts.append(shapes.get(len(counts), ("decimal", "", 1))[2] - 1)
        counts[level] += 1
        del counts[level + 1 :]
        kind, shape, _start = shapes[level]
        if kind in {"bullet", "none"}:
            return ""
        for place, count in enumerate(counts):
            shape = shape.replace(f"%{place + 1}", counted(shapes.get(place, (kind, "", 1))[0], count))
        return shape.strip()


def _numbering(properties: Any, style: Any) -> tuple[str, int] | None:
    """The list and level of a paragraph, its own or its style's."""
    sources = [properties]
    seen = 0
    while style is not None and seen < 20:
        sources.append(style.element.find(f"{_W}pPr"))
        style, seen = style.base_style, seen + 1
    number, level = None, None
    for source in sources:
        found = source.find(f"{_W}numPr") if source is not None else None
        if found is None:
            continue
        number = number if number is not None else _value(found, "numId")
        level = level if level is not None else _value(found, "ilvl")
        if number is not None:
            break
    if number is None or number == "0":
        return None
    return number, int(level) if level and level.isdigit() and int(level) < 9 else 0


def _levels(document: Any) -> dict[str, dict[int, tuple[str, str, int]]]:
    """Of each list its levels: kind of number, shape such as 第%1条, first number."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError, AttributeError):
        return {}
    shapes: dict[str, dict[int, tuple[str, str, int]]] = {}
    for kind in root.findall(f"{_W}abstractNum"):
        shapes[kind.get(f"{_W}abstractNumId", "")] = {
            int(level.get(f"{_W}ilvl", "0")): (
                _value(level, "numFmt") or "decimal",
                _value(level, "lvlText") or "",
                _whole(_value(level, "start"), 1),
            )
            for level in kind.findall(f"{_W}lvl")
        }
    lists: dict[str, dict[int, tuple[str, str, int]]] = {}
    for number in root.findall(f"{_W}num"):
        levels = dict(shapes.get(_value(number, "abstractNumId") or "", {}))
        for other in number.findall(f"{_W}lvlOverride"):
            place, start = _whole(other.get(f"{_W}ilvl"), 0), _value(other, "startOverride")
            if start is not None and place in levels:
                levels[place] = (*levels[place][:2], _whole(start, 1))
        lists[number.get(f"{_W}numId", "")] = levels
    return lists


def _heading(properties: Any, style: Any) -> int:
    """How high a heading the paragraph is; a title is the highest."""
    outline = _value(properties, "outlineLvl") if properties is not None else None
    seen = 0
    while outline is None and style is not None and seen < 20:
        name = str(style.name or "").lower()
        if name == "title":
            return 1
        if name.startswith("heading ") and name[8:].isdigit():
            return int(name[8:])
        own = style.element.find(f"{_W}pPr")
        outline = _value(own, "outlineLvl") if own is not None else None
        style, seen = style.base_style, seen + 1
    return int(outline) + 1 if outline and outline.isdigit() and int(outline) < 9 else 0


def _value(parent: Any, tag: str) -> str | None:
    found = parent.find(f"{_W}{tag}") if parent is not None else None
    return found.get(f"{_W}val") if found is not None else None


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.lstrip("-").isdigit() and len(text) < 6 else otherwise
