"""Importing members: what never enters, what is faulty and where, who confirms, and that nothing is half-written."""

from __future__ import annotations

import io
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils.translation import override
from openpyxl import load_workbook
from tests.factories.org import Tree, write, xlsx

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.i18n import problem_text
from qiao.base.models import AuditRow
from qiao.base.problems import Problem, Problems
from qiao.org.access.choices import Role
from qiao.org.membership.choices import BatchState, Employment
from qiao.org.membership.exports import import_template
from qiao.org.membership.models import ImportBatch, ImportChunk, ImportRow, Membership
from qiao.org.membership.queries import batch_of, desk_items, member_count, row_page
from qiao.org.membership.services import (
    admit_worker,
    confirm_batch,
    decide_duplicates,
    discard_batch,
    hand_over,
    match_columns,
    undo_batch,
    upload_table,
)
from qiao.org.people.models import Account, Person
from qiao.org.retention.services import run_rule
from qiao.org.units.services import move_unit

HEAD = ("姓名", "就业形式", "入会日期", "单位")
ROWS = (("云一诺", "直接用工", "2021-03-05", "B1"), ("江晓舟", "劳务派遣", "2020/1/2", "H1"))


@pytest.fixture
def first(org: Tree) -> Actor:
    return org.officer(Role.BASE_OFFICER, "D1", "first")


@pytest.fixture
def second(org: Tree) -> Actor:
    return org.officer(Role.BASE_OFFICER, "D1", "second")


def upload(org: Tree, actor: Actor, tmp_path: Path, content: bytes | str, name: str = "会员.xlsx") -> ImportBatch:
    file = write(tmp_path, name, content)
    return upload_table(actor=actor, now=org.now, unit=org["D1"], file=file)


def guessed(org: Tree, batch: ImportBatch) -> dict[str, str]:
    view = batch_of(org["D1"], batch.code)
    assert view is not None
    return {column.header: column.field for column in view.columns}


def matched(org: Tree, actor: Actor, batch: ImportBatch, **defaults: object) -> ImportBatch:
    return match_columns(actor=actor, now=org.now, code=batch.code, mapping=guessed(org, batch), **defaults)


def faults(batch: ImportBatch) -> list[str]:
    return [problem_text(fault) for row in row_page(batch, "fault").rows for fault in row.faults]


