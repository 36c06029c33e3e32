"""Sheets of paper: typed by one clerk, typed again by another, taken over all at once under an evidence number."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from qiao.base import audit
from qiao.base.access import Actor, Refused, require_other
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.problems import Place, Problem
from qiao.decide.consultations.choices import Channel, StackState
from qiao.decide.consultations.models import Consultation, Sheet, Slip, Stack
from qiao.decide.consultations.queries import consultation_by_code
from qiao.decide.consultations.queries.channels import may_enter
from qiao.decide.consultations.rules import likeness, takes_part
from qiao.decide.consultations.services.channels import Said, as_member, hand_in
from qiao.decide.consultations.services.slips import slip_of

MOST_SHEETS = 500


def open_stack(*, actor: Actor, now: datetime, code: str, expected: int, evidence: str) -> Stack:
    """Begin a stack of ``expected`` sheets, filed under ``evidence``. The same again while it is empty is returned.

    Raises Refused without ``consultation.enter`` there, Problem for a wrong count, an evidence number that is missing
    or taken, and while the consultation takes nothing.
    """
    consultation = consultation_by_code(code)
    _require(actor, consultation, now)
    number = " ".join(evidence.split())[:60]
    if not number:
        raise Problem("Write the number under which the sheets are filed.")
    if not 1 <= expected <= MOST_SHEETS:
        raise Problem("A stack has between 1 and %(most)d sheets: count it.", most=MOST_SHEETS)
    with atomic():
        before = Stack.objects.select_for_update().filter(consultation=consultation, evidence=number).first()
        if before is not None:
            if actor.did(before.opened_by) and before.expected == expected:
                return before
            raise Problem("There is a stack with this number already: %(code)s.", code=before.code)
        stack = Stack.objects.create(
            code=next_code("CS"), consultation=consultation, expected=expected, evidence=number, opened=now,
            opened_by=actor.account_id,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="consultation.stack", code=code, unit_path=consultation.unit.path,
            detail={"stack": stack.code, "sheets": expected, "evidence": number},
        )  # fmt: skip
    return stack


def type_sheet(*, actor: Actor, now: datetime, stack_code: str, number: int, typed_code: str, said: Said) -> Sheet:
    """Keep one typed sheet, sealed. The same number again replaces it while nobody has typed it a second time.

    Raises Refused, Problem for a number out of the count, an empty sheet, a code that is unknown, used, of another
    consultation, of a member of another unit, or in a stack already.
    """
    with atomic():
        stack = _open(actor, now, stack_code)
        if stack.state != StackState.TYPING:
            raise Problem("The stack is complete: its sheets are typed again now.")
        if not 1 <= number <= stack.expected:
            raise Problem("The stack has %(number)d sheets.", number=stack.expected)
        place = Place(source=stack.code, row=number)
        if said.empty:
            raise Problem("Nothing is typed: an empty sheet is left out of the count.", place=place)
        slip = slip_of(typed_code)
        if slip is None or slip.consultation_id != stack.consultation_id:
            raise Problem(
                "This code was not given in this consultation.", place=place, hint="Compare with the sheet of paper."
            )
        if slip.spent:
            raise Problem(
                "This code has spoken already: the first word stays.", place=place, hint="Lay the sheet aside."
            )
        _require_member(actor, stack.consultation, slip.person_id)
        other = Sheet.objects.filter(slip=slip).exclude(stack=stack, number=number).select_related("stack").first()
        if other is not None:
            raise Problem("The code stands on sheet %(number)d of stack %(stack)s already.", place=place,
                          number=other.number, stack=other.stack.code)  # fmt: skip
        sheet = Sheet.objects.filter(stack=stack, number=number).first() or Sheet(stack=stack, number=number)
        sheet.slip, sheet.said, sheet.again = slip, _text(said), ""
        sheet.typed_by_id, sheet.again_by_id, sheet.differs = actor.account_id, None, []
        sheet.save()
    return sheet


def complete_stack(*, actor: Actor, now: datetime, stack_code: str) -> Stack:
    """Say that every sheet is typed. Twice is harmless. Raises Problem where the count does not match."""
    with atomic():
        stack = _open(actor, now, stack_code)
        if stack.state == StackState.VERIFYING:
            return stack
        typed = stack.sheets.count()
        if typed != stack.expected:
            raise Problem("%(typed)d of %(expected)d sheets are typed: count the stack again.",
                          typed=typed, expected=stack.expected)  # fmt: skip
        stack.state = StackState.VERIFYING
        stack.save(update_fields=["state"])
        _audit(actor, now, stack, "consultation.verify_stack", sheets=typed)
    return stack


def type_again(*, actor: Actor, now: datetime, stack_code: str, number: int, said: Said) -> Sheet:
    """Type a sheet a second time. Where both differ the boxes are named, and a third person types what holds.

    Words count as the same whatever their blanks and marks. Raises Refused for whoever typed it before, Problem.
    """
    with atomic():
        stack = _open(actor, now, stack_code)
        if stack.state != StackState.VERIFYING:
            raise Problem("The stack is not complete yet.")
        sheet = Sheet.objects.select_for_update(of=("self",)).filter(stack=stack, number=number).first()
        if sheet is None:
            raise Problem("The stack has %(number)d sheets.", number=stack.expected)
        _require_member(actor, stack.consultation, sheet.slip.person_id)
        text = _text(said)
        if sheet.again and not sheet.differs:
            return sheet
        if actor.did(sheet.again_by_id) and sheet.again == text:
            return sheet
        require_other(actor, sheet.typed_by_id, sheet.again_by_id)
        if sheet.differs:
            sheet.said = sheet.again = text
            sheet.differs = []
            stack.report = {**stack.report, "settled": stack.report.get("settled", 0) + 1}
            stack.save(update_fields=["report"])
        else:
            sheet.again, sheet.again_by_id = text, actor.account_id
            sheet.differs = differing(read(sheet.said), said)
        sheet.save()
    return sheet


def store_stack(*, actor: Actor, now: datetime, stack_code: str) -> Stack:
    """Take all sheets over at once. Twice is harmless.

    A point on which the member has spoken by another channel meanwhile is left out and counted; so is a sheet whose
    code was used. Raises Problem while a sheet was not typed again or a difference is not settled.
    """
    with atomic():
        stack = _open(actor, now, stack_code, stored=True)
        if stack.state == StackState.STORED:
            return stack
        sheets = list(Sheet.objects.filter(stack=stack).select_related("slip").order_by("number"))
        for sheet in sheets:
            if not sheet.again:
                raise Problem("Sheet %(number)d is to be typed again by somebody else.", number=sheet.number)
            if sheet.differs:
                raise Problem("Sheet %(number)d was typed in two ways: look at the paper.",
                              place=Place(stack.code, row=sheet.number), number=sheet.number)  # fmt: skip
        if stack.state != StackState.VERIFYING:
            raise Problem("The stack is not complete yet.")
        report = {"stored": 0, "late": 0, "left_out": 0}
        for sheet in sheets:
            slip = Slip.objects.select_for_update().get(pk=sheet.slip_id)
            if slip.spent:
                report["late"] += 1
                continue
            handed = hand_in(
                now=now, consultation=stack.consultation, person_id=slip.person_id, channel=Channel.PAPER,
                said=read(sheet.said), evidence=f"{stack.evidence}/{sheet.number}",
            )  # fmt: skip
            slip.spent = True
            slip.save(update_fields=["spent"])
            report["stored"] += 1
            report["left_out"] += len(handed.left_out)
        Sheet.objects.filter(stack=stack).delete()
        stack.state, stack.report = StackState.STORED, {**stack.report, **report}
        stack.save(update_fields=["state", "report"])
        _audit(actor, now, stack, "consultation.store_stack", **report)
    return stack


def differing(one: Said, other: Said) -> list[str]:
    """The boxes in which two typings of a sheet differ: "s5" for a statement, "k3" or "" for words."""
    boxes = [f"s{key}" for key in sorted({*one.votes, *other.votes}) if one.votes.get(key) != other.votes.get(key)]
    words = sorted({*one.words, *other.words})
    return boxes + [key for key in words if _like(one.words.get(key, "")) != _like(other.words.get(key, ""))]


def read(text: str) -> Said:
    """A sheet as it was kept."""
    kept: dict[str, Any] = json.loads(text)
    return Said({int(key): int(vote) for key, vote in kept["votes"].items()}, dict(kept["words"]))


def _text(said: Said) -> str:
    words = {key: text.strip() for key, text in said.words.items() if text.strip()}
    return json.dumps({"votes": dict(said.votes), "words": words}, ensure_ascii=False, sort_keys=True)


def _like(text: str) -> str:
    return likeness(text) if text.strip() else ""


def _require(actor: Actor, consultation: Consultation, now: datetime) -> None:
    if not may_enter(actor, consultation):
        raise Refused("consultation.enter is not yours here")
    if not takes_part(consultation.state, consultation.closes, now):
        raise Problem("This consultation takes no votes or opinions now.")


def _require_member(actor: Actor, consultation: Consultation, person_id: int) -> None:
    """An officer types for members of the own units only."""
    path = as_member(consultation, person_id).member_paths[0]
    if not actor.may("consultation.enter", path):
        raise Refused("this member belongs to another unit")


def _open(actor: Actor, now: datetime, stack_code: str, *, stored: bool = False) -> Stack:
    stack = Stack.objects.select_for_update(of=("self",)).select_related("consultation__unit").get(code=stack_code)
    if stored and stack.state == StackState.STORED and may_enter(actor, stack.consultation):
        return stack
    _require(actor, stack.consultation, now)
    if stack.state == StackState.STORED:
        raise Problem("This stack is stored already.")
    return stack


def _audit(actor: Actor, now: datetime, stack: Stack, action: str, **numbers: int) -> None:
    audit.record(
        actor=actor, now=now, action=action, code=stack.consultation.code, unit_path=stack.consultation.unit.path,
        detail={"stack": stack.code, **numbers},
    )  # fmt: skip
