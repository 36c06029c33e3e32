"""The roll of those asked: the entry of one member, and writing the whole of it anew."""

from __future__ import annotations

import secrets

from django.db import connection

from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.judge.evaluations.choices import Mode, State
from qiao.judge.evaluations.models import Evaluation, RollEntry
from qiao.judge.evaluations.rules.codes import code_hash
from qiao.judge.evaluations.services.steps import locked


def held_entry(actor: Actor, code: str, secret_code: str) -> RollEntry | None:
    """The entry that the single-use code or, without one, the account belongs to; held until the transaction ends."""
    roll = RollEntry.objects.select_for_update(of=("self",)).filter(evaluation__code=code)
    if secret_code:
        mine = roll.filter(code_hash=code_hash(secret_code))
    elif actor.person_id is not None:
        mine = roll.filter(person_id=actor.person_id)
    else:
        return None
    # Asked twice: the roll may have been written anew while this waited, and then the entry is another row.
    return mine.first() or mine.first()


def require_entry(entry: RollEntry | None, secret_code: str) -> RollEntry:
    """The entry. Raises Problem for an unknown code, Refused for an account that is not on the roll."""
    if entry is None and secret_code:
        raise Problem("No code of this evaluation is so spelled: compare it sign by sign with your letter.")
    if entry is None:
        raise Refused("you were not drawn for this evaluation")
    return entry


def shuffle_roll(evaluation: Evaluation, *, codes: bool) -> list[str]:
    """Write the roll anew in random order and return the mode of everybody for whom a credential was given out.

    Whoever asks for a credential holds their entry; they are waited for. Afterwards neither the order of rows nor the
    number of the transaction that wrote them tells who asked when. Without ``codes`` these and the marks of blinded
    numbers are left out: nothing needs them after the close.
    """
    entries = list(evaluation.roll.select_for_update().order_by("pk"))
    secrets.SystemRandom().shuffle(entries)
    evaluation.roll.all().delete()
    RollEntry.objects.bulk_create(
        [
            RollEntry(
                evaluation=evaluation,
                person_id=entry.person_id,
                invited=entry.invited,
                issued=entry.issued,
                mode=entry.mode,
                code_hash=entry.code_hash if codes else None,
                blinded=entry.blinded if codes else "",
            )
            for entry in entries
        ],
        batch_size=5000,
    )
    return [entry.mode or Mode.DEVICE.value for entry in entries if entry.issued]


def stir_roll(*, code: str) -> bool:
    """Shuffle the roll of an open evaluation where anything was written in it since the last time; whether it was."""
    with atomic():
        evaluation = locked(code)
        if evaluation.state != State.OPEN:
            return False
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(DISTINCT xmin::text) FROM evaluations_rollentry WHERE evaluation_id = %s",
                [evaluation.pk],
            )
            (writers,) = cursor.fetchone()
        if writers < 2:
            return False
        shuffle_roll(evaluation, codes=True)
    return True