def test_the_whole_way(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    batch = upload(org, first, tmp_path, xlsx([HEAD, *ROWS], "名册"))
    assert guessed(org, batch) == dict(zip(HEAD, ("name", "employment", "since", "unit"), strict=True))
    batch = matched(org, first, batch)
    assert (batch.state, batch.report["ready"], batch.report["fault"]) == (BatchState.MATCHED, 2, 0)
    assert Person.objects.count() == 0
    hand_over(actor=first, now=org.now, code=batch.code)
    assert not ImportChunk.objects.exists()
    with pytest.raises(Problem, match="second person"):
        confirm_batch(actor=first, now=org.now, code=batch.code)
    with pytest.raises(Refused):
        confirm_batch(actor=org.officer(Role.BASE_OFFICER, "D2", "far"), now=org.now, code=batch.code)
    assert [item.next_step for item in desk_items(actor=second, now=org.now)] == ["Confirm as second person"]
    assert desk_items(actor=first, now=org.now) == []
    for _replayed in range(2):
        done = confirm_batch(actor=second, now=org.now, code=batch.code)
    assert (done.state, done.report["admitted"]) == (BatchState.CONFIRMED, 2)
    rows = Membership.objects.order_by("person_id").values_list("person__name", "employment", "since", "unit__label")
    assert list(rows) == [
        ("云一诺", "direct", date(2021, 3, 5), "B1"),
        ("江晓舟", "agency", date(2020, 1, 2), "H1"),
    ]
    assert AuditRow.objects.filter(action="import.confirm").count() == 1
    assert ImportRow.objects.count() == 0
    # What came after the import by hand does not collide with its numbers.
    org.member("B1", "后来")


def test_undoing_takes_all_back_or_nothing(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    def imported() -> ImportBatch:
        batch = matched(org, first, upload(org, first, tmp_path, xlsx([HEAD, *ROWS])))
        hand_over(actor=first, now=org.now, code=batch.code)
        return confirm_batch(actor=second, now=org.now, code=batch.code)

    batch = imported()
    for _twice in range(2):
        undo_batch(actor=first, now=org.now, code=batch.code)
    assert (Person.objects.count(), Membership.objects.count()) == (0, 0)
    batch = imported()
    person = Person.objects.get(name="云一诺")
    Account.objects.create(email="m@x.example", display_name="m", person=person)
    with pytest.raises(Problems, match=f"Member number {person.pk} has changed since"):
        undo_batch(actor=first, now=org.now, code=batch.code)
    assert member_count(org["D1"].path) == 2
    batch.refresh_from_db()
    assert batch.state == BatchState.CONFIRMED


def test_denied_columns_never_touch_the_database(org: Tree, first: Actor, tmp_path: Path) -> None:
    head = ("姓名", "民 族", "政治面貌", "备注", "身份证号", "手机号码", "性别", "Home-visit photo", "单位", "入会日期")
    rows = [
        (f"云{n}", "汉族", "群众", "中共党员" if n % 3 == 0 else "无", "310101199001011234", "13800000000", "女",
         "a.jpg", "B1", "2021-03-05")
        for n in range(9)
    ]  # fmt: skip
    batch = upload(org, first, tmp_path, xlsx([head, *rows]))
    assert [(entry["header"], entry["kind"], entry["rows"]) for entry in batch.dropped] == [
        ("民 族", "ethnicity", 9), ("政治面貌", "party membership", 9), ("备注", "party membership", 9),
        ("性别", "body", 9), ("Home-visit photo", "traces", 9),
    ]  # fmt: skip
    assert [entry["header"] for entry in batch.dropped if entry["quarantined"]] == ["备注"]
    assert [column["header"] for column in batch.columns] == ["姓名", "身份证号", "手机号码", "单位", "入会日期"]
    with connection.cursor() as cursor:
        for table in ("membership_importrow", "membership_importchunk", "membership_importbatch", "base_auditrow"):
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text ~ '汉族|群众|中共|3101011990|13800000000|a[.]jpg'"
            )
            assert cursor.fetchone() == (0,), table
    with pytest.raises(Problem, match="Say yes"):
        matched(org, first, batch, employment=Employment.DIRECT)
    matched(org, first, batch, employment=Employment.DIRECT, drop_quarantined=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM membership_importrow t WHERE t::text ~ '3101011990|13800000000'")
        assert cursor.fetchone() == (0,)
    page = org.client(Role.BASE_OFFICER, "D1", "first").get(f"/units/D1/members/import/{batch.code}/match/")
    assert "“民 族”: Ethnicity, 9 cells filled" in page.content.decode()


def test_a_table_of_nothing_but_denied_columns_is_refused(org: Tree, first: Actor, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="No column is left"):
        upload(org, first, tmp_path, xlsx([("民族", "宗教信仰"), ("汉族", "无")]))
    assert ImportBatch.objects.count() == 0


def test_dirty_cells_are_normalised_or_listed_never_guessed(org: Tree, first: Actor, tmp_path: Path) -> None:
    rows = [
        ("　云　一诺 ", "平台", "２０２１年３月５日", "ｂ1"),
        ("林二", "Agency", datetime(2021, 3, 5), "B1 Union"),
        ("田三", "临时的", "2021-03-05", "B1"),
        ("", "直接用工", "20210305", "B1"),
        ("松四", "直接用工", 44260, "B1"),
        ("竹五", "直接用工", "05/03/2021", "B1"),
        ("梅六", "直接用工", "2021-02-30", "B1"),
        ("柏七", "直接用工", "2031-01-01", "B1"),
        ("溪八", "直接用工", "2021.3.5", "B2"),
        (None, None, None, None),
        ("兰九", "", "", ""),
    ]
    batch = matched(org, first, upload(org, first, tmp_path, xlsx([HEAD, *rows], "表一")))
    ready = row_page(batch, "ready").rows
    assert [(row.row, row.name, row.employment, row.since, row.unit_label) for row in ready] == [
        (2, "云一诺", "Platform work", date(2021, 3, 5), "B1"),
        (3, "林二", "Agency (dispatched) work", date(2021, 3, 5), "B1"),
    ]
    hint = "Write year, month and day, such as 2021-03-05."
    assert faults(batch) == [
        "sheet 表一, row 4, column 就业形式: “临时的” is no kind of employment."
        " Write one of: direct, agency, platform, freelance.",
        "sheet 表一, row 5, column 姓名: The name is missing. Write the name.",
        f"sheet 表一, row 6, column 入会日期: “44260” is no date. {hint}",
        f"sheet 表一, row 7, column 入会日期: “05/03/2021” is no date. {hint}",
        f"sheet 表一, row 8, column 入会日期: “2021-02-30” is no day of the calendar. {hint}",
        "sheet 表一, row 9, column 入会日期: 2031-01-01 has not come yet. Check the year.",
        "sheet 表一, row 10, column 单位: No open unit below yours is called “B2”, or several are."
        " Write the label of the unit, as it stands on its page.",
        "sheet 表一, row 12, column 就业形式: The kind of employment is missing."
        " Write one of: direct, agency, platform, freelance.",
        f"sheet 表一, row 12, column 入会日期: The date is missing. {hint}",
        "sheet 表一, row 12, column 单位: The unit is missing. Write the label of the unit, as it stands on its page.",
    ]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-16"])
def test_csv_as_people_save_it(org: Tree, first: Actor, tmp_path: Path, encoding: str) -> None:
    text = "姓名;用工形式;入会日期\n云一诺;平台用工;2024-01-01\n"
    file = write(tmp_path, "名册.csv", text, encoding)
    batch = upload_table(actor=first, now=org.now, unit=org["D1"], file=file)
    batch = matched(org, first, batch)
    (row,) = row_page(batch, "ready").rows
    assert (row.name, row.since, row.unit_label) == ("云一诺", date(2024, 1, 1), "D1")


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.csv", "empty"),
        (b"\x00\x01\x02", "a.csv", "zero bytes"),
        (b"PK\x03\x04 broken", "a.xlsx", "cannot be read as a spreadsheet"),
        ("姓名,姓名\n云,江\n", "a.csv", "same name"),
        ("姓名,\n云,江\n", "a.csv", "has no name"),
        ("姓名,单位\n云,B1,多\n", "a.csv", "cells"),
        ("姓名\n", "a.csv", "no data rows"),
        ("姓名,单位\n" + "云" * 500 + ",B1\n", "a.csv", "more than 400 signs"),
    ],
)
def test_files_that_are_no_tables(
    org: Tree, first: Actor, tmp_path: Path, content: bytes | str, name: str, says: str
) -> None:
    with pytest.raises(Problem, match=says) as caught:
        upload(org, first, tmp_path, content, name)
    assert caught.value.place.source == name
    assert (ImportBatch.objects.count(), ImportRow.objects.count()) == (0, 0)


