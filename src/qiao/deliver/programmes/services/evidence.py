"""Taking in files as evidence: size and type checked by their content, stored under their hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from qiao.base.attachments import bare, is_what_it_says
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
    if not is_what_it_says(ending, content):
        raise Problem("The file is not what its ending says (%(ending)s).", place=place, ending=ending)
    content = bare(ending, content)
    digest = hashlib.sha256(content).hexdigest()
    path = f"evidence/{digest[:2]}/{digest}.{ending}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return StoredFile(TYPES[ending], name, path, digest, len(content))
