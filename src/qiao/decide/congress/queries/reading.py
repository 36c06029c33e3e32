"""Reading meetings, items, proposals and open affairs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.models import LedgerLeaf
from qiao.decide.congress.choices import (
    AffairState,
    Aspect,
    BreachState,
    Grade,
    ItemKind,
    ItemState,
    ProposalState,
    SessionState,
    Stance,
)
from qiao.decide.congress.models import (
    Affair,
    Breach,
    Congress,
    Delegate,
    DelegateProposal,
    Item,
    MeetingCall,
    Question,
    Second,
    Session,
    VoteMark,
)
from qiao.decide.congress.queries.terms import Standing, persons_of
from qiao.decide.congress.rules.states import PROPOSAL_HANDLED, PROPOSAL_PUBLIC
from qiao.decide.congress.rules.votes import needed_present, needed_votes


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a result: what was counted, how often, and its bar from 0 to 100."""

    label: str
    number: int
    width: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; appraisals have one for each side of the work."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Hall:
    """Attendance while a meeting goes on."""

    delegates: int
    present: int
    needed: int

    @property
    def enough(self) -> bool:
        """Whether there is a quorum."""
        return self.present >= self.needed


def session_by_code(code: str) -> Session:
    """One meeting. Raises Session.DoesNotExist."""
    return Session.objects.select_related("congress__unit").get(code=code)


def item_by_code(code: str) -> Item:
    """One item with its meeting. Raises Item.DoesNotExist."""
    return Item.objects.select_related("session__congress__unit").get(code=code)


def proposal_by_code(code: str) -> DelegateProposal:
    """One proposal. Raises DelegateProposal.DoesNotExist."""
    return DelegateProposal.objects.select_related("congress__unit", "reported_in").get(code=code)


def affair_by_code(code: str) -> Affair:
    """One item of open affairs. Raises Affair.DoesNotExist."""
    return Affair.objects.select_related("congress__unit").get(code=code)


def hall_of(session: Session) -> Hall:
    """Who is there now, of all delegates, and how many are needed."""
    congress = session.congress
    seats = congress.delegates.filter(until__isnull=True).count()
    size = max(seats, congress.workers) if congress.assembly else seats
    if session.opened is not None and session.delegates is not None:
        return Hall(session.delegates, session.present or 0, needed_present(session.delegates, session.quorum))
    return Hall(size, session.attendance.count(), needed_present(max(size, 1), session.quorum))


def roll_call(session: Session) -> list[tuple[Delegate, bool, bool]]:
    """Delegates in office with: present, in the presidium."""
    there = dict(session.attendance.order_by("pk").values_list("delegate_id", "presidium"))
    rows = session.congress.delegates.filter(until__isnull=True).select_related("constituency")
    return [(row, row.pk in there, there.get(row.pk, False)) for row in rows.order_by("constituency__position", "pk")]


def items_of(session: Session) -> list[Item]:
    """The agenda."""
    return list(session.items.order_by("position"))


def may_see_text(session: Session, who: Standing) -> bool:
    """Whether papers are shown: to everybody who works on it, to the unit once they are sent."""
    return who.may_run or (who.inside and session.papers_sent is not None)


def has_voted(item: Item, seat: Delegate | None) -> bool:
    """Whether this delegate's vote is in, or a paper taken."""
    return seat is not None and VoteMark.objects.filter(item=item, delegate=seat, voted=True).exists()


def is_there(session: Session, seat: Delegate | None) -> bool:
    """Whether this delegate is counted as present."""
    return seat is not None and session.attendance.filter(delegate=seat).exists()


def voted_so_far(item: Item) -> int:
    """How many votes are in: never which."""
    return VoteMark.objects.filter(item=item, voted=True).count()


