"""What the pages of votes have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.ballots import queries, rules
from qiao.decide.ballots.choices import BallotState, Leftover, Rule
from qiao.decide.ballots.models import Ballot


def found_ballot(code: str) -> Ballot:
    """The ballot; raises Http404."""
    try:
        return queries.ballot_by_code(code)
    except Ballot.DoesNotExist:
        raise Http404 from None


def act(request: ActorRequest, code: str, service: Callable[[], Ballot], done: str) -> HttpResponse:
    """Run one service on POST and come back to the ballot's page with what it says."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found_ballot(code)
    try:
        service()
    except Problem as problem:
        messages.error(request, problem_text(problem))
    else:
        messages.success(request, done)
    return redirect("ballots:ballot", code)


def ballot_context(request: ActorRequest, found: Ballot, moment: datetime) -> dict[str, object]:
    """All a ballot's page shows to this reader now."""
    actor, path = request.actor, found.unit.path
    line = queries.on_roll(found, actor)
    voting = rules.is_voting(found.state, found.closes, moment)
    items = queries.item_lines(found)
    return {
        "ballot": found,
        "items": items,
        "names": {item.proposal_code: item.title for item in items},
        "steps": rules.steps(found.state),
        "line": line,
        "voting": voting,
        "over": found.state == BallotState.OPEN and not voting,
        "result": queries.result_of(found),
        "full_share": full_share(found),
        "ending": queries.result_ending(found.code),
        "recount": recount_line(found),
        "entries": queries.ledger_entries(found.code),
        "desks": queries.desks_of(found),
        "counting": queries.counting_of(found),
        "may_open": rules.is_due_to_open(found.state, found.opens, moment) and actor.may("ballot.run", path),
        "may_withdraw": rules.may_change(found.state, BallotState.WITHDRAWN) and actor.may("ballot.run", path),
        "may_count": actor.may("ballot.count", path)
        and (found.state == BallotState.CLOSED or rules.is_due_to_close(found.state, found.closes, moment)),
        "may_desk": actor.may("ballot.count", path) and found.state in (BallotState.PLANNED, BallotState.OPEN),
        "may_decide": found.state == BallotState.COUNTED and actor.may("decision.take", path),
    }


def recount_line(found: Ballot) -> str:
    """The line by which anybody counts the file again."""
    ending = queries.result_ending(found.code)
    if found.ranked:
        return f"qiao share {found.code}.{ending or 'soi'} --rule {found.rule}"
    rule = Rule.EQUAL_SHARES if found.rule == Rule.EQUAL_SHARES else Rule.GREEDY
    leftover = " --completion greedy" if found.leftover == Leftover.MOST_VOTES else ""
    return f"qiao share {found.code}.pb --rule {rule.value}{leftover}"


def full_share(found: Ballot) -> float | None:
    """What a voter's share would be if the whole roll voted."""
    if found.rule != Rule.EQUAL_SHARES or found.budget is None or not found.roll_size:
        return None
    return float(found.budget) / found.roll_size


def row_number(text: str | None) -> int | None:
    """A number from a form: digits that fit the column, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def said_kindly() -> str:
    """What is said to whoever comes a second time."""
    return _("This member's vote is used already. One member has one vote, whatever the way.")
