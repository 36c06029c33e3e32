"""From an address to a consultation."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404

from qiao.base.access import Actor
from qiao.decide.consultations import queries
from qiao.decide.consultations.models import Consultation


def found(actor: Actor, code: str) -> Consultation:
    """The consultation, or Http404 where there is none or a draft is not this actor's to see."""
    try:
        return queries.visible_consultation(actor, code)
    except Consultation.DoesNotExist:
        raise Http404 from None


def reaches(actor: Actor, consultation: Consultation) -> bool:
    """Whether the actor is a member this consultation asks."""
    return any(path.startswith(consultation.unit.path) for path in actor.member_paths)


def ticked(values: Iterable[str]) -> list[int]:
    """Opinion ids of ticked boxes; one box may stand for several opinions: "3,5,9"."""
    parts = [part for value in values for part in value.split(",")]
    return [number for part in parts if (number := row_number(part)) is not None]


def row_number(text: str | None) -> int | None:
    """A row's number from an address or form: digits that fit the column, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
