"""Keys of the count officers, and opening the vote."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop
from nacl.exceptions import CryptoError

from qiao.base import sealing
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.judge.ratings.choices import BEFORE_OPENING, ObjectionState, State
from qiao.judge.ratings.models import CountKey, Rating, WrappedKey
from qiao.judge.ratings.rules.keys import wrap
from qiao.judge.ratings.services.roll import roll_hash
from qiao.judge.ratings.services.steps import (
    CALL,
    above,
    check_officer,
    judged_paths,
    locked,
    move,
    note,
    require_above,
    require_count_officer,
    tell,
)


def register_key(*, actor: Actor, now: datetime, code: str, public_key: str) -> CountKey:
    """Register the public half of one's key; until the opening it may be replaced.

    Raises Refused for all but the count officers named; Problem for what is no key, somebody else's key, or after the
    opening.
    """
    public = _checked(public_key)
    with atomic():
        rating = locked(code)
        seat = require_count_officer(actor, rating, now)
        if seat.public_key == public:
            return seat
        if rating.state not in BEFORE_OPENING:
            raise Problem("Since the vote opened no key can be replaced.")
        if CountKey.objects.filter(rating=rating, public_key=public).exists():
            raise Problem("Another count officer registered this key: everybody makes their own.")
        seat.public_key, seat.registered = public, now
        seat.save(update_fields=["public_key", "registered"])
        log.append(kind="rating.key", code=code, content={"position": seat.position, "public_key": public}, now=now)
        note(rating, actor=actor, now=now, deed="register_key", position=seat.position)
    return seat


def make_key(*, actor: Actor, now: datetime, code: str) -> sealing.KeyPair:
    """Make a pair, register its public half, return both: the private half exists in this call's answer only."""
    pair = sealing.new_key_pair()
    register_key(actor=actor, now=now, code=code, public_key=pair.public)
    return pair


def open_rating(*, actor: Actor, now: datetime, code: str) -> Rating:
    """Open the vote: the box gets its key, whose private half is sealed for the count officers and then forgotten.

    Opening an open vote again changes nothing. Raises Refused without ``rating.call`` above; Problem before the
    announced time, while objections wait or may come, or while a count officer's key is missing.
    """
    with atomic():
        rating = locked(code)
        require_above(actor, CALL, rating)
        if rating.state == State.OPEN:
            return rating
        if rating.state == State.ROLL_CONTESTED or rating.objections.filter(state=ObjectionState.FILED).exists():
            raise Problem("The roll is contested: the objections are decided first.")
        if rating.state != State.ROLL_FROZEN or rating.objections_until is None:
            raise Problem("The roll is frozen first.")
        if now < rating.objections_until:
            raise Problem("Members may object to the roll until %(day)s.", day=localdate(rating.objections_until))
        if now < rating.opens:
            raise Problem("The vote opens at the announced time, not before.")
        if rating.closes <= now:
            raise Problem("The announced end is over: declare this rating void and call a new one.")
        if roll_hash(rating) != rating.roll_sha256:
            raise Problem(
                "The roll is not the one whose hash stands in the ledger. Nothing was opened; call the auditor."
            )
        keys = {seat.position: seat.public_key for seat in rating.keys.all() if seat.public_key}
        if len(keys) < rating.needed_keys or len(keys) < rating.keys.count():
            raise Problem("Every count officer registers a key before the opening: %(number)d are missing.",
                          number=max(rating.needed_keys, rating.keys.count()) - len(keys))  # fmt: skip
        for seat in rating.keys.select_related("account"):
            check_officer(seat.account, judged_paths(rating), path=above(rating), today=localdate(now))
        pair = sealing.new_key_pair()
        rating.wrapped.all().delete()
        WrappedKey.objects.bulk_create(
            [WrappedKey(rating=rating, order=list(one.order), blob=one.blob, hashes=list(one.hashes))
             for one in wrap(pair.private, keys, rating.needed_keys)]
        )  # fmt: skip
        move(rating, State.OPEN, actor=actor, now=now)
        rating.opened, rating.public_key = now, pair.public
        rating.save()
        log.append(
            kind="rating.opened", code=code, now=now,
            content={
                "roll_size": rating.roll_size, "roll_sha256": rating.roll_sha256, "public_key": pair.public,
                "keys": len(keys), "keys_needed": rating.needed_keys, "closes": rating.closes.isoformat(),
            },
        )  # fmt: skip
        note(rating, actor=actor, now=now, deed="open", roll=rating.roll_size)
        tell(
            rating, actor=actor, now=now, title=noop("Vote now: %(title)s"),
            body=noop("The %(number)d members on the roll judge their union: one member, one vote, secret. "
                      "Ballots are sealed as they arrive; nobody sees any count before the vote is over."),
            number=rating.roll_size or 0,
        )  # fmt: skip
    return rating


def _checked(public_key: str) -> str:
    """The key in its one spelling. Raises Problem for anything that cannot seal."""
    try:
        raw = base64.b64decode("".join(public_key.split()), validate=True)
        public = base64.b64encode(raw).decode()
        sealing.seal(public, {})
    except (binascii.Error, ValueError, TypeError, CryptoError):
        raise Problem(
            "This is no public key.", hint="It is one line of 44 signs, as “qiao judge keygen” prints it."
        ) from None
    return public
