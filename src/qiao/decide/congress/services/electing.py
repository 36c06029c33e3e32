"""Delegates as the minutes say; certification by the unit above; vacant seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localdate

from qiao.base.access import Actor, require, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.problems import Place, Problem, Problems
from qiao.decide.congress.choices import MajorityOf, SeatEnd, TermState
from qiao.decide.congress.models import Congress, Constituency, Delegate
from qiao.decide.congress.queries.terms import quota_table
from qiao.decide.congress.rules import settings as rule
from qiao.decide.congress.rules.quota import more_than
from qiao.decide.congress.rules.states import TERM_NEXT, require_step
from qiao.decide.congress.rules.votes import check_election
from qiao.decide.congress.services.steps import CERTIFY, RUN, held_congress, note
from qiao.org.mandates.rules import months_later
from qiao.org.membership.queries import active_members
from qiao.org.settings.queries import value_of


@dataclass(frozen=True, slots=True)
class Elected:
    """One line of the minutes. ``number``: the member's number, where the name alone would not tell who it is."""

    name: str
    votes: int
    woman: bool = False
    front_line: bool = False
    manager: bool = False
    number: int | None = None


def record_election(
    *, actor: Actor, now: datetime, constituency_id: int, held_on: date, took_part: int, elected: Sequence[Elected],
    minutes_sha256: str, minutes_name: str = "",
) -> Constituency:  # fmt: skip
    """Enter what the minutes of a constituency's election say; before certification a second entry replaces the first.

    In term it fills vacant seats only. Raises Problem for too few voters, minutes without a file, more elected than
    seats, anybody without the majority, or elected twice; Problems name the lines.
    """
    with atomic():
        place = Constituency.objects.select_for_update(of=("self",)).filter(pk=constituency_id).first()
        if place is None:
            raise Problem("There is no such constituency.")
        congress = held_congress(Congress.objects.get(pk=place.congress_id).code, actor=actor, action=RUN)
        filling = congress.state == TermState.IN_TERM
        if congress.state not in (TermState.ELECTING, TermState.RETURNED, TermState.IN_TERM):
            raise Problem("Delegates are not elected now.")
        today = localdate(now)
        if held_on > today:
            raise Problem("The election was held on a day that has been.")
        if not minutes_sha256:
            raise Problem("Add the signed minutes: their fingerprint is kept.")
        check_election(electors=place.electors, took_part=took_part, turnout=congress.turnout)
        if not filling:
            place.delegates.all().delete()
        free = place.seats - place.delegates.filter(until__isnull=True).count()
        if not 0 < len(elected) <= free:
            raise Problem("%(free)d seats are to fill here, not %(number)d.", free=free, number=len(elected))
        of = place.electors if congress.majority_of == MajorityOf.ELECTORS else took_part
        needed = more_than(0.5 if rule.DELEGATE_MAJORITY.default is None else rule.DELEGATE_MAJORITY.default, of)
        persons = _persons(congress, elected)
        faults = _faults(elected, needed=needed, took_part=took_part, persons=persons, congress=congress)
        if faults:
            raise Problems(faults)
        Delegate.objects.bulk_create(
            Delegate(
                congress=congress, constituency=place, person_id=persons[row], name=line.name.strip()[:80],
                woman=line.woman, front_line=line.front_line, manager=line.manager, votes=line.votes, since=held_on,
            )
            for row, line in enumerate(elected)
        )  # fmt: skip
        place.held_on, place.took_part, place.entered_by_id = held_on, took_part, actor.account_id
        place.minutes_sha256, place.minutes_name = minutes_sha256, minutes_name[:160]
        place.save()
        if filling:
            _require_ceiling(congress)
        note(congress, actor=actor, now=now, thing="congress", deed="elect", place=place.position, seats=len(elected))
    return place


