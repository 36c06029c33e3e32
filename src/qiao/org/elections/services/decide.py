"""The upper union confirms a result, or sends it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from qiao.base import audit
from qiao.base.access import SYSTEM, Actor, require, require_other, require_untied
from qiao.base.counts import public_count
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.org.elections.choices import Cause, ElectionState
from qiao.org.elections.models import Election
from qiao.org.elections.queries import hands_in
from qiao.org.elections.rules import require_state
from qiao.org.mandates.choices import SINGLE, CommitteeKind, EmployerPost, EndReason, Engagement, Post
from qiao.org.mandates.models import Committee, Mandate, Term
from qiao.org.mandates.queries import current_term
from qiao.org.mandates.services import open_mandate, open_term
from qiao.org.units.services import activate_unit


def confirm_result(*, actor: Actor, now: datetime, code: str) -> Election:
    """Confirm a filed result: the term and the mandates of those elected open on the day of the election.

    A unit that was approved, or whose term was due or overdue, is active until the new term ends. Twice changes
    nothing. Raises Refused without ``election.confirm`` at the unit above, Problem for whoever planned, called or
    filed it or stood in it.
    """
    with atomic():
        election = Election.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        unit = election.unit
        require(actor, "election.confirm", unit.path[:-5] or unit.path)
        if election.state == ElectionState.CONFIRMED:
            return election
        require_state(election.state, ElectionState.FILED)
        _check_other(actor, election)
        _open(actor, now, election)
        election.state, election.decided_at, election.decided_by_id = ElectionState.CONFIRMED, now, actor.account_id
        election.reason = ""
        election.save(update_fields=["state", "decided_at", "decided_by", "reason"])
        log.append(
            kind="election.confirmed",
            code=election.code,
            content={
                "unit": unit.label,
                "committee": election.kind,
                "held": election.held_on.isoformat() if election.held_on else "",
                # How many members there are stands in the minutes, whose hash follows: the ledger is public.
                "valid": public_count(election.valid or 0) if public_count(election.electors or 0) else None,
                "elected": election.candidates.filter(elected=True).count(),
                "minutes_sha256": election.minutes_sha256,
                "evidence": election.evidence_code,
            },
            now=now,
        )
        audit.record(actor=actor, now=now, action="election.confirm", code=election.code, unit_path=unit.path)
    return election


def return_result(*, actor: Actor, now: datetime, code: str, reason: str) -> Election:
    """Send a filed result back for correction, with the reason. Twice changes nothing.

    Raises Refused without ``election.confirm`` at the unit above, Problem without a reason.
    """
    with atomic():
        election = Election.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "election.confirm", election.unit.path[:-5] or election.unit.path)
        if election.state == ElectionState.RETURNED:
            return election
        require_state(election.state, ElectionState.FILED)
        _check_other(actor, election)
        if not reason.strip():
            raise Problem("Write what is to be corrected.")
        election.state, election.reason = ElectionState.RETURNED, reason.strip()
        election.decided_at, election.decided_by_id = now, actor.account_id
        election.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        audit.record(actor=actor, now=now, action="election.return", code=election.code, unit_path=election.unit.path)
    return election


def _check_other(actor: Actor, election: Election) -> None:
    """Raise Problem for whoever had a hand in the election, or declared a tie to the unit's employer."""
    require_untied(actor, election.unit.path)
    require_other(
        actor,
        *hands_in(election),
        said=Problem("Who planned, called, filed or stood in an election does not confirm it: another officer does."),
    )


def _open(actor: Actor, now: datetime, election: Election) -> None:
    """Term and mandates of those elected; the unit is told that its committee stands."""
    unit, since, kind = election.unit, election.held_on, CommitteeKind(election.kind)
    if since is None:
        raise Problem("The result is not recorded yet.")
    term: Term | None
    if election.cause == Cause.FILL:
        term = current_term(unit, kind)
        if term is None:
            raise Problem("The term has ended meanwhile: hold an election of the whole committee.")
        committee: Committee = term.committee
    else:
        term = open_term(
            actor=actor, now=now, unit=unit, kind=kind, since=since, until=election.term_until,
            seats=election.seats, election_code=election.code,
        )  # fmt: skip
        committee = term.committee
    for row in election.candidates.filter(elected=True).select_related("account").order_by("pk"):
        if row.post in SINGLE:
            _make_way(unit.pk, Post(row.post), election)
        # What the members elected and the upper union confirms needs no further right at the unit.
        open_mandate(
            actor=SYSTEM, now=now, unit=unit, post=Post(row.post), name=row.name, since=since,
            engagement=Engagement.PART, employer_post=EmployerPost(row.employer_post), account=row.account,
            person=row.account.person if row.account else None, committee=committee, term=term,
            source_code=election.code,
        )  # fmt: skip
    if kind == CommitteeKind.UNION and election.cause != Cause.FILL:
        activate_unit(actor=actor, now=now, unit=unit, term_ends=term.until - timedelta(days=1), ground=election.code)


def _make_way(unit_id: int, post: Post, election: Election) -> None:
    """End the mandate of whoever held a post only one person holds: imported ones rest on no term."""
    held = Mandate.objects.filter(unit_id=unit_id, post=post, until__isnull=True, since__lte=election.held_on)
    held.update(until=election.held_on, end_reason=EndReason.TERM)
