"""Codes to be scanned, as pictures in a page: drawn here, fetched from nobody."""

from __future__ import annotations

import qrcode
from qrcode.image.svg import SvgPathImage


def qr_svg(text: str) -> str:
    """A QR code as an SVG element, sized by its own view box; holds ``text`` and nothing else."""
    made = qrcode.make(text, image_factory=SvgPathImage, border=2, error_correction=qrcode.constants.ERROR_CORRECT_M)
    return str(made.to_string(encoding="unicode"))
