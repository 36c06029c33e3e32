"""Receipts (mechanism S1 of the field): one number for whatever a person does, over every channel."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone

from qiao.base.codes import new_receipt_number, normal_receipt_number
from qiao.base.models import Receipt

#: Who knows numbers that prove themselves and stand in no table: each returns a receipt that is never saved, or None.
_derived: list[Callable[[str], Receipt | None]] = []


def register_derived(finder: Callable[[str], Receipt | None]) -> None:
    """Offer a finder of receipts that are not stored; called from an app's ``ready()``."""
    if finder not in _derived:
        _derived.append(finder)


def give_receipt(
    *,
    kind: str,
    code: str,
    now: datetime,
    reference: str = "",
    content: str = "",
    promised: date | None = None,
) -> Receipt:
    """Store and return a new receipt. Its day, not its minute, is kept: a time could be joined with an answer."""
    return Receipt.objects.create(
        number=new_receipt_number(),
        kind=kind,
        code=code,
        reference=reference,
        content_hash=hashlib.sha256(content.encode()).hexdigest() if content else "",
        day=timezone.localdate(now),
        promised=promised,
    )


def find_receipt(text: str) -> Receipt | None:
    """The receipt a person typed, or None (mistyped, or never given). One that is not stored has no day."""
    number = normal_receipt_number(text)
    if number is None:
        return None
    kept = Receipt.objects.filter(pk=number).first()
    return kept or next((found for finder in _derived if (found := finder(number))), None)