def test_matching_says_what_is_missing_and_remembers(org: Tree, first: Actor, tmp_path: Path) -> None:
    batch = upload(org, first, tmp_path, "谁,何时\n云一诺,2021-03-05\n", "a.csv")
    assert guessed(org, batch) == {"谁": "", "何时": ""}

    def match(mapping: dict[str, str], **defaults: object) -> ImportBatch:
        return match_columns(actor=first, now=org.now, code=batch.code, mapping=mapping, **defaults)

    with pytest.raises(Problem, match="which column holds the name"):
        match({"何时": "since"}, employment=Employment.DIRECT)
    with pytest.raises(Problem, match="Two columns"):
        match({"谁": "name", "何时": "name"}, employment=Employment.DIRECT)
    with pytest.raises(Problem, match="kind of employment comes either"):
        match({"谁": "name", "何时": "since"})
    with pytest.raises(Problem, match="the day each person joined"):
        match({"谁": "name"}, employment=Employment.DIRECT)
    with pytest.raises(Problem, match="no such field"):
        match({"谁": "religion"})
    match({"谁": "name", "何时": "since"}, employment=Employment.DIRECT)
    again = upload(org, first, tmp_path, "谁,何时\n江二,2021-03-05\n", "b.csv")
    assert guessed(org, again) == {"谁": "name", "何时": "since"}