def file_congress(*, actor: Actor, now: datetime, code: str) -> Congress:
    """Hand the elections to the unit above for certification. Raises Problem while a constituency has not elected."""
    with atomic():
        congress = held_congress(code, actor=actor, action=RUN)
        require_step(TERM_NEXT, TermState(congress.state), TermState.FILED)
        missing = [] if congress.assembly else list(
            congress.constituencies.filter(held_on__isnull=True).order_by("position").values_list("position", flat=True)
        )  # fmt: skip
        if missing:
            raise Problem("%(number)d constituencies have not elected yet.", number=len(missing))
        congress.state, congress.filed, congress.filed_by_id, congress.reason = (
            TermState.FILED,
            now,
            actor.account_id,
            "",
        )
        congress.save()
        note(congress, actor=actor, now=now, thing="congress", deed="file")
    return congress


def certify_congress(*, actor: Actor, now: datetime, code: str, reason: str = "") -> Congress:
    """Certify the elections: the term begins today. Done by the unit above and by nobody who entered or filed them.

    Raises Problem where managers are over their share (there is no way around it), or where women or front-line
    workers are too few and no reason is written; Refused without ``congress.certify`` at the unit above.
    """
    with atomic():
        congress = held_congress(code, actor=actor, action=CERTIFY, above=True)
        require_step(TERM_NEXT, TermState(congress.state), TermState.IN_TERM)
        hands = set(congress.constituencies.values_list("entered_by_id", flat=True))
        require_other(
            actor, congress.filed_by_id, congress.formed_by_id, *hands,
            said=Problem("You had a hand in these elections: somebody else certifies them."),
        )  # fmt: skip
        require_untied(actor, congress.unit.path)
        _require_ceiling(congress)
        short = not congress.assembly and any(row.missing for row in quota_table(congress) if not row.ceiling)
        if short and not reason.strip():
            raise Problem(
                "Front-line workers or women are fewer than their share: write why it is certified all the same, "
                "or send it back."
            )
        today = localdate(now)
        Congress.objects.filter(unit=congress.unit, state=TermState.IN_TERM).update(state=TermState.ENDED)
        before = Delegate.objects.filter(congress__unit=congress.unit, until__isnull=True).exclude(congress=congress)
        before.update(until=today, ended=SeatEnd.TERM)
        congress.state, congress.certified, congress.certified_by_id = TermState.IN_TERM, now, actor.account_id
        congress.reason, congress.since = reason.strip()[:1000], today
        congress.until = months_later(today, 12 * value_of(rule.TERM, path=congress.unit.path, on=today))
        congress.save()
        log.append(
            kind="congress.certified", code=congress.code, now=now,
            content={"unit": congress.unit.label, "workers": congress.workers, "seats": congress.seats,
                     "quotas": {row.key: [row.demanded, row.elected] for row in quota_table(congress)}},
        )  # fmt: skip
        note(congress, actor=actor, now=now, thing="congress", deed="certify")
    return congress


def return_congress(*, actor: Actor, now: datetime, code: str, reason: str) -> Congress:
    """Send the elections back, with the reason. Raises as `certify_congress`."""
    with atomic():
        congress = held_congress(code, actor=actor, action=CERTIFY, above=True)
        require_step(TERM_NEXT, TermState(congress.state), TermState.RETURNED)
        require_other(actor, congress.filed_by_id)
        require_untied(actor, congress.unit.path)
        if not reason.strip():
            raise Problem("Write what has to be corrected.")
        congress.state, congress.reason = TermState.RETURNED, reason.strip()[:1000]
        congress.save()
        note(congress, actor=actor, now=now, thing="congress", deed="return")
    return congress


def extend_term(*, actor: Actor, now: datetime, code: str, until: date, reason: Localized) -> Congress:
    """Extend a term once, with a public reason; asked and decided by the unit above.

    Raises Problem for a second extension, one longer than the rule allows, or without a reason.
    """
    with atomic():
        congress = held_congress(code, actor=actor, action=CERTIFY, above=True)
        require_untied(actor, congress.unit.path)
        if congress.state != TermState.IN_TERM or congress.until is None or congress.extended_until:
            raise Problem("Only a term that runs is extended, and only once.")
        latest = months_later(congress.until, value_of(rule.EXTENSION, path=congress.unit.path, on=localdate(now)))
        if not congress.until < until <= latest:
            raise Problem("The term can be extended to %(day)s at the latest.", day=latest)
        if not reason:
            raise Problem("Write why the term is extended: everybody reads it.")
        congress.extended_until, congress.extension_reason = until, reason
        congress.save()
        log.append(kind="congress.extended", code=code, content={"until": until.isoformat(), "reason": reason}, now=now)
        note(congress, actor=actor, now=now, thing="congress", deed="extend", until=until.isoformat())
    return congress


