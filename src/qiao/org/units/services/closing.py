"""The end of a unit: only with the employer's end or in a merger, by its congress and the unit above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require, require_other, require_untied
from qiao.base.codes import next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.org.units.choices import WORKING, ClosingState, Ending, UnitState
from qiao.org.units.models import Closing, Unit
from qiao.org.units.rules import require_state, takes_in
from qiao.org.units.rules.settings import CLOSING_WITHIN
from qiao.org.units.services.change import close_unit
from qiao.org.units.services.clock import clock
from qiao.org.units.services.steps import take_step


@dataclass(frozen=True, slots=True, kw_only=True)
class CongressRecord:
    """What a congress decided: its day, who could vote, who was present, who voted for it, where the record is kept."""

    day: date
    entitled: int
    present: int
    votes_for: int
    record: str


def ask_closing(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    ending: Ending,
    ground: str,
    congress: CongressRecord,
    planned: date,
    receiver: Unit | None = None,
) -> Closing:
    """Ask the unit above to let a unit end, with the record of its congress. One at a time; asked again: the same.

    Raises Refused without ``unit.end`` at the unit, Problem at the top, without a ground or a majority, for a merger
    without another unit beside it, or while open units stand below.
    """
    ending = Ending(ending)
    with atomic():
        unit = Unit.objects.select_for_update(of=("self",)).select_related("parent").get(pk=unit.pk)
        require(actor, "unit.end", unit.path)
        open_one = unit.closings.filter(state__in=[ClosingState.ASKED, ClosingState.AGREED]).first()
        if open_one is not None:
            return open_one
        require_state(unit, UnitState.APPROVED, *WORKING)
        if unit.parent is None:
            raise Problem("The federation at the top cannot be closed.")
        if receiver is not None:
            receiver = Unit.objects.get(pk=receiver.pk)
        _check(unit, ending, receiver, ground, congress, localdate(now))
        require_plausible(planned)
        due, rule = clock(CLOSING_WITHIN, path=unit.parent.path, now=now)
        closing = Closing.objects.create(
            unit=unit, code=next_code("U"), ending=ending, receiver=receiver, ground=ground.strip(),
            congress_day=congress.day, entitled=congress.entitled, present=congress.present,
            votes_for=congress.votes_for, record=congress.record.strip(), planned=planned, before=unit.state,
            asked=now, asked_by_id=actor.account_id, asked_by=actor.name, due=due, due_rule=rule,
        )  # fmt: skip
        merging = ending == Ending.MERGER
        take_step(actor=actor, now=now, unit=unit, state=UnitState.MERGING if merging else UnitState.DISSOLVING)
        audit.record(actor=actor, now=now, action="unit.ask_closing", code=unit.label, unit_path=unit.path,
                     detail={"closing": closing.code, "ending": ending.value})  # fmt: skip
    return closing


def decide_closing(*, actor: Actor, now: datetime, code: str, agreed: bool, reason: str) -> Closing:
    """The unit above agrees or refuses, with a reason; refused, the unit is what it was. Twice changes nothing.

    Raises Refused without ``unit.approve`` at the unit above; Problem for whoever asked, and without a reason.
    """
    wanted = ClosingState.AGREED if agreed else ClosingState.REFUSED
    if not reason.strip():
        raise Problem("Write the reason.")
    with atomic():
        closing = _mine_to_decide(actor, code)
        if closing.state == wanted:
            return closing
        if closing.state != ClosingState.ASKED:
            raise Problem("This is decided already.", hint="Open its page again.")
        closing.state, closing.reason = wanted, reason.strip()
        closing.decided, closing.decided_by_id, closing.decided_by = now, actor.account_id, actor.name
        closing.save()
        if not agreed:
            take_step(actor=actor, now=now, unit=closing.unit, state=UnitState(closing.before), ground=reason.strip())
        audit.record(actor=actor, now=now, action="unit.decide_closing", code=closing.unit.label,
                     unit_path=closing.unit.path, detail={"closing": code, "state": wanted.value})  # fmt: skip
    return closing


def carry_out_closing(*, actor: Actor, now: datetime, code: str, day: date) -> Closing:
    """Close the unit from a day on: members go on in the unit that takes over, or are retained in the unit above.

    Standing is never lost. Twice changes nothing. Raises as `decide_closing` and `close_unit`; Problem before the unit
    above has agreed, or where the unit that takes over takes nothing in any more.
    """
    with atomic():
        closing = _mine_to_decide(actor, code)
        if closing.state == ClosingState.DONE:
            return closing
        if closing.state != ClosingState.AGREED:
            raise Problem("The unit above has not agreed.")
        if closing.receiver is not None and not takes_in(closing.receiver):
            raise Problem("%(unit)s takes nothing in: it is closed, closing, or not approved yet.",
                          unit=closing.receiver.label)  # fmt: skip
        unit = close_unit(actor=actor, now=now, unit=closing.unit, day=day, receiver=closing.receiver)
        closing.state = ClosingState.DONE
        closing.save(update_fields=["state"])
        log.append(
            kind="unit.closed", code=unit.label, now=now,
            content={
                "day": day.isoformat(), "ending": closing.ending,
                "receiver": closing.receiver.label if closing.receiver else "",
                "congress": closing.congress_day.isoformat(), "votes_for": closing.votes_for,
                "present": closing.present, "entitled": closing.entitled,
            },
        )  # fmt: skip
    return closing


def _mine_to_decide(actor: Actor, code: str) -> Closing:
    closing = Closing.objects.select_for_update(of=("self", "unit")).select_related("unit", "receiver").get(code=code)
    require(actor, "unit.approve", closing.unit.path[:-5])
    require_untied(actor, closing.unit.path)
    require_other(actor, closing.asked_by_id)
    return closing


def _check(
    unit: Unit, ending: Ending, receiver: Unit | None, ground: str, congress: CongressRecord, today: date
) -> None:
    if not ground.strip():
        raise Problem("Write the ground.")
    if not congress.record.strip():
        raise Problem("Say where the record of the congress is kept.")
    if congress.day > today:
        raise Problem("This day has not come yet: %(day)s.", day=congress.day)
    if congress.day < unit.founded:
        raise Problem("The congress cannot have met before the unit was founded.")
    if not 0 < congress.votes_for <= congress.present <= congress.entitled:
        raise Problem("The numbers of the congress do not fit: votes for, present and entitled, in this order.")
    if 2 * congress.votes_for <= congress.present:
        raise Problem("Not more than half of those present voted for it: the congress has not decided to end the unit.")
    if ending == Ending.MERGER:
        if receiver is None:
            raise Problem("Name the unit that takes over.")
        if receiver.pk == unit.pk or receiver.path.startswith(unit.path):
            raise Problem("A unit merges with another one, not with itself or one below it.")
        if not takes_in(receiver):
            raise Problem("%(unit)s takes nothing in: it is closed, closing, or not approved yet.", unit=receiver.label)
    elif receiver is not None:
        raise Problem("A unit takes over only in a merger.")
