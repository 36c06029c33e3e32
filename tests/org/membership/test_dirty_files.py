"""Dirty files of the field: normalised or listed, never guessed; bounded in memory and time; nothing half-written."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.factories.org import Tree, write, xlsx
from tests.factories.rosters import HEAD, Roster, rosters

from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.membership.choices import Employment
from qiao.org.membership.models import ImportBatch, ImportChunk, ImportRow, Membership
from qiao.org.membership.queries import NOTED, row_page
from qiao.org.membership.services import confirm_batch, hand_over, match_columns, upload_table


@pytest.fixture
def first(org: Tree) -> Actor:
    return org.officer(Role.BASE_OFFICER, "D1", "first")


@pytest.fixture
def second(org: Tree) -> Actor:
    return org.officer(Role.BASE_OFFICER, "D1", "second")


def taken(org: Tree, actor: Actor, folder: Path, name: str, content: bytes | str, **given: object) -> ImportBatch:
    file = write(folder, name, content)
    batch = upload_table(actor=actor, now=org.now, unit=org["D1"], file=file)
    mapping = {column["header"]: column["field"] for column in batch.columns}
    return match_columns(actor=actor, now=org.now, code=batch.code, mapping=mapping, **given)


@pytest.mark.parametrize("roster", rosters(), ids=lambda roster: f"{roster.name} {' '.join(roster.dirt)}")
def test_forty_rosters(org: Tree, first: Actor, tmp_path: Path, roster: Roster) -> None:
    batch = taken(org, first, tmp_path, roster.name, roster.content, drop_quarantined=True)
    assert [entry["header"] for entry in batch.dropped] == list(roster.denied)
    assert all(entry["rows"] == roster.persons for entry in batch.dropped)
    assert batch.rows_total == roster.persons
    assert batch.report["fault"] == 0, [str(fault) for row in row_page(batch, "fault").rows for fault in row.faults]
    assert batch.report["ready"] + batch.report["duplicate"] == roster.persons
    row = ImportRow.objects.filter(batch=batch).order_by("row").first()
    assert row is not None
    assert row.mobile_mark is not None
    assert row.identity_mark is not None
    assert len(row.identity_tail) == 4
    assert row.since is not None
    assert row.since.year > 2000


def test_the_forty_are_as_dirty_as_the_field_is() -> None:
    made = rosters()
    assert sum(bool(roster.denied) for roster in made) == 6
    assert (
        sum(
            roster.dirt[:1] in (("full width",), ("traditional",), ("merged header",), ("dates as text",))
            for roster in made
        )
        == 10
    )


BASE = ("云一诺", "直接用工", "2021-03-05", "B1", "13800000000", "")


def cell(**changed: str) -> tuple[str, ...]:
    return tuple(
        changed.get(name, value)
        for name, value in zip(("name", "kind", "day", "unit", "mobile", "identity"), BASE, strict=True)
    )


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (cell(day="2021年3月"), "names no day"),
        (cell(day="44260"), "is no date"),
        (cell(day="1899-12-30"), "too far back"),
        (cell(day="9999-12-31"), "not come yet"),
        (cell(day="05/03/2021"), "is no date"),
        (cell(name="=cmd|' /C calc'!A0"), "is no name"),
        (cell(name="@SUM(1)"), "is no name"),
        (cell(name="#REF!"), "is no name"),
        (cell(name="12345"), "is no name"),
        (cell(unit="B2"), "No open unit"),
        (cell(kind="临时的"), "no kind of employment"),
    ],
)
def test_what_is_not_sure_is_listed(org: Tree, first: Actor, tmp_path: Path, row: tuple[str, ...], says: str) -> None:
    # As CSV: a program that writes workbooks would make a formula of what begins with =.
    text = "\n".join(",".join(f'"{value}"' for value in line) for line in (HEAD, row, BASE))
    batch = taken(org, first, tmp_path, "a.csv", text)
    assert (batch.report["fault"], batch.report["ready"]) == (1, 1)
    (fault,) = row_page(batch, "fault").rows[0].faults
    assert says in str(fault)
    assert fault.place.row == 2


def test_serial_numbers_are_days_only_when_somebody_says_so(org: Tree, first: Actor, tmp_path: Path) -> None:
    batch = taken(org, first, tmp_path, "a.xlsx", xlsx([HEAD, cell(day="44260")]), serials=True)
    assert row_page(batch, "ready").rows[0].since == date(2021, 3, 5)


@pytest.mark.parametrize(
    ("column", "value"), [("mobile", "12345"), ("mobile", "1.38E+10"), ("identity", "310101199013011234")]
)
def test_stale_contacts_are_left_out_and_noted(
    org: Tree, first: Actor, tmp_path: Path, column: str, value: str
) -> None:
    batch = taken(org, first, tmp_path, "a.xlsx", xlsx([HEAD, cell(**{column: value})]))
    (row,) = row_page(batch, NOTED).rows
    assert "left out" in str(row.notes[0])
    assert value not in str(row.notes[0])
    assert batch.report["ready"] == 1


def test_an_employers_staff_list_makes_nobody_a_member(org: Tree, first: Actor, tmp_path: Path) -> None:
    head = ("姓名", "工号", "部门", "入职日期", "手机")
    with pytest.raises(Problem, match="staff list") as caught:
        upload_table(
            actor=first,
            now=org.now,
            unit=org["D1"],
            file=write(tmp_path, "a.xlsx", xlsx([head, ("云一诺", "1", "铸造", "2020-01-01", "1")])),
        )
    assert "outreach" in str(caught.value)
    batch = upload_table(
        actor=first,
        now=org.now,
        unit=org["D1"],
        file=write(
            tmp_path, "b.xlsx", xlsx([("姓名", "入会日期", "入职日期"), ("云一诺", "2020-01-01", "2020-01-01")])
        ),
    )
    with pytest.raises(Problem, match="day of hiring"):
        match_columns(
            actor=first,
            now=org.now,
            code=batch.code,
            mapping={"姓名": "name", "入职日期": "since"},
            employment=Employment.DIRECT,
        )


def test_false_friends_of_the_deny_list_are_kept(org: Tree, first: Actor, tmp_path: Path) -> None:
    rows = [("姓名", "入会日期", "用人单位", "counterparty"), ("云一诺", "2020-01-01", "民族中学", "x")]
    batch = taken(org, first, tmp_path, "a.xlsx", xlsx(rows), employment=Employment.DIRECT)
    assert batch.dropped == []


def test_without_consent_nobody_becomes_a_member(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    rows = [
        ("姓名", "入会日期", "本人同意"),
        ("云一诺", "2020-01-01", "是"),
        ("江二", "2020-01-01", ""),
        ("林三", "2020-01-01", "否"),
    ]
    batch = taken(org, first, tmp_path, "a.xlsx", xlsx(rows), employment=Employment.DIRECT)
    assert (batch.report["ready"], batch.report["held"]) == (1, 2)
    hand_over(actor=first, now=org.now, code=batch.code)
    batch = confirm_batch(actor=second, now=org.now, code=batch.code)
    assert (batch.report["admitted"], batch.report["people"], batch.report["holds"]) == (1, 3, 2)
    assert list(Membership.objects.values_list("person__name", flat=True)) == ["云一诺"]


def test_unknown_employers_are_held_in_the_hub(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    file = write(tmp_path, "a.xlsx", xlsx([("姓名", "入会日期", "用人单位"), ("云一诺", "2020-01-01", "某厂")]))
    officer = org.officer(Role.BASE_OFFICER, "B1", "base")
    batch = upload_table(actor=officer, now=org.now, unit=org["B1"], file=file)
    mapping = {column["header"]: column["field"] for column in batch.columns}
    match_columns(actor=officer, now=org.now, code=batch.code, mapping=mapping, employment=Employment.DIRECT)
    hand_over(actor=officer, now=org.now, code=batch.code)
    confirm_batch(actor=second, now=org.now, code=batch.code)
    member = Membership.objects.get()
    assert (member.unit.label, member.employer_id) == ("H1", None)


def test_terms_of_one_identity_number(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    """History stays with its person; an overlap is rejected; two standings at once are a task."""
    one, two, three = "11010519491231002X", "310101199001011232", "310101199003070018"
    head = ("姓名", "入会日期", "退会日期", "工会编号", "身份证号")
    rows = [
        ("云一诺", "2010-01-01", "2015-01-01", "H1", one), ("云一诺", "2015-01-01", "", "B1", one),
        ("江二", "2010-01-01", "2016-01-01", "H1", two), ("江二", "2015-01-01", "", "B1", two),
        ("林三", "2010-01-01", "", "H1", three), ("林三", "2012-01-01", "", "B1", three),
    ]  # fmt: skip
    from qiao.org.people.rules import normal_identity

    usable = []
    for number in (one, two, three):
        try:
            usable.append(normal_identity(number) == number)
        except Problem:
            usable.append(False)
    batch = taken(org, first, tmp_path, "a.xlsx", xlsx([head, *rows]), employment=Employment.DIRECT)
    assert usable[0]
    hand_over(actor=first, now=org.now, code=batch.code)
    confirm_batch(actor=second, now=org.now, code=batch.code)
    history = Membership.objects.filter(person__name="云一诺").order_by("since")
    assert len({row.person_id for row in history}) == 1
    assert [(row.unit.label, row.until) for row in history] == [("H1", date(2015, 1, 1)), ("B1", None)]


def bomb(ratio: int) -> bytes:
    """A workbook whose sheet unpacks to ``ratio`` MB of nothing."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx([HEAD, BASE]))) as good,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for entry in good.infolist():
            if entry.filename == "xl/worksheets/sheet1.xml":
                bad.writestr(entry.filename, b" " * (ratio * 1_000_000))
            else:
                bad.writestr(entry, good.read(entry))
    return stream.getvalue()


