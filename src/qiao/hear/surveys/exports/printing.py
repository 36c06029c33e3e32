"""What printing rests on: a page as PDF, a QR code as cells and as a picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import qrcode

#: Dark cells of one row of a code that stand side by side.
_DARK = re.compile("1+")


def qr_cells(text: str) -> tuple[int, Sequence[Sequence[bool]]]:
    """A QR code's side in cells, two light ones on each side counted, and its rows from the top (dark is true).

    Thousands are made for one sheet: a mask is fixed instead of tried out (readers take any of the eight).
    """
    code = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=3)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    rows: Sequence[Sequence[bool]] = code.get_matrix()
    return len(rows), rows


def qr_svg(text: str) -> str:
    """A QR code as an SVG element, sized by its own view box; holds ``text`` and nothing else.

    Dark cells of a row are drawn as one line.
    """
    size, rows = qr_cells(text)
    drawn = []
    for y, row in enumerate(rows):
        line = "".join("1" if dark else "0" for dark in row)
        drawn += [f"M{run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z" for run in _DARK.finditer(line)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}mm" height="{size}mm" '
        f'shape-rendering="crispEdges" role="img"><path fill="#000" d="{"".join(drawn)}"/></svg>'
    )


def pdf_of(html: str, style: str, *, finisher: Callable[..., None] | None = None) -> bytes | None:
    """A page as PDF; None where this machine has no Pango, on which the library rests: then the page is printed.

    Nothing is fetched: pictures stand in the page, styles in its own sheet. ``finisher`` gets the document and the
    file's objects before they are written.
    """
    try:
        from weasyprint import CSS, HTML
    except OSError:
        return None
    set_page = HTML(string=html, url_fetcher=_nothing)
    return bytes(set_page.write_pdf(stylesheets=[CSS(string=style)], finisher=finisher))


def _nothing(url: str, *_args: object, **_kwargs: Any) -> dict[str, object]:
    raise ValueError(f"{url} is not fetched")
