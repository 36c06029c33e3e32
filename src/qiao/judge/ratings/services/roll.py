"""The roll: frozen, contested, settled, and from then on touched by nobody."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base.access import Actor, require_member, require_other, require_untied
from qiao.base.codes import next_code
from qiao.base.counts import SMALL
from qiao.base.db import atomic
from qiao.base.i18n import in_every_language
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.ratings.choices import ObjectionKind, ObjectionState, State, VoidReason
from qiao.judge.ratings.models import Rating, RollEntry, RollObjection
from qiao.judge.ratings.rules import settings as rule
from qiao.judge.ratings.services.steps import (
    CALL,
    DECIDE,
    above,
    day_after,
    judged_paths,
    locked,
    move,
    note,
    require_above,
    tell,
)
from qiao.judge.ratings.services.voiding import make_void
from qiao.org.access.choices import TieKind
from qiao.org.access.models import RoleGrant, TieDeclaration
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.services import file_appeal
from qiao.org.membership.queries import active_members
from qiao.org.people.models import Account

APPEAL_KIND = "rating_roll"
_MOST_SIGNS = 2000


def freeze_roll(*, actor: Actor, now: datetime, code: str) -> Rating:
    """Freeze the roll: the members of the judged unions at this moment. The time for objections begins.

    Doing it again changes nothing. Raises Refused without ``rating.call`` above, Problem with fewer than five members.
    """
    with atomic():
        rating = locked(code)
        require_above(actor, CALL, rating)
        if rating.state == State.ROLL_FROZEN:
            return rating
        move(rating, State.ROLL_FROZEN, actor=actor, now=now)
        people: set[int] = set()
        for path in judged_paths(rating):
            people |= set(active_members(path).values_list("person_id", flat=True))
        if len(people) < SMALL:
            raise Problem("Fewer than %(least)d members stand on this roll: they are counted with their hub.",
                          least=SMALL)  # fmt: skip
        bound = _bound(rating, now)
        RollEntry.objects.bulk_create(
            [RollEntry(rating=rating, person_id=one, frontline=one not in bound) for one in sorted(people)],
            batch_size=5_000,
        )
        rating.objections_until = day_after(rating.unit.path, rule.OBJECTION_DAYS, now)
        if rating.objections_until >= rating.opens:
            raise Problem(
                "Objections would run until %(day)s, past the opening: call the rating anew with later days.",
                day=localdate(rating.objections_until),
            )  # fmt: skip
        _seal_roll(rating)
        rating.save()
        log.append(kind="rating.roll", code=code, content=_roll_entry(rating), now=now)
        note(rating, actor=actor, now=now, deed="freeze", roll=rating.roll_size)
        tell(
            rating, actor=actor, now=now, title=noop("The roll is frozen: %(title)s"),
            body=noop("%(number)d members stand on it. Look whether you do; you can object until %(day)s."),
            number=rating.roll_size or 0, day=localdate(rating.objections_until),
        )  # fmt: skip
    return rating


def _bound(rating: Rating, now: datetime) -> set[int]:
    """Persons on the roll who hold an office in a judged union or declared a tie to management: not front-line."""
    today = localdate(now)
    offices = Q(pk__in=[])
    for path in judged_paths(rating):
        offices |= Q(unit__path__startswith=path)
    grants = RoleGrant.objects.filter(offices, Q(until__isnull=True) | Q(until__gt=today), since__lte=today)
    ties = TieDeclaration.objects.filter(kind=TieKind.MANAGES, until__isnull=True)
    accounts = Account.objects.filter(
        Q(pk__in=grants.values("account_id")) | Q(pk__in=ties.values("account_id")), person_id__isnull=False
    )
    return set(accounts.values_list("person_id", flat=True))


def _seal_roll(rating: Rating) -> None:
    """Size and hash of the roll as it stands: SHA-256 over a secret salt and the persons' numbers, sorted."""
    rating.roll_salt = rating.roll_salt or secrets.token_hex(32)
    rating.roll_sha256 = roll_hash(rating)
    rating.roll_size = RollEntry.objects.filter(rating=rating).count()
    rating.roll_frontline = RollEntry.objects.filter(rating=rating, frontline=True).count()


