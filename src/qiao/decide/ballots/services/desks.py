"""Voting on paper and in the booth: one roll, one vote, one tally, whatever the way.

At a desk the member is found on the frozen roll and marked; from then on no other way is open to them. On paper they
get a ballot paper without a name and a receipt; its box is opened after the announced end, and each paper is typed by
two people, by a third where they differ. In the booth they get a code that opens the ballot paper once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import new_secret_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized, pick
from qiao.base.ledger import log
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import BallotState, Channel
from qiao.decide.ballots.models import Ballot, BoothCode, Cast, Desk, Paper, Sheet
from qiao.decide.ballots.rules.sealing import booth_digest
from qiao.decide.ballots.services.close_ballot import refuse_sponsors
from qiao.decide.ballots.services.put_paper import hold_open, listed_codes, mark_roll, note_cast, put_paper


def open_desk(*, actor: Actor, now: datetime, code: str, name: Localized, channel: Channel) -> Desk:
    """Open a place for voting on paper or in the booth; the ledger says where there are such places.

    Raises Refused without ``ballot.count``, Problem without a name or once the announced end is over.
    """
    with atomic():
        ballot = Ballot.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "ballot.count", ballot.unit.path)
        if not pick(name):
            raise Problem("Say where the place is, so that members find it.")
        if ballot.state not in (BallotState.PLANNED, BallotState.OPEN) or ballot.closes <= now:
            raise Problem("This vote is over: no place can be opened any more.")
        desk = Desk.objects.create(
            ballot=ballot, name=name, channel=Channel(channel), opened=now, opened_by=actor.account_id
        )
        log.append(kind="ballot.desk", code=code, now=now, content={"name": name, "channel": desk.channel})
        audit.record(
            actor=actor, now=now, action="ballot.open_desk", code=code, unit_path=ballot.unit.path,
            detail={"desk": desk.pk, "channel": desk.channel},
        )  # fmt: skip
    return desk


def give_paper(*, actor: Actor, now: datetime, desk_id: int, person_id: int) -> Receipt:
    """Mark the member on the roll and return the receipt that goes with the paper handed out.

    No audit row names the member: it would hold a time beside the mark. Raises Refused without ``ballot.count``,
    `VotedAlready`, Problem outside the hours or for somebody not on the roll.
    """
    with atomic():
        ballot, desk = _at_desk(actor, now, desk_id, Channel.PAPER)
        mark_roll(ballot, person_id)
        note_cast(ballot=ballot, channel=Channel.PAPER, desk=desk, now=now)
        return give_receipt(kind="ballot", code=ballot.code, now=now)


def give_booth_code(*, actor: Actor, now: datetime, desk_id: int, person_id: int) -> str:
    """Mark the member on the roll and return a code that opens the ballot paper in the booth once. Raises as paper."""
    with atomic():
        ballot, desk = _at_desk(actor, now, desk_id, Channel.BOOTH)
        mark_roll(ballot, person_id)
        code = new_secret_code()
        BoothCode.objects.create(desk=desk, digest=booth_digest(code))
        return code


def cast_in_booth(
    *,
    now: datetime,
    code: str,
    booth_code: str,
    proposal_codes: Collection[str] = (),
    ranks: Mapping[str, int] | None = None,
) -> Receipt:
    """Put one paper into the box with the code handed out at the desk. The code is bound to nobody.

    Raises Problem for a code that was not handed out or is used, outside the hours, and for marks as `cast_ballot`.
    """
    with atomic():
        ballot = hold_open(code)
        if not rules.is_voting(ballot.state, ballot.closes, now):
            raise Problem("This vote is not open now.")
        marks = rules.mark_paper(
            rule=ballot.rule, most=ballot.most, listed=listed_codes(ballot), chosen=proposal_codes, ranks=ranks
        )
        waiting = BoothCode.objects.filter(desk__ballot=ballot, digest=booth_digest(booth_code), used=False)
        found = waiting.select_for_update(of=("self",)).select_related("desk").first()
        if found is None:
            raise Problem("This code opens no ballot paper here: it was used, or mistyped.")
        found.used = True
        found.save(update_fields=["used"])
        return put_paper(ballot=ballot, marks=marks, channel=Channel.BOOTH, desk=found.desk, now=now)


def type_sheet(
    *,
    actor: Actor,
    now: datetime,
    desk_id: int,
    number: int,
    proposal_codes: Collection[str] = (),
    ranks: Mapping[str, int] | None = None,
) -> Sheet:
    """Type one paper out of the box of a desk: the first time, the second time, or the third that settles it.

    The box is opened after the announced end, so that nobody sees a count before. Naming nothing makes it a blank
    paper. Raises Refused without ``ballot.count``, Problem before the end, for a paper one has typed already, for
    more papers than were handed out, and for marks the ballot paper does not allow.
    """
    with atomic():
        desk = _opened_box(actor, now, desk_id)
        ballot = desk.ballot
        if number < 1 or number > given_at(desk):
            raise Problem(
                "At this place %(given)d papers were handed out: there is no paper number %(number)d.",
                given=given_at(desk), number=number,
            )  # fmt: skip
        marks = rules.mark_paper(
            rule=ballot.rule, most=ballot.most, listed=listed_codes(ballot), chosen=proposal_codes, ranks=ranks,
            may_be_blank=True,
        )  # fmt: skip
        said, by = marks._asdict(), actor.account_id or 0
        sheet = Sheet.objects.select_for_update().filter(desk=desk, number=number).first()
        if sheet is None:
            return Sheet.objects.create(desk=desk, number=number, first=said, first_by=by)
        if sheet.settled:
            raise Problem("This paper has been typed twice alike: nothing is left to do with it.")
        if actor.did(sheet.first_by, sheet.second_by):
            raise Problem("You have typed this paper: somebody else types it the next time.")
        if sheet.second is None:
            sheet.second, sheet.second_by = said, by
            sheet.settled = said == sheet.first
        else:
            sheet.third, sheet.third_by, sheet.settled = said, by, True
        sheet.save()
    return sheet


def finish_desk(
    *, actor: Actor, now: datetime, desk_id: int, missing: int = 0, reason: Localized | None = None
) -> Desk:
    """Put the typed papers of a desk into the box of the vote; doing it again changes nothing.

    Papers typed and ``missing`` (handed out, not found in the box; with the public reason) must be as many as were
    handed out. Raises Refused without ``ballot.count``, Problem where they are not or a paper is not settled.
    """
    with atomic():
        desk = _opened_box(actor, now, desk_id)
        if desk.finished is not None:
            return desk
        sheets = list(desk.sheets.order_by("number"))
        open_ones = [sheet.number for sheet in sheets if not sheet.settled]
        if open_ones:
            raise Problem(
                "Paper %(number)d is not settled: it needs another typing by somebody else.", number=open_ones[0]
            )
        given = given_at(desk)
        if len(sheets) + missing != given:
            raise Problem(
                "At this place %(given)d papers were handed out; %(typed)d are typed and %(missing)d are said to be "
                "missing. The two must make up the first.",
                given=given, typed=len(sheets), missing=missing,
            )  # fmt: skip
        if missing and not pick(reason or {}):
            raise Problem("Say why papers are missing: the reason is published.")
        for sheet in sheets:
            said = sheet.third or sheet.first
            Paper.objects.create(ballot=desk.ballot, marks=said["marks"], ranks=said["ranks"])
        desk.sheets.all().delete()
        desk.finished, desk.missing, desk.reason = now, missing, (reason or {}) if missing else {}
        desk.save(update_fields=["finished", "missing", "reason"])
        audit.record(
            actor=actor, now=now, action="ballot.finish_desk", code=desk.ballot.code, unit_path=desk.ballot.unit.path,
            detail={"desk": desk.pk, "papers": len(sheets), "missing": missing},
        )  # fmt: skip
    return desk


def given_at(desk: Desk) -> int:
    """How many papers were handed out at a desk."""
    return Cast.objects.filter(desk=desk, channel=Channel.PAPER).count()


def _at_desk(actor: Actor, now: datetime, desk_id: int, channel: Channel) -> tuple[Ballot, Desk]:
    desk = Desk.objects.select_related("ballot__unit").get(pk=desk_id)
    require(actor, "ballot.count", desk.ballot.unit.path)
    ballot = hold_open(desk.ballot.code)
    if desk.channel != channel:
        raise Problem("This is a place of another kind.")
    if not rules.is_voting(ballot.state, ballot.closes, now):
        raise Problem("This vote is not open now.")
    return ballot, desk


def _opened_box(actor: Actor, now: datetime, desk_id: int) -> Desk:
    desk = Desk.objects.select_for_update(of=("self",)).select_related("ballot__unit").get(pk=desk_id)
    require(actor, "ballot.count", desk.ballot.unit.path)
    refuse_sponsors(actor, desk.ballot.code)
    if desk.channel != Channel.PAPER:
        raise Problem("This is a place of another kind.")
    if desk.finished is None and not rules.is_due_to_close(desk.ballot.state, desk.ballot.closes, now):
        raise Problem("The box is opened after the announced end, so that nobody sees a count before.")
    return desk
