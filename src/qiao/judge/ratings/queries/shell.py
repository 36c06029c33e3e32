"""What the shell asks: stations of threads, the desk, what is open, one's own, receipts, doors and panels."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qiao.base.access import Actor
from qiao.base.i18n import percent_text, pick
from qiao.base.lineage import Stage, Station
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, Door, OpenItem, OwnItem, Panel, PanelLine, ReceiptState
from qiao.judge.ratings.choices import (
    BEFORE_OPENING,
    RESULT_STATES,
    ObjectionState,
    PetitionState,
    State,
)
from qiao.judge.ratings.models import MembersCall, Rating, RollEntry
from qiao.judge.ratings.queries.lines import lines_of
from qiao.judge.ratings.queries.reading import RECEIPT, turnout_share
from qiao.org.units.models import Unit

CALL, ANSWER, DECIDE = "rating.call", "rating.answer", "appeal.decide"


def stations(codes: Collection[str]) -> list[Station]:
    """Ratings and petitions among these codes."""
    wanted = [code for code in codes if code.startswith("MR-")]
    asked = [code for code in codes if code.startswith("MP-")]
    found = [_station(row) for row in Rating.objects.filter(code__in=wanted).order_by("pk")] if wanted else []
    if asked:
        rows = MembersCall.objects.filter(code__in=asked).select_related("unit").order_by("pk")
        found += [
            Station(
                code=row.code, stage=Stage.JUDGE, kind=_("Petition for a rating"), title=pick(row.unit.name),
                url=reverse("ratings:petition", args=[row.code]), state=str(PetitionState(row.state).label),
                at=row.began, finished=row.state != PetitionState.COLLECTING,
            )
            for row in rows
        ]  # fmt: skip
    return found


def _station(row: Rating) -> Station:
    share = turnout_share(row) if row.state in RESULT_STATES else None
    return Station(
        code=row.code,
        stage=Stage.JUDGE,
        kind=_("Members' rating"),
        title=pick(row.title),
        url=reverse("ratings:rating", args=[row.code]),
        state=str(State(row.state).label),
        at=row.published or row.voided or row.opened or row.called,
        figure=_("%(share)s of the members voted") % {"share": percent_text(share)} if share is not None else "",
        finished=row.state in (State.DONE, State.VOID),
        awaits=_("Awaits the votes of members") if row.state == State.OPEN else "",
        due=row.closes if row.state == State.OPEN else None,
        weight=2,
    )


def _under(paths: Iterable[str], *, strictly: bool = False) -> Q:
    """Ratings of units below these paths; ``strictly``: not of the unit at the path itself."""
    found = Q(pk__in=[])
    for path in paths:
        one = Q(unit__path__startswith=path)
        found |= one & ~Q(unit__path=path, joint=False) if strictly else one
    return found


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """What waits for the union above, for count officers, and for the judged union; three queries."""
    items: list[DeskItem] = []
    called = _under(actor.paths(CALL), strictly=True)
    rows = Rating.objects.filter(called & Q(state__in=[*BEFORE_OPENING, *RESULT_STATES, State.VOID]))
    if actor.paths(CALL):
        for row in rows.exclude(state=State.DONE).select_related("unit").order_by("closes")[:60]:
            step = _next_above(row, now)
            if step:
                items.append(_item(row, *step))
    if actor.may("rating.count"):
        mine = Rating.objects.filter(keys__account_id__in=actor.own_accounts).select_related("unit")
        waiting = Q(state__in=BEFORE_OPENING, keys__public_key="") | Q(state=State.OPEN, closes__lte=now) | Q(
            state=State.CLOSED, keys__joined__isnull=True
        )  # fmt: skip
        for row in mine.filter(waiting, keys__account_id__in=actor.own_accounts).distinct().order_by("closes")[:30]:
            if row.state in BEFORE_OPENING:
                items.append(_item(row, row.opens, _("Register your key")))
            else:
                items.append(_item(row, row.closes, _("Join your key for the count")))
    own = [grant.path for grant in actor.grants if ANSWER in grant.actions]
    if own:
        judged = Rating.objects.filter(rated__unit__path__in=own, state__in=RESULT_STATES).select_related("unit")
        for row in judged.exclude(state=State.DONE).order_by("response_due")[:20]:
            if row.state == State.PUBLISHED and row.poor:
                items.append(_item(row, _end_of(row.plan_due), _("Plan what will be mended")))
            elif not row.response:
                items.append(_item(row, _end_of(row.response_due), _("Answer the rating")))
    if actor.paths(DECIDE):
        contested = Rating.objects.filter(
            _under(actor.paths(DECIDE), strictly=True), objections__state=ObjectionState.FILED
        ).exclude(called_by__in=actor.own_accounts)
        items += [
            _item(row, row.opens, _("Decide on objections to the roll"), "ratings:objections")
            for row in contested.select_related("unit").distinct().order_by("opens")[:20]
        ]
    return items


def _next_above(row: Rating, now: datetime) -> tuple[datetime | None, str] | None:
    if row.state == State.CALLED:
        return row.opens, _("Freeze the roll")
    if row.state == State.ROLL_FROZEN and row.objections_until and row.objections_until <= now and row.opens <= now:
        return row.opens, _("Open the vote")
    if row.state == State.PUBLISHED and row.plan_due and row.plan_due < localdate(now):
        return _end_of(row.plan_due), _("Set the remedy plan in place of the union rated")
    if row.state == State.REMEDY_PLAN and row.recheck_due:
        return _end_of(row.recheck_due), _("Recheck the remedies")
    if row.state == State.RECHECKED or (row.state == State.PUBLISHED and not row.poor):
        return None, _("End the rating")
    if row.state == State.VOID and row.rerun_due and not hasattr(row, "rerun"):
        return _end_of(row.rerun_due), _("Run the rating again")
    return None


def _end_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time.max, get_current_timezone()) if day else None


def _item(row: Rating, due: datetime | None, step: str, view: str = "ratings:rating") -> DeskItem:
    return DeskItem(
        due=due, title=pick(row.title), stage=Stage.JUDGE, unit=pick(row.unit.name), next_step=step,
        url=reverse(view, args=[row.code]),
    )  # fmt: skip


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:
    """Ratings open to this member and not yet used; rolls that can be contested; to others, every open rating."""
    rows = Rating.objects.filter(state=State.OPEN, opens__lte=now, closes__gt=now).select_related("unit")
    if actor.signed_in:
        if actor.person_id is None:
            return []
        mine = RollEntry.objects.filter(person_id=actor.person_id)
        frozen = Rating.objects.filter(
            state__in=[State.ROLL_FROZEN, State.ROLL_CONTESTED], objections_until__gt=now,
            pk__in=mine.values("rating_id"),
        )  # fmt: skip
        items = [
            OpenItem(
                closes=row.objections_until, title=pick(row.title), stage=Stage.JUDGE,
                note=_("The roll can be contested"), url=reverse("ratings:roll", args=[row.code]), only_told=True,
            )
            for row in frozen
        ]  # fmt: skip
        rows = rows.filter(pk__in=mine.filter(voted=False).values("rating_id"))
    else:
        items = []
    return items + [
        OpenItem(
            closes=row.closes,
            title=pick(row.title),
            stage=Stage.JUDGE,
            note=_("Rate your union · secret, one member one vote")
            if actor.signed_in
            else _("Rating by the members of %(unit)s") % {"unit": pick(row.unit.name)},
            url=reverse("ratings:vote" if actor.signed_in else "ratings:rating", args=[row.code]),
        )
        for row in rows.order_by("closes", "pk")[:50]
    ]


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:
    """Ratings this member took part in. The time shown is the rating's own: when somebody voted is kept nowhere."""
    if actor.person_id is None:
        return []
    rows = RollEntry.objects.filter(person_id=actor.person_id, voted=True).select_related("rating")
    return [
        OwnItem(
            title=pick(row.rating.title), stage=Stage.JUDGE, state=str(State(row.rating.state).label),
            url=reverse("ratings:rating", args=[row.rating.code]), thread_code=row.rating.code,
            at=row.rating.opened or now,
        )
        for row in rows.order_by("-rating_id")[:50]
    ]  # fmt: skip


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """What the receipt of a rating tells: in the box, then counted; never what it says."""
    if receipt.kind != RECEIPT:
        return None
    row = Rating.objects.filter(code=receipt.code).first()
    if row is None:
        return None
    counted = row.state in RESULT_STATES
    return ReceiptState(
        title=pick(row.title), stage=Stage.JUDGE,
        state=_("Counted with all others") if counted else str(State(row.state).label),
        url=reverse("ratings:receipt", args=[row.code]),
        steps=(
            (_("In the box"), True), (_("Vote closed"), row.closed is not None),
            (pgettext("ballot", "Counted"), counted),
        ),
    )  # fmt: skip


