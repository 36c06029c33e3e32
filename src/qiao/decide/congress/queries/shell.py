"""What the shell asks: stations, what waits for whom, receipts, doors, the panel of a unit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import Actor
from qiao.base.i18n import day_text, pick
from qiao.base.lineage import Stage, Station
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, Door, OpenItem, OwnItem, Panel, PanelLine, ReceiptState
from qiao.decide.congress.choices import (
    AffairState,
    BreachState,
    ItemState,
    ProposalState,
    SessionState,
    TermState,
)
from qiao.decide.congress.models import (
    Affair,
    Breach,
    Congress,
    DelegateProposal,
    Item,
    MeetingCall,
    Question,
    Session,
    VoteMark,
)
from qiao.decide.congress.queries.terms import persons_of, seats_held
from qiao.decide.congress.rules.states import PROPOSAL_HANDLED, affair_steps, proposal_steps
from qiao.org.units.models import Unit

_MOST = 30


def _below(paths: Collection[str], field: str) -> Q:
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{field}__startswith": path})
    return found


def stations(codes: Collection[str]) -> list[Station]:
    """Items of business among these codes as stations of a thread: one query."""
    own = [code for code in codes if code.startswith("WI-")]
    if not own:
        return []
    rows = Item.objects.filter(code__in=own).select_related("session").order_by("session__meets", "position")
    return [
        Station(
            code=row.code,
            stage=Stage.DECIDE,
            kind=_("Workers' congress"),
            title=pick(row.title),
            url=reverse("congress:item", args=[row.code]),
            state=str(row.get_outcome_display() if row.outcome else row.get_state_display()),
            at=row.settled or row.session.called,
            finished=row.state == ItemState.DONE,
            awaits="" if row.state == ItemState.DONE else _("Awaits the meeting of the congress"),
            due=None if row.state == ItemState.DONE else row.session.meets,
            weight=4,
        )
        for row in rows
    ]


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:  # noqa: ARG001 - the shell asks all alike
    """What officers have to do for their congresses, each with its clock."""
    run, above, review = actor.paths("congress.run"), actor.paths("congress.certify"), actor.paths("congress.review")
    items: list[DeskItem] = []
    if run:
        items += _meetings(run) + _owed(run) + _terms(run)
    if above:
        items += [
            _item(None, _("Delegates of %(unit)s") % {"unit": pick(row.unit.name)}, row.unit,
                  _("Certify the elections"), reverse("congress:congress", args=[row.code]))
            for row in Congress.objects.filter(_below(above, "unit__path"), state=TermState.FILED)
            .select_related("unit").order_by("filed", "pk")[:_MOST]
            if not actor.did(row.filed_by_id) and actor.may("congress.certify", row.unit.path[:-5] or row.unit.path)
        ]  # fmt: skip
    if review:
        items += _proposals(review)
    return items


def _item(due: datetime | None, title: str, unit: Unit, step: str, url: str) -> DeskItem:
    return DeskItem(due=due, title=title, stage=Stage.DECIDE, unit=pick(unit.name), next_step=step, url=url)


def _meetings(paths: Collection[str]) -> list[DeskItem]:
    rows = Session.objects.filter(_below(paths, "congress__unit__path")).exclude(
        state__in=[SessionState.FOLLOWED, SessionState.CANCELLED, SessionState.REPORTED]
    )
    steps = {
        SessionState.CALLED: (_("Send the papers"), "papers_due"),
        SessionState.PAPERS_SENT: (_("Write down who is there, open the meeting"), "meets"),
        SessionState.QUORUM: (_("Go on with the meeting"), "meets"),
        SessionState.VOTES: (_("Go on with the meeting"), "meets"),
        SessionState.RESOLVED: (_("Report the resolutions to the unit above"), "report_due"),
    }
    found = rows.select_related("congress__unit").order_by("meets", "pk")[:_MOST]
    items = [
        _item(getattr(row, steps[SessionState(row.state)][1]), pick(row.title), row.congress.unit,
              steps[SessionState(row.state)][0], reverse("congress:session", args=[row.code]))
        for row in found
    ]  # fmt: skip
    called = MeetingCall.objects.filter(_below(paths, "congress__unit__path"), reached__isnull=False).exclude(
        Exists(Session.objects.filter(call=OuterRef("pk")).exclude(state=SessionState.CANCELLED))
    )
    items += [
        _item(row.reached, row.subject, row.congress.unit, _("Delegates call a meeting: call it"),
              reverse("congress:congress", args=[row.congress.code]))
        for row in called.select_related("congress__unit").order_by("reached", "pk")[:_MOST]
    ]  # fmt: skip
    return items


def _owed(paths: Collection[str]) -> list[DeskItem]:
    affairs = Affair.objects.filter(_below(paths, "congress__unit__path"), state=AffairState.DUE)
    questions = Question.objects.filter(_below(paths, "affair__congress__unit__path"), answered__isnull=True)
    breaches = Breach.objects.filter(
        _below(paths, "congress__unit__path"), state__in=[BreachState.LETTER, BreachState.PASSED_ON]
    )
    items = [
        _item(row.due, pick(row.title), row.congress.unit, _("Have the employer show it"),
              reverse("congress:affair", args=[row.code]))
        for row in affairs.select_related("congress__unit").order_by("due", "pk")[:_MOST]
    ]  # fmt: skip
    items += [
        _item(row.due, pick(row.affair.title), row.affair.congress.unit, _("Get the employer's answer to a question"),
              reverse("congress:affair", args=[row.affair.code]))
        for row in questions.select_related("affair__congress__unit").order_by("due", "pk")[:_MOST]
    ]  # fmt: skip
    items += [
        _item(row.due, str(row.get_ground_display()), row.congress.unit, _("Mended, or before the authorities?"),
              reverse("congress:congress", args=[row.congress.code]))
        for row in breaches.select_related("congress__unit").order_by("due", "pk")[:_MOST]
    ]  # fmt: skip
    return items


def _terms(paths: Collection[str]) -> list[DeskItem]:
    rows = Congress.objects.filter(
        _below(paths, "unit__path"), state__in=[TermState.FORMING, TermState.ELECTING, TermState.RETURNED]
    )
    return [
        _item(None, _("Workers' congress being formed"), row.unit,
              _("Mend what was sent back") if row.state == TermState.RETURNED else _("Go on with the elections"),
              reverse("congress:congress", args=[row.code]))
        for row in rows.select_related("unit").order_by("formed", "pk")[:_MOST]
    ]  # fmt: skip


def _proposals(paths: Collection[str]) -> list[DeskItem]:
    rows = DelegateProposal.objects.filter(
        _below(paths, "congress__unit__path"),
        state__in=[ProposalState.SUBMITTED, ProposalState.FILED, *PROPOSAL_HANDLED],
    )
    steps = {
        ProposalState.SUBMITTED: _("Review the proposal"),
        ProposalState.FILED: _("Say which office replies"),
    }
    return [
        _item(row.review_due if row.state == ProposalState.SUBMITTED else row.due, row.title, row.congress.unit,
              steps.get(ProposalState(row.state), _("Get the reply")), reverse("congress:proposal", args=[row.code]))
        for row in rows.select_related("congress__unit").order_by("due", "pk")[:_MOST]
    ]  # fmt: skip


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:
    """For a delegate: votes open now, papers to read, replies to rate, proposals that look for seconders."""
    if not actor.signed_in:
        return []
    seats = list(seats_held(actor))
    if not seats:
        return []
    keys, terms = [seat.pk for seat in seats], [seat.congress_id for seat in seats]
    waiting = VoteMark.objects.filter(
        delegate__in=keys, voted=False, item__state=ItemState.OPEN, item__closes__gt=now
    ).select_related("item__session")
    items = [
        OpenItem(row.item.closes, pick(row.item.title), Stage.DECIDE, _("Secret vote of the workers' congress"),
                 reverse("congress:vote", args=[row.item.code]))
        for row in waiting.order_by("item__closes", "pk")[:5]
    ]  # fmt: skip
    meetings = Session.objects.filter(
        congress__in=terms,
        state__in=[SessionState.CALLED, SessionState.PAPERS_SENT, SessionState.QUORUM, SessionState.VOTES],
    )
    items += [
        OpenItem(row.meets, pick(row.title), Stage.DECIDE,
                 _("Meeting of the workers' congress: read the papers") if row.papers_sent
                 else _("Meeting of the workers' congress: papers follow"),
                 reverse("congress:session", args=[row.code]), only_told=True)
        for row in meetings.order_by("meets", "pk")[:5]
    ]  # fmt: skip
    replied = DelegateProposal.objects.filter(
        congress__in=terms, state=ProposalState.REPLIED, rating="", proposers__delegate__in=keys, proposers__first=True
    )
    items += [
        OpenItem(row.rate_by, row.title, Stage.DECIDE, _("Rate the reply to your proposal"),
                 reverse("congress:rate", args=[row.code]))
        for row in replied.order_by("rate_by", "pk")[:5]
    ]  # fmt: skip
    looking = DelegateProposal.objects.filter(congress__in=terms, state=ProposalState.DRAFT).exclude(
        Q(proposers__delegate__in=keys) | Q(seconds__delegate__in=keys)
    )
    items += [
        OpenItem(None, row.title, Stage.DECIDE, _("Looks for delegates who second it"),
                 reverse("congress:proposal", args=[row.code]))
        for row in looking.distinct().order_by("-drafted", "-pk")[:5]
    ]  # fmt: skip
    return items


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:
    """The member's proposals and questions, with what became of them."""
    persons = persons_of(actor)
    if not persons:
        return []
    made = DelegateProposal.objects.filter(proposers__delegate__person_id__in=persons).order_by("-drafted", "-pk")
    asked = Question.objects.filter(person_id__in=persons).select_related("affair").order_by("-asked", "-pk")
    items = [
        OwnItem(row.title, Stage.DECIDE, str(row.get_state_display()), reverse("congress:proposal", args=[row.code]),
                row.code, row.drafted, late=row.state in PROPOSAL_HANDLED and row.due is not None and row.due < now)
        for row in made[:20]
    ]  # fmt: skip
    items += [
        OwnItem(_("Question on: %(title)s") % {"title": pick(row.affair.title)}, Stage.DECIDE,
                _("Answered") if row.answered else _("Awaits the employer's answer"),
                reverse("congress:affair", args=[row.affair.code]), row.affair.code, row.asked,
                late=row.answered is None and row.due < now)
        for row in asked[:20]
    ]  # fmt: skip
    return items


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """What the receipt of a vote, a proposal or a question tells; never what a vote says."""
    if receipt.kind == "congress_vote":
        item = Item.objects.filter(code=receipt.code).first()
        if item is None:
            return None
        done = item.state == ItemState.DONE
        return ReceiptState(
            pick(item.title), Stage.DECIDE,
            _("Counted as one of %(cast)d votes") % {"cast": item.cast or 0} if done else _("In the box"),
            reverse("congress:item", args=[item.code]),
            ((_("In the box"), True), (_("Vote closed"), item.state != ItemState.OPEN), (_("Result settled"), done)),
        )  # fmt: skip
    if receipt.kind == "congress_proposal":
        proposal = DelegateProposal.objects.filter(receipt=receipt.number).first()
        if proposal is None:
            return None
        return ReceiptState(
            proposal.title, Stage.DECIDE, str(proposal.get_state_display()),
            reverse("congress:proposal", args=[proposal.code]),
            tuple((label, done or here) for label, done, here in proposal_steps(proposal.state)), proposal.reply,
        )  # fmt: skip
    if receipt.kind == "congress_question":
        question = Question.objects.filter(receipt=receipt.number).select_related("affair").first()
        if question is None:
            return None
        return ReceiptState(
            pick(question.affair.title), Stage.DECIDE,
            _("Answered") if question.answered else _("Awaits the employer's answer"),
            reverse("congress:affair", args=[question.affair.code]),
            tuple((label, done or here) for label, done, here in affair_steps(question.affair.state)), question.answer,
        )  # fmt: skip
    return None


