"""A federation with officers and an adopted proposal, and projects in every state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.test import Client
from django.utils.timezone import localdate

from qiao.base.access import SYSTEM, Actor
from qiao.base.codes import next_code
from qiao.base.i18n import localized
from qiao.base.lineage import link
from qiao.decide.decisions.choices import Fate
from qiao.decide.decisions.models import DecidedProposal, Decision
from qiao.decide.proposals.choices import ProposalState
from qiao.decide.proposals.models import Proposal
from qiao.deliver.programmes import services
from qiao.deliver.programmes.models import Milestone, Project
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit

DAY = date(2020, 1, 1)


@dataclass(frozen=True)
class Ground:
    """Two districts under a federation, and one officer of each role at its top (a second task owner too)."""

    now: datetime
    root: Unit
    one: Unit
    two: Unit
    accounts: Mapping[str, Account]

    def actor(self, role: str) -> Actor:
        return actor_for(self.accounts[role], localdate(self.now))

    def client(self, role: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(self.accounts[role])
        return client


def ground(now: datetime) -> Ground:
    def found(label: str, kind: UnitKind, parent: Unit | None) -> Unit:
        name = localized(f"{label}工会", f"{label} Union")
        return found_unit(actor=SYSTEM, now=now, kind=kind, name=name, label=label, parent=parent, founded=DAY)

    root = found("F", UnitKind.FEDERATION, None)
    one, two = found("D1", UnitKind.DISTRICT, root), found("D2", UnitKind.DISTRICT, root)
    accounts = {role.value: officer(now, role, root) for role in Role}
    accounts["second_owner"] = officer(now, Role.TASK_OWNER, root, box="second")
    return Ground(now, root, one, two, accounts)


def officer(now: datetime, role: Role, unit: Unit, box: str = "") -> Account:
    name = box or role.value
    account = open_account(actor=SYSTEM, now=now, email=f"{name}@x.example", display_name=name)
    grant_role(actor=SYSTEM, now=now, account=account, role=role, unit=unit, since=DAY)
    return account


def decision(place: Ground, *, number: int = 1, need_code: str = "") -> tuple[str, list[str]]:
    """A decision that adopted ``number`` proposals: its code and theirs."""
    before = place.now - timedelta(days=30)
    made = Decision.objects.create(
        code=next_code("D"),
        unit=place.root,
        title=localized("决定", "Decision"),
        text=localized("办", "Do it"),
        consultation_code=next_code("C"),
        taken=before,
    )
    codes = []
    for position in range(1, number + 1):
        title = localized(f"提案{position}", f"Proposal {position}")
        proposal = Proposal.objects.create(
            code=next_code("P"),
            unit=place.one,
            title=title,
            text=localized("目标", "Goal"),
            cost=Decimal(10_000),
            state=ProposalState.ADOPTED,
            raised=before,
            changed=before,
        )
        DecidedProposal.objects.create(
            decision=made,
            proposal_code=proposal.code,
            title=title,
            cost=proposal.cost,
            fate=Fate.ADOPTED,
            position=position,
        )
        if need_code:
            link(source=need_code, target=proposal.code, now=before)
        link(source=proposal.code, target=made.code, now=before)
        codes.append(proposal.code)
    return made.code, codes


def planned(place: Ground, **changes: object) -> Project:
    """A planned project of a fresh decision: two milestones of weights 1 and 3, 100 days."""
    decision_code, proposals = ("", [""]) if "decision_code" in changes else decision(place)
    start = localdate(place.now)
    plan: dict[str, object] = {
        "actor": place.actor("executive"),
        "now": place.now,
        "decision_code": decision_code,
        "proposal_code": proposals[0],
        "title": localized("夜班班车", "Night bus"),
        "goal": localized("夜班职工有车回家。", "Night workers get home."),
        "unit": place.one,
        "owner": place.accounts["task_owner"],
        "budget": Decimal(10_000),
        "starts": start,
        "due": start + timedelta(days=100),
        "milestones": [
            (localized("选线", "Route chosen"), start + timedelta(days=40), 1),
            (localized("通车", "Bus runs"), start + timedelta(days=90), 3),
        ],
    }
    return services.plan_project(**{**plan, **changes})  # type: ignore[arg-type]


def running(place: Ground, **changes: object) -> Project:
    project = planned(place, **changes)
    return services.start_project(actor=place.actor("executive"), now=place.now, code=project.code)


def reached(place: Ground) -> Project:
    """A running project all of whose milestones are reached, confirmed by users."""
    project = running(place)
    for milestone in Milestone.objects.filter(project=project):
        services.report_milestone(
            actor=place.actor("task_owner"),
            now=place.now,
            milestone_id=milestone.pk,
            progress=100,
            asked=10,
            confirmed=8,
        )
    return Project.objects.get(pk=project.pk)


def claimed(place: Ground) -> Project:
    return services.claim_done(actor=place.actor("task_owner"), now=place.now, code=reached(place).code)


def verified(place: Ground) -> Project:
    return services.verify_project(
        actor=place.actor("auditor"), now=place.now, code=claimed(place).code, asked=20, confirmed=17
    )
