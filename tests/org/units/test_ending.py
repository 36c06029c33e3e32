"""The end of a unit: its congress and the unit above; standing is never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.factories.org import Tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.membership.queries import member_count, membership_of
from qiao.org.units.choices import ClosingState, Ending, UnitKind, UnitState
from qiao.org.units.models import Unit
from qiao.org.units.queries import groups_below
from qiao.org.units.services import CongressRecord, ask_closing, carry_out_closing, decide_closing, found_unit

NOW = datetime(2026, 5, 11, 2, 0, tzinfo=UTC)
TODAY = date(2026, 5, 11)
DAY = date(2026, 5, 1)
CONGRESS = CongressRecord(day=date(2026, 4, 20), entitled=40, present=30, votes_for=25, record="档案 12 号")


def _other(org: Tree) -> Unit:
    return found_unit(
        actor=SYSTEM, now=NOW, kind=UnitKind.BASE, name=localized("接收会"), label="B3", parent=org["H1"],
        founded=date(2020, 1, 1),
    )  # fmt: skip


def test_a_merger_carries_members_over(org: Tree) -> None:
    receiver = _other(org)
    member = org.member("B1", "云一")
    account = org.account(Role.BASE_CHAIR, "B1", "chair")
    chair, above = org.officer(Role.BASE_CHAIR, "B1", "chair"), org.officer(Role.ORG_OFFICER, "D1", "above")
    given = {"unit": org["B1"], "ground": "两家合并", "congress": CONGRESS, "planned": TODAY}
    with pytest.raises(Problem, match="Name the unit"):
        ask_closing(actor=chair, now=NOW, ending=Ending.MERGER, **given)
    with pytest.raises(Refused):
        ask_closing(actor=org.officer(Role.BASE_CHAIR, "B2"), now=NOW, ending=Ending.EMPLOYER_ENDED, **given)
    for _twice in range(2):
        closing = ask_closing(actor=chair, now=NOW, ending=Ending.MERGER, receiver=receiver, **given)
    assert (org["B1"].state, closing.due_rule) == (UnitState.MERGING, "org.closing_within=30")
    with pytest.raises(Problem, match="closed"):
        org.member("B1", "云二")
    with pytest.raises(Refused):
        decide_closing(actor=chair, now=NOW, code=closing.code, agreed=True, reason="好")
    with pytest.raises(Problem, match="not agreed"):
        carry_out_closing(actor=above, now=NOW, code=closing.code, day=DAY)
    for _twice in range(2):
        decide_closing(actor=above, now=NOW, code=closing.code, agreed=True, reason="同意合并")
    for _twice in range(2):
        carry_out_closing(actor=above, now=NOW, code=closing.code, day=DAY)
    standing = membership_of(member.person_id)
    assert (standing.unit, standing.state, standing.since) == (receiver, "active", DAY)
    assert (org["B1"].state, org["B1"].closed) == (UnitState.CLOSED, DAY)
    assert account.grants.get().until is not None
    assert member_count(org["D1"].path) == 1
    assert LedgerLeaf.objects.filter(kind="unit.closed", code="B1").count() == 1
    assert [row.label for group in groups_below(org["H1"], TODAY) for row in group.units] == ["B3"]


def test_an_end_retains_members_above(org: Tree) -> None:
    member = org.member("B1", "云一")
    chair, above = org.officer(Role.BASE_CHAIR, "B1", "chair"), org.officer(Role.ORG_OFFICER, "D1", "above")
    closing = ask_closing(
        actor=chair, now=NOW, unit=org["B1"], ending=Ending.EMPLOYER_ENDED, ground="企业注销", congress=CONGRESS,
        planned=TODAY,
    )  # fmt: skip
    decide_closing(actor=above, now=NOW, code=closing.code, agreed=True, reason="同意")
    carry_out_closing(actor=above, now=NOW, code=closing.code, day=DAY)
    standing = membership_of(member.person_id)
    assert (standing.unit, standing.state) == (org["H1"], "retained")


def test_refused_the_unit_is_what_it_was(org: Tree) -> None:
    chair, above = org.officer(Role.BASE_CHAIR, "B1", "chair"), org.officer(Role.ORG_OFFICER, "D1", "above")
    closing = ask_closing(
        actor=chair, now=NOW, unit=org["B1"], ending=Ending.EMPLOYER_ENDED, ground="企业注销", congress=CONGRESS,
        planned=TODAY,
    )  # fmt: skip
    with pytest.raises(Problem, match="reason"):
        decide_closing(actor=above, now=NOW, code=closing.code, agreed=False, reason=" ")
    done = decide_closing(actor=above, now=NOW, code=closing.code, agreed=False, reason="企业仍在经营")
    assert (done.state, org["B1"].state) == (ClosingState.REFUSED, UnitState.ACTIVE)
    with pytest.raises(Problem, match="decided already"):
        decide_closing(actor=above, now=NOW, code=closing.code, agreed=True, reason="改主意")


@pytest.mark.parametrize(
    ("congress", "says"),
    [
        (replace(CONGRESS, votes_for=15), "Not more than half"),
        (replace(CONGRESS, votes_for=31), "do not fit"),
        (replace(CONGRESS, entitled=29), "do not fit"),
        (replace(CONGRESS, day=date(2026, 6, 1)), "not come yet"),
        (replace(CONGRESS, day=date(2019, 6, 1)), "before the unit was founded"),
        (replace(CONGRESS, record=" "), "record"),
    ],
)
def test_no_end_without_a_congress(org: Tree, congress: CongressRecord, says: str) -> None:
    with pytest.raises(Problem, match=says):
        ask_closing(
            actor=org.officer(Role.BASE_CHAIR, "B1"), now=NOW, unit=org["B1"], ending=Ending.EMPLOYER_ENDED,
            ground="企业注销", congress=congress, planned=TODAY,
        )  # fmt: skip
    assert org["B1"].state == UnitState.ACTIVE
