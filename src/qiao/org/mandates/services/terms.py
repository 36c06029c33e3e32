"""Committees and their terms."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import SYSTEM, Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.mandates.choices import CommitteeKind, EndReason
from qiao.org.mandates.models import Committee, Mandate, Term
from qiao.org.mandates.rules import TERM_LEAD, longest_term, months_later, term_setting
from qiao.org.settings.queries import ruling
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit
from qiao.org.units.services import mark_term

#: How many units one round of the daily job marks.
_BATCH = 5000


def open_committee(*, actor: Actor, now: datetime, unit: Unit, kind: CommitteeKind, since: date) -> Committee:
    """The committee of this kind in the unit; set up from ``since`` on where there is none. Twice changes nothing.

    Raises Refused without ``election.confirm`` at the unit above (at the top: at the unit itself).
    """
    require(actor, "election.confirm", _judge_path(unit))
    kind = CommitteeKind(kind)
    with atomic():
        committee, made = Committee.objects.get_or_create(unit=unit, kind=kind, until=None, defaults={"since": since})
        if made:
            audit.record(
                actor=actor,
                now=now,
                action="committee.open",
                code=unit.label,
                unit_path=unit.path,
                detail={"kind": kind.value},
            )
    return committee


def open_term(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    kind: CommitteeKind,
    since: date,
    until: date | None = None,
    seats: int = 0,
    election_code: str = "",
) -> Term:
    """Open a term of a committee; the one before ends the same day. Twice for one election changes nothing.

    Without ``until`` the setting of the unit's kind gives the length (`term_setting`); the term keeps the rule it was
    opened under. Raises Refused without ``election.confirm`` at the unit above, Problem for a term over the limit, one
    that ends before it begins, or one that begins before the running one did.
    """
    require(actor, "election.confirm", _judge_path(unit))
    setting = term_setting(unit.kind)
    length = ruling(setting, path=unit.path, on=since)
    lead = ruling(TERM_LEAD, path=unit.path, on=since)
    limit = min(months_later(since, 12 * length.value), longest_term(since))
    ends = until or limit
    if ends <= since:
        raise Problem("The term must end after it begins.")
    if ends > limit:
        raise Problem(
            "A term of %(years)d years at most is allowed here: it would end by %(limit)s.",
            years=length.value,
            limit=limit,
        )
    with atomic():
        committee = open_committee(actor=actor, now=now, unit=unit, kind=kind, since=since)
        # Locked, so that two confirmations at once cannot both open a term.
        Committee.objects.select_for_update().get(pk=committee.pk)
        if election_code:
            same = Term.objects.filter(committee=committee, election_code=election_code).order_by("pk").first()
            if same is not None:
                return same
        last = Term.objects.filter(committee=committee).order_by("-since", "-pk").first()
        if last is not None and (last.since >= since or (last.ended is not None and last.ended > since)):
            raise Problem("Another term of this committee runs on %(day)s.", day=since)
        if last is not None and last.ended is None:
            _close(last, since)
        term = Term.objects.create(
            committee=committee,
            number=(last.number if last else 0) + 1,
            since=since,
            until=ends,
            due_from=max(ends - timedelta(days=lead.value), since),
            seats=seats,
            rule=length.origin,
            due_rule=lead.origin,
            election_code=election_code,
        )
        audit.record(
            actor=actor,
            now=now,
            action="term.open",
            code=unit.label,
            unit_path=unit.path,
            detail={"kind": committee.kind, "since": since.isoformat(), "until": ends.isoformat()},
        )
    return term


def end_term(*, actor: Actor, now: datetime, term_id: int, day: date) -> Term:
    """End a running term before its time, with its mandates: where a unit closes or merges. Twice changes nothing.

    Raises Refused without ``election.confirm`` at the unit above, Problem for a day before it began or to come.
    """
    with atomic():
        term = Term.objects.select_for_update(of=("self",)).select_related("committee__unit").get(pk=term_id)
        unit = term.committee.unit
        require(actor, "election.confirm", _judge_path(unit))
        if term.ended is not None:
            return term
        if not term.since <= day <= localdate(now):
            raise Problem("Choose a day from %(first)s on, and not one to come.", first=term.since)
        _close(term, day)
        audit.record(actor=actor, now=now, action="term.end", code=unit.label, unit_path=unit.path)
    return term


def _close(term: Term, day: date) -> None:
    """End a term and the mandates that rest on it."""
    term.ended = day
    term.save(update_fields=["ended"])
    Mandate.objects.filter(Q(until__isnull=True) | Q(until__gt=day), term=term, since__lte=day).update(
        until=day, end_reason=EndReason.TERM
    )


def mark_terms(*, now: datetime) -> int:
    """Say of every unit whether its election is due or overdue; the number of units changed. Twice changes nothing.

    The daily job's: who elects in time sees nothing of it.
    """
    today = localdate(now)
    changed = 0
    due = (
        Term.objects.filter(ended__isnull=True, committee__kind=CommitteeKind.UNION, due_from__lte=today)
        .select_related("committee__unit")
        .order_by("until", "pk")
    )
    late = due.filter(until__lte=today, committee__unit__state__in=[UnitState.ACTIVE, UnitState.TERM_DUE])
    soon = due.filter(until__gt=today, committee__unit__state=UnitState.ACTIVE)
    for terms, state in ((late, UnitState.OVERDUE), (soon, UnitState.TERM_DUE)):
        for term in terms[:_BATCH]:
            mark_term(
                actor=SYSTEM, now=now, unit=term.committee.unit, state=state, term_ends=term.until - timedelta(days=1)
            )
            changed += 1
    return changed


def _judge_path(unit: Unit) -> str:
    """Where one must hold the right to confirm: at the unit above; only the top confirms itself."""
    return unit.path[:-5] or unit.path
