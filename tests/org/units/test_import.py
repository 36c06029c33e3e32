"""Importing units: what is wrong is listed with its place, the rest is taken by a second person, undone as one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.factories.org import Tree, write, xlsx

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.retention.services import run_rule
from qiao.org.units.choices import BatchState
from qiao.org.units.models import Headcount, Unit, UnitBatch, UnitLink
from qiao.org.units.queries import faults_of, groups_below, preview_of
from qiao.org.units.services import move_unit
from qiao.org.units.services.imports import (
    confirm_units,
    discard_units,
    match_units,
    undo_units,
    upload_units,
)

NOW = datetime(2026, 5, 11, 2, 0, tzinfo=UTC)
TODAY = date(2026, 5, 11)
HEAD = ["编号", "工会名称", "类别", "上级工会编号", "成立日期", "职工人数", "会员人数", "涵盖单位数", "行业工会"]


@pytest.fixture
def first(org: Tree) -> Actor:
    """The officer who hands the table in."""
    return org.officer(Role.ORG_OFFICER, "D1", "first")


@pytest.fixture
def second(org: Tree) -> Actor:
    """The officer who confirms it."""
    return org.officer(Role.ORG_OFFICER, "F", "second")


def _staged(org: Tree, actor: Actor, file: Path) -> UnitBatch:
    batch = upload_units(actor=actor, now=NOW, unit=org["D1"], file=file)
    mapping = {column["header"]: column["field"] for column in batch.columns}
    return match_units(actor=actor, now=NOW, code=batch.code, mapping=mapping)


def _rows(*rows: list[object]) -> list[list[object]]:
    return [[*row, *[""] * (len(HEAD) - len(row))] for row in rows]


def test_before_its_columns_are_matched_a_table_has_neither_faults_nor_preview(
    org: Tree, first: Actor, tmp_path: Path
) -> None:
    file = write(tmp_path, "工会.xlsx", xlsx([HEAD, *_rows(["N1", "甲街道工会", "枢纽型工会", "D1", "2021-05-04"])]))
    batch = upload_units(actor=first, now=NOW, unit=org["D1"], file=file)
    assert faults_of(batch) == preview_of(batch) == []
    assert list(batch.rows.values_list("read", "faults")) == [({}, [])]


def test_bad_rows_are_listed_and_the_rest_is_founded(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    rows = _rows(
        ["N1", "甲街道工会", "枢纽型工会", "D1", "2021年5月4日"],  # 2: good, day as text
        ["N2", "乙工会", "基层工会", "N1", "2022/6/1", "１２０", "100"],  # 3: good, full-width digits
        ["N3", "丙工会", "基层工会", "N1", "2019-01-01"],  # 4: older than the unit above
        ["N4", "丁工会", "枢纽型工会", "N5", "2021-01-01"],  # 5: circle
        ["N5", "戊工会", "枢纽型工会", "N4", "2021-01-01"],  # 6: circle
        ["N6", "己工会", "基层工会", "N5", "2021-01-01"],  # 7: below a circle
        ["N7", "庚工会", "基层工会", "H1", "2021-01-01"],  # 8: two leading units above
        ["N7", "庚工会", "基层工会", "N1", "2021-01-01"],  # 9
        ["B1", "辛工会", "基层工会", "H1", "2021-01-01"],  # 10: label taken
        ["N8", "壬工会", "基层工会", "X9", "2021-01-01"],  # 11: unknown unit above
        ["N9", "癸工会", "基层工会", "D2", "2021-01-01"],  # 12: not below this unit
        ["N10", "子工会", "基层工会", "H1", "去年五月"],  # 13: no date
        ["N11", "丑工会", "基层工会", "H1", "2021-01-01", "30", "35"],  # 14: more members than employees
        ["N12", "寅工会", "基层工会", "H1", "2021-01-01", "", "", "3"],  # 15: several employers
        ["N13", "卯工会", "联合基层工会", "H1", "20210101", "", "", "3"],  # 16: good
        ["N14", "辰工会", "分公司", "H1", "2021-01-01"],  # 17: no kind
        ["N2", "乙工会", "基层工会", "N1", "2022/6/1", "120", "100"],  # 18: the same again
        ["", "", "", "", "2021-01-01"],  # 19: nothing
        ["N15", "巳工会", "区级工会", "H1", "2021-01-01"],  # 20: kind that does not fit
    )
    batch = _staged(org, first, write(tmp_path, "工会.xlsx", xlsx([HEAD, *rows])))
    told = {fault.row: fault.text for fault in faults_of(batch)}
    assert set(told) == {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20}
    for row, words in (
        (4, "older than the one above"), (5, "circle"), (6, "circle"), (7, "left out: see row 6"),
        (8, "two leading units above on one date: see also row 9"), (9, "two leading"), (10, "taken"),
        (11, "No unit with the label X9"), (12, "No unit with the label D2"), (13, "is no date"),
        (14, "more members (35) than employees (30)"), (15, "Is it one union for all of them?"),
        (17, "no kind of unit"), (18, "stands in row 3 too"), (20, "cannot stand below"),
    ):  # fmt: skip
        assert words in told[row], (row, told[row])
    assert "column 上级工会编号" in told[11]
    assert [row.label for row in preview_of(batch)] == ["N1", "N2", "N13"]
    assert batch.rows_good == 3
    with pytest.raises(Problem, match="second person"):
        confirm_units(actor=first, now=NOW, code=batch.code)
    for _twice in range(2):
        done = confirm_units(actor=second, now=NOW, code=batch.code)
    assert done.state == BatchState.CONFIRMED
    assert org["N2"].path == org["N1"].path + org["N2"].path[-5:]
    assert org["N1"].path.startswith(org["D1"].path)
    assert [row.label for group in groups_below(org["N1"], TODAY) for row in group.units] == ["N2"]
    assert list(Headcount.objects.values_list("employees", flat=True)) == [120]
    for _twice in range(2):
        undo_units(actor=second, now=NOW, code=batch.code)
    assert not Unit.objects.filter(label__startswith="N").exists()
    assert UnitLink.objects.count() == 5


def test_gbk_title_and_denied_columns(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    text = "区工会名册,,,,\n编号,工会名称,类别,成立日期,政治面貌\nN1,甲工会,枢纽工会,2021.5.4,群众\n"
    batch = _staged(org, first, write(tmp_path, "名册.csv", text, "gb18030"))
    assert [(column["header"], column["rows"]) for column in batch.dropped] == [("政治面貌", 1)]
    assert "群众" not in str(list(batch.rows.values_list("cells", flat=True)))
    confirm_units(actor=second, now=NOW, code=batch.code)
    assert org["N1"].parent == org["D1"]


def test_sectors_are_linked_and_columns_remembered(org: Tree, first: Actor, tmp_path: Path) -> None:
    rows = _rows(["S1", "行业会", "行业工会", "D1", "2020-02-01"], ["N2", "乙", "基层工会", "H1", "2022-06-01"])
    rows[1][8] = "S1；S1"
    file = write(tmp_path, "a.xlsx", xlsx([[*HEAD[:-1], "挂靠"], *rows]))
    batch = upload_units(actor=first, now=NOW, unit=org["D1"], file=file)
    mapping = {column["header"]: column["field"] for column in batch.columns}
    assert mapping["挂靠"] == ""
    match_units(actor=first, now=NOW, code=batch.code, mapping={**mapping, "挂靠": "sector"})
    confirm_units(actor=org.officer(Role.ORG_OFFICER, "D1", "peer"), now=NOW, code=batch.code)
    assert [(link.above.label, link.since) for link in org["N2"].links.filter(axis="sector")] == [
        ("S1", date(2022, 6, 1))
    ]
    again = upload_units(actor=first, now=NOW, unit=org["D1"], file=file)
    assert {column["header"]: column["field"] for column in again.columns}["挂靠"] == "sector"
    discard_units(actor=first, now=NOW, code=again.code)
    assert not again.rows.exists()


def test_what_happened_since_the_preview_counts(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    rows = _rows(["N1", "甲", "基层工会", "H1", "2021-01-01"], ["N2", "乙", "枢纽工会", "D1", "2021-01-01"])
    batch = _staged(org, first, write(tmp_path, "a.xlsx", xlsx([HEAD, *rows])))
    move_unit(actor=SYSTEM, now=NOW, unit=org["H1"], above=org["D2"], since=date(2026, 3, 1))
    confirm_units(actor=second, now=NOW, code=batch.code)
    assert (Unit.objects.filter(label="N1").exists(), org["N2"].state) == (False, "active")
    org.member("N2", "云一")
    with pytest.raises(Problem, match="no longer be undone"):
        undo_units(actor=second, now=NOW, code=batch.code)
    assert org["N2"].state == "active"


def test_staging_does_not_last(org: Tree, first: Actor, tmp_path: Path) -> None:
    rows = _rows(["N1", "甲", "基层工会", "H1", "2021-01-01"])
    batch = _staged(org, first, write(tmp_path, "a.xlsx", xlsx([HEAD, *rows])))
    assert run_rule(actor=SYSTEM, now=NOW, key="unit_staging") == 0
    assert run_rule(actor=SYSTEM, now=datetime(2026, 5, 20, tzinfo=UTC), key="unit_staging") == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.DISCARDED
    with pytest.raises(Refused):
        upload_units(
            actor=org.officer(Role.BASE_OFFICER, "D1"), now=NOW, unit=org["D1"],
            file=write(tmp_path, "b.xlsx", xlsx([HEAD, *rows])),
        )  # fmt: skip
