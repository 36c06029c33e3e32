"""Credentials: who is on the roll gets one blind signature, and gives one answer with it that nobody can join to them.

The issuer's key lives as long as the evaluation is open. `issue_credential` sees who asks and a random number;
`services.box` sees an answer and an ordinary signature. Every signature fits every number (`qiao.base.blind`).
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from qiao.base.access import Actor
from qiao.base.blind import PREFIX, BadBlinding, new_issuer_key, new_token, sign_blinded, sign_token
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.judge.evaluations.choices import Mode
from qiao.judge.evaluations.models import Evaluation, IssuerKey, RollEntry
from qiao.judge.evaluations.rules.modes import ASSISTED
from qiao.judge.evaluations.services.box import open_box
from qiao.judge.evaluations.services.roll import held_entry, require_entry
from qiao.judge.evaluations.services.steps import require_interviewer

SUITE = "RSABSSA-SHA384-PSS-Randomized"


def make_issuer(evaluation: Evaluation, *, now: datetime) -> IssuerKey:
    """Make the issuer's key of an evaluation about to open; its public half enters the ledger before anybody asks.

    One key for everybody, known to all: a signer with a key for each member could tell their answers apart.
    """
    pair = new_issuer_key()
    log.append(
        kind="evaluation.issuer", code=evaluation.code, content={"suite": SUITE, "public_key": pair.public}, now=now
    )
    return IssuerKey.objects.create(evaluation=evaluation, public=pair.public, private=pair.private)


def destroy_issuer(evaluation: Evaluation, *, now: datetime) -> None:
    """Forget the private half: from now on nobody can make a credential, and with it an answer, under this key."""
    if IssuerKey.objects.filter(evaluation=evaluation, private__isnull=False).update(private=None):
        log.append(
            kind="evaluation.issuer_destroyed",
            code=evaluation.code,
            content={"public_key_sha256": hashlib.sha256(evaluation.issuer.public.encode()).hexdigest()},
            now=now,
        )


def issue_credential(
    *, actor: Actor, now: datetime, code: str, blinded: bytes, secret_code: str = "", mode: Mode = Mode.DEVICE
) -> bytes:
    """Sign one blinded number for who is on the roll; the same number again gets the same signature back.

    Who asks is told by the single-use code or, without one, by the account. In another ``mode`` than on a device of
    one's own it is somebody of the evaluator's who asks, with the code of whom they speak to. No audit row and no time
    is written: both would order those who asked. Raises Problem for a second number, a number that is none, an
    unknown code or an evaluation that is not open; Refused for somebody who is not on the roll, and
    without a seat with the evaluator.
    """
    with atomic():
        # The box first, the entry then: whoever closes takes them in this order too.
        evaluation = open_box(code, now)
        require_mode(actor, evaluation, mode, secret_code)
        entry = require_entry(held_entry(actor, code, secret_code), secret_code)
        mark = hashlib.sha256(blinded).hexdigest()
        if entry.issued and entry.blinded != mark:
            raise Problem("A credential was given out for you before: with it one answer can be given, not another.")
        try:
            signed = sign_blinded(private_of(evaluation), blinded)
        except BadBlinding:
            raise Problem("This is no blinded number: reload the page and answer again.") from None
        if not entry.issued:
            strike(entry, mode, mark)
    return signed


def own_credential(private: str, digest: str) -> tuple[bytes, bytes]:
    """Prefix and credential of an answer, made here for a device that cannot."""
    token = new_token(bytes.fromhex(digest))
    return token[:PREFIX], sign_token(private, token)


def private_of(evaluation: Evaluation) -> str:
    """The private half while it lasts. Raises Problem where it is gone."""
    private = IssuerKey.objects.get(evaluation=evaluation).private
    if private is None:
        raise Problem("This evaluation is not open for answers.")
    return str(private)


def require_mode(actor: Actor, evaluation: Evaluation, mode: Mode, secret_code: str) -> None:
    """Raise Refused for whoever asks for another without a seat with this evaluator, Problem where no code is given."""
    if mode not in ASSISTED:
        return
    require_interviewer(actor, evaluation)
    if not secret_code:
        raise Problem("Type the code of the letter: it tells whose answer this is to count for.")


def strike(entry: RollEntry, mode: Mode, mark: str = "") -> None:
    """Mark on the roll that this member's one credential is given out, and in which way they answer."""
    entry.issued, entry.mode, entry.blinded = True, mode, mark
    entry.save(update_fields=["issued", "mode", "blinded"])
