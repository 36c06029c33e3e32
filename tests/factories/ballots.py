"""A small federation with proposals to vote on and members to vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from qiao.base.access import SYSTEM, Actor, Grant
from qiao.base.i18n import localized
from qiao.decide.ballots.choices import Rule
from qiao.decide.ballots.models import Ballot, DeedRound
from qiao.decide.ballots.services import file_idea, move_deeds, open_ballot, plan_ballot, plan_deeds
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.services import (
    answer_opinions,
    close_consultation,
    draft_consultation,
    finish_answers,
    notice_consultation,
    open_consultation,
    submit_opinion,
)
from qiao.decide.proposals.models import Proposal
from qiao.decide.proposals.services import raise_proposal
from qiao.hear.needs.services import raise_finding
from qiao.org.access.rules import actions_of
from qiao.org.membership.choices import Employment
from qiao.org.membership.services import admit_member
from qiao.org.people.models import Person
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ground:
    """Root, one district with one base union, its members as actors."""

    root: Unit
    district: Unit
    base: Unit
    members: tuple[Actor, ...]

    def officer(self, role: str, unit: Unit | None = None) -> Actor:
        """An officer with one role, at the root unless said otherwise."""
        at = unit or self.root
        return Actor(account_id=900, name=role, grants=(Grant(role, at.pk, at.path, actions_of(role)),))


def make_ground(now: datetime, members: int = 8) -> Ground:
    """Found the units and admit ``members`` to the base union."""
    units: list[Unit] = []
    for kind, label, name in (
        (UnitKind.FEDERATION, "F", localized("例桥总工会", "Example Federation")),
        (UnitKind.DISTRICT, "F-D1", localized("青禾区总工会", "Qinghe District Federation")),
        (UnitKind.BASE, "F-D1-B1", localized("禾丰分会", "Hefeng Union")),
    ):
        units.append(
            found_unit(
                actor=SYSTEM,
                now=now,
                kind=kind,
                name=name,
                label=label,
                parent=units[-1] if units else None,
                founded=date(2000, 1, 1),
            )
        )
    people = tuple(add_member(now, units[2], f"云{number}") for number in range(members))
    return Ground(units[0], units[1], units[2], people)


def add_member(now: datetime, unit: Unit, name: str) -> Actor:
    """Admit one more person and return the actor behind it."""
    person = Person.objects.create(name=name)
    admit_member(actor=SYSTEM, now=now, person=person, unit=unit, employment=Employment.DIRECT, since=date(2020, 1, 1))
    return Actor(account_id=person.pk, person_id=person.pk, name=name, member_paths=(unit.path,))


def make_proposals(now: datetime, unit: Unit, *costs: int) -> list[Proposal]:
    """One proposal of each cost, all out of one need."""
    need = raise_finding(
        actor=SYSTEM,
        now=now,
        unit=unit,
        title=localized("夜班没有车", "No bus at night"),
        detail=localized("细", "detail"),
        share=0.6,
        lower=0.55,
        upper=0.65,
        n=300,
        rate=0.3,
        source_code="E-1",
    )
    return [
        raise_proposal(
            actor=SYSTEM,
            now=now,
            unit=unit,
            title=localized(f"项目{number}；甲", f"Project {number}; a"),
            text=localized("做", "do"),
            cost=Decimal(cost),
            need_codes=[need.code],
        )
        for number, cost in enumerate(costs, 1)
    ]


def make_open_ballot(
    now: datetime, ground: Ground, *costs: int, budget: int = 1000, consultation_code: str = ""
) -> tuple[Ballot, list[str]]:
    """An open vote and the codes of its proposals in ballot order."""
    codes = [proposal.code for proposal in make_proposals(now, ground.district, *costs)]
    ballot = plan_ballot(
        actor=SYSTEM,
        now=now,
        unit=ground.district,
        title=localized("实事项目票决", "Vote on projects"),
        budget=Decimal(budget),
        proposal_codes=codes,
        consultation_code=consultation_code,
        opens=now,
        closes=now + 7 * DAY,
    )
    return open_ballot(actor=SYSTEM, now=now, code=ballot.code), codes


def make_deeds(now: datetime, unit: Unit, author: Actor | None = None, *, sign: str = "", **rule: Any) -> DeedRound:
    """A round of practical deeds that takes ideas for ten days; one idea of ``author`` where given."""
    need = raise_finding(
        actor=SYSTEM, now=now, unit=unit, title=localized("夜班没有车", "No bus at night"),
        detail=localized("细", "detail"), share=0.6, lower=0.55, upper=0.65, n=300, rate=0.3, source_code="E-1",
    )  # fmt: skip
    made = plan_deeds(
        actor=SYSTEM, now=now, unit=unit, title=localized(f"{sign}实事征集", f"{sign}Call for deeds"),
        call=localized("请说说您的点子", "Tell us your idea"), need_codes=[need.code], opens=now,
        closes=now + 10 * DAY, **({"rule": Rule.GREEDY, "budget": Decimal(1000)} | rule),
    )  # fmt: skip
    move_deeds(actor=SYSTEM, now=now, code=made.code)
    if author is not None:
        file_idea(actor=author, now=now, code=made.code, title="夜班车", text="每晚两班", language="zh-hans")
    return DeedRound.objects.get(pk=made.pk)


def make_consultation(
    now: datetime, ground: Ground, codes: list[str], *, opinions: int, answered: bool
) -> Consultation:
    """A closed consultation with ``opinions`` opinions; all answered and finished where ``answered``."""
    consultation = draft_consultation(
        actor=SYSTEM,
        now=now - 20 * DAY,
        unit=ground.district,
        title=localized("年度重点", "Key tasks"),
        question=localized("您怎么看？", "What do you think?"),
        clauses=[localized("第一条", "Clause one")],
        statements=[localized("夜班车要先办", "The night bus comes first")],
        proposal_codes=codes,
        opens=now - 19 * DAY,
        closes=now - 2 * DAY,
    )
    code = consultation.code
    notice_consultation(actor=SYSTEM, now=now - 20 * DAY, code=code)
    open_consultation(actor=SYSTEM, now=now - 19 * DAY, code=code)
    for number in range(opinions):
        submit_opinion(
            actor=ground.members[number],
            now=now - 10 * DAY,
            code=code,
            clause_id=None,
            text=f"意见 {number}",
            language="zh-hans",
        )
    close_consultation(actor=SYSTEM, now=now - 2 * DAY, code=code)
    if answered:
        answer_all(now, code)
        finish_answers(actor=SYSTEM, now=now, code=code)
    return Consultation.objects.get(code=code)


def answer_all(now: datetime, code: str) -> None:
    """Answer every opinion: the first adopted, the rest not."""
    opinions = Consultation.objects.get(code=code).opinions.order_by("pk").values_list("pk", flat=True)
    for place, key in enumerate(opinions):
        answer_opinions(
            actor=SYSTEM,
            now=now,
            code=code,
            opinion_ids=[key],
            outcome="adopted" if place == 0 else "not_adopted",
            reason=localized("因为", "because"),
        )
