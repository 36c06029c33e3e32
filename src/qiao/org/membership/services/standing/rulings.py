"""Rulings on a standing: proposed by one officer, confirmed by a second, open to appeal.

A body suspends or expels by its vote; a unit lets a standing lapse after a talk, and notes a death on proof.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from qiao.base import audit, deadlines, jobs
from qiao.base.access import SYSTEM, Actor, Refused, require, require_other, require_untied
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.org.membership.choices import ENDED, RulingKind, RulingState, Standing
from qiao.org.membership.models import Membership, StandingRuling
from qiao.org.membership.rules import VOTED, may_be_ruled, ruled_state
from qiao.org.membership.rules.settings import LAPSE_AFTER
from qiao.org.membership.services.standing.stretch import end_on, locked, next_stretch
from qiao.org.settings.queries import span_of

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Votes:
    """How a body voted."""

    favour: int
    against: int
    abstained: int


def propose_ruling(
    *,
    actor: Actor,
    now: datetime,
    membership_id: int,
    kind: RulingKind,
    day: date,
    reason: str,
    votes: Votes | None = None,
    minutes_hash: str = "",
    last_part: date | None = None,
    proof: str = "",
) -> StandingRuling:
    """Enter what was decided; nothing changes until a second person confirms it. The same once more is one ruling.

    ``day``: of the meeting, of the talk, or of death. ``last_part``: when dues last came in or the member last took
    part. Raises Refused without ``standing.rule`` at the unit or for one's own standing, Problem for what does not
    carry such a ruling: no majority, no minutes, less time than ``mem.lapse_after``, no proof, a day to come.
    """
    with atomic():
        member = locked(membership_id)
        require(actor, "standing.rule", member.unit.path)
        require_untied(actor, member.unit.path, member.employer_id)
        if actor.concerns(member.person_id):
            raise Refused("nobody rules on their own standing")
        waiting = StandingRuling.objects.filter(person_id=member.person_id, state=RulingState.PROPOSED).first()
        if waiting is not None:
            if waiting.kind == kind:
                return waiting
            raise Problem("Another ruling waits for its second person: %(code)s.", code=waiting.code)
        if member.until is not None or not may_be_ruled(member.state, kind):
            raise Problem("On this standing no such ruling can be made.")
        if day > timezone.localdate(now):
            raise Problem("This day has not come yet: %(day)s.", day=day.isoformat())
        if len(reason.strip()) < 10 and kind != RulingKind.DECEASED:
            raise Problem("Write the reason so that the member understands it and can answer it.")
        minutes_hash = minutes_hash.strip().lower()
        _carries(member, kind, day, votes, minutes_hash, last_part, proof)
        ruling = StandingRuling.objects.create(
            code=next_code("V"), person_id=member.person_id, unit=member.unit, kind=kind, day=day,
            reason=reason.strip(),
            votes_for=votes.favour if votes else None, votes_against=votes.against if votes else None,
            abstained=votes.abstained if votes else None, minutes_hash=minutes_hash, last_part=last_part,
            proof=proof.strip(), proposed_by_id=actor.account_id, proposed=now,
        )  # fmt: skip
        _written(actor, now, "standing.proposed", ruling)
    return ruling


def confirm_ruling(*, actor: Actor, now: datetime, code: str) -> StandingRuling:
    """Confirm as second person: now it takes effect and the member is told, with the way to appeal. Twice is once.

    Raises Refused without ``standing.rule`` and for the member, Problem for the proposer, for whoever declared a tie,
    where it is withdrawn or the standing has changed since.
    """
    with atomic():
        ruling = _locked(code)
        require(actor, "standing.rule", ruling.unit.path)
        if ruling.state == RulingState.IN_FORCE:
            return ruling
        if ruling.state != RulingState.PROPOSED:
            raise Problem("This ruling is withdrawn.")
        require_untied(actor, ruling.unit.path)
        require_other(actor, ruling.proposed_by_id)
        if actor.concerns(ruling.person_id):
            raise Refused("nobody rules on their own standing")
        now_standing = Membership.objects.filter(person_id=ruling.person_id, until__isnull=True).first()
        member = locked(now_standing.pk) if now_standing else None
        if member is None or member.unit_id != ruling.unit_id or not may_be_ruled(member.state, ruling.kind):
            raise Problem("The standing has changed since this was proposed. Withdraw it and look again.")
        _take_effect(member, ruling, timezone.localdate(now))
        ruling.state, ruling.confirmed_by_id, ruling.confirmed = RulingState.IN_FORCE, actor.account_id, now
        ruling.receipt = give_receipt(
            kind="standing", code=ruling.code, now=now, content=f"{ruling.code} {ruling.kind} {ruling.day}"
        ).number
        ruling.save(update_fields=["state", "confirmed_by", "confirmed", "receipt"])
        _written(actor, now, "standing.in_force", ruling)
        if ruling.kind in VOTED:
            # That it was decided, and on which minutes, cannot be exchanged later; of whom it speaks stands nowhere.
            log.append(
                kind="standing.ruled", code=ruling.code, now=now,
                content={"kind": ruling.kind, "day": ruling.day.isoformat(), "minutes": ruling.minutes_hash,
                         "votes": [ruling.votes_for, ruling.votes_against, ruling.abstained]},
            )  # fmt: skip
        if ruling.kind != RulingKind.DECEASED:
            jobs.defer("membership.tell_ruling", code=ruling.code)
    return ruling


def withdraw_ruling(*, actor: Actor, now: datetime, code: str) -> StandingRuling:
    """Take a proposal back before it is confirmed; twice changes nothing. Raises Refused, Problem once in force."""
    with atomic():
        ruling = _locked(code)
        require(actor, "standing.rule", ruling.unit.path)
        if ruling.state == RulingState.WITHDRAWN:
            return ruling
        if ruling.state != RulingState.PROPOSED:
            raise Problem("This ruling is in force already; only an appeal sets it aside.")
        ruling.state = RulingState.WITHDRAWN
        ruling.save(update_fields=["state"])
        _written(actor, now, "standing.withdrawn", ruling)
    return ruling


def overturn_ruling(*, actor: Actor, now: datetime, code: str) -> StandingRuling:
    """An appeal is upheld: the member stands again as before, from today on. Called by the appeal; twice is once."""
    with atomic():
        ruling = _locked(code)
        if ruling.state != RulingState.IN_FORCE:
            return ruling
        day = timezone.localdate(now)
        open_now = Membership.objects.filter(person_id=ruling.person_id, until__isnull=True).first()
        if open_now is not None and open_now.state == Standing.SUSPENDED:
            next_stretch(
                locked(open_now.pk), day, unit=open_now.unit, state=Standing.ACTIVE, employer=open_now.employer
            )
        elif open_now is None:
            last = (
                Membership.objects.filter(person_id=ruling.person_id, state__in=ENDED).order_by("-until", "-pk").first()
            )
            if last is not None and last.until is not None:
                Membership.objects.create(
                    person_id=last.person_id, unit=last.unit, employment=last.employment, employer=last.employer,
                    since=max(day, last.until), state=Standing.ACTIVE, told=last.told, confirmed=last.confirmed,
                )  # fmt: skip
        ruling.state = RulingState.OVERTURNED
        ruling.save(update_fields=["state"])
        _written(actor if actor.account_id else SYSTEM, now, "standing.overturned", ruling)
        jobs.defer("membership.tell_ruling", code=ruling.code)
    return ruling


def _carries(
    member: Membership, kind: RulingKind, day: date, votes: Votes | None, minutes_hash: str, last_part: date | None,
    proof: str,
) -> None:  # fmt: skip
    if kind in VOTED:
        if votes is None or min(votes.favour, votes.against, votes.abstained) < 0:
            raise Problem("Only a body decides this: write how many voted for it, against it, and abstained.")
        if votes.favour <= votes.against:
            raise Problem("The body did not decide this: no more votes for it than against it.")
        if not _HASH.fullmatch(minutes_hash):
            raise Problem("Give the file of the minutes, or their SHA-256 in 64 signs: nobody can exchange them then.")
    if kind == RulingKind.LAPSE:
        if last_part is None:
            raise Problem("Write when dues last came in or the member last took part.")
        limit = deadlines.due(
            datetime.combine(last_part, datetime.min.time(), timezone.get_default_timezone()),
            span_of(LAPSE_AFTER, path=member.unit.path, on=day),
        )
        if timezone.localdate(limit) > day:
            raise Problem(
                "Standing can lapse from %(day)s on, and the talk comes after that.", day=timezone.localdate(limit)
            )
    if kind == RulingKind.DECEASED and len(proof.strip()) < 3:
        raise Problem("Write which proof was seen, such as the certificate or the family's word.")


def _take_effect(member: Membership, ruling: StandingRuling, day: date) -> None:
    state = ruled_state(ruling.kind)
    if state in ENDED:
        end_on(member, state, ruling.day if ruling.kind == RulingKind.DECEASED else day)
    else:
        next_stretch(member, day, unit=member.unit, state=state, employer=member.employer)


def _locked(code: str) -> StandingRuling:
    return StandingRuling.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)


def _written(actor: Actor, now: datetime, action: str, ruling: StandingRuling) -> None:
    audit.record(
        actor=actor, now=now, action=action, code=ruling.code, unit_path=ruling.unit.path,
        detail={"kind": ruling.kind, "state": ruling.state},
    )  # fmt: skip