def test_duplicates_are_proposed_and_admitted_only_by_choice(
    org: Tree, first: Actor, second: Actor, tmp_path: Path
) -> None:
    here = org.member("B1", "云一诺")
    org.member("B2", "江二")
    rows = [("云一诺", "直接用工", "2021-03-05", "B1"), ("江二", "直接用工", "2021-03-05", "B1"),
            ("江二", "直接用工", "2022-03-05", "B1"), ("江二", "直接用工", "2022-03-05", "H1")]  # fmt: skip
    batch = matched(org, first, upload(org, first, tmp_path, xlsx([HEAD, *rows])))
    twins = [(row.row, row.twin_number, row.twin_row) for row in row_page(batch, "duplicate").rows]
    assert twins == [(2, here.person_id, None), (4, None, 3)]
    batch = decide_duplicates(actor=first, now=org.now, code=batch.code, shown=[2, 4], others=[4])
    assert (batch.report["ready"], batch.report["duplicate"], batch.report["other"]) == (2, 2, 1)
    hand_over(actor=first, now=org.now, code=batch.code)
    with pytest.raises(Problem, match="handed over"):
        decide_duplicates(actor=first, now=org.now, code=batch.code, shown=[2], others=[2])
    batch = confirm_batch(actor=second, now=org.now, code=batch.code)
    assert batch.report["admitted"] == 3
    assert Membership.objects.filter(unit=org["B1"], person__name="云一诺").count() == 1
    assert Membership.objects.filter(unit=org["B1"], person__name="江二").count() == 2


def test_what_happened_since_the_preview_counts(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    rows = [("云一诺", "直接用工", "2021-03-05", "B1"), ("江二", "直接用工", "2021-03-05", "H1"),
            ("林三", "直接用工", "2021-03-05", "D1")]  # fmt: skip
    batch = matched(org, first, upload(org, first, tmp_path, xlsx([HEAD, *rows])))
    hand_over(actor=first, now=org.now, code=batch.code)
    org.member("D1", "林三")
    move_unit(actor=SYSTEM, now=org.now, unit=org["B1"], above=org["D2"], since=date(2026, 1, 1))
    batch = confirm_batch(actor=second, now=org.now, code=batch.code)
    assert {key: batch.report[key] for key in ("admitted", "fault", "duplicate")} == {
        "admitted": 1, "fault": 1, "duplicate": 1,
    }  # fmt: skip
    assert faults(batch) == ["sheet Sheet1, row 2: The unit was closed or moved away meanwhile."]
    assert member_count(org["D2"].path) == 0


def test_no_step_out_of_turn(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    batch = upload(org, first, tmp_path, xlsx([HEAD, *ROWS]))
    for step in (hand_over, confirm_batch, undo_batch):
        with pytest.raises(Problem, match="not open"):
            step(actor=second, now=org.now, code=batch.code)
    discard_batch(actor=first, now=org.now, code=batch.code)
    discard_batch(actor=first, now=org.now, code=batch.code)
    with pytest.raises(Problem, match="not open"):
        matched(org, first, batch)
    assert ImportRow.objects.count() == 0


def test_nothing_to_admit_is_not_handed_over(org: Tree, first: Actor, tmp_path: Path) -> None:
    batch = matched(org, first, upload(org, first, tmp_path, xlsx([HEAD, ("", "x", "y", "z")])))
    with pytest.raises(Problem, match="No row"):
        hand_over(actor=first, now=org.now, code=batch.code)


def test_staging_is_deleted_after_seven_days(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    left = matched(org, first, upload(org, first, tmp_path, xlsx([HEAD, *ROWS])))
    other = [("云一诺", "直接用工", "2021-03-05", "B1"), ("坏", "?", "?", "?")]
    done = matched(org, first, upload(org, first, tmp_path, xlsx([HEAD, *other])))
    hand_over(actor=first, now=org.now, code=done.code)
    confirm_batch(actor=second, now=org.now, code=done.code)
    assert ImportRow.objects.count() == 3
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=7), key="import_staging") == 0
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=7, minutes=1), key="import_staging") >= 3
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=8), key="import_staging") == 0
    left.refresh_from_db()
    done.refresh_from_db()
    assert (left.state, done.state) == (BatchState.DISCARDED, BatchState.CONFIRMED)
    assert ImportRow.objects.count() == 0
    assert AuditRow.objects.get(action="retention.erase").detail["rule"] == "keep.import_staging = 7 d"


