"""What the shell asks: stations of a thread, what waits for whom, what a receipt says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage, Station
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, OpenItem, OwnItem, ReceiptState
from qiao.decide.ballots.choices import BallotState, DeedState, IdeaState
from qiao.decide.ballots.models import Ballot, DeedRound, Idea, RollEntry
from qiao.decide.ballots.queries.deeds import reports_due
from qiao.decide.ballots.queries.reading import in_subtrees, open_ballots


def stations(codes: Collection[str]) -> list[Station]:
    """Ballots and rounds of practical deeds among these codes as stations of a thread: a query for each kind."""
    own = [code for code in codes if code.startswith("B-")]
    deeds = [code for code in codes if code.startswith("DD-")]
    rounds = DeedRound.objects.filter(code__in=deeds).order_by("planned", "pk") if deeds else []
    told = [_deed_station(round_) for round_ in rounds]
    if not own:
        return told
    found = (
        Ballot.objects.filter(code__in=own)
        .annotate(bought=Count("items", filter=Q(items__place__isnull=False)))
        .order_by("planned", "pk")
    )
    return [*told, *(_station(ballot, ballot.bought) for ballot in found)]


def _deed_station(round_: DeedRound) -> Station:
    finished = round_.state == DeedState.CLOSED
    return Station(
        code=round_.code,
        stage=Stage.DECIDE,
        kind=_("Round of practical deeds"),
        title=pick(round_.title),
        url=reverse("ballots:deeds", args=[round_.code]),
        state=str(round_.get_state_display()),
        at=round_.ended or round_.planned,
        figure="",
        finished=finished,
        awaits="",
        due=None,
        weight=2,
    )


def _station(ballot: Ballot, bought: int) -> Station:
    counted = ballot.state == BallotState.COUNTED
    figure = ""
    if counted and ballot.roll_size:
        figure = ngettext(
            "%(number)d project chosen, %(turnout)d of %(roll)d voted",
            "%(number)d projects chosen, %(turnout)d of %(roll)d voted",
            bought,
        ) % {"number": bought, "turnout": ballot.turnout or 0, "roll": ballot.roll_size}
    awaits = {
        BallotState.PLANNED.value: _("Awaits its opening"),
        BallotState.OPEN.value: _("Awaits the votes of members"),
        BallotState.CLOSED.value: _("Awaits the count"),
    }.get(ballot.state, "")
    due = ballot.opens if ballot.state == BallotState.PLANNED else ballot.closes
    return Station(
        code=ballot.code,
        stage=Stage.DECIDE,
        kind=_("Vote of members"),
        title=pick(ballot.title),
        url=reverse("ballots:ballot", args=[ballot.code]),
        state=str(ballot.get_state_display()),
        at=ballot.counted or ballot.opened or ballot.planned,
        figure=figure,
        finished=ballot.state in (BallotState.COUNTED, BallotState.WITHDRAWN),
        awaits=awaits,
        due=due if awaits else None,
        weight=3,
    )


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """Votes to open and progress reports for who runs them, votes to close and count for the count officer."""
    to_open = Ballot.objects.filter(in_subtrees(actor.paths("ballot.run")), state=BallotState.PLANNED)
    to_count = Ballot.objects.filter(in_subtrees(actor.paths("ballot.count"))).filter(
        Q(state=BallotState.CLOSED) | Q(state=BallotState.OPEN, closes__lte=now)
    )
    items = [
        (ballot, ballot.opens, _("Freeze the roll and open the vote"))
        for ballot in to_open.select_related("unit").order_by("opens", "pk")
    ]
    items += [
        (ballot, ballot.closes, _("Close and count"))
        for ballot in to_count.select_related("unit").order_by("closes", "pk")
    ]
    return [
        DeskItem(
            due=due,
            title=pick(ballot.title),
            stage=Stage.DECIDE,
            unit=pick(ballot.unit.name),
            next_step=step,
            url=reverse("ballots:ballot", args=[ballot.code]),
        )
        for ballot, due, step in items
    ] + [
        DeskItem(
            due=due,
            title=pick(round_.title),
            stage=Stage.DECIDE,
            unit=pick(round_.unit.name),
            next_step=_("Publish the progress report"),
            url=reverse("ballots:deeds_report", args=[round_.code]),
        )
        for round_, due in reports_due(actor.paths("ballot.run"))
    ]


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:
    """Votes open to this member and not yet used; to somebody not signed in, every open vote with whom it is for."""
    ballots = open_ballots(now)
    if actor.signed_in:
        if actor.person_id is None:
            return []
        ballots = ballots.filter(
            pk__in=RollEntry.objects.filter(person_id=actor.person_id, voted=False).values("ballot_id")
        )
    return [
        OpenItem(
            closes=ballot.closes,
            title=pick(ballot.title),
            stage=Stage.DECIDE,
            note=_("Vote · secret, one member one vote")
            if actor.signed_in
            else _("Vote of the members of %(unit)s") % {"unit": pick(ballot.unit.name)},
            url=reverse("ballots:vote" if actor.signed_in else "ballots:ballot", args=[ballot.code]),
        )
        for ballot in ballots
    ]


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:
    """Votes this member took part in. The time shown is the vote's own: when somebody voted is kept nowhere."""
    if actor.person_id is None:
        return []
    entries = (
        RollEntry.objects.filter(person_id=actor.person_id, voted=True).select_related("ballot").order_by("-ballot_id")
    )
    return [
        OwnItem(
            title=pick(entry.ballot.title),
            stage=Stage.DECIDE,
            state=_state_of_vote(entry.ballot),
            url=reverse("ballots:ballot", args=[entry.ballot.code]),
            thread_code=entry.ballot.code,
            at=entry.ballot.opened or now,
        )
        for entry in entries[:50]
    ]


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """What the receipt of a vote tells: that it is in the box, then that it was counted; never what it says."""
    if receipt.kind == "idea":
        return _idea_state(receipt)
    if receipt.kind != "ballot":
        return None
    ballot = Ballot.objects.filter(code=receipt.code).first()
    if ballot is None:
        return None
    closed = ballot.state in (BallotState.CLOSED, BallotState.COUNTED)
    counted = ballot.state == BallotState.COUNTED
    return ReceiptState(
        title=pick(ballot.title),
        stage=Stage.DECIDE,
        state=_state_of_vote(ballot),
        url=reverse("ballots:ballot", args=[ballot.code]),
        steps=((_("In the box"), True), (_("Vote closed"), closed), (pgettext("ballot", "Counted"), counted)),
    )


def _idea_state(receipt: Receipt) -> ReceiptState | None:
    """Where an idea went; one that was merged tells where the idea it was merged into went."""
    idea = Idea.objects.select_related("round", "merged_into").filter(code=receipt.reference).first()
    if idea is None:
        return None
    shown = idea.merged_into or idea
    settled = shown.state != IdeaState.FILED
    voted = shown.state in (IdeaState.LISTED, IdeaState.NOT_CHOSEN, IdeaState.CARRIED)
    return ReceiptState(
        title=pick(idea.title),
        stage=Stage.DECIDE,
        state=str(shown.get_state_display()),
        url=reverse("ballots:idea", args=[idea.round.code, shown.code]),
        steps=(
            (str(IdeaState.FILED.label), True),
            (_("Merged and checked"), settled),
            (_("Voted on"), voted),
        ),
    )


def _state_of_vote(ballot: Ballot) -> str:
    if ballot.state == BallotState.COUNTED:
        return _("Counted as one of %(papers)d votes") % {"papers": ballot.turnout or 0}
    if ballot.state == BallotState.CLOSED:
        return _("In the sealed box, awaits the count")
    return _("In the box")
