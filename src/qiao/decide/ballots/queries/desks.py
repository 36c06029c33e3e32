"""Places for voting on paper and in the booth, and the roll as it is read there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from qiao.base.access import Actor
from qiao.decide.ballots.choices import Channel
from qiao.decide.ballots.models import Ballot, Cast, Desk, RollEntry, Sheet

#: More lines are not shown: whoever stands at the desk gives more of the name, or the number.
LINES = 20


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A place with its figures: handed out, typed once at least, settled. None while the vote is open."""

    desk: Desk
    given: int
    typed: int
    settled: int


@dataclass(frozen=True, slots=True)
class RollLine:
    """A member on the roll as the desk sees them."""

    number: int
    name: str
    voted: bool


def desks_of(ballot: Ballot) -> list[Desk]:
    """The places of a ballot, in the order in which they were opened."""
    return list(Desk.objects.filter(ballot=ballot).order_by("pk"))


def desk_by_key(code: str, key: int) -> Desk:
    """One place of a ballot; raises Desk.DoesNotExist."""
    return Desk.objects.select_related("ballot__unit").get(pk=key, ballot__code=code)


def desk_line(desk: Desk) -> DeskLine:
    """A place and how far its papers are."""
    sheets = Sheet.objects.filter(desk=desk).aggregate(typed=Count("pk"), settled=Count("pk", filter=Q(settled=True)))
    given = Cast.objects.filter(desk=desk, channel=Channel.PAPER).count()
    return DeskLine(desk, given, sheets["typed"], sheets["settled"])


def find_on_roll(ballot: Ballot, wanted: str) -> list[RollLine]:
    """Members on the roll by number, or by the beginning of their name; none for nothing asked."""
    wanted = " ".join(wanted.split())
    if not wanted:
        return []
    by = Q(person__name__istartswith=wanted)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 16:
        by |= Q(person_id=int(wanted))
    rows = RollEntry.objects.filter(by, ballot=ballot).select_related("person").order_by("person__name", "person_id")
    return [RollLine(row.person_id, row.person.name, row.voted) for row in rows[:LINES]]


def next_sheet(desk: Desk, actor: Actor) -> int | None:
    """The lowest number of a paper this officer may type now; None where nothing is left for them."""
    given = Cast.objects.filter(desk=desk, channel=Channel.PAPER).count()
    known = {sheet.number: sheet for sheet in Sheet.objects.filter(desk=desk)}
    for number in range(1, given + 1):
        sheet = known.get(number)
        if sheet is None or (not sheet.settled and not actor.did(sheet.first_by, sheet.second_by)):
            return number
    return None
