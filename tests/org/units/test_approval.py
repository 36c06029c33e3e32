"""From a proposal to an active unit: who may do what, by when, and what a refusal opens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from tests.factories.org import Tree

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.models import AuditRow, LedgerLeaf, Receipt
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.appeals.services import decide_appeal
from qiao.org.units.choices import LeadForm, Proposer, UnitKind, UnitState
from qiao.org.units.models import Founding, Unit, UnitLink, UnitStep
from qiao.org.units.queries import groups_below
from qiao.org.units.rules import MOVES
from qiao.org.units.services import (
    activate_unit,
    appeal_refusal,
    approve_unit,
    begin_preparing,
    mark_term,
    propose_unit,
    refuse_unit,
    report_prepared,
    withdraw_proposal,
)

NOW = datetime(2026, 5, 11, 2, 0, tzinfo=UTC)
TODAY = date(2026, 5, 11)


def propose(org: Tree, actor: Actor, **other: Any) -> Founding:
    """A proposal below H1 as most tests want it."""
    given: dict[str, Any] = {
        "above": org["H1"],
        "kind": UnitKind.BASE,
        "name": localized("新风公司工会", "Xinfeng Union"),
        "employers": [{"name": "新风公司", "reg_code": ""}],
        "headcount": 60,
        "founders": 8,
        "lead_form": LeadForm.COMMITTEE,
        "prepares": "王小明",
        "planned": TODAY + timedelta(days=40),
    }
    return propose_unit(actor=actor, now=NOW, **{**given, **other})


@pytest.fixture
def officers(org: Tree) -> dict[str, Actor]:
    """Two officers of the hub's district, one of the federation, a hub organiser, a base chair, a worker."""
    return {
        "district": org.officer(Role.ORG_OFFICER, "D1", "district"),
        "colleague": org.officer(Role.ORG_OFFICER, "D1", "colleague"),
        "federation": org.officer(Role.ORG_OFFICER, "F", "federation"),
        "elsewhere": org.officer(Role.ORG_OFFICER, "D2", "elsewhere"),
        "organiser": org.officer(Role.HUB_ORGANISER, "H1", "organiser"),
        "chair": org.officer(Role.BASE_CHAIR, "B1", "chair"),
    }


def test_the_whole_way(org: Tree, officers: dict[str, Actor]) -> None:
    founding = propose(org, officers["chair"])
    assert (founding.proposer, founding.unit.state, founding.unit.label) == (
        Proposer.BASE,
        UnitState.PROPOSED,
        founding.code,
    )
    assert founding.due is not None
    assert founding.due.date() > TODAY + timedelta(days=14)
    assert founding.due_rule == "org.approve_within=15"
    assert Receipt.objects.get(number=founding.receipt).code == founding.code
    assert not UnitLink.objects.filter(unit=founding.unit).exists()
    assert [row.label for group in groups_below(org["H1"], TODAY) for row in group.units] == ["B1"]

    begin_preparing(actor=officers["district"], now=NOW, code=founding.code)
    with pytest.raises(Problem, match="not reported"):
        approve_unit(actor=officers["district"], now=NOW, code=founding.code, label="B9", founded=TODAY)
    for _twice in range(2):
        prepared = report_prepared(actor=officers["chair"], now=NOW, code=founding.code, members=31)
    assert (prepared.members_ready, prepared.due is not None) == (31, True)
    for _twice in range(2):
        approve_unit(actor=officers["district"], now=NOW, code=founding.code, label="B9", founded=TODAY)
    unit = org["B9"]
    assert (unit.state, unit.founded) == (UnitState.APPROVED, TODAY)
    assert [(link.above.label, link.since) for link in unit.links.all()] == [("H1", TODAY)]
    assert LedgerLeaf.objects.filter(kind="unit.approved", code="B9").count() == 1
    ends = date(2029, 5, 10)
    for _twice in range(2):
        activate_unit(actor=SYSTEM, now=NOW, unit=unit, term_ends=ends, ground="E-1")
    mark_term(actor=SYSTEM, now=NOW, unit=unit, state=UnitState.TERM_DUE, term_ends=ends)
    mark_term(actor=SYSTEM, now=NOW, unit=unit, state=UnitState.OVERDUE, term_ends=ends)
    activate_unit(actor=SYSTEM, now=NOW, unit=unit, term_ends=date(2032, 5, 10))
    steps = list(UnitStep.objects.filter(unit=unit).values_list("after", flat=True))
    assert steps == ["proposed", "preparing", "approved", "active", "term_due", "overdue", "active"]


def test_nobody_approves_their_own_proposal(org: Tree, officers: dict[str, Actor]) -> None:
    founding = propose(org, officers["district"])
    with pytest.raises(Problem, match="step before"):
        begin_preparing(actor=officers["district"], now=NOW, code=founding.code)
    for stranger in ("elsewhere", "organiser", "chair"):
        with pytest.raises(Refused):
            begin_preparing(actor=officers[stranger], now=NOW, code=founding.code)
    begin_preparing(actor=officers["colleague"], now=NOW, code=founding.code)
    with pytest.raises(DatabaseError), atomic():
        Founding.objects.update(approved_by_id=officers["district"].account_id)


def test_a_unit_has_no_hand_in_its_own_approval_or_term(org: Tree, officers: dict[str, Actor]) -> None:
    own = org.officer(Role.ORG_OFFICER, "B1", "own")
    founding = propose(org, officers["chair"])
    with pytest.raises(Refused):
        approve_unit(actor=own, now=NOW, code=founding.code, label="B9", founded=TODAY)
    with pytest.raises(Refused):
        mark_term(actor=own, now=NOW, unit=org["B1"], state=UnitState.ACTIVE, term_ends=date(2099, 1, 1))


