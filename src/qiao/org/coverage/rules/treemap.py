"""A squarified treemap: areas as rectangles near to squares, drawn as SVG with words for who cannot see it.

Source: M. Bruls, K. Huizing, J. J. van Wijk, "Squarified treemaps", Data Visualization 2000, Eurographics, 33-42.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True)
class Box:
    """Where an item stands: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float


def squarify(sizes: Sequence[float], width: float, height: float) -> list[Box]:
    """One box for each size, in the order given (sizes descending give the best shapes), filling width by height.

    Areas are proportional to the sizes. Raises ValueError for a size that is not above 0.
    """
    if any(size <= 0 for size in sizes):
        raise ValueError("every size must be above 0")
    total = sum(sizes)
    if not sizes:
        return []
    areas = [size * width * height / total for size in sizes]
    boxes: list[Box] = []
    left, top, room_x, room_y = 0.0, 0.0, float(width), float(height)
    row: list[float] = []
    for area in areas:
        short = min(room_x, room_y)
        if row and _worst([*row, area], short) > _worst(row, short):
            placed, left, top, room_x, room_y = _place(row, left, top, room_x, room_y)
            boxes += placed
            row = []
        row.append(area)
    placed, left, top, room_x, room_y = _place(row, left, top, room_x, room_y)
    return boxes + placed


def _worst(row: Sequence[float], short: float) -> float:
    """The largest ratio of sides in a row laid along the short side."""
    total = sum(row)
    return max(max(short**2 * area / total**2, total**2 / (short**2 * area)) for area in row)


def _place(
    row: Sequence[float], left: float, top: float, room_x: float, room_y: float
) -> tuple[list[Box], float, float, float, float]:
    total, boxes = sum(row), []
    if room_x >= room_y:
        thick, at = total / room_y, top
        for area in row:
            boxes.append(Box(left, at, thick, area / thick))
            at += area / thick
        return boxes, left + thick, top, room_x - thick, room_y
    thick, at = total / room_x, left
    for area in row:
        boxes.append(Box(at, top, area / thick, thick))
        at += area / thick
    return boxes, left, top + thick, room_x, room_y - thick


@dataclass(frozen=True, slots=True)
class Tile:
    """One item of a treemap: its size decides the area, ``share`` (None: not known) the shade."""

    label: str
    text: str
    size: float
    share: float | None


def treemap_svg(tiles: Sequence[Tile], *, title: str, description: str, width: int = 420, height: int = 300) -> str:
    """The tiles as SVG for a page; labels stand where there is room, the description says every one."""
    tiles = sorted((tile for tile in tiles if tile.size > 0), key=lambda tile: -tile.size)
    ident = sha256(f"{title}{description}".encode()).hexdigest()[:10]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="t{ident} d{ident}">'
        f'<title id="t{ident}">{escape(title)}</title><desc id="d{ident}">{escape(description)}</desc>'
    ]
    for tile, box in zip(tiles, squarify([tile.size for tile in tiles], width, height), strict=True):
        shade = 0.0 if tile.share is None else 0.12 + 0.5 * min(1.0, tile.share)
        dash = ' stroke-dasharray="4 3"' if tile.share is None else ""
        parts.append(
            f"<g><title>{escape(tile.label)}: {escape(tile.text)}</title>"
            f'<rect x="{box.x + 1:.1f}" y="{box.y + 1:.1f}" width="{max(box.width - 2, 1):.1f}" '
            f'height="{max(box.height - 2, 1):.1f}" fill="var(--hear,#2f6f8f)" fill-opacity="{shade:.2f}" '
            f'stroke="var(--hear,#2f6f8f)"{dash}/>'
        )
        room = box.width - 12
        label = _fitting(tile.label, room)
        if label and box.height >= 24:
            parts.append(_text(box.x + 7, box.y + 18, label, 13, bold=True))
            if box.height >= 42 and _width(tile.text, 12) <= room:
                parts.append(_text(box.x + 7, box.y + 35, tile.text, 12, bold=False))
        parts.append("</g>")
    return "".join([*parts, "</svg>"])


def _text(x: float, y: float, words: str, size: int, *, bold: bool) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="var(--ink,#1d2530)"{weight}>{escape(words)}</text>'


def _width(words: str, size: int) -> float:
    return sum(size if ord(sign) > 0x2E7F else size * 0.56 for sign in words)


def _fitting(words: str, room: float) -> str:
    """The words where they fit, else cut; nothing where not even three signs do."""
    if _width(words, 13) <= room:
        return words
    for end in range(len(words) - 1, 2, -1):
        if _width(words[:end], 13) + 13 <= room:
            return words[:end] + "…"
    return ""