def end_seat(*, actor: Actor, now: datetime, delegate_id: int, ended: SeatEnd, day: date) -> Delegate:
    """End a delegate's seat: left, resigned, recalled by the constituency, died. The seat is filled by an election.

    Raises Problem for a seat that is vacant already, a day of the future, or the end of the term as a reason.
    """
    with atomic():
        seat = Delegate.objects.select_for_update(of=("self",)).select_related("congress__unit").filter(
            pk=delegate_id
        ).first()  # fmt: skip
        if seat is None:
            raise Problem("There is no such delegate.")
        require(actor, RUN, seat.congress.unit.path)
        if seat.until is not None:
            raise Problem("This seat is vacant already.")
        if SeatEnd(ended) == SeatEnd.TERM or not seat.since <= day <= localdate(now):
            raise Problem("Choose the reason, and a day since the election that has been.")
        seat.until, seat.ended = day, SeatEnd(ended)
        seat.save(update_fields=["until", "ended"])
        note(seat.congress, actor=actor, now=now, thing="congress", deed="vacate", reason=str(ended))
    return seat


def _persons(congress: Congress, elected: Sequence[Elected]) -> dict[int, int | None]:
    """Line to the member of that name, where exactly one has it, or of that number."""
    names = {line.name.strip() for line in elected}
    numbers = {line.number for line in elected if line.number}
    found = active_members(congress.unit.path).filter(Q(person__name__in=names) | Q(person_id__in=numbers))
    rows = set(found.order_by("person_id").values_list("person__name", "person_id"))
    by_name: dict[str, set[int]] = {}
    for name, key in rows:
        by_name.setdefault(name, set()).add(key)
    known = {key for _name, key in rows}
    return {
        row: (line.number if line.number in known else None)
        if line.number
        else (next(iter(by_name[line.name.strip()])) if len(by_name.get(line.name.strip(), ())) == 1 else None)
        for row, line in enumerate(elected)
    }


def _faults(
    elected: Sequence[Elected], *, needed: int, took_part: int, persons: dict[int, int | None], congress: Congress
) -> list[Problem]:
    faults = []
    seated = congress.delegates.filter(until__isnull=True, person__isnull=False).order_by("pk")
    taken: set[int | None] = set(seated.values_list("person_id", flat=True))
    for row, line in enumerate(elected):
        place = Place(row=row + 1)
        if not line.name.strip():
            faults.append(Problem("Write the name.", place=place))
        if line.number and persons[row] is None:
            faults.append(Problem("No member of this unit has the number %(number)d.", place=place, number=line.number))
        if line.votes > took_part:
            faults.append(Problem("Nobody can have more votes (%(votes)d) than took part (%(part)d).", place=place,
                                  votes=line.votes, part=took_part))  # fmt: skip
        elif line.votes < needed:
            faults.append(Problem("With %(votes)d votes nobody is elected here: %(needed)d are needed.", place=place,
                                  votes=line.votes, needed=needed))  # fmt: skip
        if line.manager and line.front_line:
            faults.append(Problem("A manager is no front-line worker.", place=place))
        if persons[row] is not None and persons[row] in taken:
            faults.append(Problem("This member is a delegate already.", place=place))
        taken.add(persons[row])
    return faults


def _require_ceiling(congress: Congress) -> None:
    """Raise Problem where managers are over their share: there is no way around it."""
    if congress.assembly:
        return
    managers = next(row for row in quota_table(congress) if row.ceiling)
    if managers.missing:
        raise Problem(
            "%(elected)d managers are elected; at most %(demanded)d may be. The election is not certified.",
            elected=managers.elected, demanded=managers.demanded,
        )  # fmt: skip
