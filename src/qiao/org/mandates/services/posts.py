"""Mandates: who holds which post from when to when."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.mandates.choices import ELECTED, SINGLE, EmployerPost, EndReason, Engagement, Post
from qiao.org.mandates.models import Committee, Mandate, Term
from qiao.org.people.models import Account, Person
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in

#: How far ahead a mandate may begin.
_AHEAD_DAYS = 366


def enter_mandate(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    post: Post,
    name: str,
    since: date,
    engagement: Engagement = Engagement.PART,
    employer_post: EmployerPost = EmployerPost.NONE,
    group_name: str = "",
    account: Account | None = None,
    person: Person | None = None,
) -> Mandate:
    """Enter somebody in a post to which nobody is elected here: organiser, staff, group leader, delegate, director.

    Raises as `open_mandate`; Problem for a post that only an election gives.
    """
    if Post(post) in ELECTED:
        raise Problem("Only an election gives this post: plan one, and it is filled when the result is confirmed.")
    return open_mandate(
        actor=actor, now=now, unit=unit, post=post, name=name, since=since, engagement=engagement,
        employer_post=employer_post, group_name=group_name, account=account, person=person,
    )  # fmt: skip


def open_mandate(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    post: Post,
    name: str,
    since: date,
    engagement: Engagement = Engagement.PART,
    employer_post: EmployerPost = EmployerPost.NONE,
    group_name: str = "",
    account: Account | None = None,
    person: Person | None = None,
    committee: Committee | None = None,
    term: Term | None = None,
    source_code: str = "",
    post_code: str = "",
) -> Mandate:
    """Open a mandate. The same person in the same post is not entered twice: the running mandate comes back.

    Raises Refused without ``mandate.keep`` at the unit, Problem for a closed unit, an empty name, a day out of reason,
    a group leader without a group, or a post one person holds at a time that is taken.
    """
    require(actor, "mandate.keep", unit.path)
    post, name = Post(post), " ".join(name.split())
    if not takes_in(unit):
        raise Problem("%(unit)s is closed.", unit=unit.label)
    if not name:
        raise Problem("Write the name: an officer is named.")
    if since.year < 1950 or (since - localdate(now)).days > _AHEAD_DAYS:
        raise Problem("The year %(year)s cannot be meant: check the date.", year=f"{since.year:04d}")
    if post == Post.GROUP_LEADER and not group_name.strip():
        raise Problem("Write which union group it is.")
    with atomic():
        # The unit's row is the lock for its posts.
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        same = (
            Mandate.objects.filter(
                unit=unit, post=post, name=name, until__isnull=True, group_name=group_name.strip(), term=term
            )
            .order_by("pk")
            .first()
        )
        if same is not None:
            return same
        try:
            # A savepoint: the refusal of the exclusion leaves the transaction usable.
            with atomic():
                mandate = Mandate.objects.create(
                    unit=unit, committee=committee, term=term, person=person, account=account, name=name, post=post,
                    engagement=engagement, employer_post=employer_post, group_name=group_name.strip(), since=since,
                    source_code=source_code, post_code=post_code, confirmed=localdate(now),
                )  # fmt: skip
        except IntegrityError:
            if post not in SINGLE:
                raise
            raise Problem(
                "Somebody holds this post already on that day (%(post)s): end that mandate first.", post=post.label
            ) from None
        audit.record(
            actor=actor,
            now=now,
            action="mandate.open",
            code=unit.label,
            unit_path=unit.path,
            detail={"mandate": mandate.pk, "post": post.value},
        )
    return mandate


def end_mandate(
    *, actor: Actor, now: datetime, mandate_id: int, day: date, reason: EndReason, source_code: str = ""
) -> Mandate:
    """End a mandate; ending it twice changes nothing. A vacant chair begins its clock that day.

    Raises Refused without ``mandate.keep`` at the unit, Problem for a day before it began or to come, or for a recall
    that cites no petition: members recall, officers record it.
    """
    reason = EndReason(reason)
    with atomic():
        mandate = Mandate.objects.select_for_update(of=("self",)).select_related("unit").get(pk=mandate_id)
        require(actor, "mandate.keep", mandate.unit.path)
        if mandate.until is not None and mandate.until <= localdate(now):
            return mandate
        if not mandate.since <= day <= localdate(now):
            raise Problem("Choose a day from %(first)s on, and not one to come.", first=mandate.since)
        if reason == EndReason.RECALLED and not source_code:
            raise Problem("A recall rests on a petition of the members: it is recorded there.")
        mandate.until, mandate.end_reason = day, reason
        mandate.save(update_fields=["until", "end_reason"])
        audit.record(
            actor=actor,
            now=now,
            action="mandate.end",
            code=mandate.unit.label,
            unit_path=mandate.unit.path,
            detail={"mandate": mandate.pk, "post": mandate.post, "reason": reason.value},
        )
    return mandate


def declare_employer_post(*, actor: Actor, now: datetime, mandate_id: int, employer_post: EmployerPost) -> Mandate:
    """Record that an officer holds, or no longer holds, a post in the employer's management: everybody sees it.

    Raises Refused without ``mandate.keep`` at the unit.
    """
    with atomic():
        mandate = Mandate.objects.select_for_update(of=("self",)).select_related("unit").get(pk=mandate_id)
        require(actor, "mandate.keep", mandate.unit.path)
        former, mandate.employer_post = mandate.employer_post, EmployerPost(employer_post)
        mandate.save(update_fields=["employer_post"])
        audit.record(
            actor=actor,
            now=now,
            action="mandate.declare",
            code=mandate.unit.label,
            unit_path=mandate.unit.path,
            detail={"mandate": mandate.pk, "from": former, "to": mandate.employer_post},
        )
    return mandate
