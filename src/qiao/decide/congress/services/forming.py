"""Forming a term: the electorate as counted, seats by the table, constituencies by their electors."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import localdate

from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.decide.congress.choices import CongressKind, TermState
from qiao.decide.congress.models import Congress, Constituency, Delegate
from qiao.decide.congress.rules import settings as rule
from qiao.decide.congress.rules.quota import Electorate, apportion, fewest_delegates
from qiao.decide.congress.rules.states import TERM_NEXT, require_step
from qiao.decide.congress.services.steps import RUN, held_congress, note
from qiao.org.membership.queries import active_members
from qiao.org.settings.queries import value_of
from qiao.org.units.choices import LIVING, UnitKind
from qiao.org.units.models import Unit

#: A congress of several employers or of an area is that of the unit that stands for them.
KIND_BY_UNIT = {
    UnitKind.BASE: CongressKind.SINGLE,
    UnitKind.JOINT_BASE: CongressKind.JOINT,
    UnitKind.SECTOR: CongressKind.SECTOR,
    UnitKind.INDUSTRY: CongressKind.SECTOR,
}


def form_congress(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    electorate: Electorate,
    counted: date,
    source: str,
    seats: int | None = None,
) -> Congress:
    """Begin a term of a unit's congress with the electorate as counted; the rules in force today stay with it.

    ``seats``: None takes the fewest the table allows. Too few workers for delegates: all of them meet. The same term
    asked for twice is returned. Raises Refused without ``congress.run``; Problem for numbers that do not fit, a count
    of the future, fewer seats than the table says, a table nobody has chosen.
    """
    require(actor, RUN, unit.path)
    electorate.check()
    today = localdate(now)
    path = unit.path
    if unit.state not in LIVING:
        raise Problem("%(unit)s is closed.", unit=unit.label)
    if counted > today:
        raise Problem("The workers were counted on a day that has been.")
    if not source.strip():
        raise Problem("Say where the numbers of workers come from.")
    assembly = electorate.workers < value_of(rule.REQUIRED_AT, path=path, on=today)
    table = "" if assembly else value_of(rule.TABLE, path=path, on=today)
    fewest = electorate.workers if assembly else fewest_delegates(table, max(electorate.workers, 100))
    wanted = fewest if seats is None or assembly else seats
    if not fewest <= wanted <= max(electorate.workers, fewest):
        raise Problem("For %(workers)d workers at least %(fewest)d delegates are elected, and at most all.",
                      workers=electorate.workers, fewest=fewest)  # fmt: skip
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        known = Congress.objects.filter(unit=unit).exclude(state__in=[TermState.IN_TERM, TermState.ENDED]).first()
        if known is not None:
            if (known.workers, known.seats, known.counted) == (electorate.workers, wanted, counted):
                return known
            raise Problem("A term is being formed already: %(code)s.", code=known.code)
        congress = Congress.objects.create(
            code=next_code("WC"), unit=unit, kind=KIND_BY_UNIT.get(UnitKind(unit.kind), CongressKind.AREA),
            number=Congress.objects.filter(unit=unit).count() + 1, assembly=assembly, workers=electorate.workers,
            women=electorate.women, front_line=electorate.front_line, counted=counted, source=source.strip()[:160],
            seats=wanted, fewest=fewest, table=table, formed=now, formed_by_id=actor.account_id,
            manager_share=value_of(rule.MANAGER_SHARE, path=path, on=today),
            front_line_share=value_of(rule.FRONTLINE_SHARE, path=path, on=today),
            women_part=value_of(rule.WOMEN_PART, path=path, on=today),
            turnout=value_of(rule.TAKE_PART, path=path, on=today),
            majority_of=value_of(rule.MAJORITY_OF, path=path, on=today),
        )  # fmt: skip
        note(congress, actor=actor, now=now, thing="congress", deed="form", workers=electorate.workers, seats=wanted)
    return congress


def add_constituency(*, actor: Actor, now: datetime, code: str, name: Localized, electors: int) -> Constituency:
    """Add a constituency while the term is being formed. Raises Problem without a name, or for too many electors."""
    with atomic():
        congress = held_congress(code, actor=actor, action=RUN)
        if congress.state != TermState.FORMING or congress.assembly:
            raise Problem("Constituencies are set before seats are divided among them.")
        if not name:
            raise Problem("Give the constituency a name.")
        rest = congress.workers - sum(congress.constituencies.values_list("electors", flat=True))
        if not 0 < electors <= rest:
            raise Problem("%(rest)d workers are left for further constituencies.", rest=rest)
        made = Constituency.objects.create(
            congress=congress, position=congress.constituencies.count() + 1, name=name, electors=electors
        )
        note(congress, actor=actor, now=now, thing="congress", deed="constituency", electors=electors)
    return made


def divide_seats(*, actor: Actor, now: datetime, code: str) -> Congress:
    """Divide the seats among the constituencies by their electors, and begin the elections; an assembly takes all.

    Raises Problem while workers stand in no constituency, or there are more constituencies than seats.
    """
    with atomic():
        congress = held_congress(code, actor=actor, action=RUN)
        require_step(TERM_NEXT, TermState(congress.state), TermState.ELECTING)
        if congress.assembly:
            _take_everybody(congress, localdate(now))
        else:
            rows = list(congress.constituencies.order_by("position"))
            if sum(row.electors for row in rows) != congress.workers:
                raise Problem("%(rest)d workers stand in no constituency yet.",
                              rest=congress.workers - sum(row.electors for row in rows))  # fmt: skip
            for row, seats in zip(rows, apportion([row.electors for row in rows], congress.seats), strict=True):
                row.seats = seats
                row.save(update_fields=["seats"])
        congress.state = TermState.ELECTING
        congress.save(update_fields=["state"])
        note(congress, actor=actor, now=now, thing="congress", deed="divide", seats=congress.seats)
    return congress


def add_worker(*, actor: Actor, now: datetime, code: str, name: str) -> Delegate:
    """Add a worker who is not in the register to an assembly: they take part as everybody, and vote on paper."""
    with atomic():
        congress = held_congress(code, actor=actor, action=RUN)
        if not congress.assembly or congress.state == TermState.ENDED:
            raise Problem("Only where all workers meet is somebody added by name.")
        if not name.strip():
            raise Problem("Write the name.")
        if congress.delegates.filter(until__isnull=True).count() >= congress.workers:
            raise Problem("All %(workers)d workers are on the list already.", workers=congress.workers)
        seat = Delegate.objects.create(congress=congress, name=name.strip()[:80], since=localdate(now))
        note(congress, actor=actor, now=now, thing="congress", deed="add")
    return seat


def _take_everybody(congress: Congress, today: date) -> None:
    """Everybody of the register meets; whoever is not in it comes with the minutes of the meeting."""
    rows = active_members(congress.unit.path).select_related("person").order_by("person_id")[: congress.workers]
    Delegate.objects.bulk_create(
        Delegate(congress=congress, person=row.person, name=row.person.name, since=today) for row in rows
    )
