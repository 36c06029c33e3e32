"""Making a project of an adopted proposal, and freezing its baseline at the start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language
from qiao.base.ledger import log
from qiao.base.lineage import link
from qiao.base.problems import Problem, Problems
from qiao.base.redaction import require_clean
from qiao.decide.decisions import queries as decisions
from qiao.deliver.programmes.choices import State
from qiao.deliver.programmes.models import Milestone, Project, Transition
from qiao.deliver.programmes.services.steps import clean_public, locked_project, note, step_to, tell
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.people.models import Account
from qiao.org.units.models import Unit
from qiao.org.workplaces.rules import normal_reg_code

#: More milestones than this are no plan any more but a diary.
MOST_MILESTONES = 40

#: A milestone as it is planned: title and day, and its weight where it is not 1.
PlannedMilestone = tuple[Localized, date] | tuple[Localized, date, int]


def plan_project(
    *,
    actor: Actor,
    now: datetime,
    decision_code: str,
    proposal_code: str,
    title: Localized,
    goal: Localized,
    unit: Unit,
    owner: Account | None,
    budget: Decimal,
    starts: date,
    due: date,
    milestones: Sequence[PlannedMilestone],
    provider: str = "",
    provider_code: str = "",
) -> Project:
    """Make a project of one proposal a decision adopted.

    ``provider`` is the organisation from outside that carries it out, with its registration number.

    Raises Refused without ``project.plan`` at the responsible unit and at the one that decided; Problems for whatever
    the plan lacks: a responsible person with the role, milestones, dates in order; Problem where the decision did not
    adopt the proposal or a project of it exists.
    """
    require(actor, "project.plan", unit.path)
    decision = decisions.decision_by_code(decision_code)
    require(actor, "project.plan", decision.unit.path)
    if proposal_code not in decisions.proposals_of_decision(decision.code):
        raise Problem(
            "The decision %(decision)s did not adopt the proposal %(proposal)s.",
            decision=decision_code,
            proposal=proposal_code,
        )
    require_plausible(starts, due, *(planned[1] for planned in milestones))
    responsible = _checked_plan(
        title=title,
        goal=goal,
        unit=unit,
        owner=owner,
        budget=budget,
        starts=starts,
        due=due,
        milestones=milestones,
        today=localdate(now),
    )
    clean_public(title=title, goal=goal)
    provider, number = provider.strip(), normal_reg_code(provider_code) or ""
    if bool(provider) != bool(number):
        raise Problem("Whoever carries it out from outside is named and has a registration number: write both or none.")
    require_clean({"provider": provider})
    for planned in milestones:
        clean_public(title=planned[0])
    with atomic():
        try:
            with atomic():
                project = Project.objects.create(
                    code=next_code("W"),
                    decision_code=decision_code,
                    proposal_code=proposal_code,
                    title=title,
                    goal=goal,
                    unit=unit,
                    owner=responsible,
                    budget=budget,
                    provider=provider,
                    provider_code=number,
                    starts=starts,
                    due=due,
                    planned=now,
                    planned_by=actor.account_id,
                )
        except IntegrityError:
            raise Problem("A project of this proposal exists already: open that one instead.") from None
        for position, planned in enumerate(milestones, start=1):
            Milestone.objects.create(
                project=project,
                position=position,
                title=planned[0],
                due=planned[1],
                weight=planned[2] if len(planned) == 3 else 1,
            )
        Transition.objects.create(project=project, at=now, after=State.PLANNED, by=actor.account_id)
        link(source=decision_code, target=project.code, now=now)
        link(source=proposal_code, target=project.code, now=now)
        note(project, actor=actor, now=now, action="project.plan", decision=decision_code, milestones=len(milestones))
    return project


def start_project(*, actor: Actor, now: datetime, code: str) -> Project:
    """Start the work and freeze its baseline: dates, weights and budget go to the ledger. Twice is harmless."""
    with atomic():
        project = locked_project(code)
        require(actor, "project.plan", project.unit.path)
        if project.state == State.RUNNING:
            return project
        milestones = list(project.milestones.order_by("position"))
        if not milestones:
            raise Problem("A project without milestones cannot start.")
        for milestone in milestones:
            milestone.source_due = milestone.due
            milestone.save(update_fields=["source_due"])
        project.source_due, project.source_budget, project.started = project.due, project.budget, now
        step_to(project, State.RUNNING, actor=actor, now=now, action="project.start")
        log.append(
            kind="project.baseline",
            code=project.code,
            now=now,
            content={
                "decision": project.decision_code,
                "proposal": project.proposal_code,
                "title": project.title,
                "goal": project.goal,
                "unit": project.unit.label,
                "budget": str(project.budget),
                "starts": project.starts.isoformat(),
                "due": project.due.isoformat(),
                "milestones": [
                    {"title": each.title, "due": each.due.isoformat(), "weight": each.weight} for each in milestones
                ],
            },
        )
        tell(
            project,
            actor=actor,
            now=now,
            title=in_every_language(noop("Project started: %(title)s"), title=project.title),
            body=in_every_language(
                noop("Responsible unit: %(unit)s. Responsible person: %(owner)s. To be done by %(due)s."),
                unit=project.unit.name,
                owner=project.owner.display_name,
                due=project.due,
            ),
        )
    return project


def _checked_plan(
    *,
    title: Localized,
    goal: Localized,
    unit: Unit,
    owner: Account | None,
    budget: Decimal,
    starts: date,
    due: date,
    milestones: Sequence[PlannedMilestone],
    today: date,
) -> Account:
    """The responsible person of a plan that lacks nothing; raises Problems naming everything it lacks."""
    faults: list[Problem] = []
    if not title:
        faults.append(Problem("The project needs a title."))
    if not goal:
        faults.append(Problem("Say what will be different for members when it is done."))
    if owner is None:
        faults.append(Problem("A project without a responsible person is not approved: name one."))
    elif not owns_tasks(owner, unit, today):
        faults.append(
            Problem(
                "%(name)s does not hold the role of task owner for this unit: name somebody who does.",
                name=owner.display_name,
            )
        )
    if budget < 0:
        faults.append(Problem("The budget cannot be negative."))
    if due < starts:
        faults.append(Problem("The end (%(due)s) lies before the start (%(starts)s).", due=due, starts=starts))
    if not milestones:
        faults.append(Problem("A project without milestones is not approved: write at least one with its date."))
    if len(milestones) > MOST_MILESTONES:
        faults.append(Problem("At most %(most)d milestones are possible.", most=MOST_MILESTONES))
    for number, planned in enumerate(milestones, start=1):
        if not planned[0]:
            faults.append(Problem("Milestone %(number)d has no title.", number=number))
        if not starts <= planned[1] <= due:
            faults.append(
                Problem(
                    "Milestone %(number)d lies outside the project (%(starts)s to %(due)s).",
                    number=number,
                    starts=str(starts),
                    due=due,
                )
            )
        if len(planned) == 3 and not 1 <= planned[2] <= 100:
            faults.append(Problem("The weight of milestone %(number)d is a number from 1 to 100.", number=number))
    if owner is None or faults:
        raise Problems(faults)
    return owner


def owns_tasks(account: Account, unit: Unit, today: date) -> bool:
    """Whether the account holds the role of task owner at the unit or above it today."""
    prefixes = [unit.path[:end] for end in range(5, len(unit.path) + 1, 5)]
    return RoleGrant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=today),
        account=account,
        account__is_active=True,
        role=Role.TASK_OWNER,
        since__lte=today,
        unit__path__in=prefixes,
    ).exists()