def desk_doors(*, actor: Actor) -> list[Door]:
    """The board of congresses, for whoever runs, certifies or reviews."""
    if not any(actor.may(action) for action in ("congress.run", "congress.certify", "congress.review")):
        return []
    return [Door("decide", _("Workers' congresses"), reverse("congress:board"), _("Terms, meetings, open affairs"))]


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001 - the shell asks all apps alike
    """Forming a congress where none is formed."""
    if not actor.may("congress.run", unit.path):
        return []
    return [
        Door("decide", _("Form a workers' congress"), reverse("congress:new") + f"?unit={unit.label}",
             _("Electorate, seats, delegates"))
    ]  # fmt: skip


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - the shell asks all apps alike
    """The congress in term: its end, its next and last meeting, open affairs that are late."""
    term = Congress.objects.filter(unit=unit, state=TermState.IN_TERM).first()
    if term is None or term.until is None:
        return []
    end = term.extended_until or term.until
    lines = [
        PanelLine(
            _("Term until %(day)s") % {"day": day_text(end)}, _("over") if end <= localdate(now) else "",
            reverse("congress:congress", args=[term.code]), late=end <= localdate(now),
        )
    ]  # fmt: skip
    meetings = term.sessions.exclude(state=SessionState.CANCELLED).order_by("-meets")[:2]
    lines += [
        PanelLine(
            _("Meeting on %(day)s") % {"day": day_text(row.meets)}, str(row.get_state_display()),
            reverse("congress:session", args=[row.code]),
        )
        for row in meetings
    ]  # fmt: skip
    late = term.affairs.filter(state=AffairState.DUE, due__lt=now).count()
    if late:
        text = ngettext(
            "%(n)d item of open affairs not shown in time", "%(n)d items of open affairs not shown in time", late
        )
        lines.append(PanelLine(text % {"n": late}, url=reverse("congress:affairs", args=[term.code]), late=True))
    return [Panel(_("Workers' congress"), tuple(lines))]