def test_the_whole_way_through_the_pages(org: Tree) -> None:
    one, two = org.client(Role.BASE_OFFICER, "D1", "first"), org.client(Role.BASE_OFFICER, "D1", "second")
    template = one.get("/units/D1/members/import/template.xlsx")
    assert template.content.startswith(b"PK")
    bad = one.post("/units/D1/members/import/", {"file": SimpleUploadedFile("a.csv", b"a,a\n1,2\n")})
    assert "same name" in bad.content.decode()
    file = SimpleUploadedFile("../名册.xlsx", xlsx([HEAD, *ROWS, ("云一诺", "平台", "2021-03-05", "B1")]))
    place = one.post("/units/D1/members/import/", {"file": file}).headers["Location"]
    form = {f"column_{n}": field for n, field in enumerate(("name", "employment", "since", "unit"))}
    assert one.get(place).status_code == 200
    shown = one.post(place, form, follow=True).content.decode()
    assert "row 2 of the table" in shown
    batch = ImportBatch.objects.get()
    assert batch.source == "名册.xlsx"
    here = f"/units/D1/members/import/{batch.code}/"
    one.post(f"{here}move/", {"to": "duplicates", "shown": ["4"], "other": ["4"]})
    one.post(f"{here}move/", {"to": "hand_over"})
    assert "Confirm: admit 3 members" in two.get(here).content.decode()
    assert "You uploaded this table" in one.post(f"{here}move/", {"to": "confirm"}, follow=True).content.decode()
    for _replayed in range(2):
        two.post(f"{here}move/", {"to": "confirm"})
    assert member_count(org["D1"].path) == 3
    assert "members admitted" in one.get(here).content.decode()
    assert org.client(Role.BASE_OFFICER, "D2", "far").post(f"{here}move/", {"to": "undo"}).status_code == 403
    one.post(f"{here}move/", {"to": "undo"})
    assert member_count(org["D1"].path) == 0


def test_ten_thousand_rows_take_seconds(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    lines = "".join(f"云{n},直接用工,2021-03-05,{'B1' if n % 2 else 'H1'}\n" for n in range(10_000))
    start = time.perf_counter()
    batch = matched(org, first, upload(org, first, tmp_path, f"{','.join(HEAD)}\n{lines}", "big.csv"))
    hand_over(actor=first, now=org.now, code=batch.code)
    confirm_batch(actor=second, now=org.now, code=batch.code)
    undo_batch(actor=second, now=org.now, code=batch.code)
    # Far above what is needed: this fails only if rows are written one by one.
    assert time.perf_counter() - start < 20
    assert batch.report["ready"] == 10_000


def test_by_hand_and_by_import_at_once_do_not_double(org: Tree, first: Actor) -> None:
    admit_worker(
        actor=first, now=org.now, unit=org["B1"], name="云一诺", employment=Employment.DIRECT, since=date(2026, 1, 1)
    )
    with pytest.raises(Problem, match="same person"):
        admit_worker(
            actor=first, now=org.now, unit=org["B1"], name="云一诺", employment=Employment.DIRECT,
            since=date(2026, 1, 1),
        )  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_is_understood_as_it_is(org: Tree, first: Actor, tmp_path: Path, language: str) -> None:
    """Its headers and its choices come back as the fields and kinds they name, in either language."""
    with override(language):
        content = import_template(org["B1"], date(2026, 5, 1))
    example = load_workbook(io.BytesIO(content)).worksheets[1]
    rows = [[cell.value for cell in row] for row in example.iter_rows()]
    batch = matched(org, first, upload(org, first, tmp_path, xlsx(rows)))
    found = [(row.name, row.employment, row.since, row.unit_label) for row in row_page(batch, "ready").rows]
    assert found == [
        ("云知秋", "Direct employment", date(2026, 5, 1), "B1"),
        ("江若水", "Agency (dispatched) work", date(2026, 5, 1), "B1"),
    ]
