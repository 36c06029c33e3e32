"""Stacks of paper: typed by numbers, a share typed again by somebody else, stored all at once and in no order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused, require_other
from qiao.base.codes import next_code, normal_secret_code
from qiao.base.db import atomic
from qiao.base.problems import Place, Problem
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import BatchState
from qiao.hear.surveys.models import Invitation, PaperBatch, PaperSheet, Round
from qiao.hear.surveys.queries.rounds import may_enter, round_by_code
from qiao.hear.surveys.services.answers import code_hash, store_many
from qiao.org.settings.queries import value_of


def open_batch(*, actor: Actor, now: datetime, code: str, expected: int) -> PaperBatch:
    """Begin a stack of ``expected`` sheets. A stack of one's own that is still empty with this count is returned.

    Raises Refused without ``round.enter``, Problem for whoever made the codes (nobody holds codes and answers), for a
    round that takes no answers or has no codes.
    """
    survey = round_by_code(code)
    _require_entry(actor, survey, now)
    if not 1 <= expected <= 5_000:
        raise Problem("A stack has between 1 and 5,000 sheets: count it.")
    with atomic():
        Round.objects.select_for_update().get(pk=survey.pk)
        own = PaperBatch.objects.filter(
            round=survey, opened_by_id=actor.account_id, state=BatchState.TYPING, expected=expected, sheets__isnull=True
        ).first()
        if own is not None:
            return own
        batch = PaperBatch.objects.create(
            code=next_code("SB"), round=survey, expected=expected, opened=now, opened_by_id=actor.account_id,
            share=value_of(rules.DOUBLE_ENTRY, path=survey.unit.path, on=localdate(now)),
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="round.stack", code=code, unit_path=survey.unit.path,
            detail={"batch": batch.code, "sheets": expected},
        )  # fmt: skip
    return batch


def type_sheet(
    *, actor: Actor, now: datetime, batch_code: str, number: int, code: str, values: Mapping[str, object]
) -> PaperSheet:
    """Keep one typed sheet, sealed, until the stack is stored. The same number again replaces it (a typing error).

    Raises Refused, Problem for a number out of the count, or a code that is unknown, used or in the stack already.
    """
    with atomic():
        batch = _open_stack(actor, now, batch_code)
        if batch.state != BatchState.TYPING:
            raise Problem("The stack is complete: its sheets are being verified.")
        if not 1 <= number <= batch.expected:
            raise Problem("The stack has %(number)d sheets.", number=batch.expected)
        digest = code_hash(code)
        if not normal_secret_code(code):
            raise Problem("The code is missing.", hint="Write the code that stands on the paper.")
        invited = Invitation.objects.filter(round=batch.round, code_hash=digest).first()
        if invited is None:
            raise Problem("This code was not given in this round.", hint="Compare with the paper.")
        if invited.answered:
            raise Problem("This code has answered already: the first answer stays.", hint="Lay the sheet aside.")
        other = PaperSheet.objects.filter(batch__round=batch.round, code_hash=digest).exclude(
            batch=batch, number=number
        ).select_related("batch").first()  # fmt: skip
        if other is not None:
            raise Problem("The code stands on sheet %(number)d of stack %(batch)s already.",
                          number=other.number, batch=other.batch.code)  # fmt: skip
        sheet = PaperSheet.objects.filter(batch=batch, number=number).first() or PaperSheet(batch=batch, number=number)
        sheet.code_hash, sheet.answers, sheet.again = digest, _text(values), ""
        sheet.typed_by_id, sheet.differs = actor.account_id, []
        sheet.save()
    return sheet


def complete_batch(*, actor: Actor, now: datetime, batch_code: str) -> PaperBatch:
    """Say that every sheet is typed; the share to be typed again is drawn. Twice changes nothing.

    Raises Problem where the count does not match.
    """
    with atomic():
        batch = _open_stack(actor, now, batch_code)
        if batch.state == BatchState.VERIFYING:
            return batch
        typed = batch.sheets.count()
        if typed != batch.expected:
            raise Problem("%(typed)d of %(expected)d sheets are typed: count the stack again.",
                          typed=typed, expected=batch.expected)  # fmt: skip
        batch.state = BatchState.VERIFYING
        batch.save(update_fields=["state"])
        audit.record(
            actor=actor, now=now, action="round.verify_stack", code=batch.round.code, unit_path=batch.round.unit.path,
            detail={"batch": batch.code, "sheets": typed},
        )  # fmt: skip
    return batch


def to_verify(batch: PaperBatch) -> list[int]:
    """The numbers of the sheets that are typed again: drawn by the hash of stack and number, rounded up."""
    wanted = -(-batch.expected * batch.share // 100)
    order = sorted(
        range(1, batch.expected + 1), key=lambda number: hashlib.sha256(f"{batch.code}\n{number}".encode()).digest()
    )
    return sorted(order[:wanted])


def type_again(
    *, actor: Actor, now: datetime, batch_code: str, number: int, values: Mapping[str, object]
) -> PaperSheet:
    """Type a drawn sheet a second time. Where both typings differ the questions are named, and a third person, who
    looks at the paper, types what holds.

    Raises Problem for a sheet that was not drawn, for whoever typed it the first time, and for either of the two where
    they differ: neither decides about the own typing.
    """
    with atomic():
        batch = _open_stack(actor, now, batch_code)
        if batch.state != BatchState.VERIFYING or number not in to_verify(batch):
            raise Problem("This sheet is not one of those typed again.")
        sheet = PaperSheet.objects.get(batch=batch, number=number)
        require_other(actor, sheet.typed_by_id)
        before: dict[str, Any] = json.loads(sheet.answers)
        text = _text(values)
        if sheet.differs and sheet.again == text and sheet.again_by_id == actor.account_id:
            return sheet
        if sheet.differs:
            require_other(actor, sheet.again_by_id)
            sheet.answers, sheet.again, sheet.differs = text, text, []
            batch.report = {**batch.report, "settled": batch.report.get("settled", 0) + 1}
            batch.save(update_fields=["report"])
        else:
            sheet.again, sheet.again_by_id = text, actor.account_id
            said = json.loads(text)
            sheet.differs = sorted(key for key in {*before, *said} if before.get(key) != said.get(key))
        sheet.save()
    return sheet


def store_batch(*, actor: Actor, now: datetime, batch_code: str) -> PaperBatch:
    """Store a verified stack: all sheets at once, in random order, then the stack keeps counts only. Twice is harmless.

    A code that has answered another way meanwhile keeps its first answer; the sheet is counted as late. Raises Problem
    while a drawn sheet was not typed again or a difference is not settled.
    """
    with atomic():
        batch = _open_stack(actor, now, batch_code, stored=True)
        if batch.state == BatchState.STORED:
            return batch
        if batch.state != BatchState.VERIFYING:
            raise Problem("The stack is not complete yet.")
        sheets = list(batch.sheets.order_by("number"))
        drawn = set(to_verify(batch))
        for sheet in sheets:
            if sheet.number in drawn and not sheet.again:
                raise Problem("Sheet %(number)d is to be typed again by somebody else.", number=sheet.number)
            if sheet.differs:
                raise Problem("Sheet %(number)d was typed in two ways: look at the paper.",
                              place=Place(batch.code, row=sheet.number), number=sheet.number)  # fmt: skip
        open_ones = {
            bytes(row.code_hash or b""): row.pk
            for row in Invitation.objects.select_for_update().filter(
                round=batch.round, answered=False, code_hash__in=[bytes(sheet.code_hash) for sheet in sheets]
            )
        }
        taken = [
            (open_ones[bytes(sheet.code_hash)], json.loads(sheet.answers))
            for sheet in sheets
            if bytes(sheet.code_hash) in open_ones
        ]
        stored = store_many(actor=actor, now=now, survey=batch.round, answers=taken) if taken else 0
        batch.sheets.all().delete()
        batch.state = BatchState.STORED
        batch.report = {**batch.report, "stored": stored, "late": len(sheets) - stored, "verified": len(drawn)}
        batch.save(update_fields=["state", "report"])
    return batch


def _require_entry(actor: Actor, survey: Round, now: datetime) -> None:
    if not may_enter(actor, survey):
        raise Refused("round.enter is not yours here")
    if not rules.takes_answers(survey, now):
        raise Problem("Answers are taken only while the round is open.")
    if actor.did(survey.drawn_by_id):
        raise Problem("Who holds the list of codes does not see answers: somebody else types them.")


def _open_stack(actor: Actor, now: datetime, batch_code: str, *, stored: bool = False) -> PaperBatch:
    batch = PaperBatch.objects.select_for_update(of=("self",)).select_related("round__unit").get(code=batch_code)
    if stored and batch.state == BatchState.STORED and may_enter(actor, batch.round):
        return batch
    _require_entry(actor, batch.round, now)
    if batch.state in {BatchState.STORED, BatchState.DISCARDED}:
        raise Problem("This stack is stored already, or was given up.")
    return batch


def _text(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)
