"""What waits for whom among the projects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem
from qiao.decide.decisions import queries as decisions
from qiao.decide.decisions.choices import Fate
from qiao.decide.proposals.models import Proposal
from qiao.decide.proposals.queries import proposals_by_codes
from qiao.deliver.programmes.choices import ChangeState, Side, State
from qiao.deliver.programmes.models import DeadlineChange, Project, Report
from qiao.deliver.programmes.queries.thread import end_of
from qiao.deliver.programmes.rules import may_verify


@dataclass(frozen=True, slots=True)
class Plannable:
    """An adopted proposal no project has been made of."""

    decision_code: str
    decided_title: str
    proposal: Proposal

    @property
    def url(self) -> str:
        """Where the project is planned."""
        return reverse("programmes:plan", args=[self.decision_code, self.proposal.code])


def plannable(paths: Iterable[str], *, again: bool = False) -> list[Plannable]:
    """Adopted proposals in these subtrees that no project has been made of, in the order of their decisions.

    ``again``: also those whose project was stopped. They wait for nobody, but another one may be made.
    """
    waiting: dict[str, tuple[str, str]] = {}
    for path in paths:
        for decision in decisions.decisions_awaiting_projects(path).prefetch_related("proposals"):
            for decided in decision.proposals.all():
                if decided.fate == Fate.ADOPTED:
                    waiting[decided.proposal_code] = (decision.code, pick(decision.title))
    taken = set(
        Project.objects.filter(~Q(state=State.STOPPED) if again else Q(), proposal_code__in=waiting)
        .order_by()
        .values_list("decision_code", "proposal_code")
    )
    left = [code for code, (decision_code, _title) in waiting.items() if (decision_code, code) not in taken]
    return [Plannable(*waiting[proposal.code], proposal) for proposal in proposals_by_codes(left)]


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """What this officer has to do for projects: plan, start, report, consent, claim, verify."""
    items: list[DeskItem] = []
    if actor.may("project.plan"):
        items += _to_plan(actor) + _to_start(actor) + _to_answer(actor, "project.plan", Side.BASE)
    if actor.may("project.report"):
        items += _to_report(actor) + _to_answer(actor, "project.report", Side.ABOVE)
    if actor.may("project.verify"):
        items += _to_verify(actor, now)
    return items


def _projects(actor: Actor, action: str, state: State) -> QuerySet[Project]:
    condition = Q(pk__in=[])
    for path in actor.paths(action):
        condition |= Q(unit__path__startswith=path)
    return Project.objects.filter(condition, state=state).select_related("unit", "owner").order_by("due", "pk")


def _item(project: Project, *, due: datetime | None, next_step: str, url: str = "", holder: str = "") -> DeskItem:
    return DeskItem(
        due=due,
        title=pick(project.title),
        stage=Stage.DELIVER,
        unit=pick(project.unit.name),
        next_step=next_step,
        url=url or reverse("programmes:project", args=[project.code]),
        holder=holder,
    )


def _to_plan(actor: Actor) -> list[DeskItem]:
    return [
        DeskItem(
            due=None,
            title=pick(each.proposal.title),
            stage=Stage.DELIVER,
            unit=pick(each.proposal.unit.name),
            next_step=_("Make a project of it"),
            url=each.url,
        )
        for each in plannable(actor.paths("project.plan"))
    ]


def _to_start(actor: Actor) -> list[DeskItem]:
    return [
        _item(project, due=end_of(project.starts), next_step=_("Start it"))
        for project in _projects(actor, "project.plan", State.PLANNED)
    ]


def _to_report(actor: Actor) -> list[DeskItem]:
    items = []
    for project in _projects(actor, "project.report", State.RUNNING).prefetch_related("milestones"):
        waiting = sorted(
            (each for each in project.milestones.all() if each.progress < 100),
            key=lambda each: (each.due, each.position),
        )
        if waiting:
            step = _("Report: %(milestone)s") % {"milestone": pick(waiting[0].title)}
            url = reverse("programmes:report", args=[project.code, waiting[0].pk])
            items.append(
                _item(project, due=end_of(waiting[0].due), next_step=step, url=url, holder=project.owner.display_name)
            )
        else:
            items.append(
                _item(
                    project,
                    due=end_of(project.due),
                    next_step=_("Claim it as done"),
                    holder=project.owner.display_name,
                )
            )
    return items


def _to_answer(actor: Actor, action: str, side: Side) -> list[DeskItem]:
    condition = Q(pk__in=[])
    for path in actor.paths(action):
        condition |= Q(project__unit__path__startswith=path)
    changes = (
        DeadlineChange.objects.filter(condition, state=ChangeState.ASKED, side=side)
        .exclude(asked_by__in=actor.own_accounts)
        .select_related("project__unit", "project__owner")
        .order_by("old_due", "pk")
    )
    return [
        _item(change.project, due=end_of(change.old_due), next_step=_("Consent to another date, or decline"))
        for change in changes
    ]


def _to_verify(actor: Actor, now: datetime) -> list[DeskItem]:
    found = list(_projects(actor, "project.verify", State.DONE_CLAIMED))
    reporters: dict[int, set[int | None]] = {project.pk: {project.owner_id, project.claimed_by} for project in found}
    rows = Report.objects.filter(milestone__project__in=found).order_by().values_list("milestone__project_id", "by")
    for project_id, account_id in rows.distinct():
        reporters[project_id].add(account_id)
    today = localdate(now)
    return [
        # A claim waits for its verifier until the project's day, or from today on where that is over.
        _item(project, due=end_of(max(project.due, today)), next_step=_("Verify with those who use it"))
        for project in found
        if may_verify(account_id=actor.account_id, involved=reporters[project.pk])
    ]
