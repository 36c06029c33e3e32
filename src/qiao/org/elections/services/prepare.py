"""Planning an election, nominating candidates, calling it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.jobs import defer
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.org.elections.choices import Cause, ElectionState, NominatedBy
from qiao.org.elections.models import Candidate, Election
from qiao.org.elections.rules import DELEGATE_QUOTA, NOTICE, OPEN, delegates_for, require_state
from qiao.org.mandates.choices import CommitteeKind, EmployerPost, Post
from qiao.org.mandates.queries import current_term
from qiao.org.mandates.rules import is_base
from qiao.org.membership.queries import member_count
from qiao.org.people.models import Account
from qiao.org.settings.queries import value_of
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit

_ELECTS = (UnitState.APPROVED, UnitState.ACTIVE, UnitState.TERM_DUE, UnitState.OVERDUE)
#: Which posts each committee is elected to.
POSTS = {
    CommitteeKind.UNION: (Post.CHAIR, Post.DEPUTY, Post.MEMBER, Post.ORGANISER),
    CommitteeKind.EXECUTIVE: (Post.MEMBER,),
    CommitteeKind.WOMEN: (Post.WOMEN_HEAD, Post.MEMBER),
    CommitteeKind.AUDIT: (Post.AUDIT_HEAD, Post.MEMBER),
}


def plan_election(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    kind: CommitteeKind,
    cause: Cause,
    day: date,
    seats: int,
    group: str,
    place: Localized | None = None,
) -> Election:
    """Plan an election: day, seats, and who forms the electoral group. One of a kind is open at a time.

    Raises Refused without ``election.run`` at the unit, Problem for a unit that elects nobody, a kind that is set up
    and not elected, an open election of the kind, a vacancy to fill where no term runs, or a day past.
    """
    require(actor, "election.run", unit.path)
    kind, cause = CommitteeKind(kind), Cause(cause)
    require_plausible(day)
    if kind not in POSTS:
        raise Problem("This committee is set up, not elected.")
    if day < localdate(now):
        raise Problem("This day is over: choose one to come.")
    if seats < 1:
        raise Problem("Write how many are to be elected.")
    if not group.strip():
        raise Problem("Write who forms the electoral group.")
    with atomic():
        unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        if unit.state not in _ELECTS:
            raise Problem("%(unit)s is “%(state)s”: it elects nobody now.", unit=unit.label,
                          state=UnitState(unit.state).label)  # fmt: skip
        if cause == Cause.FILL and current_term(unit, kind) is None:
            raise Problem("No term runs here: plan a first election instead.")
        if Election.objects.filter(unit=unit, kind=kind, state__in=OPEN).exists():
            raise Problem("An election of this committee is open already: finish or withdraw it first.")
        election = Election.objects.create(
            code=next_code("L"), unit=unit, kind=kind, cause=cause, day=day, seats=seats, group=group.strip(),
            place=place or {}, planned_by_id=actor.account_id, planned_at=now,
            warnings=_delegates_to_settle(unit, day),
        )  # fmt: skip
        _note(actor, now, election, "plan", {"kind": kind.value, "day": day.isoformat()})
    return election


def _delegates_to_settle(unit: Unit, day: date) -> list[str]:
    """Above the base delegates elect: a warning while no number of them is known for so many members.

    It stands from the planning on, so that the number is settled before the congress is called and not after it.
    """
    if is_base(unit.kind):
        return []
    table = value_of(DELEGATE_QUOTA, path=unit.path, on=day)
    return [] if delegates_for(table, member_count(unit.path)) else ["delegates_unset"]


def nominate(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    name: str,
    post: Post,
    nominated_by: NominatedBy,
    no_relative: bool,
    employer_post: EmployerPost = EmployerPost.NONE,
    account: Account | None = None,
) -> Candidate:
    """Put a candidate on the list, with the electoral group's declaration. The same name and post twice is one.

    ``no_relative``: the group declares that this is no close relative of the employer's chief; without it the
    nomination is refused (TUL 10). A head of personnel or deputy head of the employer may stand, and everybody sees it.
    Raises Refused without ``election.run``, Problem once it is held, or for a post this committee has not.
    """
    post, name = Post(post), " ".join(name.split())
    with atomic():
        election = _locked(actor, code)
        require_state(election.state, ElectionState.PLANNED, ElectionState.CALLED)
        if not name:
            raise Problem("Write the candidate's name.")
        if post not in POSTS[CommitteeKind(election.kind)]:
            raise Problem("This committee has no post “%(post)s”.", post=post.label)
        if not no_relative:
            raise Problem(
                "Close relatives of the employer's chief cannot stand (Trade Union Law, article 10).",
                hint="Nominate somebody else, or declare that this is no close relative.",
            )
        candidate, made = Candidate.objects.get_or_create(
            election=election, name=name, post=post,
            defaults={
                "account": account,
                "nominated_by": NominatedBy(nominated_by),
                "declared_by_id": actor.account_id,
                "declared_at": now,
                "employer_post": EmployerPost(employer_post),
            },
        )  # fmt: skip
        if made:
            _note(actor, now, election, "nominate", {"candidate": candidate.pk, "post": post.value})
    return candidate


def withdraw_candidate(*, actor: Actor, now: datetime, code: str, candidate_id: int) -> Candidate:
    """Take a candidate off the list before the election is held. Twice changes nothing."""
    with atomic():
        election = _locked(actor, code)
        require_state(election.state, ElectionState.PLANNED, ElectionState.CALLED)
        candidate = Candidate.objects.get(pk=candidate_id, election=election)
        if not candidate.withdrawn:
            candidate.withdrawn = True
            candidate.save(update_fields=["withdrawn"])
            _note(actor, now, election, "strike", {"candidate": candidate.pk})
    return candidate


def call_election(*, actor: Actor, now: datetime, code: str) -> Election:
    """Call the members to the election: they see it on their page and, where they have an account, get a mail.

    Raises Refused without ``election.run``, Problem without candidates, or where less notice is left than the setting
    asks for. Calling twice changes nothing.
    """
    with atomic():
        election = _locked(actor, code)
        if election.state == ElectionState.CALLED:
            return election
        require_state(election.state, ElectionState.PLANNED)
        if not election.candidates.filter(withdrawn=False).exists():
            raise Problem("Nobody is nominated yet: enter the candidates first.")
        notice = value_of(NOTICE, path=election.unit.path, on=localdate(now))
        if election.day < localdate(now) + timedelta(days=notice):
            raise Problem(
                "Members need %(days)d days' notice: withdraw this election and plan it for a later day.", days=notice
            )
        election.state, election.called_at, election.called_by_id = ElectionState.CALLED, now, actor.account_id
        election.save(update_fields=["state", "called_at", "called_by"])
        log.append(
            kind="election.called",
            code=election.code,
            content={
                "unit": election.unit.label,
                "committee": election.kind,
                "day": election.day.isoformat(),
                "seats": election.seats,
                "candidates": election.candidates.filter(withdrawn=False).count(),
            },
            now=now,
        )
        _note(actor, now, election, "call", {})
        defer("elections.tell_called", code=election.code)
    return election


def withdraw_election(*, actor: Actor, now: datetime, code: str, reason: str) -> Election:
    """Withdraw an election whose result is not filed. Twice changes nothing.

    Raises Refused without ``election.run``, Problem without a reason or once the result lies with the upper union.
    """
    with atomic():
        election = _locked(actor, code)
        if election.state == ElectionState.WITHDRAWN:
            return election
        require_state(
            election.state, ElectionState.PLANNED, ElectionState.CALLED, ElectionState.HELD, ElectionState.RETURNED
        )
        if not reason.strip():
            raise Problem("Write why.")
        election.state, election.reason = ElectionState.WITHDRAWN, reason.strip()
        election.save(update_fields=["state", "reason"])
        _note(actor, now, election, "withdraw", {})
    return election


def _locked(actor: Actor, code: str) -> Election:
    """The election, locked, for somebody who runs elections of its unit."""
    election = Election.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
    require(actor, "election.run", election.unit.path)
    return election


def _note(actor: Actor, now: datetime, election: Election, step: str, detail: dict[str, object]) -> None:
    audit.record(
        actor=actor, now=now, action=f"election.{step}", code=election.code, unit_path=election.unit.path, detail=detail
    )
