"""Counting a closed vote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import SYSTEM, Actor, require
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.i18n import in_every_language, pick
from qiao.base.jobs import defer
from qiao.base.ledger import log, merkle
from qiao.base.problems import Problem
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import BallotState, CountStage
from qiao.decide.ballots.models import Ballot, BallotItem, Paper, ResultFile
from qiao.decide.ballots.rules.sealing import paper_leaf
from qiao.decide.ballots.services.close_ballot import close_ballot
from qiao.decide.ballots.services.shuffle_box import shuffle_box
from qiao.decide.ballots.services.tally import Outcome, tally
from qiao.decide.ballots.services.tally.budget import money
from qiao.org.settings.queries import calendar_of, span_of
from qiao.publish.services import announce

#: A reader of the box says how far it is after so many papers.
_STEP = 20_000
#: So many papers are counted while the officer waits for the page; more are counted by a job.
AT_ONCE = 5_000


def start_count(*, actor: Actor, now: datetime, code: str) -> Ballot:
    """Close the vote and count it: at once where the box is small, else by a job. Raises as the two do."""
    with atomic():
        ballot = close_ballot(actor=actor, now=now, code=code)
    if (ballot.turnout or 0) > AT_ONCE:
        return ask_count(actor=actor, now=now, code=code)
    return count_ballot(actor=actor, now=now, code=code)


def ask_count(*, actor: Actor, now: datetime, code: str) -> Ballot:
    """Close the vote where nobody has, and have it counted by a job, whose progress its page shows.

    Asking again changes nothing while the count waits or runs; after a killed worker or a failed check it starts the
    count anew. Raises Refused without ``ballot.count``, Problem before the announced end or where closing fails.
    """
    with atomic():
        close_ballot(actor=actor, now=now, code=code)
        ballot = Ballot.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        if ballot.state == BallotState.COUNTED:
            return ballot
        ballot.count_asked, ballot.count_stage = now, CountStage.ASKED
        ballot.count_done, ballot.count_fault = 0, {}
        ballot.save(update_fields=["count_asked", "count_stage", "count_done", "count_fault"])
        audit.record(actor=actor, now=now, action="ballot.ask_count", code=code, unit_path=ballot.unit.path, detail={})
        # By name: services stand below tasks. The job is a row of the same transaction.
        defer("ballots.count", code=code)
    return ballot


def run_count(*, now: datetime, code: str) -> Ballot:
    """Count what a count officer asked for: the job's part. A check that fails is written where the page tells it."""
    try:
        return count_ballot(actor=SYSTEM, now=now, code=code)
    except Problem as problem:
        kept = {key: value if isinstance(value, int) else str(value) for key, value in problem.params.items()}
        fault = {"message": problem.message, "params": kept}
        Ballot.objects.filter(code=code).exclude(state=BallotState.COUNTED).update(
            count_stage=CountStage.FAILED, count_fault=fault
        )
        raise


def count_ballot(*, actor: Actor, now: datetime, code: str) -> Ballot:
    """Close the vote where nobody has, count it by its rule and publish the result.

    The box is held against what was committed to the ledger at closing, and the kernel's result against a second way:
    a count that fails either is refused, not published. Votes and the file of papers are published from five papers
    on. Papers cannot change after the close, so they are read and counted without holding anything; the result is
    then written at once or not at all. Killed and done again, or done twice, it changes nothing.

    Raises Refused without ``ballot.count``, Problem before the announced end or where a check fails.
    """
    ballot = close_ballot(actor=actor, now=now, code=code)
    if ballot.state == BallotState.COUNTED:
        return ballot
    items = list(ballot.items.order_by("position"))
    rows = _read_box(ballot, lambda done: _tell(ballot, CountStage.READING, done))
    _tell(ballot, CountStage.COUNTING, len(rows))
    outcome = tally(ballot, items, rows)
    _tell(ballot, CountStage.CHECKING, len(rows))
    blank = sum(not marks for marks, _ranks in rows)
    with atomic():
        ballot = Ballot.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "ballot.count", ballot.unit.path)
        if ballot.state == BallotState.COUNTED:
            return ballot
        _publish(ballot, items, outcome, blank, actor, now)
    return ballot


def _read_box(ballot: Ballot, tell: Callable[[int], None]) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
    """Marks and ranks of every paper by its random key, held against the root of the closing."""
    leaves: list[bytes] = []
    rows: list[tuple[tuple[str, ...], tuple[int, ...]]] = []
    known: dict[tuple[tuple[str, ...], tuple[int, ...]], tuple[tuple[str, ...], tuple[int, ...]]] = {}
    papers = Paper.objects.filter(ballot=ballot).order_by("pk").values_list("pk", "marks", "ranks")
    for key, marks, ranks in papers.iterator(chunk_size=_STEP):
        leaves.append(paper_leaf(key, marks, ranks))
        row = (tuple(marks), tuple(ranks))
        # Most papers say what others say: one copy of each.
        rows.append(known.setdefault(row, row))
        if len(rows) % _STEP == 0:
            tell(len(rows))
    if merkle.root(leaves).hex() != ballot.papers_root:
        raise Problem("The papers in the box are not those sealed at closing. Nothing was counted; call the auditor.")
    return rows


