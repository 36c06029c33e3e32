"""Taking in files as evidence: size and type checked by their content, stored under their hash."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from qiao.base.problems import Place, Problem
from qiao.deliver.programmes.choices import EvidenceKind

#: Largest file taken, in bytes.
LARGEST = 8 * 1024 * 1024
#: What is taken, by ending. Content decides: an ending that lies is refused.
TYPES: dict[str, EvidenceKind] = {
    "pdf": EvidenceKind.DOCUMENT,
    "xlsx": EvidenceKind.DOCUMENT,
    "docx": EvidenceKind.DOCUMENT,
    "csv": EvidenceKind.DOCUMENT,
    "jpg": EvidenceKind.PHOTO,
    "jpeg": EvidenceKind.PHOTO,
    "png": EvidenceKind.PHOTO,
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was taken in."""

    kind: EvidenceKind
    name: str
    path: str
    sha256: str
    size: int


def store_file(file: UploadedFile[bytes]) -> StoredFile:
    """Check an uploaded file and store it under its hash; storing the same content twice keeps one file.

    A file whose report fails afterwards stays behind unnamed: it is found by nothing and harms nobody.
    Photos lose what the camera wrote into them (place, device, time). Raises Problem located at the file.
    """
    name = PurePath(file.name or "").name[:160]
    place = Place(source=name or None)
    ending = name.rpartition(".")[2].lower()
    if ending not in TYPES:
        raise Problem(
            "This kind of file is not taken.",
            hint="Take PDF, Word (docx), Excel (xlsx), CSV, JPEG or PNG.",
            place=place,
        )
    if not file.size:
        raise Problem("The file is empty.", place=place)
    if file.size > LARGEST:
        raise Problem(
            "The file has %(size)d MB; at most %(most)d MB are taken.",
            place=place,
            size=-(-file.size // (1024 * 1024)),
            most=LARGEST // (1024 * 1024),
        )
    content = file.read()
    if not _is_what_it_says(ending, content):
        raise Problem("The file is not what its ending says (%(ending)s).", place=place, ending=ending)
    if ending in ("jpg", "jpeg"):
        content = _bare_jpeg(content)
    elif ending == "png":
        content = _bare_png(content)
    digest = hashlib.sha256(content).hexdigest()
    path = f"evidence/{digest[:2]}/{digest}.{ending}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return StoredFile(TYPES[ending], name, path, digest, len(content))


def _is_what_it_says(ending: str, content: bytes) -> bool:
    if ending == "pdf":
        return content.startswith(b"%PDF-")
    if ending in ("jpg", "jpeg"):
        return content.startswith(b"\xff\xd8\xff")
    if ending == "png":
        return content.startswith(b"\x89PNG\r\n\x1a\n")
    if ending == "csv":
        return _is_text(content)
    return _is_office(content, {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}[ending])


def _is_office(content: bytes, part: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except zipfile.BadZipFile:
        return False
    # Macros have no place in evidence that other offices open.
    return part in names and not any(name.endswith("vbaProject.bin") for name in names)


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
    """The picture without its APP1 to APP15 and comment segments (EXIF with place and time, XMP, IPTC)."""
    kept, position = [content[:2]], 2
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker == 0xDA:
            break
        if marker == 0xFF:
            position += 1
            continue
        length = int.from_bytes(content[position + 2 : position + 4], "big") + 2
        # APP14 tells decoders which colours the picture has.
        if not (0xE1 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            kept.append(content[position : position + length])
        position += length
    return b"".join(kept) + content[position:]


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
        position = end