def test_a_refusal_needs_a_reason_and_opens_an_appeal(org: Tree, officers: dict[str, Actor]) -> None:
    founding = propose(org, officers["chair"])
    with pytest.raises(Problem, match="reason"):
        refuse_unit(actor=officers["district"], now=NOW, code=founding.code, reason=" ")
    for _twice in range(2):
        refuse_unit(actor=officers["district"], now=NOW, code=founding.code, reason="已有工会")
    assert UnitStep.objects.filter(after="refused").count() == 1
    with pytest.raises(Refused):
        appeal_refusal(actor=officers["organiser"], now=NOW, code=founding.code, ground="不是同一单位")
    appeal = appeal_refusal(actor=officers["chair"], now=NOW, code=founding.code, ground="不是同一单位")
    assert appeal_refusal(actor=officers["chair"], now=NOW, code=founding.code, ground="x") == appeal
    for nobody in ("district", "chair", "elsewhere"):
        with pytest.raises((Refused, Problem)):
            decide_appeal(actor=officers[nobody], now=NOW, code=appeal.code, upheld=True, reason="查明")
    decide_appeal(actor=officers["colleague"], now=NOW, code=appeal.code, upheld=True, reason="查明是两家单位")
    founding.refresh_from_db()
    assert (founding.unit.state, founding.due is not None) == (UnitState.PROPOSED, True)
    with pytest.raises(Problem, match="step before"):
        refuse_unit(actor=officers["district"], now=NOW, code=founding.code, reason="还是不行")
    begin_preparing(actor=officers["colleague"], now=NOW, code=founding.code)


def test_a_proposal_is_taken_back_by_its_proposer_only(org: Tree, officers: dict[str, Actor]) -> None:
    founding = propose(org, officers["organiser"])
    assert founding.proposer == Proposer.HUB
    with pytest.raises(Refused):
        withdraw_proposal(actor=officers["chair"], now=NOW, code=founding.code)
    for _twice in range(2):
        withdraw_proposal(actor=officers["organiser"], now=NOW, code=founding.code)
    with pytest.raises(Problem, match="another state"):
        begin_preparing(actor=officers["district"], now=NOW, code=founding.code)
    with pytest.raises(Refused):
        propose(org, Actor())


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"employers": [{"name": "甲"}, {"name": "乙"}]}, "Is it one union for all of them"),
        ({"kind": UnitKind.JOINT_BASE}, "only one is named"),
        ({"employers": []}, "Name the employer"),
        ({"founders": 61}, "more founders"),
        ({"founders": 0}, "at least one"),
        ({"lead_form": LeadForm.JOINT}, "joint base union"),
        ({"prepares": " "}, "who prepares"),
        ({"planned": TODAY - timedelta(days=1)}, "in the past"),
        ({"planned": date(206, 5, 1)}, "cannot be meant"),
        ({"kind": UnitKind.DISTRICT}, "cannot stand below"),
    ],
)
def test_proposals_that_cannot_be(org: Tree, officers: dict[str, Actor], other: dict[str, Any], says: str) -> None:
    with pytest.raises(Problem, match=says):
        propose(org, officers["chair"], **other)
    assert not Founding.objects.exists()


def test_from_25_members_on_there_is_a_committee(org: Tree, officers: dict[str, Actor]) -> None:
    founding = propose(org, officers["chair"], lead_form=LeadForm.ORGANISER)
    begin_preparing(actor=officers["district"], now=NOW, code=founding.code)
    with pytest.raises(Problem, match="From 25 members"):
        report_prepared(actor=officers["chair"], now=NOW, code=founding.code, members=25)
    report_prepared(actor=officers["chair"], now=NOW, code=founding.code, members=24)


def test_a_replayed_form_proposes_once(org: Tree, officers: dict[str, Actor]) -> None:
    first = propose(org, officers["chair"])
    assert propose(org, officers["chair"]).code == first.code
    assert Unit.objects.filter(state=UnitState.PROPOSED).count() == 1
    assert AuditRow.objects.filter(action="unit.propose").count() == 1


def test_a_refused_proposal_burns_no_label(org: Tree, officers: dict[str, Actor]) -> None:
    founding = propose(org, officers["chair"])
    begin_preparing(actor=officers["district"], now=NOW, code=founding.code)
    report_prepared(actor=officers["chair"], now=NOW, code=founding.code, members=9)
    for label, says in (("B1", "taken"), ("b1", "taken"), ("not a label", "no label")):
        with pytest.raises(Problem, match=says):
            approve_unit(actor=officers["district"], now=NOW, code=founding.code, label=label, founded=TODAY)
    with pytest.raises(Problem, match="not come yet"):
        approve_unit(
            actor=officers["district"], now=NOW, code=founding.code, label="B9", founded=TODAY + timedelta(days=1)
        )
    with pytest.raises(Problem, match="founded later"):
        approve_unit(actor=officers["district"], now=NOW, code=founding.code, label="B9", founded=date(2019, 1, 1))


def test_every_state_is_reached_and_left_as_the_table_says() -> None:
    assert set(MOVES) == set(UnitState)
    reached = {state for targets in MOVES.values() for state in targets}
    assert reached == set(UnitState) - {UnitState.PROPOSED} | {UnitState.PROPOSED}
