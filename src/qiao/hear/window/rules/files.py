"""Files askers hand in: looked at by content, pictures without what the camera wrote into them."""

from __future__ import annotations

from dataclasses import dataclass

from qiao.base.attachments import bare, is_what_it_says
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
    if not is_what_it_says(ending, content):
        raise Problem("The file is not what its ending says (%(ending)s).", place=where, ending=ending)
    return TakenFile(shown, MIMES[ending], bare(ending, content))


def _text(content: bytes, where: Place) -> str:
    if b"\x00" not in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        for encoding in ("utf-8-sig", "gb18030", "utf-16"):
            try:
                return content.decode(encoding).replace("\x00", "")
            except UnicodeDecodeError:
                continue
    raise Problem("The file is not what its ending says (%(ending)s).", place=where, ending="txt")
