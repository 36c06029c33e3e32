"""Work killed in the middle (kill -9, a process of its own) leaves nothing half-written, and can be repeated."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests.factories.org import Tree, make_tree, write, xlsx
from tests.processes import kill_before

from qiao.base.access import SYSTEM, Actor
from qiao.base.models import AuditRow, LedgerLeaf, Link
from qiao.org.access.choices import Role
from qiao.org.membership.choices import BatchState, Employment
from qiao.org.membership.models import Hold, ImportBatch, ImportChunk, ImportRow, Membership, MemberTally
from qiao.org.membership.services import (
    confirm_batch,
    hand_over,
    match_columns,
    undo_batch,
    upload_table,
)
from qiao.org.people.models import Contact, IdentityCheck, Person
from qiao.org.retention.models import Proof
from qiao.org.retention.rules import Erased, Held, Rule, register, registry
from qiao.org.retention.services import run_rule
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting
from qiao.org.settings.rules import registry as settings_registry
from qiao.org.units.choices import BatchState as UnitBatchState
from qiao.org.units.models import Unit, UnitBatch, UnitLink, UnitName
from qiao.org.units.services.imports import confirm_units, match_units, undo_units, upload_units

pytestmark = pytest.mark.django_db(transaction=True)
MAPPING = {"姓名": "name", "入会日期": "since", "手机号码": "mobile"}
UNITS = ["编号", "工会名称", "类别", "上级工会编号", "成立日期"]
AUDIT = AuditRow._meta.db_table


@pytest.fixture
def org(now: datetime, transactional_db: None) -> Tree:
    return make_tree(now)


@pytest.fixture
def first(org: Tree) -> Actor:
    return org.officer(Role.ORG_OFFICER, "D1", "first")


@pytest.fixture
def second(org: Tree) -> Actor:
    return org.officer(Role.ORG_OFFICER, "D1", "second")


def roster(folder: Path, rows: int = 40) -> Path:
    people = ((f"云{n}", "2019-05-01", str(13_800_000_000 + n)) for n in range(rows))
    return write(folder, "名册.xlsx", xlsx([tuple(MAPPING), *people]))


def handed_over(org: Tree, first: Actor, folder: Path) -> str:
    batch = upload_table(actor=first, now=org.now, unit=org["B1"], file=roster(folder))
    match_columns(actor=first, now=org.now, code=batch.code, mapping=MAPPING, employment=Employment.DIRECT)
    return hand_over(actor=first, now=org.now, code=batch.code).code


def written() -> list[int]:
    """How much of an import stands in the register."""
    return [model.objects.count() for model in (Person, Membership, Contact, IdentityCheck, Hold)]


@pytest.mark.parametrize("where", [ImportChunk._meta.db_table, AUDIT])
def test_a_table_killed_while_it_is_staged_was_never_there(org: Tree, first: Actor, tmp_path: Path, where: str) -> None:
    file = roster(tmp_path)
    kill_before(where, lambda: upload_table(actor=first, now=org.now, unit=org["B1"], file=file))
    assert ImportBatch.objects.count() == ImportChunk.objects.count() == ImportRow.objects.count() == 0
    assert upload_table(actor=first, now=org.now, unit=org["B1"], file=file).rows_total == 40


def test_a_table_killed_while_it_is_read_stands_where_it_stood(org: Tree, first: Actor, tmp_path: Path) -> None:
    batch = upload_table(actor=first, now=org.now, unit=org["B1"], file=roster(tmp_path))

    def match() -> ImportBatch:
        return match_columns(actor=first, now=org.now, code=batch.code, mapping=MAPPING, employment=Employment.DIRECT)

    for where in (ImportRow._meta.db_table, AUDIT):
        kill_before(where, match)
        batch.refresh_from_db()
        assert (batch.state, batch.mapping, batch.rows.count()) == (BatchState.UPLOADED, {}, 0)
    assert match().state == BatchState.MATCHED
    assert batch.rows.count() == 40


def test_a_confirmation_killed_writes_nobody_and_is_repeated(
    org: Tree, first: Actor, second: Actor, tmp_path: Path
) -> None:
    code = handed_over(org, first, tmp_path)
    before = written()
    # Before the standings, when persons are written; before the contacts, when standings are; at the very end.
    for where in (Membership._meta.db_table, Contact._meta.db_table, AUDIT):
        kill_before(where, lambda: confirm_batch(actor=second, now=org.now, code=code))
        assert written() == before
        assert ImportBatch.objects.get(code=code).state == BatchState.WAITING
        assert ImportRow.objects.filter(batch__code=code).count() == 40
    assert confirm_batch(actor=second, now=org.now, code=code).state == BatchState.CONFIRMED
    after = written()
    assert [new - old for new, old in zip(after, before, strict=True)] == [40, 40, 40, 0, 0]
    # Replayed, by either officer: nothing more.
    for actor in (second, first):
        assert confirm_batch(actor=actor, now=org.now, code=code).state == BatchState.CONFIRMED
    assert written() == after
    assert AuditRow.objects.filter(action="import.confirm").count() == 1


def test_an_undoing_killed_takes_nobody_away(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    before = written()
    code = handed_over(org, first, tmp_path)
    confirm_batch(actor=second, now=org.now, code=code)
    after = written()
    for where in (Person._meta.db_table, AUDIT):
        kill_before(where, lambda: undo_batch(actor=second, now=org.now, code=code))
        assert written() == after
        assert ImportBatch.objects.get(code=code).state == BatchState.CONFIRMED
    assert undo_batch(actor=second, now=org.now, code=code).state == BatchState.UNDONE
    assert written() == before
    assert sum(sum(getattr(row, kind) for kind in Employment.values) for row in MemberTally.objects.all()) == 0


def test_founding_units_from_a_table_is_all_or_nothing(org: Tree, first: Actor, tmp_path: Path) -> None:
    other = org.officer(Role.ORG_OFFICER, "F", "above")
    rows = [(f"N{n}", f"工会{n}", "基层工会", "H1", "2021-05-04") for n in range(30)]
    file = write(tmp_path, "工会.xlsx", xlsx([UNITS, *rows]))
    batch = upload_units(actor=first, now=org.now, unit=org["D1"], file=file)
    mapping = {column["header"]: column["field"] for column in batch.columns}
    match_units(actor=first, now=org.now, code=batch.code, mapping=mapping)

    def counted() -> list[int]:
        return [model.objects.count() for model in (Unit, UnitLink, UnitName)]

    before = counted()
    for where in (UnitLink._meta.db_table, UnitName._meta.db_table, AUDIT):
        kill_before(where, lambda: confirm_units(actor=other, now=org.now, code=batch.code))
        assert counted() == before
        assert UnitBatch.objects.get(pk=batch.pk).state == UnitBatchState.STAGED
    confirm_units(actor=other, now=org.now, code=batch.code)
    assert counted() == [number + 30 for number in before]
    kill_before(UnitName._meta.db_table, lambda: undo_units(actor=other, now=org.now, code=batch.code))
    assert counted() == [number + 30 for number in before]
    undo_units(actor=other, now=org.now, code=batch.code)
    assert counted() == before


def test_an_erasing_killed_has_a_proof_of_whatever_is_gone(org: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    period = Setting[int]("keep.kill", "x", Kind.DAYS, default=30, setter=Setter.FEDERATION, action="setting.protect")

    def eraser(cutoff: datetime, limit: int, held: Held) -> Erased:
        keys = list(Link.objects.filter(at__lt=cutoff).order_by("pk").values_list("pk", flat=True)[:limit])
        if Link.objects.count() <= 20:
            # The second batch waits here, and here it is killed.
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {LedgerLeaf._meta.db_table} IN SHARE UPDATE EXCLUSIVE MODE")
        Link.objects.filter(pk__in=keys).delete()
        return Erased(tuple(f"kill:{key}" for key in keys))

    monkeypatch.setattr(registry, "_RULES", {})
    monkeypatch.setattr(settings_registry, "_SETTINGS", dict(settings_registry._SETTINGS))
    register(Rule("kill", "Killed", eraser, period=period))
    for number in range(30):
        Link.objects.create(source=f"X-{number}", target="T", at=org.now - timedelta(days=90))

    def run() -> int:
        return run_rule(actor=SYSTEM, now=org.now, key="kill", batch=10)

    kill_before(LedgerLeaf._meta.db_table, run)
    assert Link.objects.count() == 20
    proof = Proof.objects.get()
    assert (proof.number, proof.finished) == (10, None)
    assert run() == 20
    proof.refresh_from_db()
    assert (proof.number, proof.finished) == (30, org.now)
    assert LedgerLeaf.objects.filter(kind="retention.erased").count() == 1