def result_of(item: Item) -> list[Block]:
    """A settled vote, measured by all delegates; nothing where so few voted that counts would tell who."""
    if not item.counts or not item.delegates:
        return []
    counts, size = item.counts, item.delegates
    if item.kind == ItemKind.PASS:
        lines = [Line(str(word.label), counts.get(word, 0), _width(counts.get(word, 0), size)) for word in Stance]
        return [Block("", (*lines, _silent(item)))]
    if item.kind == ItemKind.ELECT:
        rows = sorted(item.options.all(), key=lambda row: (-counts.get(str(row.position), 0), row.position))
        return [
            Block(
                "",
                tuple(
                    Line(pick(row.name), counts.get(str(row.position), 0),
                         _width(counts.get(str(row.position), 0), size), row.elected)
                    for row in rows
                ),
            )
        ]  # fmt: skip
    return [
        Block(
            str(aspect.label),
            tuple(
                Line(str(grade.label), counts.get(f"{aspect}:{grade}", 0),
                     _width(counts.get(f"{aspect}:{grade}", 0), size))
                for grade in Grade
            ),
        )
        for aspect in Aspect
    ]  # fmt: skip


def _width(number: int, size: int) -> int:
    return round(100 * number / size)


def _silent(item: Item) -> Line:
    number = (item.delegates or 0) - (item.cast or 0)
    return Line(_("Did not vote"), number, _width(number, item.delegates or 1))


def needed_for(item: Item) -> int:
    """How many votes pass, of all delegates."""
    return needed_votes(item.delegates or 0, item.session.majority)


def ledger_entries(code: str) -> list[LedgerLeaf]:
    """What the ledger holds of a meeting or vote, oldest first."""
    return list(LedgerLeaf.objects.filter(code=code).order_by("pk"))


def sessions_of(congress: Congress) -> list[Session]:
    """Meetings of a term, the next first."""
    return list(congress.sessions.order_by("-meets", "-pk"))


def next_sessions(actor: Actor, limit: int = 8) -> list[Session]:
    """Meetings to come in the congresses of the visitor's units."""
    paths = {own[:end] for own in actor.member_paths for end in range(5, len(own) + 1, 5)}
    mine = Q(congress__unit__path__in=paths) | Q(congress__delegates__person_id__in=persons_of(actor))
    for path in actor.paths("congress.run"):
        mine |= Q(congress__unit__path__startswith=path)
    rows = Session.objects.filter(
        mine, state__in=[SessionState.CALLED, SessionState.PAPERS_SENT, SessionState.QUORUM, SessionState.VOTES]
    )
    return list(rows.select_related("congress__unit").distinct().order_by("meets", "pk")[:limit])


def resolutions(limit: int = 60) -> list[Item]:
    """What congresses have settled last, of meetings that resolved."""
    rows = Item.objects.filter(state=ItemState.DONE, session__resolved__isnull=False)
    return list(rows.select_related("session__congress__unit").order_by("-session__resolved", "position")[:limit])


def proposals_for(congress: Congress, who: Standing) -> QuerySet[DelegateProposal]:
    """Proposals as the visitor may read them: filed ones the unit, those looking for seconders delegates, one's own."""
    rows = congress.proposals.annotate(seconders=Count("seconds", distinct=True)).order_by("-drafted", "-pk")
    seen = Q(state__in=PROPOSAL_PUBLIC)
    if who.seat is not None:
        seen |= Q(state__in=[ProposalState.DRAFT, ProposalState.SECONDED]) | Q(
            Exists(congress.proposals.model.objects.filter(pk=OuterRef("pk"), proposers__delegate=who.seat))
        )
    if who.may_review:
        seen |= Q(state__in=[ProposalState.SUBMITTED, ProposalState.RETURNED])
    return rows.filter(seen)


def is_maker(proposal: DelegateProposal, actor: Actor, *, first: bool = False) -> bool:
    """Whether the actor makes this proposal (``first``: wrote it)."""
    rows = proposal.proposers.filter(first=True) if first else proposal.proposers.all()
    return actor.concerns(*rows.order_by("pk").values_list("delegate__person_id", flat=True))


