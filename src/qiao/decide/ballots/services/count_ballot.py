"""Counting a closed budget vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from hashlib import sha256

from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.i18n import in_every_language, pick
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import BallotState, Leftover
from qiao.decide.ballots.models import Ballot, BallotItem, Paper, ResultFile
from qiao.decide.ballots.services.close_ballot import close_ballot, papers_root
from qiao.decide.ballots.services.shuffle_box import shuffle_box
from qiao.org.settings.queries import calendar_of, span_of
from qiao.publish.services import announce
from qiao_stats import share

_COMPLETION = {Leftover.KEEP: share.Completion.NONE, Leftover.MOST_VOTES: share.Completion.GREEDY}


def count_ballot(*, actor: Actor, now: datetime, code: str) -> Ballot:
    """Close the vote where nobody has, count it by equal shares and publish the result.

    The box is held against what was committed to the ledger at closing, and the kernel's list of purchases against
    our own retelling of the rule: a count that fails either is refused, not published. Votes per project and the file
    of papers are published from five papers on. Counting twice changes nothing.

    Raises Refused without ``ballot.count``, Problem before the announced end or where a check fails.
    """
    with atomic():
        close_ballot(actor=actor, now=now, code=code)
        ballot = Ballot.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "ballot.count", ballot.unit.path)
        if ballot.state == BallotState.COUNTED:
            return ballot
        if papers_root(ballot) != ballot.papers_root:
            raise Problem(
                "The papers in the box are not those sealed at closing. Nothing was counted; call the auditor."
            )
        items = list(ballot.items.order_by("position"))
        election = election_of(ballot, items)
        by_shares = share.share_budget(election, share.Rule.EQUAL_SHARES)
        result = share.share_budget(
            election, share.Rule.EQUAL_SHARES, completion=_COMPLETION[Leftover(ballot.leftover)]
        )
        told = rules.retell(
            budget=election.budget,
            costs={project.id: project.cost for project in election.projects},
            papers=[paper.projects for paper in election.ballots],
            bought=result.selected,
            by_shares=len(by_shares.selected),
        )
        if not all(purchase.due for purchase in told):
            raise Problem("Counting again by another way gave another result. Nothing was published; call the auditor.")
        shown = rules.shows_counts(ballot.turnout)
        _write_items(items, told, result.votes, shown=shown)
        ballot.ties = [
            {"bought": purchase.project, "equal": list(purchase.tied_with)}
            for purchase in told
            # Who stood equal with whom tells of counts too.
            if purchase.tied_with and shown
        ]
        ballot.state, ballot.counted = BallotState.COUNTED, now
        ballot.spent = _money(result.cost)
        ballot.share = _money(election.budget / ballot.turnout) if ballot.turnout else None
        if shown:
            text = share.to_pabulib(election, selected=result.selected)
            ResultFile.objects.create(ballot=ballot, text=text)
            ballot.file_sha256 = sha256(text.encode()).hexdigest()
        path, today = ballot.unit.path, localdate(now)
        period = span_of(rules.CHALLENGE_PERIOD, path=path, on=today)
        ballot.challenge_ends = due(now, period, calendar_of(path, today))
        ballot.save(update_fields=["state", "counted", "spent", "share", "ties", "file_sha256", "challenge_ends"])
        log.append(kind="ballot.result", code=code, content=_result_entry(ballot, items), now=now)
        _announce(ballot, items, actor, now)
        audit.record(
            actor=actor,
            now=now,
            action="ballot.count",
            code=code,
            unit_path=ballot.unit.path,
            detail={"turnout": ballot.turnout, "bought": list(result.selected)},
        )
        shuffle_box(ballot_id=ballot.pk)
    return ballot


def election_of(ballot: Ballot, items: Sequence[BallotItem]) -> share.Election:
    """The box as an election, papers in the order of their random keys and numbered in it."""
    papers = [
        tuple(approvals)
        for approvals in Paper.objects.filter(ballot=ballot).order_by("pk").values_list("approvals", flat=True)
    ]
    if ballot.leftover == Leftover.MOST_VOTES:
        # Money left over must not buy what nobody chose.
        wanted = set().union(*papers)
        items = [item for item in items if item.proposal_code in wanted]
    return share.Election(
        projects=tuple(
            share.Project(
                item.proposal_code,
                Fraction(item.cost),
                pick(item.title, "zh-hans"),
                {"name_en": pick(item.title, "en")},
            )
            for item in items
        ),
        ballots=tuple(share.Ballot(str(number), paper) for number, paper in enumerate(papers, 1)),
        budget=Fraction(ballot.budget),
        vote_type=share.VoteType.APPROVAL,
        meta={
            "description": pick(ballot.title, "en"),
            "country": "",
            "unit": ballot.unit.label,
            "instance": ballot.code,
            "rule": "equalshares" if ballot.leftover == Leftover.KEEP else "equalshares/greedy",
            "date_begin": f"{localtime(ballot.opens):%d.%m.%Y}",
            "date_end": f"{localtime(ballot.closes):%d.%m.%Y}",
            "min_length": "1",
            "max_length": str(len(items)),
        },
    )


def _write_items(
    items: Sequence[BallotItem], told: Sequence[rules.Purchase], votes: Mapping[str, int], *, shown: bool
) -> None:
    places = {purchase.project: (place, purchase) for place, purchase in enumerate(told, 1)}
    for item in items:
        place, purchase = places.get(item.proposal_code, (None, None))
        item.place = place
        item.votes = votes.get(item.proposal_code, 0) if shown else None
        item.payment = _payment(purchase) if purchase and shown else {}
    BallotItem.objects.bulk_update(items, ["place", "votes", "payment"])


def _payment(purchase: rules.Purchase) -> dict[str, object]:
    paid = purchase.paid
    if paid is None:
        return {"leftover": True}
    return {"supporters": paid.supporters, "most": str(_money(paid.most)), "full": paid.full, "rest": paid.rest}


def _result_entry(ballot: Ballot, items: Sequence[BallotItem]) -> dict[str, object]:
    """What the ledger keeps of a result; with too few papers no count and no hash that could be guessed at."""
    bought = sorted((item for item in items if item.place is not None), key=lambda item: item.place or 0)
    return {
        "roll_size": ballot.roll_size,
        "turnout": ballot.turnout,
        "budget": str(ballot.budget),
        "spent": str(ballot.spent),
        "bought": [{"code": item.proposal_code, "cost": str(item.cost), "votes": item.votes} for item in bought],
        "ties": ballot.ties,
        "file_sha256": ballot.file_sha256,
    }


def _announce(ballot: Ballot, items: Sequence[BallotItem], actor: Actor, now: datetime) -> None:
    bought = sorted((item for item in items if item.place is not None), key=lambda item: item.place or 0)
    chosen = {
        language: separator.join(pick(item.title, language) for item in bought)
        for language, separator in (("zh-hans", "、"), ("en", "; "))
    }
    text = (
        noop("%(turnout)d of %(roll)d members on the roll voted. Chosen: %(chosen)s.")
        if bought
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


def _money(value: Fraction) -> Decimal:
    """An exact amount in whole hundredths, halves up."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
