"""Votes of the congress: secret, by all delegates, on the phone, on paper, or both into one count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base.access import Actor, require_other, require_untied
from qiao.base.counts import SMALL
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.i18n import Localized
from qiao.base.ledger import log, merkle
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.base.redaction import require_clean
from qiao.decide.congress.choices import Aspect, Grade, ItemKind, ItemState, Outcome, SessionState, Stance, Way
from qiao.decide.congress.models import Item, Session, VoteMark, VotePaper
from qiao.decide.congress.rules import settings as rule
from qiao.decide.congress.rules.states import HEARD, VOTED
from qiao.decide.congress.rules.votes import (
    Chosen,
    Tally,
    check_paper_share,
    check_quorum,
    check_tally,
    elect,
    passes,
)
from qiao.decide.congress.services.meeting import seats_of, size_of
from qiao.decide.congress.services.shuffling import shuffle_box
from qiao.decide.congress.services.steps import RUN, held_item, note, require_seat
from qiao.org.settings.queries import span_of

#: Minutes a vote stays open; it closes earlier only when everybody present has voted.
LASTS = 15


class VotedAlready(Problem):
    """This delegate's vote is in. Whoever catches it says so kindly: nothing was lost and nothing changed."""


def settle_item(*, actor: Actor, now: datetime, code: str, text: Localized, postponed: bool = False) -> Item:
    """Write down what came of an item that is heard, considered or examined; or that any item is postponed.

    Raises Problem for an item that ends in a vote, before the meeting is open, or without a text.
    """
    with atomic():
        item = held_item(code, actor=actor, action=RUN)
        _require_running(item.session)
        if item.state != ItemState.LISTED:
            raise Problem("This item is settled, or its vote is open.")
        if item.kind in VOTED and not postponed:
            raise Problem("This item is settled by a secret vote, or postponed.")
        if not text:
            raise Problem("Write what came of it.")
        require_clean({"text": text})
        item.state, item.note, item.settled = ItemState.DONE, text, now
        item.outcome = Outcome.POSTPONED if postponed else HEARD[item.kind]
        item.save()
        note(item.session.congress, actor=actor, now=now, thing="meeting", deed="settle", code=code)
    return item


def open_vote(*, actor: Actor, now: datetime, code: str, way: Way, minutes: int = LASTS) -> Item:
    """Open the secret vote on an item, while enough delegates are present.

    All delegates in office stand on its roll: by them the result is measured. Raises Problem without a quorum, for an
    item that is not voted on, or while another vote is open.
    """
    with atomic():
        item = held_item(code, actor=actor, action=RUN)
        session = item.session
        _require_running(session)
        if item.kind not in VOTED or item.state != ItemState.LISTED:
            raise Problem("There is no vote on this item, or it was held already.")
        if session.items.filter(state__in=[ItemState.OPEN, ItemState.CLOSED]).exists():
            raise Problem("One vote at a time: settle the open one first.")
        if not 1 <= minutes <= 120:
            raise Problem("A vote lasts from 1 to 120 minutes.")
        size = size_of(session.congress)
        session.delegates, session.present = size, min(session.attendance.count(), size)
        check_quorum(session.present, size, session.quorum)
        session.state = SessionState.VOTES
        session.save(update_fields=["state", "delegates", "present"])
        item.state, item.way, item.opened, item.delegates = ItemState.OPEN, Way(way), now, size
        item.closes = now + timedelta(minutes=minutes)
        item.save()
        VoteMark.objects.bulk_create(VoteMark(item=item, delegate_id=key) for key in seats_of(session.congress))
        note(session.congress, actor=actor, now=now, thing="meeting", deed="open_vote", code=code, way=str(way))
    return item


def cast_vote(*, actor: Actor, now: datetime, code: str, choices: Sequence[str]) -> Receipt:
    """Put a delegate's vote into the box. The receipt proves that it is in, never what it says.

    There is no audit row: it would hold a person and a time. Raises Refused for whoever is no delegate, `VotedAlready`
    for a second vote, Problem for a delegate not present, outside the vote's time, or choices not on the paper.
    """
    with atomic():
        item = held_item(code, actor=actor)
        seat = require_seat(item.session.congress, actor)
        if item.state != ItemState.OPEN or item.closes is None or now >= item.closes:
            raise Problem("This vote is not open now.")
        if item.way == Way.PAPER:
            raise Problem("This vote is held on paper.")
        if not item.session.attendance.filter(delegate=seat).exists():
            raise Problem("Say first that you are there: type the code shown in the hall.")
        wanted = _checked(item, choices)
        if not VoteMark.objects.filter(item=item, delegate=seat, voted=False).update(voted=True):
            raise VotedAlready(noop("Your vote is in already, or you took a paper. One delegate has one vote."))
        VotePaper.objects.create(item=item, choices=wanted)
        return give_receipt(kind="congress_vote", code=code, now=now)


