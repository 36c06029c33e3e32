"""Files that are handed in: under their own name on disk for as long as they are read, and no longer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from django.core.files.uploadedfile import UploadedFile

#: Longest name in bytes: file systems take 255, and a Chinese sign is three.
_LONGEST = 200


def file_name(given: str | None) -> str:
    """The last part of a name as given, short enough for any file system, its ending kept; "table" where none is."""
    name = PurePath((given or "").replace("\\", "/")).name.replace("\0", "")
    if name in ("", ".", ".."):
        return "table"
    ending = PurePath(name).suffix
    if len(ending.encode()) > 20:
        ending = ""
    stem = name.removesuffix(ending).encode()[: _LONGEST - len(ending.encode())].decode(errors="ignore")
    return f"{stem}{ending}"


@contextmanager
def on_disk(upload: UploadedFile[bytes]) -> Iterator[Path]:
    """The file under its own name in a folder of its own; nothing of it stays."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, file_name(upload.name))
        with file.open("wb") as stream:
            for chunk in upload.chunks():
                stream.write(chunk)
        yield file
