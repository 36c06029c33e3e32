"""Files people hand in: known by their content, pictures without what the camera or a program wrote into them.

Pure: bytes in, bytes out. What an image library re-encodes loses quality; here only segments are left out.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator


def is_what_it_says(ending: str, content: bytes) -> bool:
    """Whether the bytes are a file of this ending: pdf, jpg, jpeg, png, xlsx, docx or csv. Raises KeyError for others.

    Word and Excel files with macros are not: they have no place in what other people open.
    """
    if ending == "pdf":
        return content.startswith(b"%PDF-")
    if ending in ("jpg", "jpeg"):
        return content.startswith(b"\xff\xd8\xff")
    if ending == "png":
        return content.startswith(b"\x89PNG\r\n\x1a\n")
    if ending == "csv":
        return _is_text(content)
    part = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}[ending]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except zipfile.BadZipFile:
        return False
    return part in names and not any(name.endswith("vbaProject.bin") for name in names)


def bare(ending: str, content: bytes) -> bytes:
    """A picture without what is not drawn; every other file as it is."""
    if ending in ("jpg", "jpeg"):
        return _bare_jpeg(content)
    return _bare_png(content) if ending == "png" else content


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _bare_jpeg(content: bytes) -> bytes:
    """The picture without EXIF (place, time, device), XMP, IPTC and comments."""
    kept, position = [content[:2]], 2
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker in (0xDA, 0xD9):
            break
        if marker == 0xFF:
            position += 1
            continue
        length = int.from_bytes(content[position + 2 : position + 4], "big") + 2
        # APP14 tells decoders which colours the picture has.
        if not (0xE1 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            kept.append(content[position : position + length])
        position += length
    return b"".join(kept) + _scans(content[position:])


def _scans(content: bytes) -> bytes:
    """The drawn part of a JPEG up to its end mark: what a program hung behind it, or between scans, is left out."""
    kept, start, position = [], 0, 0
    while (found := content.find(b"\xff", position)) >= 0 and found + 1 < len(content):
        marker = content[found + 1]
        position = found + (1 if marker == 0xFF else 2)
        if marker == 0xD9:
            kept.append(content[start:position])
            return b"".join(kept)
        if marker == 0xFE or (0xE0 <= marker <= 0xEF and marker != 0xEE):
            kept.append(content[start:found])
            position = start = found + 2 + int.from_bytes(content[found + 2 : found + 4], "big")
        elif marker not in (0x00, 0x01, 0xFF) and not 0xD0 <= marker <= 0xD7:
            position += int.from_bytes(content[found + 2 : found + 4], "big")
    return b"".join([*kept, content[start:]])


def _bare_png(content: bytes) -> bytes:
    """The picture with the chunks that draw it, and no text, time or EXIF."""
    drawn = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs"}
    return content[:8] + b"".join(chunk for kind, chunk in _png_chunks(content) if kind in drawn)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 8
    while position + 12 <= len(content):
        (length,) = struct.unpack(">I", content[position : position + 4])
        end = position + 12 + length
        yield content[position + 4 : position + 8], content[position:end]
        if content[position + 4 : position + 8] == b"IEND":
            return
        position = end
