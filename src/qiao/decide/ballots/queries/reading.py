"""Ballots, their papers' count once there is one, and who may vote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.models import LedgerLeaf
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import BallotState, Channel, CountStage
from qiao.decide.ballots.models import Ballot, BallotItem, Cast, Desk, ResultFile, RollEntry
from qiao.decide.consultations.choices import ConsultationState
from qiao.decide.consultations.models import Consultation
from qiao.decide.proposals.models import Proposal
from qiao.decide.proposals.queries import open_proposals
from qiao.org.units.models import Unit
from qiao.org.units.queries import upper_units

PER_PAGE = 30
#: A count that has said nothing for so long has lost its worker.
STUCK = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Winner:
    """A project the vote bought; ``votes`` is None where too few voted for counts to be published."""

    proposal_code: str
    cost: Decimal
    votes: int | None
    order: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One line of a result: the project and, for those bought, how it was paid for (amounts as stored)."""

    item: BallotItem
    supporters: int | None
    most: Decimal | None
    full: int | None
    rest: int | None
    tied_with: tuple[str, ...]
    from_leftover: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A counted vote as its page tells it."""

    bought: tuple[ItemLine, ...]
    others: tuple[ItemLine, ...]
    shows_counts: bool
    unspent: Decimal | None
    used: float | None
    turnout_rate: float
    valid: int


@dataclass(frozen=True, slots=True)
class BallotLine:
    """Whether somebody may vote, and whether they have."""

    on_roll: bool
    voted: bool


def ballot_by_code(code: str) -> Ballot:
    """The ballot with this code and its unit; raises Ballot.DoesNotExist."""
    return Ballot.objects.select_related("unit").get(code=code)


def all_ballots() -> QuerySet[Ballot]:
    """Every ballot, newest first, with ``lines``: how many proposals stand on it."""
    return Ballot.objects.select_related("unit").annotate(lines=Count("items")).order_by("-planned", "-pk")


def open_ballots(now: datetime) -> QuerySet[Ballot]:
    """Ballots that take papers now, what closes first on top."""
    return all_ballots().filter(state=BallotState.OPEN, closes__gt=now).order_by("closes", "pk")


def ballots_awaiting_decision() -> QuerySet[Ballot]:
    """Counted ballots, oldest count first; the register of decisions takes out those it has followed."""
    return all_ballots().filter(state=BallotState.COUNTED).order_by("counted", "pk")


def due_to_open(now: datetime) -> list[str]:
    """Codes of planned ballots whose announced time has come and whose end has not."""
    return list(
        Ballot.objects.filter(state=BallotState.PLANNED, opens__lte=now, closes__gt=now)
        .order_by("opens", "pk")
        .values_list("code", flat=True)
    )


def due_to_close(now: datetime) -> list[str]:
    """Codes of open ballots whose announced end is over and whose papers are all in the box."""
    given = Cast.objects.filter(desk=OuterRef("pk"), channel=Channel.PAPER)
    waiting = Desk.objects.filter(Exists(given), ballot=OuterRef("pk"), finished__isnull=True, channel=Channel.PAPER)
    return list(
        Ballot.objects.filter(~Exists(waiting), state=BallotState.OPEN, closes__lte=now)
        .order_by("closes", "pk")
        .values_list("code", flat=True)
    )


def stuck_counts(now: datetime) -> list[str]:
    """Codes of closed ballots whose count was asked for long ago and is neither done nor refused by a check."""
    running = [CountStage.ASKED, CountStage.READING, CountStage.COUNTING, CountStage.CHECKING]
    asked = Ballot.objects.filter(state=BallotState.CLOSED, count_stage__in=running, count_asked__lt=now - STUCK)
    return list(asked.order_by("pk").values_list("code", flat=True))


def winners(code: str) -> list[Winner]:
    """What a counted vote bought, in the order of buying; empty before the count."""
    rows = BallotItem.objects.filter(ballot__code=code, place__isnull=False).order_by("place")
    return [Winner(item.proposal_code, item.cost, item.votes, item.place or 0) for item in rows]


def losers(code: str) -> list[str]:
    """Codes of the proposals a counted vote did not buy, in ballot order; empty before the count."""
    rows = BallotItem.objects.filter(ballot__code=code, ballot__state=BallotState.COUNTED, place__isnull=True)
    return list(rows.order_by("position").values_list("proposal_code", flat=True))


def ballots_after(proposal_codes: Iterable[str]) -> dict[str, str]:
    """For each of these proposals the last vote it stands or stood on, withdrawn ones apart."""
    rows = BallotItem.objects.filter(proposal_code__in=list(proposal_codes))
    found = rows.exclude(ballot__state=BallotState.WITHDRAWN).order_by("ballot_id")
    return dict(found.values_list("proposal_code", "ballot__code"))


def item_lines(ballot: Ballot) -> list[BallotItem]:
    """What stands on the paper, in its order."""
    return list(ballot.items.order_by("position"))


def result_of(ballot: Ballot) -> Result | None:
    """The result of a counted ballot, None before."""
    if ballot.state != BallotState.COUNTED:
        return None
    equal: dict[str, tuple[str, ...]] = {}
    for tie in ballot.ties:
        equal[tie["bought"]] = (*equal.get(tie["bought"], ()), *tie["equal"])
    lines = [_line(item, equal.get(item.proposal_code, ())) for item in item_lines(ballot)]
    spent = ballot.spent or Decimal(0)
    others = [line for line in lines if line.item.place is None]
    behind = {code: place for place, code in enumerate(ballot.working.get("order", ()))}
    return Result(
        bought=tuple(sorted((line for line in lines if line.item.place), key=lambda line: line.item.place or 0)),
        others=tuple(
            sorted(
                others,
                key=lambda line: (behind.get(line.item.proposal_code, 0), -(line.item.votes or 0), line.item.position),
            )
        ),
        shows_counts=rules.shows_counts((ballot.turnout or 0) - ballot.blank),
        unspent=None if ballot.budget is None else ballot.budget - spent,
        used=None if ballot.budget is None else float(spent / ballot.budget),
        turnout_rate=(ballot.turnout or 0) / (ballot.roll_size or 1),
        valid=(ballot.turnout or 0) - ballot.blank,
    )


def _line(item: BallotItem, tied: tuple[str, ...]) -> ItemLine:
    paid = item.payment
    return ItemLine(
        item=item,
        supporters=paid.get("supporters"),
        most=Decimal(paid["most"]) if "most" in paid else None,
        full=paid.get("full"),
        rest=paid.get("rest"),
        tied_with=tied,
        from_leftover=bool(paid.get("leftover")),
    )


def result_file(code: str) -> str | None:
    """The text of the file of papers of a counted ballot, None where there is none."""
    return ResultFile.objects.filter(ballot__code=code).values_list("text", flat=True).first()


def result_ending(code: str) -> str:
    """How the file of papers is called: pb, or one of PrefLib's endings; empty where there is none."""
    return ResultFile.objects.filter(ballot__code=code).values_list("ending", flat=True).first() or ""


