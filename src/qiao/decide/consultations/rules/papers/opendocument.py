"""OpenDocument texts (.odt): paragraphs, headings, numbered lists, tables row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qiao.base.problems import Place, Problem
from qiao.decide.consultations.rules.papers import archive as zipped
from qiao.decide.consultations.rules.papers.counting import counted
from qiao.decide.consultations.rules.papers.shapes import Block, Paper

_BASE = "urn:oasis:names:tc:opendocument:xmlns:"
_T, _O, _TB = f"{{{_BASE}text:1.0}}", f"{{{_BASE}office:1.0}}", f"{{{_BASE}table:1.0}}"
_D, _S = f"{{{_BASE}drawing:1.0}}", f"{{{_BASE}style:1.0}}"
#: A run of blanks is written as a number; nobody needs more of them.
_MOST_BLANKS = 200
_CELLS = " ｜ "
_MOST_REPEATED = 100

#: Of each list style its levels: kind of number, sign before, sign after, first number.
_Levels = dict[str, dict[int, tuple[str, str, str, int]]]


def read_odt(name: str, data: bytes) -> Paper:
    """The paragraphs of an OpenDocument text. Raises Problem for damaged files, macros, changes still tracked."""
    place = Place(source=name)
    with zipped.opened(name, data) as packed:
        members = packed.namelist()
        if any(member.startswith(("Basic/", "Scripts/")) and not member.endswith("/") for member in members):
            raise Problem("The file holds macros.", place=place, hint="Save it without macros.")
        if "META-INF/manifest.xml" in members and b"encryption-data" in zipped.content(
            packed, "META-INF/manifest.xml", name
        ):
            raise Problem("The file is locked with a password.", place=place, hint="Save it without one.")
        root = zipped.tree(zipped.content(packed, "content.xml", name), name)
        levels = _levels(root)
        if "styles.xml" in members:
            levels = _levels(zipped.tree(zipped.content(packed, "styles.xml", name), name)) | levels
    text = root.find(f"{_O}body/{_O}text")
    if text is None:
        raise Problem(
            "The file is no text: it may be a table or a drawing.", place=place, hint="Give the text as .odt."
        )
    return _Reader(name, levels).read(text)


class _Reader:
    """One walk through a text."""

    def __init__(self, name: str, levels: _Levels) -> None:
        self.name, self.levels = name, levels
        self.row = 0
        self.tables = self.pictures = self.notes = self.boxes = 0
        self.counts: dict[str, list[int]] = {}

    def read(self, text: Any) -> Paper:
        blocks = tuple(self._blocks(text))
        return Paper(blocks, tables=self.tables, pictures=self.pictures, notes=self.notes, boxes=self.boxes)

    def _blocks(self, parent: Any) -> Iterator[Block]:
        for element in parent:
            tag = element.tag
            if tag == f"{_T}tracked-changes":
                if len(element):
                    raise Problem(
                        "Changes are still tracked: nobody has said whether they stand.",
                        place=Place(source=self.name), hint="Accept or reject all changes, then save the file.",
                    )  # fmt: skip
            elif tag in {f"{_T}p", f"{_T}h"}:
                yield from self._paragraph(element)
            elif tag == f"{_T}list":
                yield from self._list(element, "", 0)
            elif tag == f"{_TB}table":
                self.tables += 1
                yield from self._rows(element)
            elif tag in {f"{_T}section", f"{_T}index-body", f"{_T}numbered-paragraph"}:
                yield from self._blocks(element)

    def _paragraph(self, element: Any, label: str = "") -> Iterator[Block]:
        self.row += 1
        text = self._text(element).strip()
        outline = element.get(f"{_T}outline-level", "1") if element.tag == f"{_T}h" else "0"
        if text:
            yield Block(text, self.row, label, int(outline) if outline.isdigit() and len(outline) == 1 else 1)

    def _list(self, element: Any, style: str, level: int) -> Iterator[Block]:
        if level > 9:
            raise Problem("Lists stand in lists more than ten deep.", place=Place(source=self.name, row=self.row))
        style = element.get(f"{_T}style-name") or style
        if level == 0 and element.get(f"{_T}continue-numbering") != "true" and not element.get(f"{_T}continue-list"):
            self.counts[style] = []
        for item in element:
            if item.tag not in {f"{_T}list-item", f"{_T}list-header"}:
                continue
            label = self._label(style, level) if item.tag == f"{_T}list-item" and _own(item) else ""
            for child in item:
                if child.tag == f"{_T}list":
                    yield from self._list(child, style, level + 1)
                elif child.tag in {f"{_T}p", f"{_T}h"}:
                    yield from self._paragraph(child, label)
                    label = ""

    def _label(self, style: str, level: int) -> str:
        kind, before, after, start = self.levels.get(style, {}).get(level, ("", "", "", 1))
        counts = self.counts.setdefault(style, [])
        while len(counts) <= level:
            counts.append(0)
        counts[level] = counts[level] + 1 if counts[level] else start
        del counts[level + 1 :]
        return f"{before}{counted(kind, counts[level])}{after}".strip() if kind else ""

    def _rows(self, table: Any) -> Iterator[Block]:
        for row in table.iter(f"{_TB}table-row"):
            self.row += 1
            cells: list[str] = []
            for cell in row.findall(f"{_TB}table-cell"):
                text = " ".join(part for one in cell.iter(f"{_T}p", f"{_T}h") if (part := self._text(one).strip()))
                times = cell.get(f"{_TB}number-columns-repeated", "1")
                cells += [text] * (min(int(times), _MOST_REPEATED) if times.isdigit() and len(times) < 6 else 1)
            if any(cells):
                yield Block(_CELLS.join(cells), self.row, "｜")

    def _text(self, element: Any) -> str:
        pieces = [element.text or ""]
        for child in element:
            tag = child.tag
            if tag == f"{_T}s":
                times = child.get(f"{_T}c", "1")
                pieces.append(" " * (min(int(times), _MOST_BLANKS) if times.isdigit() and len(times) < 6 else 1))
            elif tag == f"{_T}tab":
                pieces.append(" ")
            elif tag == f"{_T}line-break":
                pieces.append("\n")
            elif tag in {f"{_T}note", f"{_O}annotation"}:
                self.notes += 1
            elif tag == f"{_D}frame":
                if child.find(f"{_D}text-box") is not None:
                    self.boxes += 1
                else:
                    self.pictures += 1
            elif isinstance(tag, str):
                pieces.append(self._text(child))
            pieces.append(child.tail or "")
        return "".join(pieces)


def _own(item: Any) -> bool:
    """Whether the item has words of its own, not only a list within."""
    return any(child.tag in {f"{_T}p", f"{_T}h"} for child in item)


def _levels(root: Any) -> _Levels:
    found: _Levels = {}
    for style in root.iter(f"{_T}list-style"):
        levels: dict[int, tuple[str, str, str, int]] = {}
        for level in style.findall(f"{_T}list-level-style-number"):
            place, start = level.get(f"{_T}level", "1"), level.get(f"{_T}start-value", "1")
            if place.isdigit() and len(place) < 3:
                levels[int(place) - 1] = (
                    level.get(f"{_S}num-format", ""), level.get(f"{_S}num-prefix", ""),
                    level.get(f"{_S}num-suffix", ""), int(start) if start.isdigit() and len(start) < 6 else 1,
                )  # fmt: skip
        found[style.get(f"{_S}name", "")] = levels
    return found
