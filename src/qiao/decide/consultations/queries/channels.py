"""Stacks of paper, codes, and who may enter what others said."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.decide.consultations.choices import Channel, SlipWay, StackState
from qiao.decide.consultations.models import Consultation, Sheet, Slip, Stack
from qiao.org.people.rules import OwnGroup, OwnLine
from qiao.org.units.models import Unit
from qiao.org.units.queries import upper_units

#: Fewer than that are not counted out (handbook P7).
SMALLEST = 5


def may_enter(actor: Actor, consultation: Consultation) -> bool:
    """Whether the actor may enter what members said: at the consultation's unit or anywhere below it."""
    path = consultation.unit.path
    return any(path.startswith(own) or own.startswith(path) for own in actor.paths("consultation.enter"))


def channel_counts(consultation: Consultation) -> list[tuple[str, int | None]]:
    """How many took part by each channel, after the close; None for fewer than five, and of two such for the next.

    With the whole number told, one hidden count alone could be computed: the smallest other is hidden with it.
    """
    counts = consultation.channels or {}
    used = {channel: number for channel, number in counts.items() if number}
    hidden = {channel for channel, number in used.items() if number < SMALLEST}
    if len(hidden) == 1 and len(used) > 1:
        hidden.add(min((channel for channel in used if channel not in hidden), key=lambda one: (used[one], one)))
    return [
        (str(Channel(channel).label), None if channel in hidden else used[channel])
        for channel in Channel.values
        if channel in used
    ]


def stacks_of(consultation: Consultation) -> list[Stack]:
    """Its stacks of paper, newest first."""
    return list(Stack.objects.filter(consultation=consultation).order_by("-pk"))


def stack_by_code(consultation: Consultation, code: str) -> Stack | None:
    """One stack."""
    return Stack.objects.filter(consultation=consultation, code=code).select_related("consultation__unit").first()


def next_sheet(stack: Stack, account_id: int | None) -> int | None:
    """The sheet this account can type next; None where none waits for it."""
    sheets = {sheet.number: sheet for sheet in Sheet.objects.filter(stack=stack)}
    if stack.state == StackState.TYPING:
        return next((number for number in range(1, stack.expected + 1) if number not in sheets), None)
    for number in sorted(sheets):
        sheet = sheets[number]
        if account_id in (sheet.typed_by_id, sheet.again_by_id):
            continue
        if not sheet.again or sheet.differs:
            return number
    return None


def sheet_facts(stack: Stack) -> dict[str, int]:
    """How far a stack is: typed, typed again, differing."""
    sheets = list(Sheet.objects.filter(stack=stack))
    return {
        "typed": len(sheets),
        "again": sum(bool(sheet.again) and not sheet.differs for sheet in sheets),
        "differing": sum(bool(sheet.differs) for sheet in sheets),
    }


def sheet_of(stack: Stack, number: int) -> Sheet | None:
    """One sheet of a stack."""
    return Sheet.objects.filter(stack=stack, number=number).first()


def slip_facts(consultation: Consultation) -> dict[str, int]:
    """How many codes were made by each way. Not how many were used: that would count those who took part."""
    rows = Slip.objects.filter(consultation=consultation)
    return {way: rows.filter(way=way).count() for way in (SlipWay.PRINTED, SlipWay.SENT)}


def printing_units(actor: Actor, consultation: Consultation) -> list[Unit]:
    """The units for which sheets can be printed: the one that is asked and those right below it."""
    top = consultation.unit
    return [
        unit
        for unit in upper_units(actor.paths("consultation.run"))
        if unit.path.startswith(top.path) and len(unit.path) <= len(top.path) + 5
    ] or [top]


def own_codes(person_id: int) -> list[OwnGroup]:
    """Codes a person was given for open consultations: that there is one, never which."""
    rows = Slip.objects.filter(person_id=person_id).select_related("consultation").order_by("pk")
    lines = tuple(OwnLine(row.consultation.code, str(SlipWay(row.way).label), "") for row in rows)
    return [OwnGroup("consultation_codes", _("Codes I was given to take part"), lines,
                     _("To take part without an account. Forgotten when the consultation closes."))]  # fmt: skip
