"""Slips as PDF, thousands of them: the words are set once, numbers, codes and pictures are drawn beside them.

Setting a page of Chinese words takes a hundred times as long as drawing what differs from slip to slip. So WeasyPrint
sets a full page and the pages that are not full, once; every page of every file shows one of these and a small stream
of its own with six numbers, six codes in Courier (a font every reader has) and six pictures of one bit a cell. What is
drawn stands in nothing but the answer: no file, no job, no table.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qiao.hear.surveys.exports.printing import pdf_of, qr_cells
from qiao.hear.surveys.services import CodeLine

if TYPE_CHECKING:
    import pydyf

#: Slips on one page, and what one takes of it.
PER_PAGE = 6
_HEIGHT_MM, _MARGIN_MM, _PAPER_MM = 46.0, 10.0, 297.0
_PICTURE_MM, _WIDTH_MM = 36.0, 190.0
#: Where number and code stand: from the left and from the upper edge of the slip to the foot of the signs.
_NUMBER_AT, _CODE_AT = (14.0, 6.3), (0.0, 14.5)
_POINTS = 72 / 25.4
_FONT = "Slip"
_STYLE = f"""
@page {{ size: A4; margin: {_MARGIN_MM}mm }}
body {{ font: 9pt/1.35 "Noto Sans CJK SC", "Noto Sans", sans-serif; margin: 0 }}
.slip {{ position: relative; box-sizing: border-box; height: {_HEIGHT_MM}mm; border-bottom: 1px dashed #777;
  overflow: hidden; break-inside: avoid }}
.page {{ break-after: page }}
.page:last-child {{ break-after: auto }}
.slip .number, .slip .title, .slip .words {{ position: absolute; margin: 0 }}
.slip .number {{ left: 0; top: 2.4mm; font-weight: bold }}
.slip .title {{ left: 32mm; top: 2.4mm; width: 118mm; height: 8.6mm; overflow: hidden }}
.slip .words {{ left: 0; top: 17mm; width: 150mm }}
.slip .words p {{ margin: 0 0 0.8mm }}
"""


class NoPress(Exception):
    """This machine cannot set a page."""


@dataclass(frozen=True, slots=True)
class Slips:
    """What stands on every slip (``words``, HTML already in the reader's language) and where its picture leads.

    ``link`` is the address of an answer with ``CODE`` in place of the code.
    """

    title: str
    words: str
    link: str


class Press:
    """The set words, and PDFs of slips from them."""

    def __init__(self, slips: Slips, sizes: set[int]) -> None:
        """Set one page for each of ``sizes`` (slips on it). Raises NoPress where this machine cannot set a page."""
        self._slips = slips
        set_pages = "".join(f'<div class="page">{slips.words * number}</div>' for number in sorted(sizes))
        html = f"<!doctype html><html><head><title>{slips.title}</title></head><body>{set_pages}</body></html>"
        caught: list[pydyf.PDF] = []
        if pdf_of(html, _STYLE, finisher=lambda _document, pdf: caught.append(pdf)) is None:
            raise NoPress
        self._pdf = caught[0]
        numbers = self._pdf.pages["Kids"][::3]
        self._patterns = {size: self._pdf.objects[at] for size, at in zip(sorted(sizes), numbers, strict=True)}
        self._set = len(self._pdf.objects)

    def pdf(self, lines: Sequence[CodeLine]) -> bytes:
        """The slips of ``lines`` in their order, six on a page."""
        import pydyf

        made = self._pdf
        made.pages["Kids"], made.pages["Count"], made.current_position = pydyf.Array(), 0, 0
        del made.objects[self._set :]
        fonts = self._referred(self._referred(next(iter(self._patterns.values()))["Resources"])["Font"])
        courier = pydyf.Dictionary(
            {"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Courier-Bold", "Encoding": "/WinAnsiEncoding"}
        )
        made.add_object(courier)
        fonts[_FONT] = courier.reference
        for start in range(0, len(lines), PER_PAGE):
            part = lines[start : start + PER_PAGE]
            pattern = self._patterns[len(part)]
            drawn = pydyf.Stream(_drawn(self._slips, part), compress=True)
            made.add_object(drawn)
            # Drawn first: what sets the words leaves the page's measures changed behind it.
            contents = pydyf.Array([drawn.reference, pattern["Contents"]])
            made.add_page(pydyf.Dictionary({**pattern, "Contents": contents}))
        out = io.BytesIO()
        made.write(out)
        return out.getvalue()

    def _referred(self, reference: bytes) -> Any:
        return self._pdf.objects[int(reference.split()[0])]


def slips_files(
    slips: Slips, lines: Sequence[CodeLine], *, code: str, each: int, made: datetime
) -> bytes | Iterator[bytes] | None:
    """The slips as one PDF; of more than ``each`` a ZIP, piece by piece; None where no page can be set here."""
    sizes = {len(page) for part in _parts(lines, each) for page in _parts(part, PER_PAGE)}
    try:
        press = Press(slips, sizes)
    except NoPress:
        return None
    return press.pdf(lines) if len(lines) <= each else _zip(press, lines, code=code, each=each, made=made)


def _parts(lines: Sequence[CodeLine], each: int) -> list[Sequence[CodeLine]]:
    return [lines[start : start + each] for start in range(0, len(lines), each)]


def _zip(press: Press, lines: Sequence[CodeLine], *, code: str, each: int, made: datetime) -> Iterator[bytes]:
    """A ZIP of PDFs with ``each`` slips, one in memory at a time; their names tell the numbers inside."""
    out = _Pipe()
    digits = len(str(lines[-1].slip))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for part in _parts(lines, each):
            name = f"{code}-slips-{part[0].slip:0{digits}}-{part[-1].slip:0{digits}}.pdf"
            archive.writestr(zipfile.ZipInfo(name, made.timetuple()[:6]), press.pdf(part))
            yield out.taken()
    yield out.taken()


class _Pipe(io.RawIOBase):
    """A file that is only written to and read off behind: what is taken is gone."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held


def _drawn(slips: Slips, part: Sequence[CodeLine]) -> list[bytes]:
    """Numbers, codes and pictures of one page; points from its lower left corner."""
    drawn = []
    for place, line in enumerate(part):
        top = _PAPER_MM - _MARGIN_MM - place * _HEIGHT_MM
        for text, size, (left, down) in ((f"{line.slip}", 12, _NUMBER_AT), (line.code, 14, _CODE_AT)):
            x, y = (_MARGIN_MM + left) * _POINTS, (top - down) * _POINTS
            drawn.append(f"BT 0 g /{_FONT} {size} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm ({text}) Tj ET".encode())
        size, cells = qr_cells(slips.link.replace("CODE", line.code))
        side = _PICTURE_MM * _POINTS
        x = (_MARGIN_MM + _WIDTH_MM - _PICTURE_MM) * _POINTS
        y = (top - (_HEIGHT_MM + _PICTURE_MM) / 2) * _POINTS
        # Rows of one bit a cell, filled to whole bytes; hexadecimal, for a stream's end must not stand in it by chance.
        rows = b"".join(
            (int("".join("01"[on] for on in row), 2) << (-size % 8)).to_bytes((size + 7) // 8, "big") for row in cells
        )
        drawn.append(
            f"q {side:.2f} 0 0 {side:.2f} {x:.2f} {y:.2f} cm BI /W {size} /H {size} /BPC 1 /CS /G /D [1 0] /F /AHx ID "
            f"{rows.hex()}> EI Q".encode()
        )
    return drawn