def roll_hash(rating: Rating) -> str:
    """The hash of the roll as it stands now."""
    people = RollEntry.objects.filter(rating=rating).order_by("person_id").values_list("person_id", flat=True)
    return hashlib.sha256(f"{rating.roll_salt}:{','.join(str(one) for one in people)}".encode()).hexdigest()


def _roll_entry(rating: Rating) -> dict[str, object]:
    return {
        "roll_size": rating.roll_size, "roll_sha256": rating.roll_sha256,
        "objections_until": rating.objections_until.isoformat() if rating.objections_until else "",
    }  # fmt: skip


def object_to_roll(
    *, actor: Actor, now: datetime, code: str, kind: ObjectionKind, ground: str, about: int | None = None
) -> RollObjection:
    """Object to the roll: that oneself (``about`` None) or somebody is missing, or that somebody wrongly stands on it.

    The same objection again is returned. Raises Refused for all but members of a judged union and those concerned;
    Problem without a ground or after the time.
    """
    ground = ground.strip()
    if not ground or len(ground) > _MOST_SIGNS:
        raise Problem("Write in at most %(most)d signs why the roll is wrong.", most=_MOST_SIGNS)
    require_clean({"reason": ground})
    with atomic():
        rating = locked(code)
        person = _concerned(actor, rating)
        if rating.state not in (State.ROLL_FROZEN, State.ROLL_CONTESTED) or rating.objections_until is None:
            raise Problem("The roll is not open to objections now.")
        if now >= rating.objections_until:
            raise Problem("The time for objections ended on %(day)s.", day=localdate(rating.objections_until))
        whom = about or person
        on_roll = RollEntry.objects.filter(rating=rating, person_id=whom).exists()
        if kind == ObjectionKind.MISSING and on_roll:
            raise Problem("This member stands on the roll already.")
        if kind == ObjectionKind.WRONG and not on_roll:
            raise Problem("This person is not on the roll.")
        found = RollObjection.objects.filter(rating=rating, by_id=person, about_id=whom, kind=kind).first()
        if found is not None:
            return found
        made = RollObjection.objects.create(
            code=next_code("MO"), rating=rating, kind=kind, by_id=person, about_id=whom, ground=ground, filed=now
        )
        if rating.state == State.ROLL_FROZEN:
            move(rating, State.ROLL_CONTESTED, actor=actor, now=now)
            rating.save(update_fields=["state"])
        note(rating, actor=actor, now=now, deed="object", objection=made.code)
    return made


def _concerned(actor: Actor, rating: Rating) -> int:
    """The person behind a member of a union at or below the unit the rating stands at, on the roll or not."""
    for path in judged_paths(rating):
        if any(own.startswith(path) for own in actor.member_paths):
            return require_member(actor, path)
    return require_member(actor, rating.unit.path)