def desk_doors(*, actor: Actor) -> list[Door]:
    """The board, for those who call, count or answer."""
    if any(actor.may(action) for action in (CALL, "rating.count", ANSWER)):
        return [
            Door("judge", _("Members rate their union"), reverse("ratings:board"), _("Called, sealed, counted outside"))
        ]
    return []


def own_doors(*, actor: Actor) -> list[Door]:
    """For members: their unions' ratings, and the petition for one."""
    if not actor.is_member:
        return []
    return [Door("judge", _("Rate my union"), reverse("ratings:board"), _("Ratings, results, a petition for one"))]


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001 - the shell asks all apps alike
    """Calling a rating of this union, for the union above."""
    if len(unit.path) <= 5 or not actor.may(CALL, unit.path[:-5]):
        return []
    return [
        Door("judge", _("Call a members' rating"), reverse("ratings:new") + f"?unit={unit.label}",
             _("Secret, counted by officers from outside"))
    ]  # fmt: skip


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - the shell asks all alike
    """How members judge this union: its newest result, what runs, what is overdue."""
    rows = list(Rating.objects.filter(rated__unit=unit).order_by("-called", "-pk")[:4])
    if not rows:
        return []
    today, lines = localdate(now), []
    for row in rows:
        late = any(
            day is not None and day < today
            for day, runs in (
                (row.plan_due, row.state == State.PUBLISHED),
                (row.recheck_due, row.state == State.REMEDY_PLAN),
                (row.response_due, row.state in RESULT_STATES and not row.response),
            )
            if runs
        )
        lines.append(PanelLine(pick(row.title), _panel_text(row), reverse("ratings:rating", args=[row.code]), late))
    return [Panel(_("How members rate this union"), tuple(lines))]


def _panel_text(row: Rating) -> str:
    if row.state not in RESULT_STATES:
        return str(State(row.state).label)
    whole = next((line for line in lines_of(row) if line.point == "whole"), None)
    if whole is None or whole.satisfied is None:
        return _("%(valid)d of %(roll)d voted") % {"valid": row.turnout or 0, "roll": row.roll_size or 0}
    return _("%(share)s satisfied or fairly so; %(valid)d of %(roll)d voted") % {
        "share": percent_text(whole.satisfied), "valid": row.turnout or 0, "roll": row.roll_size or 0,
    }  # fmt: skip
