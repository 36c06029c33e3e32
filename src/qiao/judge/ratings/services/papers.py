"""Voting on paper: one roll, one vote, one count. The box is opened after the end, each ballot typed by two people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.base.redaction import require_clean
from qiao.judge.ratings.choices import Channel, State
from qiao.judge.ratings.models import Cast, Rating, Sheet
from qiao.judge.ratings.rules.form import checked
from qiao.judge.ratings.rules.states import is_voting
from qiao.judge.ratings.services.steps import locked, note, require_count_officer
from qiao.judge.ratings.services.voting import RECEIPT, hold_open, mark_roll, note_cast, put_paper


def give_paper(*, actor: Actor, now: datetime, code: str, person_id: int) -> Receipt:
    """Mark a member on the roll and return the receipt that goes with the paper handed out. No audit row names them.

    Raises Refused for all but the rating's count officers, `VotedAlready`, Problem outside the hours or for somebody
    not on the roll.
    """
    with atomic():
        rating = hold_open(code)
        require_count_officer(actor, rating, now)
        if not is_voting(rating.state, rating.closes, now):
            raise Problem("This vote is not open now.")
        mark_roll(rating, person_id)
        note_cast(rating, Channel.PAPER, now)
        return give_receipt(kind=RECEIPT, code=code, now=now)


def type_sheet(*, actor: Actor, now: datetime, code: str, number: int, grades: Mapping[str, str]) -> Sheet:
    """Type one paper ballot: the first time, the second time, or the third that settles it. Points may be unmarked.

    Raises Refused for all but the rating's count officers; Problem before the end, for one's own typing a second time,
    for more papers than were handed out, and for unknown grades.
    """
    with atomic():
        rating = _opened_box(actor, now, code)
        if rating.papers_done:
            raise Problem("The papers of this rating are in the box.")
        given = given_out(rating)
        if not 1 <= number <= given:
            raise Problem("%(given)d papers were handed out: there is no paper number %(number)d.",
                          given=given, number=number)  # fmt: skip
        marks, by = checked(rating.form, grades, whole=False), actor.account_id or 0
        sheet = Sheet.objects.select_for_update().filter(rating=rating, number=number).first()
        if sheet is None:
            return Sheet.objects.create(rating=rating, number=number, first=marks, first_by=by)
        if sheet.settled:
            raise Problem("This paper has been typed twice alike: nothing is left to do with it.")
        if actor.did(sheet.first_by, sheet.second_by):
            raise Problem("You have typed this paper: somebody else types it the next time.")
        if sheet.second is None:
            sheet.second, sheet.second_by, sheet.settled = marks, by, marks == sheet.first
        else:
            sheet.third, sheet.third_by, sheet.settled = marks, by, True
        sheet.save()
    return sheet


def finish_papers(
    *, actor: Actor, now: datetime, code: str, missing: int = 0, reason: Localized | None = None
) -> Rating:
    """Seal the typed papers into the box of the vote; doing it again changes nothing.

    Typed and ``missing`` papers (handed out, not found in the box; with the public reason) make up those handed out.
    Raises Refused for all but the rating's count officers, Problem where they do not or a paper is not settled.
    """
    with atomic():
        rating = _opened_box(actor, now, code)
        if rating.papers_done:
            return rating
        sheets = list(rating.sheets.order_by("number"))
        if waiting := [sheet.number for sheet in sheets if not sheet.settled]:
            raise Problem("Paper %(number)d is not settled: it needs another typing by somebody else.",
                          number=waiting[0])  # fmt: skip
        given = given_out(rating)
        if missing < 0 or len(sheets) + missing != given:
            raise Problem(
                "%(given)d papers were handed out; %(typed)d are typed and %(missing)d are said to be missing. "
                "The two must make up the first.",
                given=given, typed=len(sheets), missing=missing,
            )  # fmt: skip
        if missing and not reason:
            raise Problem("Say why papers are missing: the reason is published.")
        require_clean({"reason": reason or {}})
        for sheet in sheets:
            put_paper(rating, sheet.third if sheet.third is not None else sheet.first)
        rating.sheets.all().delete()
        rating.papers_done, rating.papers_missing = True, missing
        rating.missing_reason = (reason or {}) if missing else {}
        rating.save(update_fields=["papers_done", "papers_missing", "missing_reason"])
        note(rating, actor=actor, now=now, deed="finish_papers", papers=len(sheets), missing=missing)
    return rating


def given_out(rating: Rating) -> int:
    """How many papers were handed out."""
    return Cast.objects.filter(rating=rating, channel=Channel.PAPER).count()


def _opened_box(actor: Actor, now: datetime, code: str) -> Rating:
    rating = locked(code)
    require_count_officer(actor, rating, now)
    if rating.state != State.OPEN or now < rating.closes:
        raise Problem("The box is opened after the announced end, so that nobody sees a count before.")
    return rating
