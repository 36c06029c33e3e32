"""A small federation with one verified project, and evaluations of it in any state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.factories.evaluators import admitted

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.deliver.programmes.choices import State as ProjectState
from qiao.deliver.programmes.models import Project
from qiao.judge.evaluations import services
from qiao.judge.evaluations.exports import sealed_lines
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.rules.keys import EvaluatorKeys, new_keys
from qiao.judge.evaluations.rules.offline import Outcome, open_lines, signed_result
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.membership.choices import Employment
from qiao.org.membership.services import admit_member
from qiao.org.people.models import Account, Person
from qiao.org.people.services import open_account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit

DAY = date(2020, 1, 1)
#: The evaluator's signing key of all tests; the key that seals is new in each.
SIGNER = new_keys()

#: Answers of somebody who used it and is satisfied; tests change what they need.
GOOD: Mapping[str, str] = {
    "awareness": "yes",
    "participation": "yes",
    "satisfaction": "satisfied",
    "solved": "solved",
    "comment": "",
}


@dataclass
class Town:
    """Units, officers by role, members with accounts, one verified project."""

    now: datetime
    root: Unit
    base: Unit
    accounts: dict[str, Account]
    members: list[Account]
    project: Project

    def actor(self, role: str) -> Actor:
        return actor_for(self.accounts[role], self.now.date())

    def member(self, number: int) -> Actor:
        return actor_for(self.members[number], self.now.date())


def town(now: datetime, *, members: int = 16, roles: Sequence[Role] = tuple(Role)) -> Town:
    def found(label: str, kind: UnitKind, parent: Unit | None) -> Unit:
        return found_unit(
            actor=SYSTEM, now=now, kind=kind, name=localized(f"{label}工会", f"{label} Union"), label=label,
            parent=parent, founded=DAY,
        )  # fmt: skip

    root = found("F", UnitKind.FEDERATION, None)
    base = found("F-B1", UnitKind.BASE, root)
    accounts = {}
    for role in roles:
        account = open_account(actor=SYSTEM, now=now, email=f"{role}@f.example", display_name=f"{role} 干部")
        grant_role(actor=SYSTEM, now=now, account=account, role=role, unit=root, since=DAY)
        accounts[role.value] = account
    if Role.EVALUATOR.value in accounts:
        admitted(now, root, accounts[Role.EVALUATOR.value])
    people = []
    for number in range(members):
        person = Person.objects.create(name=f"会员{number}")
        admit_member(actor=SYSTEM, now=now, person=person, unit=base, employment=Employment.DIRECT, since=DAY)
        people.append(
            open_account(
                actor=SYSTEM, now=now, email=f"m{number}@f.example", display_name=person.name, person=person
            )
        )  # fmt: skip
    return Town(now, root, base, accounts, people, project(base, accounts["task_owner"], now))


def project(unit: Unit, owner: Account, now: datetime, code: str = "W-77") -> Project:
    day = now.date()
    return Project.objects.create(
        code=code, decision_code="D-7", proposal_code=f"P-{code}", title=localized("夜班班车", "Night bus"),
        goal=localized("夜班有车", "A bus after the night shift"), unit=unit, owner=owner, budget=Decimal(1000),
        starts=day - timedelta(days=90), due=day - timedelta(days=9), source_due=day - timedelta(days=9),
        state=ProjectState.VERIFIED, planned=now - timedelta(days=90), started=now - timedelta(days=90),
        verified=now - timedelta(days=2),
    )  # fmt: skip


def commissioned(place: Town, *, sample_size: int | None = None, contacts: int = 0) -> Evaluation:
    return services.commission_evaluation(
        actor=place.actor("executive"),
        now=place.now,
        project_code=place.project.code,
        title=localized("夜班班车", "Night bus"),
        evaluator=place.accounts["evaluator"],
        opens=place.now - timedelta(hours=1),
        closes=place.now + timedelta(days=9),
        sample_size=sample_size,
        contacts=contacts,
    )


def opened(
    place: Town, *, sample_size: int | None = None, contacts: int = 0
) -> tuple[Evaluation, EvaluatorKeys]:  # fmt: skip
    evaluation = commissioned(place, sample_size=sample_size, contacts=contacts)
    pair = replace(new_keys(), verify=SIGNER.verify, sign=SIGNER.sign)
    run = place.actor("evaluator")
    services.register_key(actor=run, now=place.now, code=evaluation.code, keys=pair.registered)
    services.freeze_frame(actor=run, now=place.now, code=evaluation.code)
    return services.open_evaluation(actor=run, now=place.now, code=evaluation.code, seed=pair.seed), pair


def answered(place: Town, evaluation: Evaluation, answers: Sequence[Mapping[str, str]]) -> None:
    """Member 0 gives the first answer, member 1 the second …"""
    for number, one in enumerate(answers):
        services.submit_sealed(actor=place.member(number), now=place.now, code=evaluation.code, answers=one)


def closed(place: Town, answers: Sequence[Mapping[str, str]]) -> tuple[Evaluation, EvaluatorKeys]:
    evaluation, pair = opened(place)
    answered(place, evaluation, answers)
    after = evaluation.closes
    return services.close_evaluation(actor=place.actor("evaluator"), now=after, code=evaluation.code), pair


def opened_offline(place: Town, evaluation: Evaluation, private: str, *, now: datetime | None = None) -> Outcome:
    """The sealed answers handed out and opened on the evaluator's own machine."""
    moment = now or evaluation.closes
    services.hand_out(actor=place.actor("evaluator"), now=moment, code=evaluation.code)
    evaluation.refresh_from_db()
    return open_lines(sealed_lines(evaluation), evaluation.code, private)


def published(place: Town, evaluation: Evaluation, private: str, *, now: datetime | None = None) -> Outcome:
    """Opened offline, signed, uploaded and published."""
    outcome = opened_offline(place, evaluation, private, now=now)
    services.publish_result(
        actor=place.actor("evaluator"), now=now or evaluation.closes, code=evaluation.code,
        files=signed_result(outcome, SIGNER.sign),
    )  # fmt: skip
    evaluation.refresh_from_db()
    return outcome
