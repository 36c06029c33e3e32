"""Planning a vote: everything that decides its result is fixed here, before anybody votes."""

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
from qiao.decide.ballots.choices import BUDGET_RULES, RANKED_RULES, BallotState, Leftover, Rule, TieRule
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
    budget: Decimal | None = None,
    proposal_codes: Sequence[str],
    consultation_code: str = "",
    opens: datetime,
    closes: datetime,
    leftover: Leftover = Leftover.KEEP,
    rule: Rule = Rule.EQUAL_SHARES,
    winners: int | None = None,
    most: int | None = None,
) -> Ballot:
    """Plan a vote of the members of ``unit`` and all below it; its rules go to the ledger at once.

    The paper lists the proposals by code, and of two that stand equal the one higher on the paper is chosen: the tie
    rule leaves nobody a choice. A rule over money needs a ``budget``; the others need the number of ``winners``, and
    ``most``, how many one may choose (needed with limited choices) or rank.

    Raises Refused without ``ballot.run`` at the unit, Problems with every fault of the plan (budget, numbers, dates,
    proposals without cost, too dear, of another unit, not ready).
    """
    require(actor, "ballot.run", unit.path)
    require_plausible(opens, closes)
    rule = Rule(rule)
    budget, winners, most, leftover = _fitting(rule, budget, winners, most, Leftover(leftover))
    codes = sorted(set(proposal_codes))
    with atomic():
        proposals = {proposal.code: proposal for proposal in proposals_by_codes(codes)}
        taken = set(
            BallotItem.objects.filter(proposal_code__in=codes, ballot__state__in=_LIVE).values_list(
                "proposal_code", flat=True
            )
        )
        faults = [
            *_faults_of_plan(title=title, opens=opens, closes=closes, now=now, number=len(codes)),
            *_faults_of_rule(rule, budget, winners, most, len(codes)),
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
            winners=winners,
            most=most,
            rule=rule,
            tie_rule=TieRule.LIST_ORDER,
            leftover=leftover,
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
            detail={"proposals": codes, "rule": rule.value, **({"budget": str(budget)} if budget else {})},
        )
    return ballot


def rules_of(ballot: Ballot, items: Sequence[BallotItem]) -> dict[str, object]:
    """What the ledger keeps of a ballot before it opens: enough to say afterwards that nothing was changed."""
    return {
        "title": ballot.title,
        "unit": ballot.unit.label,
        "budget": None if ballot.budget is None else str(ballot.budget),
        "winners": ballot.winners,
        "most": ballot.most,
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
    *, title: Localized, opens: datetime, closes: datetime, now: datetime, number: int
) -> list[Problem]:
    faults = []
    if not pick(title):
        faults.append(Problem("The ballot needs a title."))
    if closes <= opens:
        faults.append(Problem("The vote must close after it opens."))
    elif closes <= now:
        faults.append(Problem("The vote would be over already: choose a later closing time."))
    if number < 2:
        faults.append(Problem("Choose at least two proposals: with one there is nothing to choose between."))
    return faults


def _fitting(
    rule: Rule, budget: Decimal | None, winners: int | None, most: int | None, leftover: Leftover
) -> tuple[Decimal | None, int | None, int | None, Leftover]:
    """What belongs to the rule; the rest of a form that offers everything is left aside."""
    if rule in BUDGET_RULES:
        return budget, None, None, leftover if rule == Rule.EQUAL_SHARES else Leftover.KEEP
    return None, winners, most if rule == Rule.LIMITED or rule in RANKED_RULES else None, Leftover.KEEP


def _faults_of_rule(
    rule: Rule, budget: Decimal | None, winners: int | None, most: int | None, number: int
) -> list[Problem]:
    faults = []
    if rule in BUDGET_RULES:
        if budget is None or not budget > 0:
            faults.append(Problem("The budget must be more than 0."))
        return faults
    if winners is None or winners < 1:
        faults.append(Problem("Say how many projects are chosen: one or more."))
    elif number >= 2 and winners >= number:
        faults.append(Problem("As many projects would be chosen as stand on the paper: there is nothing to decide."))
    if rule == Rule.LIMITED and not most:
        faults.append(Problem("Say how many projects one member may choose."))
    if most is not None and most < 1:
        faults.append(Problem("A member must be able to choose at least one project."))
    return faults


def _check_consultation(code: str, unit: Unit) -> None:
    consultation = Consultation.objects.select_related("unit").filter(code=code).first()
    if consultation is None:
        raise Problem("There is no such consultation.", place=Place(source=code))
    if not concerns(consultation.unit.path, unit.path):
        raise Problem("The consultation belongs to another unit.", place=Place(source=code))


def _fault_of_proposal(
    code: str, proposal: Proposal | None, budget: Decimal | None, unit: Unit, taken: Collection[str]
) -> Problem | None:
    place = Place(source=code)
    if proposal is None:
        return Problem("There is no such proposal.", place=place)
    if not proposal.cost or proposal.cost <= 0:
        return Problem(
            "The proposal has no cost.", place=place, hint="Write its cost first: without it nobody can choose."
        )
    if budget is not None and proposal.cost > budget:
        return Problem("The proposal costs more than the whole budget: it could never be bought.", place=place)
    if code in taken:
        return Problem("The proposal stands on another ballot now.", place=place)
    if proposal.state in (ProposalState.ADOPTED, ProposalState.REJECTED):
        return Problem("The proposal is decided already.", place=place)
    if not concerns(proposal.unit.path, unit.path):
        return Problem("The proposal belongs to another unit.", place=place)
    return None