def hand_papers(*, actor: Actor, now: datetime, code: str, delegates: Collection[int] | None = None) -> int:
    """Mark who takes a ballot paper: these delegates, or everybody present who has not voted. Returns how many.

    Raises Problem for a vote by phone, or for somebody not present or who has voted.
    """
    with atomic():
        item = held_item(code, actor=actor, action=RUN)
        if item.state != ItemState.OPEN or item.way not in (Way.PAPER, Way.BOTH):
            raise Problem("Papers are handed out while a vote on paper is open.")
        present = set(item.session.attendance.values_list("delegate_id", flat=True))
        wanted = present if delegates is None else set(delegates)
        if wanted - present:
            raise Problem("Papers go to delegates who are present.")
        marks = VoteMark.objects.filter(item=item, delegate_id__in=wanted, voted=False)
        if delegates is not None and marks.count() != len(wanted):
            raise Problem("Somebody on this list has voted already.")
        number = marks.update(voted=True, on_paper=True)
        note(item.session.congress, actor=actor, now=now, thing="meeting", deed="hand", code=code, papers=number)
    return number


def close_vote(*, actor: Actor, now: datetime, code: str) -> Item:
    """Close the vote and commit to the box in the ledger, uncounted. By phone alone it is counted at once.

    Raises Problem before its time is over unless everybody present has voted, where papers, marks and receipts are
    not equally many, or where so few papers are out that their count would tell who wrote them.
    """
    with atomic():
        item = held_item(code, actor=actor, action=RUN)
        if item.state in (ItemState.CLOSED, ItemState.DONE):
            return item
        if item.state != ItemState.OPEN or item.closes is None:
            raise Problem("This vote was never opened.")
        marks = VoteMark.objects.filter(item=item, voted=True)
        present = item.session.attendance.values("delegate_id")
        waiting = VoteMark.objects.filter(item=item, voted=False, delegate_id__in=present).count()
        if now < item.closes and waiting:
            raise Problem(
                "%(waiting)d delegates who are present have not voted. The vote stays open until its time is over.",
                waiting=waiting,
            )
        on_paper, on_phone = marks.filter(on_paper=True).count(), VotePaper.objects.filter(item=item).count()
        receipts = sorted(Receipt.objects.filter(kind="congress_vote", code=code).values_list("number", flat=True))
        if not on_phone == marks.filter(on_paper=False).count() == len(receipts):
            raise Problem("The box does not agree with the roll. Nothing was closed; call the auditor.")
        check_paper_share(on_paper, on_phone)
        item.state, item.closed, item.cast = ItemState.CLOSED, now, on_paper + on_phone
        item.papers_root = papers_root(item)
        item.save()
        shuffle_box(item_id=item.pk)
        log.append(
            kind="congress.vote_closed", code=code, now=now,
            content={
                "delegates": item.delegates, "present": item.session.present, "cast": item.cast, "on_paper": on_paper,
                "papers_root": item.papers_root,
                "receipts_root": merkle.root([merkle.leaf_hash(number.encode()) for number in receipts]).hex(),
            },
        )  # fmt: skip
        note(item.session.congress, actor=actor, now=now, thing="meeting", deed="close_vote", code=code, cast=item.cast)
        if not on_paper:
            _count(item, Tally(0, 0, 0, {}), now)
    return item


def enter_tally(
    *, actor: Actor, now: datetime, code: str, tellers: Sequence[str], valid: int, invalid: int,
    counts: Mapping[str, int],
) -> Item:  # fmt: skip
    """Type what two tellers counted on paper. Somebody else than the tellers types it, somebody else again confirms it.

    The first entry is kept; it counts once a second one, by another account, says the same (`confirm_tally`). Raises
    Problem for numbers that cannot be, fewer than two tellers, or a teller who stands for election.
    """
    with atomic():
        item = held_item(code, actor=actor, action=RUN)
        tally = _tally_of(item, valid=valid, invalid=invalid, counts=counts)
        names = list(dict.fromkeys(name.strip() for name in tellers if name.strip()))
        if len(names) != 2:
            raise Problem("Two tellers count: write both names.")
        if actor.name.strip() in names:
            raise Problem("Who counts does not type the count: ask somebody else to enter it.")
        standing = {text for option in item.options.all() for text in option.name.values()}
        if standing & set(names):
            raise Problem("Nobody counts votes on themselves.")
        item.tally, item.tellers, item.tally_by_id = _kept(tally), names, actor.account_id
        item.save()
        note(item.session.congress, actor=actor, now=now, thing="meeting", deed="tally", code=code)
    return item