def wide_claim() -> bytes:
    """A sheet that claims the last cell there is, and holds one row."""
    book = Workbook()
    page = book.active
    page.append(list(HEAD))
    page.append(list(BASE))
    page["A1048576"] = " "
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_sheet_that_claims_a_million_rows_is_one_row(org: Tree, first: Actor, tmp_path: Path) -> None:
    batch = taken(org, first, tmp_path, "a.xlsx", wide_claim())
    assert (batch.rows_total, batch.report["ready"]) == (1, 1)


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (
            b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
            "a.xlsx",
            "password",
        ),
        (b"<html><body><table><tr><td>\xe5\xa7\x93\xe5\x90\x8d", "a.xls", "web page"),
        (b"", "a.xlsx", "empty"),
        (b"\xd0\xcf\x11\xe0broken", "a.xls", "cannot be read"),
        ("姓名,入会日期\n云\0一,2020-01-01\n".encode(), "a.csv", "zero bytes"),
        (b"PK\x03\x04" + b"\0" * 100, "a.xlsx", "cannot be read"),
    ],
)
def test_files_that_are_no_rosters(
    org: Tree, first: Actor, tmp_path: Path, content: bytes, name: str, says: str
) -> None:
    with pytest.raises(Problem, match=says):
        upload_table(actor=first, now=org.now, unit=org["D1"], file=write(tmp_path, name, content))
    assert (ImportBatch.objects.count(), ImportChunk.objects.count()) == (0, 0)


def test_a_bomb_is_found_while_it_is_unpacked(org: Tree, first: Actor, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="unpacks to more than"):
        upload_table(actor=first, now=org.now, unit=org["D1"], file=write(tmp_path, "a.xlsx", bomb(1_010)))
