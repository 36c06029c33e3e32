"""Two officers at the same moment, in processes of their own: one acts, the other finds it done or is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.factories.org import Tree, make_tree, write, xlsx
from tests.org.elections.test_elections import filed
from tests.org.joining.test_joining import apply
from tests.org.test_killed import handed_over, written
from tests.org.units.test_approval import propose
from tests.processes import at_once

from qiao.base.access import SYSTEM, Actor
from qiao.base.models import AuditRow, LedgerLeaf
from qiao.org.access.choices import Role
from qiao.org.elections import services as elections
from qiao.org.joining import services as joining
from qiao.org.joining.choices import Identity
from qiao.org.mandates.models import Mandate, Term
from qiao.org.membership.choices import BatchState, Standing
from qiao.org.membership.models import ImportBatch, Membership
from qiao.org.membership.services import confirm_batch, fall_back_due, start_transfer, undo_batch
from qiao.org.units.models import Founding, Unit, UnitBatch, UnitLink, UnitName
from qiao.org.units.services import approve_unit, begin_preparing, refuse_unit, report_prepared
from qiao.org.units.services.imports import confirm_units, match_units, undo_units, upload_units

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def org(now: datetime, transactional_db: None) -> Tree:
    return make_tree(now)


@pytest.fixture
def officers(org: Tree) -> tuple[Actor, Actor, Actor]:
    """Three officers of the district."""
    return (
        org.officer(Role.ORG_OFFICER, "D1", "one"),
        org.officer(Role.ORG_OFFICER, "D1", "two"),
        org.officer(Role.ORG_OFFICER, "D1", "three"),
    )


def test_members_confirmed_by_two_at_once_come_once(
    org: Tree, officers: tuple[Actor, Actor, Actor], tmp_path: Path
) -> None:
    one, two, three = officers
    code = handed_over(org, one, tmp_path)
    before = written()
    assert (
        at_once(
            lambda: confirm_batch(actor=two, now=org.now, code=code),
            lambda: confirm_batch(actor=three, now=org.now, code=code),
            lambda: confirm_batch(actor=two, now=org.now, code=code),
        )
        == ["confirmed"] * 3
    )
    assert written()[1] == before[1] + 40
    assert AuditRow.objects.filter(action="import.confirm").count() == 1
    assert (
        at_once(
            lambda: undo_batch(actor=two, now=org.now, code=code),
            lambda: undo_batch(actor=three, now=org.now, code=code),
        )
        == ["undone"] * 2
    )
    assert written() == before
    assert AuditRow.objects.filter(action="import.undo").count() == 1


def test_confirming_and_undoing_at_once_end_in_one_state(
    org: Tree, officers: tuple[Actor, Actor, Actor], tmp_path: Path
) -> None:
    one, two, three = officers
    before = written()
    code = handed_over(org, one, tmp_path)
    confirmed, undone = at_once(
        lambda: confirm_batch(actor=two, now=org.now, code=code),
        lambda: undo_batch(actor=three, now=org.now, code=code),
    )
    assert (confirmed, undone) in {("confirmed", "undone"), ("confirmed", "Problem")}
    state = ImportBatch.objects.get(code=code).state
    assert state == (BatchState.UNDONE if undone == "undone" else BatchState.CONFIRMED)
    assert written()[1] == before[1] + (0 if undone == "undone" else 40)


def test_units_confirmed_by_two_at_once_are_founded_once(
    org: Tree, officers: tuple[Actor, Actor, Actor], tmp_path: Path
) -> None:
    one, two, three = officers
    rows = [(f"N{n}", f"工会{n}", "基层工会", "H1", "2021-05-04") for n in range(30)]
    file = write(tmp_path, "a.xlsx", xlsx([("编号", "工会名称", "类别", "上级工会编号", "成立日期"), *rows]))
    batch = upload_units(actor=one, now=org.now, unit=org["D1"], file=file)
    mapping = {column["header"]: column["field"] for column in batch.columns}
    match_units(actor=one, now=org.now, code=batch.code, mapping=mapping)
    before = Unit.objects.count()
    assert (
        at_once(
            *[lambda actor=actor: confirm_units(actor=actor, now=org.now, code=batch.code) for actor in (two, three)]  # type: ignore[misc]
        )
        == ["confirmed"] * 2
    )
    assert Unit.objects.count() == before + 30
    assert (
        at_once(
            *[lambda actor=actor: undo_units(actor=actor, now=org.now, code=batch.code) for actor in (two, three)]  # type: ignore[misc]
        )
        == ["undone"] * 2
    )
    assert Unit.objects.count() == before
    assert UnitBatch.objects.get(pk=batch.pk).rows.count() == 0


def prepared(org: Tree) -> Founding:
    """A proposal that only waits for its approval."""
    chair = org.officer(Role.BASE_CHAIR, "B1", "chair")
    founding = propose(org, chair)
    begin_preparing(actor=org.officer(Role.ORG_OFFICER, "F", "above"), now=org.now, code=founding.code)
    return report_prepared(actor=chair, now=org.now, code=founding.code, members=30)


def test_a_unit_approved_by_two_at_once_is_one_unit(org: Tree, officers: tuple[Actor, Actor, Actor]) -> None:
    founding = prepared(org)
    day = date(2026, 5, 10)

    def approve(actor: Actor, label: str) -> object:
        return approve_unit(actor=actor, now=org.now, code=founding.code, label=label, founded=day)

    said = at_once(lambda: approve(officers[0], "NEW"), lambda: approve(officers[1], "NEW"))
    assert said == ["done"] * 2
    assert UnitLink.objects.filter(unit_id=founding.unit_id).count() == 1
    assert UnitName.objects.filter(unit_id=founding.unit_id).count() == 1
    assert LedgerLeaf.objects.filter(kind="unit.approved").count() == 1


def test_approved_and_refused_at_once_only_one_holds(org: Tree, officers: tuple[Actor, Actor, Actor]) -> None:
    founding = prepared(org)
    said = at_once(
        lambda: approve_unit(
            actor=officers[0], now=org.now, code=founding.code, label="NEW", founded=date(2026, 5, 10)
        ),
        lambda: refuse_unit(actor=officers[1], now=org.now, code=founding.code, reason="No."),
    )
    assert sorted(said) == ["Problem", "done"]
    approved = said[0] == "done"
    assert Unit.objects.get(pk=founding.unit_id).state == ("approved" if approved else "refused")
    assert UnitLink.objects.filter(unit_id=founding.unit_id).exists() is approved


def test_two_units_approved_at_once_under_one_label(org: Tree, officers: tuple[Actor, Actor, Actor]) -> None:
    pair = [prepared(org), prepared(org)]
    said = at_once(*[
        lambda founding=founding, actor=actor: approve_unit(  # type: ignore[misc]
            actor=actor, now=org.now, code=founding.code, label="NEW", founded=date(2026, 5, 10)
        )
        for founding, actor in zip(pair, officers, strict=False)
    ])  # fmt: skip
    assert sorted(said) == ["Problem", "done"]
    assert Unit.objects.filter(label="NEW").count() == 1


def test_an_election_confirmed_by_two_at_once_opens_one_term(org: Tree) -> None:
    election, _rows = filed(org)
    later = org.now + timedelta(days=12)
    two = [org.officer(Role.ORG_OFFICER, "H1", name) for name in ("above", "beside")]
    said = at_once(*[
        lambda actor=actor: elections.confirm_result(actor=actor, now=later, code=election.code)  # type: ignore[misc]
        for actor in (*two, two[0])
    ])  # fmt: skip
    assert said == ["confirmed"] * 3
    assert (Term.objects.count(), Mandate.objects.count()) == (1, 2)
    assert LedgerLeaf.objects.filter(kind="election.confirmed").count() == 1


def test_transfers_fall_back_once_when_the_job_runs_twice(org: Tree) -> None:
    for number in range(12):
        member = org.member("B1", f"云{number}")
        start_transfer(actor=SYSTEM, now=org.now, membership_id=member.pk, to=org["B2"])
    later = org.now + timedelta(days=400)
    run = lambda: fall_back_due(actor=SYSTEM, now=later)  # noqa: E731
    assert at_once(run, run, run) == ["done"] * 3
    assert not Membership.objects.filter(state=Standing.TRANSFERRING).exists()
    held = Membership.objects.filter(until__isnull=True)
    assert held.count() == held.values("person").distinct().count() == 12
    assert Membership.objects.count() == 24
    assert run() == 0


def test_an_application_approved_by_two_at_once_makes_one_member(org: Tree) -> None:
    one, two = org.officer(Role.HUB_ORGANISER, "H1", "one"), org.officer(Role.HUB_ORGANISER, "H1", "two")
    application = apply(org)
    joining.note_identity(actor=one, now=org.now, code=application.code, identity=Identity.PAPER)
    said = at_once(*[
        lambda actor=actor: joining.approve(actor=actor, now=org.now, code=application.code)  # type: ignore[misc]
        for actor in (one, two, one)
    ])  # fmt: skip
    assert said == ["active"] * 3
    assert Membership.objects.count() == 1
    assert AuditRow.objects.filter(action="joining.approved").count() == 1