def _tell(ballot: Ballot, stage: CountStage, done: int) -> None:
    """Say how far the count is, where it was asked for: a figure of papers read, never of what they say."""
    if ballot.count_asked is not None:
        Ballot.objects.filter(pk=ballot.pk, state=BallotState.CLOSED).update(count_stage=stage, count_done=done)


def _publish(
    ballot: Ballot, items: Sequence[BallotItem], outcome: Outcome, blank: int, actor: Actor, now: datetime
) -> None:
    shown = rules.shows_counts((ballot.turnout or 0) - blank)
    _write_items(items, outcome, shown=shown)
    # Who stood equal with whom tells of counts too, and so does every step.
    ballot.ties = list(outcome.ties) if shown else []
    ballot.working = dict(outcome.working) if shown else {}
    ballot.state, ballot.counted, ballot.blank = BallotState.COUNTED, now, blank
    ballot.count_stage = CountStage.NONE
    ballot.spent = None if outcome.spent is None else money(outcome.spent)
    ballot.share = None if outcome.share is None else money(outcome.share)
    if shown:
        ResultFile.objects.create(ballot=ballot, text=outcome.text, ending=outcome.ending)
        ballot.file_sha256 = sha256(outcome.text.encode()).hexdigest()
    path, today = ballot.unit.path, localdate(now)
    period = span_of(rules.CHALLENGE_PERIOD, path=path, on=today)
    ballot.challenge_ends = due(now, period, calendar_of(path, today))
    ballot.save()
    log.append(kind="ballot.result", code=ballot.code, content=_result_entry(ballot, items), now=now)
    _announce(ballot, items, actor, now)
    audit.record(
        actor=actor,
        now=now,
        action="ballot.count",
        code=ballot.code,
        unit_path=path,
        detail={"turnout": ballot.turnout, "chosen": list(outcome.chosen)},
    )
    shuffle_box(ballot_id=ballot.pk)


def _write_items(items: Sequence[BallotItem], outcome: Outcome, *, shown: bool) -> None:
    places = {code: place for place, code in enumerate(outcome.chosen, 1)}
    for item in items:
        item.place = places.get(item.proposal_code)
        item.votes = outcome.votes.get(item.proposal_code, 0) if shown else None
        item.payment = dict(outcome.payments.get(item.proposal_code, {})) if shown else {}
    BallotItem.objects.bulk_update(items, ["place", "votes", "payment"])


def _result_entry(ballot: Ballot, items: Sequence[BallotItem]) -> dict[str, object]:
    """What the ledger keeps of a result; with too few papers no count and no hash that could be guessed at."""
    return {
        "roll_size": ballot.roll_size,
        "turnout": ballot.turnout,
        "blank": ballot.blank if rules.shows_counts(ballot.blank) or not ballot.blank else None,
        "budget": None if ballot.budget is None else str(ballot.budget),
        "spent": None if ballot.spent is None else str(ballot.spent),
        "bought": [
            {"code": item.proposal_code, "cost": str(item.cost), "votes": item.votes} for item in _in_order(items)
        ],
        "ties": ballot.ties,
        "file_sha256": ballot.file_sha256,
    }


def _in_order(items: Sequence[BallotItem]) -> list[BallotItem]:
    return sorted((item for item in items if item.place is not None), key=lambda item: item.place or 0)


def _announce(ballot: Ballot, items: Sequence[BallotItem], actor: Actor, now: datetime) -> None:
    chosen_items = _in_order(items)
    chosen = {
        language: separator.join(pick(item.title, language) for item in chosen_items)
        for language, separator in (("zh-hans", "、"), ("en", "; "))
    }
    text = (
        noop("%(turnout)d of %(roll)d members on the roll voted. Chosen: %(chosen)s.")
        if chosen_items
        else noop("%(turnout)d of %(roll)d members on the roll voted. No project was chosen.")
    )
    announce(
        actor=actor,
        now=now,
        unit=ballot.unit,
        code=ballot.code,
        url=reverse("ballots:ballot", args=[ballot.code]),
        title=in_every_language(noop("Result: %(title)s"), title=ballot.title),
        body=in_every_language(text, turnout=ballot.turnout or 0, roll=ballot.roll_size or 0, chosen=chosen),
    )
