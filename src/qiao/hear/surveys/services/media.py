"""Pictures, sounds and films that labels show: looked at before they are kept."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Sequence
from datetime import datetime

from PIL import Image

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Place, Problem, Problems
from qiao.base.uploads import file_name
from qiao.hear.surveys.models import FormFile, Questionnaire

#: Bytes a file may have: a page is read over slow connections.
MOST_IMAGE, MOST_SOUND = 500_000, 3_000_000
#: Bytes all files of a questionnaire may have together, old ones too.
MOST_TOGETHER = 30_000_000
#: Points a picture may have: what unpacks to more is no picture for a page.
MOST_POINTS = 12_000_000

_IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_ENDINGS = {
    "image/png": (".png",), "image/jpeg": (".jpg", ".jpeg"), "image/gif": (".gif",), "image/webp": (".webp",),
    "audio/mpeg": (".mp3",), "audio/ogg": (".ogg", ".oga", ".opus"), "audio/wav": (".wav",),
    "audio/mp4": (".m4a",), "video/mp4": (".mp4",), "video/webm": (".webm",),
}  # fmt: skip


def add_form_files(*, actor: Actor, now: datetime, code: str, files: Sequence[tuple[str, bytes]]) -> list[FormFile]:
    """Keep files for the labels of a questionnaire. All of them or, with Problems for each that does not fit, none.

    Raises Refused without ``questionnaire.upload`` at the questionnaire's unit.
    """
    with atomic():
        questionnaire = Questionnaire.objects.select_for_update().select_related("unit").get(code=code)
        require(actor, "questionnaire.upload", questionnaire.unit.path)
        return keep_files(actor=actor, now=now, questionnaire=questionnaire, files=files)


def keep_files(
    *, actor: Actor, now: datetime, questionnaire: Questionnaire, files: Sequence[tuple[str, bytes]]
) -> list[FormFile]:
    """The same for a questionnaire the caller has locked and asked permission for."""
    faults: list[Problem] = []
    checked: list[tuple[str, bytes, str]] = []
    for given, content in files:
        name = file_name(given)
        try:
            checked.append((name, content, media_type(name, content)))
        except Problem as fault:
            faults.append(fault)
    together = sum(FormFile.objects.filter(questionnaire=questionnaire).values_list("size", flat=True))
    if together + sum(len(content) for _name, content, _kind in checked) > MOST_TOGETHER:
        faults.append(Problem("The files of one questionnaire may have %(most)d MB together.",
                              most=MOST_TOGETHER // 1_000_000))  # fmt: skip
    if faults:
        raise Problems(faults)
    kept = []
    for name, content, kind in checked:
        row, made = FormFile.objects.get_or_create(
            questionnaire=questionnaire,
            name=name[-120:],
            sha256=hashlib.sha256(content).hexdigest(),
            defaults={
                "media_type": kind, "size": len(content), "content": content, "added": now,
                "added_by_id": actor.account_id,
            },
        )  # fmt: skip
        kept.append(row)
        if made:
            audit.record(
                actor=actor, now=now, action="questionnaire.add", code=questionnaire.code,
                unit_path=questionnaire.unit.path, detail={"file": name, "sha256": row.sha256},
            )  # fmt: skip
    return kept


def media_type(name: str, content: bytes) -> str:
    """What a file is, by its content; its name must agree. Raises Problem for anything a page should not show.

    Drawings (SVG) are refused: they can hold programs.
    """
    place = Place(name)
    kind = _image_type(content, place) or _sound_type(content)
    if kind is None:
        raise Problem(
            "This is no picture, sound or film that a page can show.",
            place=place,
            hint="Use PNG, JPEG, GIF or WebP for pictures, MP3, OGG, WAV or M4A for sound, MP4 or WebM for films.",
        )
    most = MOST_IMAGE if kind.startswith("image/") else MOST_SOUND
    if len(content) > most:
        raise Problem(
            "The file has %(size)d kB; %(most)d kB are possible.",
            place=place, size=-(-len(content) // 1000), most=most // 1000,
            hint="Make it smaller: members open the page on a phone.",
        )  # fmt: skip
    if not name.lower().endswith(_ENDINGS[kind]):
        raise Problem("The name does not fit the content, which is %(kind)s.", place=place, kind=kind,
                      hint="Give the file the right ending.")  # fmt: skip
    return kind


def _image_type(content: bytes, place: Place) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=list(_IMAGES)) as image:
                if image.width * image.height > MOST_POINTS:
                    raise Problem("The picture has too many points: %(wide)d × %(high)d.", place=place,
                                  wide=image.width, high=image.height,
                                  hint="Make it smaller: members open the page on a phone.")  # fmt: skip
                image.verify()
                return _IMAGES[str(image.format)]
    except Problem:
        raise
    except Exception:
        # A reader of damaged pictures fails in every way there is; then it is none.
        return None


def _sound_type(content: bytes) -> str | None:
    head = content[:16]
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:11] == b"M4A" else "video/mp4"
    return "video/webm" if head.startswith(b"\x1a\x45\xdf\xa3") else None