def decide_objection(*, actor: Actor, now: datetime, code: str, upheld: bool, reason: str) -> RollObjection:
    """Decide an objection with a written reason; upheld, the roll is put right and sealed anew.

    Deciding alike again changes nothing. Raises Refused without ``appeal.decide`` above the judged unions; Problem for
    who called the rating, who objected, or without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise Problem("Write the reason: a decision without one does not stand.")
    require_clean({"reason": reason})
    wanted = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
    with atomic():
        objection = _held_objection(code)
        rating = locked(objection.rating.code)
        require_above(actor, DECIDE, rating)
        if objection.state == wanted and actor.did(objection.decided_by):
            return objection
        if objection.state != ObjectionState.FILED:
            raise Problem("This objection is decided.")
        require_untied(actor, rating.unit.path)
        require_other(
            actor, rating.called_by, person=True,
            said=Problem("You called this rating: somebody else decides on objections to its roll."),
        )  # fmt: skip
        if actor.concerns(objection.by_id, objection.about_id):
            raise Problem("The objection concerns you: somebody else decides on it.")
        _settle(rating, objection, wanted, reason, actor, now)
    return objection


def _settle(
    rating: Rating, objection: RollObjection, wanted: ObjectionState, reason: str, actor: Actor, now: datetime
) -> None:
    objection.state, objection.reason = wanted, reason
    objection.decided, objection.decided_by, objection.decided_at_path = now, actor.account_id, above(rating)
    objection.save()
    if wanted == ObjectionState.UPHELD:
        _put_right(rating, objection)
        log.append(kind="rating.roll", code=rating.code, content=_roll_entry(rating), now=now)
    if not rating.objections.filter(state=ObjectionState.FILED).exists() and rating.state == State.ROLL_CONTESTED:
        move(rating, State.ROLL_FROZEN, actor=actor, now=now)
    rating.save()
    note(rating, actor=actor, now=now, deed="decide_objection", objection=objection.code, state=wanted.value)


def _put_right(rating: Rating, objection: RollObjection) -> None:
    if rating.state not in (State.ROLL_FROZEN, State.ROLL_CONTESTED):
        raise Problem(
            "The vote has opened: its roll is touched by nobody. Have the rating declared void and run again."
        )
    whom = objection.about_id or objection.by_id
    if objection.kind == ObjectionKind.MISSING:
        member = any(active_members(path).filter(person_id=whom).exists()
                     for path in judged_paths(rating))  # fmt: skip
        if not member:
            raise Problem("The register does not show this member here: have it put right first, then uphold.")
        RollEntry.objects.get_or_create(rating=rating, person_id=whom)
    else:
        RollEntry.objects.filter(rating=rating, person_id=whom).delete()
    _seal_roll(rating)


def appeal_objection(*, actor: Actor, now: datetime, code: str, ground: str) -> Appeal:
    """Appeal against a dismissed objection (S5). Raises Refused for others, Problem where it is not dismissed."""
    objection = RollObjection.objects.select_related("rating__unit").get(code=code)
    if not actor.concerns(objection.by_id):
        require_member(actor, "-")
    if objection.state != ObjectionState.DISMISSED:
        raise Problem("Only a dismissed objection is appealed against.")
    return file_appeal(
        now=now, kind=APPEAL_KIND, code=code, unit_path=objection.rating.unit.path,
        first_decider_unit_path=objection.decided_at_path, first_decider_account_id=objection.decided_by,
        ground=ground, person_id=objection.by_id, actor=actor, refused=objection.decided,
    )  # fmt: skip


def uphold_appeal(appeal: Appeal, actor: Actor, now: datetime) -> None:
    """What an upheld appeal does: the roll is put right; once the vote is open, the rating is void and run again."""
    objection = _held_objection(appeal.subject)
    rating = locked(objection.rating.code)
    if rating.state in (State.ROLL_FROZEN, State.ROLL_CONTESTED):
        _put_right(rating, objection)
        log.append(kind="rating.roll", code=rating.code, content=_roll_entry(rating), now=now)
        rating.save()
    elif rating.state in (State.OPEN, State.CLOSED):
        make_void(rating, VoidReason.MISMATCH,
                  in_every_language(noop("An appeal found the roll wrong after the vote had opened.")),
                  actor=actor, now=now)  # fmt: skip
    objection.state = ObjectionState.UPHELD
    objection.save(update_fields=["state"])


def _held_objection(code: str) -> RollObjection:
    found = (
        RollObjection.objects.select_for_update(of=("self",)).select_related("rating__unit").filter(code=code).first()
    )
    if found is None:
        raise Problem("There is no objection %(code)s.", code=code)
    return found