def may_read(proposal: DelegateProposal, who: Standing, actor: Actor) -> bool:
    """Whether a proposal's page opens: as in `proposals_for`."""
    state = proposal.state
    if is_maker(proposal, actor):
        return True
    if state in PROPOSAL_PUBLIC:
        return who.inside
    if state in (ProposalState.DRAFT, ProposalState.SECONDED):
        return who.seat is not None
    return who.may_review and state in (ProposalState.SUBMITTED, ProposalState.RETURNED)


def makers_shown(proposal: DelegateProposal, who: Standing, actor: Actor) -> list[str]:
    """Names of the makers; none where they asked for a shield, but for the committee and themselves."""
    if proposal.shielded and not (who.may_review or is_maker(proposal, actor)):
        return []
    rows = proposal.proposers.select_related("delegate").order_by("-first", "pk")
    return [row.delegate.name for row in rows]


def has_seconded(proposal: DelegateProposal, seat: Delegate | None) -> bool:
    """Whether this delegate seconds it."""
    return seat is not None and Second.objects.filter(proposal=proposal, delegate=seat).exists()


def affairs_of(congress: Congress) -> QuerySet[Affair]:
    """Open affairs of a term, what is due first, with how many questions wait."""
    return congress.affairs.annotate(
        asked=Count("questions"), waiting=Count("questions", filter=Q(questions__answered__isnull=True))
    ).order_by("-due", "-pk")


def questions_of(affair: Affair) -> list[Question]:
    """Questions, oldest first, without their askers."""
    return list(affair.questions.defer("person").order_by("asked", "pk"))


def calls_of(congress: Congress) -> list[MeetingCall]:
    """Calls for a meeting with how many signed."""
    return list(congress.calls.annotate(signed=Count("signs")).order_by("-begun", "-pk"))


def has_signed(call: MeetingCall, seat: Delegate | None) -> bool:
    """Whether this delegate signed the call."""
    return seat is not None and call.signs.filter(delegate=seat).exists()


@dataclass(frozen=True, slots=True)
class Overdue:
    """Everything of one kind that is late, for the overdue list."""

    affairs: list[Affair]
    questions: list[Question]
    proposals: list[DelegateProposal]
    reports: list[Session]
    breaches: list[Breach]

    @property
    def any(self) -> bool:
        """Whether anything is late."""
        return bool(self.affairs or self.questions or self.proposals or self.reports or self.breaches)


def overdue(now: datetime, path: str = "", limit: int = 60) -> Overdue:
    """What is late in the subtree at ``path``: unshown, unanswered, unreplied, unreported, unmended."""
    return Overdue(
        list(
            Affair.objects.filter(congress__unit__path__startswith=path, state=AffairState.DUE, due__lt=now)
            .select_related("congress__unit").order_by("due", "pk")[:limit]
        ),
        list(
            Question.objects.filter(affair__congress__unit__path__startswith=path, answered__isnull=True, due__lt=now)
            .select_related("affair__congress__unit").order_by("due", "pk")[:limit]
        ),
        list(
            DelegateProposal.objects.filter(
                Q(state__in=PROPOSAL_HANDLED, due__lt=now) | Q(state=ProposalState.SUBMITTED, review_due__lt=now),
                congress__unit__path__startswith=path,
            ).select_related("congress__unit").order_by("due", "pk")[:limit]
        ),
        list(
            Session.objects.filter(
                congress__unit__path__startswith=path, state=SessionState.RESOLVED, report_due__lt=now
            ).select_related("congress__unit").order_by("report_due", "pk")[:limit]
        ),
        list(
            Breach.objects.filter(
                congress__unit__path__startswith=path, due__lt=now,
                state__in=[BreachState.LETTER, BreachState.PASSED_ON],
            ).select_related("congress__unit").order_by("due", "pk")[:limit]
        ),
    )  # fmt: skip
