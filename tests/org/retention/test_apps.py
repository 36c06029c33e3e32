"""Staged imports end after their time, batch by batch, with a proof; what an owner holds stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.factories.org import Tree, write, xlsx

from qiao.base.access import SYSTEM
from qiao.org.access.choices import Role
from qiao.org.membership.choices import BatchState
from qiao.org.membership.models import ImportBatch, ImportChunk, ImportRow
from qiao.org.membership.services import upload_table
from qiao.org.retention.choices import Ground
from qiao.org.retention.models import Proof
from qiao.org.retention.rules import all_rules
from qiao.org.retention.services import run_rule, set_hold

ROWS = [("姓名", "用工形式", "入会日期", "所在工会")] + [
    (f"云{n}", "直接用工", "2021-03-05", "B1") for n in "一二三四五"
]


@pytest.fixture
def batch(org: Tree, tmp_path: Path) -> ImportBatch:
    actor = org.officer(Role.BASE_OFFICER, "D1")
    return upload_table(actor=actor, now=org.now, unit=org["D1"], file=write(tmp_path, "a.xlsx", xlsx(ROWS)))


def test_a_staged_table_goes_after_seven_days_and_its_batch_is_discarded(org: Tree, batch: ImportBatch) -> None:
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=7), key="import_staging") == 0
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=7, minutes=1), key="import_staging", batch=2) > 0
    assert not ImportRow.objects.exists()
    assert not ImportChunk.objects.exists()
    batch.refresh_from_db()
    assert batch.state == BatchState.DISCARDED
    assert Proof.objects.get().rule == "keep.import_staging = 7 d"
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=9), key="import_staging") == 0


def test_a_held_table_stays(org: Tree, batch: ImportBatch) -> None:
    set_hold(
        actor=SYSTEM, now=org.now, object_class="import_staging", ground=Ground.AUDIT, reason="sample", unit=org["F"],
        until=org.now.date() + timedelta(days=30),
    )  # fmt: skip
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=20), key="import_staging") == 0
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=31), key="import_staging") > 0


def test_every_class_says_what_it_is_and_can_be_run_on_nothing(org: Tree) -> None:
    for rule in all_rules():
        assert str(rule.label)
        assert str(rule.purpose), rule.key
        assert run_rule(actor=SYSTEM, now=org.now, key=rule.key) == 0
    assert not Proof.objects.exists()
