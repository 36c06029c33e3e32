"""Planning a budget vote: everything that decides its result is fixed here, before anybody votes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from qiao.base import audit, lineage
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized, pick
from qiao.base.ledger import log
from qiao.base.problems import Place, Problem, Problems
from qiao.decide.ballots.choices import BallotState, Leftover, Rule, TieRule
from qiao.decide.ballots.models import Ballot, BallotItem
from qiao.decide.consultations.models import Consultation
from qiao.decide.proposals.choices import ProposalState
from qiao.decide.proposals.models import Proposal
from qiao.decide.proposals.queries import proposals_by_codes
from qiao.decide.proposals.rules import concerns
from qiao.decide.proposals.services import set_state
from qiao.org.units.models import Unit

#: A proposal stands on one ballot at a time; after a withdrawn or counted one it may come on another.
_LIVE = (BallotState.PLANNED, BallotState.OPEN, BallotState.CLOSED)


def plan_ballot(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    budget: Decimal,
    proposal_codes: Sequence[str],
    consultation_code: str = "",
    opens: datetime,
    closes: datetime,
    leftover: Leftover = Leftover.KEEP,
) -> Ballot:
    """Plan a vote of the members of ``unit`` and all below it; its rules go to the ledger at once.

    The paper lists the proposals by code, and of two that stand equal the one higher on the paper is bought: the tie
    rule leaves nobody a choice. Raises Refused without ``ballot.run`` at the unit, Problems with every fault of the
    plan (budget, dates, proposals without cost, too dear, of another unit, not ready).
    """
    require(actor, "ballot.run", unit.path)
    require_plausible(opens, closes)
    codes = sorted(set(proposal_codes))
    with atomic():
        proposals = {proposal.code: proposal for proposal in proposals_by_codes(codes)}
        taken = set(
            BallotItem.objects.filter(proposal_code__in=codes, ballot__state__in=_LIVE).values_list(
                "proposal_code", flat=True
            )
        )
        faults = [
            *_faults_of_plan(title=title, budget=budget, opens=opens, closes=closes, now=now, number=len(codes)),
            *(_fault_of_proposal(code, proposals.get(code), budget, unit, taken) for code in codes),
        ]
        found = [fault for fault in faults if fault is not None]
        if found:
            raise found[0] if len(found) == 1 else Problems(found)
        if consultation_code:
            _check_consultation(consultation_code, unit)
        ballot = Ballot.objects.create(
            code=next_code("B"),
            unit=unit,
            title=title,
            consultation_code=consultation_code,
            budget=budget,
            rule=Rule.EQUAL_SHARES,
            tie_rule=TieRule.LIST_ORDER,
            leftover=Leftover(leftover),
            opens=opens,
            closes=closes,
            planned=now,
        )
        items = BallotItem.objects.bulk_create(
            [
                BallotItem(
                    ballot=ballot,
                    proposal_code=code,
                    title=proposals[code].title,
                    cost=proposals[code].cost,
                    position=position,
                )
                for position, code in enumerate(codes, 1)
            ]
        )
        for code in codes:
            set_state(actor=actor, now=now, code=code, state=ProposalState.ON_BALLOT)
            lineage.link(source=code, target=ballot.code, now=now)
        if consultation_code:
            lineage.link(source=consultation_code, target=ballot.code, now=now)
        log.append(kind="ballot.rules", code=ballot.code, content=rules_of(ballot, items), now=now)
        audit.record(
            actor=actor,
            now=now,
            action="ballot.plan",
            code=ballot.code,
            unit_path=unit.path,
            detail={"proposals": codes, "budget": str(budget)},
        )
    return ballot


def rules_of(ballot: Ballot, items: Sequence[BallotItem]) -> dict[str, object]:
    """What the ledger keeps of a ballot before it opens: enough to say afterwards that nothing was changed."""
    return {
        "title": ballot.title,
        "unit": ballot.unit.label,
        "budget": str(ballot.budget),
        "rule": ballot.rule,
        "tie_rule": ballot.tie_rule,
        "leftover": ballot.leftover,
        "opens": ballot.opens.isoformat(),
        "closes": ballot.closes.isoformat(),
        "consultation": ballot.consultation_code,
        "proposals": [
            {"position": item.position, "code": item.proposal_code, "title": item.title, "cost": str(item.cost)}
            for item in items
        ],
    }


def _faults_of_plan(
    *, title: Localized, budget: Decimal, opens: datetime, closes: datetime, now: datetime, number: int
) -> list[Problem]:
    faults = []
    if not pick(title):
        faults.append(Problem("The ballot needs a title."))
    if not budget > 0:
        faults.append(Problem("The budget must be more than 0."))
    if closes <= opens:
        faults.append(Problem("The vote must close after it opens."))
    elif closes <= now:
        faults.append(Problem("The vote would be over already: choose a later closing time."))
    if number < 2:
        faults.append(Problem("Choose at least two proposals: with one there is nothing to choose between."))
    return faults


def _check_consultation(code: str, unit: Unit) -> None:
    consultation = Consultation.objects.select_related("unit").filter(code=code).first()
    if consultation is None:
        raise Problem("There is no such consultation.", place=Place(source=code))
    if not concerns(consultation.unit.path, unit.path):
        raise Problem("The consultation belongs to another unit.", place=Place(source=code))


def _fault_of_proposal(
    code: str, proposal: Proposal | None, budget: Decimal, unit: Unit, taken: Collection[str]
) -> Problem | None:
    place = Place(source=code)
    if proposal is None:
        return Problem("There is no such proposal.", place=place)
    if not proposal.cost or proposal.cost <= 0:
        return Problem(
            "The proposal has no cost.", place=place, hint="Write its cost first: without it nobody can choose."
        )
    if proposal.cost > budget:
        return Problem("The proposal costs more than the whole budget: it could never be bought.", place=place)
    if code in taken:
        return Problem("The proposal stands on another ballot now.", place=place)
    if proposal.state in (ProposalState.ADOPTED, ProposalState.REJECTED):
        return Problem("The proposal is decided already.", place=place)
    if not concerns(proposal.unit.path, unit.path):
        return Problem("The proposal belongs to another unit.", place=place)
    return None
