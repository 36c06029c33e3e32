"""Recording what the minutes say, and filing it with the upper union."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.utils.timezone import localdate

from qiao.base import audit, lineage
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.elections.choices import Cause, ElectionState
from qiao.org.elections.models import Candidate, Election
from qiao.org.elections.rules import (
    DELEGATE_QUOTA,
    QUORUM,
    Count,
    check_counts,
    check_elected,
    delegate_warning,
    delegates_for,
    require_state,
)
from qiao.org.mandates.choices import EmployerPost, Post
from qiao.org.mandates.rules import is_base, longest_term, months_later, term_setting
from qiao.org.membership.queries import active_members
from qiao.org.settings.queries import value_of

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def hold_election(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    held_on: date,
    count: Count,
    votes: Mapping[int, int],
    elected: Collection[int],
    secret: bool,
    minutes_sha256: str,
    minutes_name: str = "",
    evidence_code: str = "",
    term_until: date | None = None,
) -> Election:
    """Record what the minutes say: turnout, votes per candidate, who is elected. Until it is filed it may be corrected.

    ``minutes_sha256``: hash of the signed minutes, which stay with the unit. ``evidence_code``: a ballot of the
    platform instead of paper. ``term_until``: first day after the new term, where the members chose less than the
    setting allows. Raises Refused without ``election.run``, Problem for an open vote, counts that do not fit, too few
    present, somebody elected who did not win, a term over the limit, or no minutes and no ballot.
    """
    with atomic():
        election = Election.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "election.run", election.unit.path)
        require_state(election.state, ElectionState.CALLED, ElectionState.HELD, ElectionState.RETURNED)
        if not secret:
            raise Problem("An election is by secret ballot: an open vote elects nobody.")
        if held_on > localdate(now) or (election.called_at and held_on < localdate(election.called_at)):
            raise Problem("Choose the day on which it was held: after the call, and not one to come.")
        if not (minutes_sha256 or evidence_code):
            raise Problem("Add the signed minutes, or name the ballot on the platform.")
        if minutes_sha256 and not _SHA256.match(minutes_sha256):
            raise Problem("This is no SHA-256: 64 signs 0–9 and a–f.")
        candidates = {row.pk: row for row in election.candidates.filter(withdrawn=False).order_by("pk")}
        missing = [row.name for key, row in candidates.items() if key not in votes]
        if missing or set(votes) - set(candidates):
            raise Problem("Write the votes of every candidate, 0 where there were none.")
        quorum = value_of(QUORUM, path=election.unit.path, on=held_on)
        check_counts(count, votes.values(), quorum)
        check_elected(
            {key: row.post for key, row in candidates.items()}, votes, elected, valid=count.valid, seats=election.seats
        )
        _check_term(election, held_on, term_until)
        for key, row in candidates.items():
            row.votes, row.elected = votes[key], key in elected
        Candidate.objects.bulk_update(candidates.values(), ["votes", "elected"])
        election.state, election.held_on, election.term_until = ElectionState.HELD, held_on, term_until
        election.electors, election.present, election.handed_out = count.electors, count.present, count.handed_out
        election.valid, election.invalid = count.valid, count.invalid
        election.registered = active_members(election.unit.path).count()
        election.minutes_sha256, election.minutes_name = minutes_sha256, minutes_name[:160]
        election.evidence_code = evidence_code.strip().upper()
        election.warnings = _warnings(election, list(candidates.values()))
        election.save()
        if election.evidence_code:
            lineage.link(source=election.evidence_code, target=election.code, now=now)
        audit.record(
            actor=actor,
            now=now,
            action="election.hold",
            code=election.code,
            unit_path=election.unit.path,
            detail={"electors": count.electors, "present": count.present, "elected": len(set(elected))},
        )
    return election


def _check_term(election: Election, held_on: date, until: date | None) -> None:
    """Raise Problem for a term over the limit, or for one given where a vacancy is filled."""
    if until is None:
        return
    if election.cause == Cause.FILL:
        raise Problem("Who fills a vacancy serves to the end of the running term: leave the end empty.")
    years = value_of(term_setting(election.unit.kind), path=election.unit.path, on=held_on)
    limit = min(months_later(held_on, 12 * years), longest_term(held_on))
    if not held_on < until <= limit:
        raise Problem(
            "A term of %(years)d years at most is allowed here: it would end by %(limit)s.", years=years, limit=limit
        )


def _warnings(election: Election, candidates: list[Candidate]) -> list[str]:
    """What the one who confirms should look at before the rest."""
    found = []
    if any(row.elected and row.post == Post.CHAIR and row.employer_post != EmployerPost.NONE for row in candidates):
        found.append("chair_manages")
    members, electors = election.registered or 0, election.electors or 0
    table = value_of(DELEGATE_QUOTA, path=election.unit.path, on=election.held_on or election.day)
    by_delegates = delegate_warning(table, members=members, electors=electors)
    # Above the base delegates elect; in the base they may, where a number of them is known for so many members.
    if not is_base(election.unit.kind) and by_delegates:
        found.append(by_delegates)
    allowed = delegates_for(table, members)
    if not (allowed and allowed[0] <= electors <= allowed[1]) and (
        is_base(election.unit.kind)
        and election.electors
        and election.registered
        and abs(election.electors - election.registered) * 10 > election.registered
    ):
        found.append("electors_differ")
    if len({row.name for row in candidates}) <= election.seats:
        found.append("no_choice")
    if not any(row.elected and row.post in (Post.CHAIR, Post.ORGANISER) for row in candidates) and (
        election.kind == "union" and election.cause != Cause.FILL
    ):
        found.append("no_chair")
    return found


def file_result(*, actor: Actor, now: datetime, code: str) -> Election:
    """File the result with the upper union, for the electoral group. Twice changes nothing.

    Raises Refused without ``election.run``, Problem before it is held, or for somebody who stood for election.
    """
    with atomic():
        election = Election.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "election.run", election.unit.path)
        if election.state == ElectionState.FILED:
            return election
        require_state(election.state, ElectionState.HELD)
        if actor.account_id is not None and election.candidates.filter(account_id=actor.account_id).exists():
            raise Problem(
                "Who stood for election does not file its result: another officer of the electoral group does."
            )
        election.state, election.filed_at, election.filed_by_id = ElectionState.FILED, now, actor.account_id
        election.save(update_fields=["state", "filed_at", "filed_by"])
        audit.record(actor=actor, now=now, action="election.file", code=election.code, unit_path=election.unit.path)
    return election
