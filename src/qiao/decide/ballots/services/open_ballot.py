"""Opening a vote: the roll is frozen."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import in_every_language
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import BallotState
from qiao.decide.ballots.models import Ballot, RollEntry
from qiao.org.membership.queries import active_members
from qiao.publish.services import announce


def open_ballot(*, actor: Actor, now: datetime, code: str) -> Ballot:
    """Freeze the roll (the members of the subtree at this moment) and open the vote.

    Opening an open vote again changes nothing. Raises Refused without ``ballot.run``, Problem before the announced
    time, after the announced end, or where the subtree has no members.
    """
    with atomic():
        ballot = Ballot.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "ballot.run", ballot.unit.path)
        if ballot.state == BallotState.OPEN:
            return ballot
        if not rules.may_change(ballot.state, BallotState.OPEN):
            raise Problem("This vote can no longer be opened.")
        if not rules.is_due_to_open(ballot.state, ballot.opens, now):
            raise Problem("The vote opens at the announced time, not before.")
        if ballot.closes <= now:
            raise Problem("The announced end is over: withdraw this vote and plan a new one.")
        # In the order of persons, so that the roll's own order says nothing either.
        people = active_members(ballot.unit.path).order_by("person_id").values_list("person_id", flat=True)
        RollEntry.objects.bulk_create(
            (RollEntry(ballot=ballot, person_id=person) for person in people.iterator()), batch_size=5_000
        )
        ballot.roll_size = RollEntry.objects.filter(ballot=ballot).count()
        if not ballot.roll_size:
            raise Problem("This unit has no members: there is nobody to vote.")
        ballot.state, ballot.opened = BallotState.OPEN, now
        ballot.save(update_fields=["state", "opened", "roll_size"])
        log.append(
            kind="ballot.opened",
            code=code,
            now=now,
            content={"roll_size": ballot.roll_size, "closes": ballot.closes.isoformat()},
        )
        announce(
            actor=actor,
            now=now,
            unit=ballot.unit,
            code=code,
            url=reverse("ballots:ballot", args=[code]),
            title=in_every_language(noop("Vote now: %(title)s"), title=ballot.title),
            body=in_every_language(
                noop(
                    "The %(roll)d members on the roll can vote: one member, one vote, secret. "
                    "Nobody sees any count before the vote closes."
                ),
                roll=ballot.roll_size,
            ),
        )
        audit.record(
            actor=actor,
            now=now,
            action="ballot.open",
            code=code,
            unit_path=ballot.unit.path,
            detail={"roll_size": ballot.roll_size},
        )
    return ballot
