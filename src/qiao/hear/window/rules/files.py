"""Files askers hand in: looked at by content, pictures without what the camera wrote into them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from qiao.base.problems import Place, Problem
from qiao.base.uploads import file_name

#: Largest file, and how many at once.
LARGEST = 4 * 1024 * 1024
MOST = 5
#: What is taken, by ending, with what it is served as.
MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain; charset=utf-8",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that was taken in: its last name, what it is, its bytes."""

    name: str
    mime: str
    content: bytes


def taken_in(name: str | None, content: bytes) -> TakenFile:
    """Check one file. Pictures lose place, time and device; texts of any usual encoding become UTF-8.

    Raises Problem located at the file for an empty, too large or unknown one, or one that is not what its ending says.
    """
    shown = file_name(name)
    where = Place(source=shown)
    ending = shown.rpartition(".")[2].lower()
    if ending not in MIMES:
        raise Problem(
            "This kind of file is not taken.",
            hint="Take a picture (JPEG, PNG), a PDF, a Word or Excel file, or plain text.",
            place=where,
        )
    if not content:
        raise Problem("The file is empty.", place=where)
    if len(content) > LARGEST:
        raise Problem(
            "The file has %(size)d MB; at most %(most)d MB are taken.",
            place=where,
            size=-(-len(content) // (1024 * 1024)),
            most=LARGEST // (1024 * 1024),
        )
    if ending == "txt":
        return TakenFile(shown, MIMES[ending], _text(content, where).encode())
    if not _is_what_it_says(ending, content):
        raise Problem("The file is not what its ending says (%(ending)s).", place=where, ending=ending)
    if ending in ("jpg", "jpeg"):
        content = _bare_jpeg(content)
    elif ending == "png":
        content = _bare_png(content)
    return TakenFile(shown, MIMES[ending], content)


def _text(content: bytes, where: Place) -> str:
    if b"\x00" not in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        for encoding in ("utf-8-sig", "gb18030", "utf-16"):
            try:
                return content.decode(encoding).replace("\x00", "")
            except UnicodeDecodeError:
                continue
    raise Problem("The file is not what its ending says (%(ending)s).", place=where, ending="txt")


def _is_what_it_says(ending: str, content: bytes) -> bool:
    if ending == "pdf":
        return content.startswith(b"%PDF-")
    if ending in ("jpg", "jpeg"):
        return content.startswith(b"\xff\xd8\xff")
    if ending == "png":
        return content.startswith(b"\x89PNG\r\n\x1a\n")
    part = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}[ending]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except zipfile.BadZipFile:
        return False
    return part in names and not any(name.endswith("vbaProject.bin") for name in names)


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
