"""The count: officers join their keys one after the other; with the last one needed the result is out."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base import sealing
from qiao.base.access import SYSTEM, Actor
from qiao.base.counts import is_small
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language, percent_text
from qiao.base.ledger import log
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.hear.needs.services import raise_finding
from qiao.judge.ratings.choices import State, VoidReason
from qiao.judge.ratings.models import BundleFile, Cell, CountKey, Paper, Rating, WrappedKey
from qiao.judge.ratings.rules import settings as rule
from qiao.judge.ratings.rules.bundle import MANIFEST, bundle_files, figure_of
from qiao.judge.ratings.rules.counting import Line, count, is_poor, publish, why_void
from qiao.judge.ratings.rules.form import POINTS, keys_of
from qiao.judge.ratings.rules.keys import Wrapped, hash_of, unwrap
from qiao.judge.ratings.rules.offline import keys_file, private_key_of, taken_off
from qiao.judge.ratings.rules.opened import readable
from qiao.judge.ratings.rules.poor import PoorRating, tell_listeners
from qiao.judge.ratings.services.closing import close_rating, papers_root
from qiao.judge.ratings.services.steps import day_after, locked, move, note, require_count_officer, tell
from qiao.judge.ratings.services.voiding import make_void

_VOID_WORDS = {
    VoidReason.TURNOUT: noop("%(valid)d valid ballots of %(roll)d members: fewer than the rules ask for."),
    VoidReason.FRONTLINE: noop("Too few front-line members among the %(voted)d who voted."),
    VoidReason.MISMATCH: noop("More ballots than members on the roll: %(valid)d of %(roll)d."),
}


def join_key(*, actor: Actor, now: datetime, code: str, private_key: str = "", file: str = "") -> Rating:
    """Take one's own seal off the box's key: here, with a key that is forgotten with this call, or on a machine of
    one's own, whose ``file`` from `qiao judge take-off` is handed in. Exactly one of the two.

    After the announced end it closes the vote where nobody has. With the last key needed the box is opened in memory,
    held against the root in the ledger, counted, and published or declared void: one transaction, nobody is asked.
    Joining twice changes nothing. Raises Refused for all but the rating's count officers, Problem for a wrong key,
    before the end, or where the box is not the one committed to.
    """
    with atomic():
        rating = locked(code)
        seat = require_count_officer(actor, rating, now)
        if rating.state == State.OPEN:
            rating = close_rating(actor=actor, now=now, code=code)
        if seat.joined is not None or rating.state != State.CLOSED:
            if rating.state in (State.OPEN, State.CALLED, State.ROLL_FROZEN, State.ROLL_CONTESTED):
                raise Problem("Keys are joined after the vote is closed.")
            return rating
        if file:
            box_key = _hand_in(rating, seat.position, taken_off(file, code, seat.position))
        else:
            box_key = _take_off(rating, seat, private_key_of(private_key))
        seat.joined = now
        seat.save(update_fields=["joined"])
        log.append(kind="rating.joined", code=code, content={"position": seat.position}, now=now)
        note(rating, actor=actor, now=now, deed="join_key", position=seat.position)
        if box_key:
            _count(rating, box_key, actor, now)
    return rating


def sealed_keys(*, actor: Actor, now: datetime, code: str) -> str:
    """The file a count officer takes to a machine of their own: the copies of the box's key whose next seal is theirs.

    Raises Refused for all but the rating's count officers, Problem before the announced end or once they joined.
    """
    with atomic():
        rating = locked(code)
        seat = require_count_officer(actor, rating, now)
        if rating.state not in (State.OPEN, State.CLOSED) or now < rating.closes or seat.joined is not None:
            raise Problem("Keys are joined after the vote is closed.")
        copies = [
            Wrapped(tuple(row.order), bytes(row.blob), (row.hashes[row.layers],))
            for row in _next_of(rating, seat.position)
        ]
        note(rating, actor=actor, now=now, deed="take_keys", position=seat.position)
    return keys_file(code, seat.position, seat.public_key, copies)


def _next_of(rating: Rating, position: int) -> list[WrappedKey]:
    """Copies whose next seal is that of the officer at this position, held."""
    rows = WrappedKey.objects.select_for_update().filter(rating=rating).order_by("pk")
    return [row for row in rows if row.layers < len(row.order) and row.order[row.layers] == position]


def _take_off(rating: Rating, seat: CountKey, key: str) -> str:
    """Take an officer's seal off here. The box's key once a copy has no seal left."""
    if not sealing.matches(seat.public_key, key):
        raise Problem("This key does not belong to the public key you registered. Nothing was opened or changed.")
    beneath = {}
    for row in _next_of(rating, seat.position):
        try:
            beneath[tuple(row.order)] = unwrap(key, bytes(row.blob))
        except (sealing.WrongKey, KeyError, ValueError):
            raise Problem(
                "The sealed key of the box was changed: declare this rating void and call the auditor."
            ) from None
    return _hand_in(rating, seat.position, beneath)


def _hand_in(rating: Rating, position: int, beneath: Mapping[tuple[int, ...], str]) -> str:
    """Put what lay beneath an officer's seal in its place. The box's key once a copy has no seal left."""
    found = ""
    for row in _next_of(rating, position):
        inner = beneath.get(tuple(row.order), "")
        if hash_of(inner) != row.hashes[row.layers]:
            raise Problem(
                "What was handed in is not what lies beneath your seal: download the sealed key again. "
                "Nothing was opened or changed."
            )
        row.layers += 1
        if row.layers == len(row.order):
            found = inner
        else:
            row.blob = base64.b64decode(inner)
            row.save(update_fields=["blob", "layers"])
    return found


def _count(rating: Rating, box_key: str, actor: Actor, now: datetime) -> None:
    if papers_root(rating) != rating.papers_root:
        raise Problem("The box is not the one whose root stands in the ledger. Nothing was counted; call the auditor.")
    points = keys_of(rating.form)
    if not sealing.matches(rating.public_key, box_key):
        raise Problem("This is not the key of the box. Nothing was counted; call the auditor.")
    papers = Paper.objects.filter(rating=rating).order_by("pk").values_list("sealed", flat=True)
    opened = [readable(rating.form, box_key, bytes(sealed)) for sealed in papers.iterator(2_000)]
    counts = count([ballot for ballot in opened if ballot is not None], points)
    rating.turnout, rating.unreadable = counts.valid, opened.count(None)
    move(rating, State.COUNTED, actor=actor, now=now)
    roll, voted, frontline = rating.roll_size or 0, rating.voted or 0, rating.voted_frontline or 0
    reason = why_void(
        valid=counts.valid, roll=roll, voted=voted, frontline=frontline, min_turnout=rating.min_turnout,
        min_frontline=rating.min_frontline,
    )  # fmt: skip
    if reason is not None:
        if counts.valid > roll:
            rating.turnout = None
        words = in_every_language(_VOID_WORDS[reason], valid=counts.valid, roll=roll, voted=voted)
        make_void(rating, reason, words, actor=actor, now=now)
        return
    move(rating, State.VALID, actor=actor, now=now)
    move(rating, State.PUBLISHED, actor=actor, now=now)
    _publish(rating, publish(counts), actor, now)


def _publish(rating: Rating, lines: list[Line], actor: Actor, now: datetime) -> None:
    path = rating.unit.path
    rating.published = now
    rating.response_due = localdate(day_after(path, rule.RESPONSE_DAYS, now))
    rating.challenge_ends = day_after(path, rule.CHALLENGE_PERIOD, now)
    Cell.objects.bulk_create(
        [Cell(rating=rating, point=line.point, grade=cell.grade, count=cell.count, few=cell.few)
         for line in lines for cell in line.cells]
    )  # fmt: skip
    files = bundle_files(
        lines, facts_of(rating, lines), {"papers_root": rating.papers_root, "receipts_root": rating.receipts_root}
    )
    BundleFile.objects.bulk_create([BundleFile(rating=rating, name=name, content=text) for name, text in files.items()])
    rating.bundle_sha256 = hashlib.sha256(files[MANIFEST].encode()).hexdigest()
    poor = [line for line in lines if is_poor(line, rating.poor_below)]
    rating.poor = bool(poor)
    if poor:
        rating.plan_due = localdate(day_after(path, rule.PLAN_DAYS, now))
        rating.finding_code = _hand_back(rating, poor, now)
    rating.save()
    rating.wrapped.all().delete()
    whole = lines[0]
    log.append(
        kind="rating.result", code=rating.code, now=now,
        content={
            "roll_size": rating.roll_size, "valid": rating.turnout, "bundle_sha256": rating.bundle_sha256,
            "papers_root": rating.papers_root, "figures": [figure_of(line) for line in lines],
            "finding": rating.finding_code,
        },
    )  # fmt: skip
    note(rating, actor=actor, now=now, deed="publish", valid=rating.turnout)
    body = (
        noop("%(valid)d of %(roll)d members voted; %(share)s are satisfied or fairly satisfied on the whole.")
        if whole.satisfied is not None
        else noop("%(valid)d of %(roll)d members voted. The counts stand on its page.")
    )
    tell(
        rating, actor=actor, now=now, title=noop("Result: %(title)s"), body=body, valid=rating.turnout or 0,
        roll=rating.roll_size or 0, share=percent_text(whole.satisfied or 0),
    )  # fmt: skip
    if poor:
        tell_listeners(
            PoorRating(
                rating.code, rating.unit, rating.title, {line.point: POINTS[line.point] for line in poor},
                whole.satisfied, rating.finding_code,
            ),
            SYSTEM, now,
        )  # fmt: skip


def facts_of(rating: Rating, lines: list[Line]) -> dict[str, object]:
    """What the bundle says beside the counts. Numbers from one to four stay out as in the counts."""
    frontline = rating.voted_frontline or 0
    rest = (rating.voted or 0) - frontline
    told = not (is_small(frontline) or is_small(rest))
    return {
        "rating": rating.code, "unit": rating.unit.label, "title": rating.title, "form": rating.form,
        "roll": rating.roll_size, "roll_sha256": rating.roll_sha256, "voted": rating.voted, "valid": rating.turnout,
        "unreadable": rating.unreadable,
        "voted_frontline": frontline if told else None, "min_turnout": rating.min_turnout,
        "min_frontline": rating.min_frontline, "poor_below": rating.poor_below,
        "census": "every member on the roll could vote: no sampling margin",
        "figures": [figure_of(line) for line in lines],
    }  # fmt: skip


def _hand_back(rating: Rating, poor: list[Line], now: datetime) -> str:
    """Poor points become one finding, published at once: its figure is that of the worst point."""
    worst = min(poor, key=lambda line: line.satisfied or 0)
    share = round(1 - (worst.satisfied or 0), 4)
    names: Localized = {
        "zh-hans": "、".join(POINTS[line.point]["zh-hans"] for line in poor),
        "en": "; ".join(POINTS[line.point]["en"] for line in poor),
    }
    need = raise_finding(
        actor=SYSTEM, now=now, unit=rating.unit,
        title=in_every_language(noop("Members are not satisfied with their union: %(points)s"), points=names),
        detail=in_every_language(
            noop("Members' rating %(code)s: %(valid)d of %(roll)d members voted."), code=rating.code,
            valid=rating.turnout or 0, roll=rating.roll_size or 0,
        ),
        # Every member could vote: there is no sampling margin around the share.
        share=share, lower=share, upper=share, n=worst.base, rate=(rating.turnout or 0) / (rating.roll_size or 1),
        source_code=rating.code,
    )  # fmt: skip
    link(source=rating.code, target=need.code, now=now)
    return str(need.code)