def ledger_entries(code: str) -> list[tuple[str, int]]:
    """Kind and index of every entry the ledger holds of this ballot, oldest first."""
    return list(LedgerLeaf.objects.filter(code=code).order_by("index").values_list("kind", "index"))


def on_roll(ballot: Ballot, actor: Actor) -> BallotLine:
    """Whether the actor stands on the frozen roll, and whether their vote is in the box."""
    if actor.person_id is None:
        return BallotLine(on_roll=False, voted=False)
    entry = RollEntry.objects.filter(ballot=ballot, person_id=actor.person_id).values_list("voted", flat=True).first()
    return BallotLine(on_roll=entry is not None, voted=bool(entry))


def may_vote(ballot: Ballot, actor: Actor, now: datetime) -> bool:
    """Whether the actor could put a paper into the box now."""
    line = on_roll(ballot, actor)
    return line.on_roll and not line.voted and rules.is_voting(ballot.state, ballot.closes, now)


def proposal_options(actor: Actor) -> list[Proposal]:
    """Proposals the actor may put on a new ballot: costed, undecided, on no other ballot now."""
    live = BallotItem.objects.filter(
        ballot__state__in=[BallotState.PLANNED, BallotState.OPEN, BallotState.CLOSED]
    ).values_list("proposal_code", flat=True)
    return list(open_proposals(actor.paths("ballot.run")).filter(cost__gt=0).exclude(code__in=live))


def consultation_options(proposal_codes: Iterable[str]) -> list[tuple[str, str]]:
    """Code and title of the consultations that were about any of these proposals and have closed, newest first."""
    found = Consultation.objects.filter(
        proposals__proposal_code__in=list(proposal_codes),
        state__in=[ConsultationState.CLOSED, ConsultationState.ANSWERED],
    )
    return [(row.code, pick(row.title)) for row in found.distinct().order_by("-closes", "-pk")[:50]]


def unit_options(actor: Actor) -> QuerySet[Unit]:
    """Units whose members the actor may call to vote."""
    return upper_units(actor.paths("ballot.run"))


def in_subtrees(paths: Iterable[str]) -> Q:
    """The condition that a ballot's unit lies in one of these subtrees; false for none."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(unit__path__startswith=path)
    return condition