def confirm_tally(
    *, actor: Actor, now: datetime, code: str, valid: int, invalid: int, counts: Mapping[str, int]
) -> Item:
    """Type the tellers' sheet a second time, by another account: the same numbers settle the vote.

    Raises Problem for whoever typed it first, is a teller or tied to the employer, or where the numbers differ.
    """
    with atomic():
        item = held_item(code, actor=actor, action=RUN)
        tally = _tally_of(item, valid=valid, invalid=invalid, counts=counts)
        if not item.tally:
            raise Problem("Nobody has typed the tellers' sheet yet.")
        require_other(
            actor, item.tally_by_id, said=Problem("You typed the sheet the first time: somebody else types it again.")
        )
        require_untied(actor, item.session.congress.unit.path)
        if actor.name.strip() in item.tellers:
            raise Problem("Who counts does not type the count: ask somebody else to enter it.")
        if _kept(tally) != item.tally:
            raise Problem("The two entries differ: compare both with the tellers' sheet. Nothing is counted yet.")
        item.confirmed_by_id = actor.account_id
        note(item.session.congress, actor=actor, now=now, thing="meeting", deed="confirm", code=code)
        _count(item, tally, now)
    return item


def papers_root(item: Item) -> str:
    """Merkle root over all papers in the order of their random keys (hex)."""
    rows = VotePaper.objects.filter(item=item).order_by("pk").values_list("pk", "choices")
    return merkle.root([merkle.leaf_hash(f"{key}:{','.join(choices)}".encode()) for key, choices in rows]).hex()


def keys_of(item: Item) -> list[str]:
    """What can be counted for an item: stances, candidates, or aspect and grade together."""
    if item.kind == ItemKind.PASS:
        return list(Stance.values)
    if item.kind == ItemKind.ELECT:
        return [str(option.position) for option in item.options.order_by("position")]
    return [f"{aspect}:{grade}" for aspect in Aspect.values for grade in Grade.values]


def _checked(item: Item, choices: Sequence[str]) -> list[str]:
    """Choices in the order of the paper. Raises Problem for what cannot be voted."""
    known, wanted = keys_of(item), set(choices)
    if wanted - set(known):
        raise Problem("This choice is not on the ballot paper.")
    if item.kind == ItemKind.PASS and len(wanted) != 1:
        raise Problem("Choose one: for, against or abstain.")
    if item.kind == ItemKind.ELECT and len(wanted) > item.places:
        raise Problem("Choose at most %(places)d: with more the paper would be invalid.", places=item.places)
    if item.kind == ItemKind.RATE and sorted(key.partition(":")[0] for key in wanted) != sorted(Aspect.values):
        raise Problem("Give one grade for each line; “I cannot say” is one too.")
    return [key for key in known if key in wanted]


def _tally_of(item: Item, *, valid: int, invalid: int, counts: Mapping[str, int]) -> Tally:
    if item.state != ItemState.CLOSED:
        raise Problem("Papers are counted after the vote is closed, and once.")
    keys = keys_of(item)
    if set(counts) - set(keys):
        raise Problem("This choice is not on the ballot paper.")
    handed = VoteMark.objects.filter(item=item, on_paper=True).count()
    tally = Tally(handed, valid, invalid, {key: int(counts.get(key, 0)) for key in keys})
    check_tally(tally, single=item.kind == ItemKind.PASS)
    if item.kind == ItemKind.RATE:
        for aspect in Aspect.values:
            single = {key: number for key, number in tally.counts.items() if key.startswith(f"{aspect}:")}
            check_tally(Tally(handed, valid, invalid, single), single=True)
    if item.kind == ItemKind.ELECT and sum(tally.counts.values()) > valid * item.places:
        raise Problem("There are more votes than the valid papers can hold.")
    return tally


def _kept(tally: Tally) -> dict[str, object]:
    return {"valid": tally.valid, "invalid": tally.invalid, "counts": dict(tally.counts)}


def _count(item: Item, tally: Tally, now: datetime) -> None:
    """Count box and papers into one result; it is measured by all delegates on the roll."""
    counted: Counter[str] = Counter(dict.fromkeys(keys_of(item), 0))
    counted.update(tally.counts)
    for choices in VotePaper.objects.filter(item=item).order_by("pk").values_list("choices", flat=True):
        counted.update(choices)
    delegates, majority = item.delegates or 0, item.session.majority
    chosen = Chosen(())
    if item.kind == ItemKind.PASS:
        item.outcome = Outcome.PASSED if passes(counted[Stance.FOR], delegates, majority) else Outcome.NOT_PASSED
    elif item.kind == ItemKind.ELECT:
        votes = {option.pk: counted[str(option.position)] for option in item.options.all()}
        chosen = elect(votes, seats=item.places, delegates=delegates, majority=majority)
        item.options.filter(pk__in=chosen.elected).update(elected=True)
        item.outcome = Outcome.ELECTED if chosen.elected else Outcome.NOT_ELECTED
    else:
        item.outcome = Outcome.APPRAISED
    # Of so few votes each count would tell who gave it: the outcome alone is written.
    item.counts = dict(counted) if (item.cast or 0) >= SMALL else {}
    item.invalid, item.settled, item.state = tally.invalid, now, ItemState.DONE
    item.challenge_ends = due(now, span_of(rule.CHALLENGE, path=item.session.congress.unit.path, on=localdate(now)))
    item.save()


def _require_running(session: Session) -> None:
    if session.state not in (SessionState.QUORUM, SessionState.VOTES):
        raise Problem("The meeting is not open.")
