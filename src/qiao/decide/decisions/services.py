"""Taking a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base import audit, lineage
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language, pick
from qiao.base.ledger import log
from qiao.base.problems import Place, Problem, Problems
from qiao.decide.ballots import queries as ballots
from qiao.decide.ballots.models import Ballot
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.queries import opinion_fate, unanswered_count
from qiao.decide.consultations.queries.texts import papers_ready
from qiao.decide.consultations.services.locks import held
from qiao.decide.decisions import rules
from qiao.decide.decisions.choices import Fate
from qiao.decide.decisions.models import DecidedProposal, Decision
from qiao.decide.decisions.queries import task_owners
from qiao.decide.decisions.rules import Task
from qiao.decide.proposals.choices import ProposalState
from qiao.decide.proposals.models import Proposal
from qiao.decide.proposals.queries import proposals_by_codes
from qiao.decide.proposals.rules import concerns
from qiao.decide.proposals.services import set_state
from qiao.org.units.models import Unit
from qiao.publish.services import announce


def take_decision(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    text: Localized,
    consultation_code: str,
    ballot_code: str = "",
    proposal_codes: Sequence[str],
    rejected: Mapping[str, Localized] | None = None,
    votes_for: int | None = None,
    votes_against: int | None = None,
    votes_abstained: int | None = None,
    tasks: Mapping[str, Task] | None = None,
) -> Decision:
    """Take and publish a decision that follows a consultation and, where there was one, a budget vote.

    ``proposal_codes`` are adopted. ``rejected`` maps proposals not taken up to the public reason; what the vote did
    not choose is added to them with the vote as its reason. ``tasks`` names for adopted proposals who answers for them
    and by when (C06: the programme of the year). The same decision sent twice is returned, not taken twice.

    Raises Refused without ``decision.take`` at the unit, Problem or Problems while any opinion of the consultation
    lacks an answer, for an uncounted vote, a proposal against the vote or on another one, anything of another unit, a
    missing text or reason.
    """
    require(actor, "decision.take", unit.path)
    with atomic():
        consultation = _held(consultation_code)
        before = Decision.objects.filter(consultation_code=consultation_code).first()
        if before is not None:
            return _same(before, title, text)
        faults = rules.faults_of_answers(
            code=consultation_code, state=consultation.state, unanswered=unanswered_count(consultation_code)
        )
        faults += rules.faults_of_papers(consultation_code, papers_ready(consultation), now)
        if not consultation.unit.path.startswith(unit.path):
            # Nor does a unit below decide what the one above asked its members.
            faults.append(Problem("The consultation belongs to another unit.", place=Place(source=consultation_code)))
        if not pick(title):
            faults.append(Problem("The decision needs a title."))
        if not pick(text):
            faults.append(Problem("Write what is decided."))
        faults += rules.faults_of_record((votes_for, votes_against, votes_abstained))
        ballot = _counted(ballot_code, consultation_code) if ballot_code else None
        if ballot and not ballot.unit.path.startswith(unit.path):
            faults.append(Problem("The vote belongs to another unit.", place=Place(source=ballot_code)))
        bought = {winner.proposal_code for winner in ballots.winners(ballot_code)} if ballot else None
        lost = ballots.losers(ballot_code) if ballot else []
        refused = {**{code: _not_chosen(ballot_code) for code in lost}, **(rejected or {})}
        adopted = list(dict.fromkeys(proposal_codes))
        faults += rules.faults_of_choice(adopted=adopted, rejected=refused, bought=bought, lost=lost)
        proposals = {proposal.code: proposal for proposal in proposals_by_codes([*adopted, *refused])}
        faults += _faults_of_proposals([*adopted, *refused], proposals, unit)
        faults += rules.faults_of_tasks(
            tasks or {}, adopted=adopted, path=unit.path, today=localdate(now),
            owners=set(task_owners([unit.path], localdate(now)).values_list("pk", flat=True)) if tasks else (),
        )  # fmt: skip
        faults += [
            Problem(
                "The proposal stands on the vote %(ballot)s: the decision names it and follows its result.",
                place=Place(source=code), ballot=other,
            )
            for code, other in ballots.ballots_after([*adopted, *refused]).items()
            if other != ballot_code
        ]  # fmt: skip
        if faults:
            raise faults[0] if len(faults) == 1 else Problems(faults)
        fate = opinion_fate(consultation_code)
        try:
            with atomic():
                decision = Decision.objects.create(
                    code=next_code("D"), unit=unit, title=title, text=text, consultation_code=consultation_code,
                    ballot_code=ballot_code, taken=now, taken_by=actor.account_id, votes_for=votes_for,
                    votes_against=votes_against, votes_abstained=votes_abstained, adopted=fate["adopted"],
                    partly=fate["partly"], not_adopted=fate["not_adopted"],
                )  # fmt: skip
        except IntegrityError:
            raise Problem("A decision on this vote has been taken already.", place=Place(source=ballot_code)) from None
        rows = _write_proposals(decision, adopted, refused, proposals, tasks or {})
        for row in rows:
            set_state(
                actor=actor, now=now, code=row.proposal_code, reason=row.reason,
                state=ProposalState.ADOPTED if row.fate == Fate.ADOPTED else ProposalState.REJECTED,
            )  # fmt: skip
        for source in (consultation_code, ballot_code, *adopted):
            if source:
                lineage.link(source=source, target=decision.code, now=now)
        log.append(kind="decision.taken", code=decision.code, content=_entry(decision, rows), now=now)
        _announce(decision, rows, actor, now)
        audit.record(
            actor=actor, now=now, action="decision.take", code=decision.code, unit_path=unit.path,
            detail={"consultation": consultation_code, "ballot": ballot_code, "adopted": adopted},
        )  # fmt: skip
    return decision


def _held(code: str) -> Consultation:
    """The consultation, locked: no answer, opinion or second decision passes while this one is taken."""
    try:
        return held(code)
    except Consultation.DoesNotExist:
        raise Problem("There is no such consultation.", place=Place(source=code)) from None


def _same(before: Decision, title: Localized, text: Localized) -> Decision:
    if (before.title, before.text) == (title, text):
        return before
    raise Problem("A decision on this consultation has been taken already.", place=Place(source=before.code))


def _counted(code: str, consultation_code: str) -> Ballot:
    place = Place(source=code)
    try:
        ballot = ballots.ballot_by_code(code)
    except Ballot.DoesNotExist:
        raise Problem("There is no such vote.", place=place) from None
    if ballot.state != "counted":
        raise Problem("The vote is not counted yet: the decision follows its result.", place=place)
    if ballots.is_void(code):
        raise Problem(
            "Too few took part in this vote: by the rule fixed before the call it decides nothing.", place=place
        )
    if ballot.consultation_code and ballot.consultation_code != consultation_code:
        raise Problem("The vote followed another consultation.", place=place)
    return ballot


def _not_chosen(ballot_code: str) -> Localized:
    return in_every_language(noop("The members' budget vote %(code)s did not choose it."), code=ballot_code)


def _faults_of_proposals(codes: Sequence[str], proposals: Mapping[str, Proposal], unit: Unit) -> list[Problem]:
    faults = []
    for code in codes:
        if code not in proposals:
            faults.append(Problem("There is no such proposal.", place=Place(source=code)))
        elif proposals[code].state in (ProposalState.ADOPTED, ProposalState.REJECTED):
            faults.append(Problem("The proposal is decided already.", place=Place(source=code)))
        elif not concerns(proposals[code].unit.path, unit.path):
            faults.append(Problem("The proposal belongs to another unit.", place=Place(source=code)))
    return faults


def _write_proposals(
    decision: Decision,
    adopted: Sequence[str],
    refused: Mapping[str, Localized],
    proposals: Mapping[str, Proposal],
    tasks: Mapping[str, Task],
) -> list[DecidedProposal]:
    fates: list[tuple[str, Fate, Localized]] = [(code, Fate.ADOPTED, {}) for code in adopted]
    fates += [(code, Fate.REJECTED, reason) for code, reason in refused.items()]
    return DecidedProposal.objects.bulk_create(
        [
            DecidedProposal(
                decision=decision,
                proposal_code=code,
                title=proposals[code].title,
                cost=proposals[code].cost,
                fate=fate,
                reason=reason,
                position=position,
                responsible_unit=tasks[code].unit if code in tasks else None,
                responsible=tasks[code].owner if code in tasks else None,
                due=tasks[code].due if code in tasks else None,
            )
            for position, (code, fate, reason) in enumerate(fates, 1)
        ]
    )


def _entry(decision: Decision, rows: Sequence[DecidedProposal]) -> dict[str, object]:
    return {
        "title": decision.title,
        "text": decision.text,
        "unit": decision.unit.label,
        "consultation": decision.consultation_code,
        "ballot": decision.ballot_code,
        "record": [decision.votes_for, decision.votes_against, decision.votes_abstained],
        "opinions": {
            "adopted": decision.adopted, "partly": decision.partly, "not_adopted": decision.not_adopted,
        },
        "proposals": [
            {"code": row.proposal_code, "fate": row.fate, "cost": str(row.cost), "reason": row.reason} | _task(row)
            for row in rows
        ],
    }  # fmt: skip


def _task(row: DecidedProposal) -> dict[str, str]:
    """What the ledger holds of a task: unit and day, never a person."""
    if row.responsible_unit is None or row.due is None:
        return {}
    return {"unit": row.responsible_unit.label, "due": row.due.isoformat()}


def _announce(decision: Decision, rows: Sequence[DecidedProposal], actor: Actor, now: datetime) -> None:
    adopted = sum(row.fate == Fate.ADOPTED for row in rows)
    announce(
        actor=actor, now=now, unit=decision.unit, code=decision.code,
        url=reverse("decisions:decision", args=[decision.code]),
        title=in_every_language(noop("Decided: %(title)s"), title=decision.title),
        body=in_every_language(
            noop(
                "%(adopted)d proposals adopted, %(rejected)d not taken up. "
                "Of the members' opinions %(taken)d were adopted, %(partly)d partly, %(not_taken)d not; "
                "each has its answer."
            ),
            adopted=adopted, rejected=len(rows) - adopted, taken=decision.adopted, partly=decision.partly,
            not_taken=decision.not_adopted,
        ),
    )  # fmt: skip
