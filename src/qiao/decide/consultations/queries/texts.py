"""Texts as they are compared: what was read beside what stands, and two versions of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.db.models import Max
from django.forms import BoundField

from qiao.base.i18n import pick
from qiao.decide.consultations.models import Clause, Consultation, Intake
from qiao.decide.consultations.queries.reading import clauses_of_version
from qiao.decide.consultations.rules.comparing import Compared, Piece, Version, compare, word_changes


def intake_of(consultation: Consultation) -> Intake | None:
    """The text that waits to be looked through."""
    return Intake.objects.filter(consultation=consultation).first()


def compared(consultation: Consultation, old: int, new: int) -> list[Compared]:
    """Two versions clause by clause, in the reader's language."""
    return compare(_versions(clauses_of_version(consultation, old)), _versions(clauses_of_version(consultation, new)))


def _versions(clauses: Sequence[Clause]) -> list[Version]:
    return [Version(clause.key, clause.number, clause.label, pick(clause.text)) for clause in clauses]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One clause that was read: beside it the one it is taken for, with the words that change."""

    number: int
    label: str
    text: str
    field: BoundField
    old: Clause | None
    pieces: tuple[Piece, ...]
    same: bool


def preview_rows(intake: Intake, before: Sequence[Clause], keys: Sequence[str], form: forms.Form) -> list[PreviewRow]:
    """What was read, clause by clause, with what stands now."""
    known = {clause.key: clause for clause in before}
    rows = []
    for place, part in enumerate(intake.parts):
        old, text = known.get(keys[place]), pick(part["text"])
        pieces = tuple(word_changes(pick(old.text), text)) if old else ()
        same = old is not None and pick(old.text) == text
        rows.append(PreviewRow(place + 1, part["label"], text, form[f"key_{place}"], old, pieces, same))
    return rows


def papers_ready(consultation: Consultation) -> datetime | None:
    """From when a meeting may decide: the last version of the text has then been public for long enough."""
    if consultation.noticed is None:
        return None
    made = consultation.versions.aggregate(last=Max("made"))["last"] or consultation.noticed
    return max(made, consultation.noticed) + timedelta(days=consultation.papers_days)
