"""A text read from a file: looked through by an officer, then saved as draft or new version."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.problems import Place, Problem
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.models import Consultation, Intake
from qiao.decide.consultations.queries import consultation_by_code
from qiao.decide.consultations.rules.papers import Part, read_paper, split_blocks
from qiao.decide.consultations.services.draft import redraft_text, revise_text
from qiao.decide.consultations.services.locks import held


@dataclass(frozen=True, slots=True)
class Reading:
    """What one or two files of a text gave: its clauses, the numbers they bear, and what was no paragraph."""

    name: str
    sha256: str
    clauses: list[Localized]
    labels: list[str]
    rows: list[int]
    notes: dict[str, int]


def read_files(name: str, data: bytes, *, english: tuple[str, bytes] | None = None) -> Reading:
    """The clauses of a text in Chinese and, from a second file, in English. Pure: nothing is stored.

    Raises Problem, with file and paragraph, for what cannot be read, or where the files have unlike clauses.
    """
    paper = read_paper(name, data)
    parts = split_blocks(paper, name)
    others: list[Part] = []
    if english is not None:
        others = split_blocks(read_paper(*english), english[0])
        if len(others) != len(parts):
            raise Problem(
                "The Chinese text has %(zh)d clauses, the English %(en)d: make them the same, "
                "or leave the English out.",
                zh=len(parts), en=len(others), place=Place(source=english[0]),
            )  # fmt: skip
    notes = {"tables": paper.tables, "pictures": paper.pictures, "notes": paper.notes, "boxes": paper.boxes}
    return Reading(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        clauses=[localized(part.text, others[place].text if others else "") for place, part in enumerate(parts)],
        labels=[part.label for part in parts],
        rows=[part.row for part in parts],
        notes={kind: number for kind, number in notes.items() if number},
    )


def stage_text(*, actor: Actor, now: datetime, code: str, reading: Reading) -> Intake:
    """Keep a text that was read until an officer has looked it through; it replaces the one kept before.

    Raises Refused without ``consultation.run`` there, Problem after the close.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        _demand_changing(consultation, now)
        Intake.objects.filter(consultation=consultation).delete()
        intake = Intake.objects.create(
            consultation=consultation, name=reading.name[:200], sha256=reading.sha256, version=consultation.version,
            notes=reading.notes, made=now, made_by=actor.account_id,
            parts=[
                {"label": label, "text": text, "row": row}
                for label, text, row in zip(reading.labels, reading.clauses, reading.rows, strict=True)
            ],
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="consultation.read", code=code, unit_path=consultation.unit.path,
            detail={"file": reading.name[:200], "sha256": reading.sha256, "clauses": len(reading.clauses)},
        )  # fmt: skip
    return intake


def save_text(*, actor: Actor, now: datetime, code: str, intake_id: int, keys: Sequence[str]) -> Consultation:
    """Save the text that was looked through, each clause with the id the officer has seen; sent twice it is one change.

    Raises Refused without ``consultation.run`` there, Problem where another file was read or the text changed
    meanwhile, and as `services.revise_text`.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        intake = Intake.objects.filter(consultation=consultation).first()
        if intake is None:
            return consultation
        if intake.pk != intake_id or intake.version != consultation.version:
            raise Problem("Somebody else has changed the text meanwhile: look at it, then read your file again.")
        if len(keys) != len(intake.parts):
            raise Problem("The form is not whole: load the page again.")
        clauses: list[Localized] = [part["text"] for part in intake.parts]
        labels = [part["label"] for part in intake.parts]
        change = redraft_text if consultation.state == S.DRAFT else revise_text
        saved = change(actor=actor, now=now, code=code, clauses=clauses, labels=labels, keys=keys)
        intake.delete()
    return saved


def drop_text(*, actor: Actor, now: datetime, code: str) -> None:
    """Leave the text as it was. Twice is harmless. Raises Refused without ``consultation.run`` there."""
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        gone, _rows = Intake.objects.filter(consultation=consultation).delete()
        if gone:
            audit.record(
                actor=actor, now=now, action="consultation.drop_text", code=code, unit_path=consultation.unit.path
            )  # fmt: skip


def _demand_changing(consultation: Consultation, now: datetime) -> None:
    if consultation.state != S.DRAFT and (consultation.state not in (S.NOTICED, S.OPEN) or consultation.closes <= now):
        raise Problem("The text changes only until the close.")
