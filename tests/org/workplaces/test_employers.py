"""Entering employers, their headcounts, their unions; importing them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.factories.org import Tree, write, xlsx

from qiao.base.access import SYSTEM, Refused
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.units.choices import UnitKind
from qiao.org.workplaces import queries, services
from qiao.org.workplaces.choices import CountSource, Ownership, Sector
from qiao.org.workplaces.models import Employer, EmployerHeadcount, EmployerRow
from qiao.org.workplaces.rules.cells import read_workers

pytestmark = pytest.mark.django_db
CODE = "91110000600037341L"


def register(org: Tree, name: str = "Factory", place: str = "H1", reg_code: str = "", **more: object) -> Employer:
    return services.register_employer(
        actor=SYSTEM, now=org.now, name=name, place=org[place], sector=Sector.A, ownership=Ownership.PRIVATE,
        reg_code=reg_code, **more,
    )  # fmt: skip


def test_a_code_and_a_name_in_a_place_stand_once(org: Tree) -> None:
    first = register(org, reg_code=CODE)
    with pytest.raises(Problem, match=first.code):
        register(org, name="Other", place="D2", reg_code=f" {CODE.lower()} ")
    register(org, name="Bakery")
    with pytest.raises(Problem, match="has this name already"):
        register(org, name="Ｂakery")


def test_employers_lie_in_hubs_and_districts(org: Tree) -> None:
    with pytest.raises(Problem, match="is no place"):
        register(org, place="B1")


def test_the_office_is_no_person(org: Tree) -> None:
    with pytest.raises(Problem, match="person's telephone"):
        register(org, office="王经理 138 1234 5678")
    assert register(org, office="总机 010-62345678").office


def test_own_place_only(org: Tree) -> None:
    officer = org.officer(Role.HUB_ORGANISER, "H1")
    with pytest.raises(Refused):
        services.register_employer(
            actor=officer, now=org.now, name="X", place=org["D2"], sector=Sector.A, ownership=Ownership.PRIVATE
        )


def test_headcounts_are_corrected_by_counter_entry(org: Tree) -> None:
    made = register(org)
    given = {"actor": SYSTEM, "now": org.now, "code": made.code, "source": CountSource.REGISTER}
    count = services.enter_headcount(**given, day=date(2026, 1, 1), direct=100)
    assert services.enter_headcount(**given, day=date(2026, 1, 1), direct=100).pk == count.pk
    with pytest.raises(Problem, match="already: 100"):
        services.enter_headcount(**given, day=date(2026, 1, 1), direct=90)
    with pytest.raises(Problem, match="Say why"):
        services.correct_headcount(actor=SYSTEM, now=org.now, count_id=count.pk, reason="", direct=90)
    services.correct_headcount(actor=SYSTEM, now=org.now, count_id=count.pk, reason="Typing error", direct=90)
    assert queries.headcount_on(made, date(2026, 5, 1)).total == 90  # type: ignore[union-attr]
    assert [entry.total for entry in queries.headcounts_of(made)] == [90, 100]
    with pytest.raises(Problem, match="put right already"):
        services.correct_headcount(actor=SYSTEM, now=org.now, count_id=count.pk, reason="Again", direct=80)
    with pytest.raises(Refused):
        services.enter_headcount(
            **{**given, "actor": org.officer(Role.BASE_CHAIR, "B1")}, day=date(2026, 2, 1), direct=1
        )


def test_a_base_union_with_a_second_employer_is_asked(org: Tree) -> None:
    first, second = register(org, "One"), register(org, "Two")
    given = {"actor": SYSTEM, "now": org.now, "unit": org["B1"]}
    services.link_union(**given, code=first.code, since=date(2025, 1, 1))
    with pytest.raises(Problem, match="union of one employer"):
        services.link_union(**given, code=second.code, since=date(2025, 6, 1))
    services.link_union(**given, code=second.code, since=date(2025, 6, 1), replaces=True)
    assert queries.employers_of(org["B1"], date(2025, 3, 1)) == [first]
    assert queries.employers_of(org["B1"], date(2025, 7, 1)) == [second]
    assert queries.unit_for(second, date(2025, 7, 1)) == org["B1"]
    org["B2"].__class__.objects.filter(label="B2").update(kind=UnitKind.JOINT_BASE)
    for number in range(3):
        shop = register(org, f"Shop {number}", "D2")
        services.link_union(actor=SYSTEM, now=org.now, code=shop.code, unit=org["B2"], since=date(2025, 1, number + 1))
    assert len(queries.employers_of(org["B2"], date(2025, 2, 1))) == 3


def test_found_by_beginning(org: Tree) -> None:
    register(org, "例桥机械厂", reg_code=CODE)
    register(org, "例桥面包房", "D2")
    assert [found.name for found in queries.find_employers("例桥")] == ["例桥机械厂", "例桥面包房"]
    assert [found.name for found in queries.find_employers("例桥", org["D1"].path)] == ["例桥机械厂"]
    assert [found.name for found in queries.find_employers("911100")] == ["例桥机械厂"]
    assert queries.find_employers("例") == []


@pytest.mark.parametrize(("text", "number"), [("１２８", 128), ("1,280 人", 1280), ("", None), ("5.0", 5)])
def test_workers_are_read(text: str, number: int | None) -> None:
    assert read_workers(text) == number


@pytest.mark.parametrize("text", ["约100", "-3", "12.5", "100-200", "9999999999"])
def test_what_is_no_number_is_no_guess(text: str) -> None:
    with pytest.raises(Problem):
        read_workers(text)


HEADERS = ("用人单位名称", "统一社会信用代码", "所属枢纽", "行业", "所有制", "职工人数", "民族", "联系人")


def _upload(org: Tree, folder: Path, rows: list[tuple[object, ...]]) -> object:
    file = write(folder, "employers.xlsx", xlsx([HEADERS, *rows]))
    officer = org.officer(Role.ORG_OFFICER, "D1", "uploads")
    batch = services.upload_table(actor=officer, now=org.now, unit=org["D1"], file=file)
    mapping = {column["header"]: column["field"] for column in batch.columns}
    return services.match_columns(
        actor=officer, now=org.now, code=batch.code, mapping=mapping, counted=date(2026, 3, 31)
    )


def test_import_by_two_persons_and_undo(org: Tree, tmp_path: Path) -> None:
    known = register(org, "例桥机械厂", reg_code=CODE)
    batch = _upload(org, tmp_path, [
        ("机械厂（新名）", CODE, "H1", "S-A", "私营企业", "１２０", "汉族", "王某"),
        ("面包房", "", "H1", "餐饮", "个体工商户", "7", "", ""),
        ("坏代码厂", CODE[:-1] + "0", "H1", "S-A", "私营企业", "10", "", ""),
        ("两次厂", "", "H1", "S-A", "国企", "10", "", ""),
        ("两次厂", "", "H1", "S-A", "国企", "11", "", ""),
        ("负数厂", "", "H1", "S-A", "国企", "-4", "", ""),
        ("别处厂", "", "B2", "S-A", "国企", "4", "", ""),
    ])  # fmt: skip
    assert (batch.report["new"], batch.report["known"], batch.report["fault"]) == (1, 1, 5)
    assert [(entry["header"], entry["rows"]) for entry in batch.dropped] == [("民族", 1), ("联系人", 1)]
    said = " ".join(str(fault) for row in EmployerRow.objects.filter(verdict="fault") for fault in row.faults)
    assert CODE not in said
    first = org.officer(Role.ORG_OFFICER, "D1", "uploads")
    services.hand_over(actor=first, now=org.now, code=batch.code)
    with pytest.raises(Problem, match="second person"):
        services.confirm_batch(actor=first, now=org.now, code=batch.code)
    second = org.officer(Role.ORG_OFFICER, "D1", "confirms")
    for _again in range(2):
        batch = services.confirm_batch(actor=second, now=org.now, code=batch.code)
    assert (batch.report["entered"], batch.report["counted"]) == (1, 2)
    known.refresh_from_db()
    assert known.name == "例桥机械厂"
    assert queries.headcount_on(known, date(2026, 5, 1)).total == 120  # type: ignore[union-attr]
    for _again in range(2):
        services.undo_batch(actor=second, now=org.now, code=batch.code)
    assert not Employer.objects.filter(name="面包房").exists()
    assert queries.headcount_on(known, date(2026, 5, 1)) is None
    assert EmployerHeadcount.objects.filter(employer=known).count() == 2


@pytest.mark.parametrize(
    "rows",
    [
        [("单位名称", "姓名"), ("厂", "云知秋")],
        [("company", "employee name", "phone"), ("Works", "A", "13812345678")],
        [("company", "note"), ("Works", "13812345678"), ("Works", "13912345678")],
    ],
)
def test_a_list_of_persons_is_refused(org: Tree, tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    file = write(tmp_path, "staff.xlsx", xlsx(rows))
    with pytest.raises(Problem, match="list of persons"):
        services.upload_table(actor=org.officer(Role.ORG_OFFICER, "D1"), now=org.now, unit=org["D1"], file=file)
    assert not EmployerRow.objects.exists()


def test_pages(org: Tree) -> None:
    made = register(org, "例桥机械厂", reg_code=CODE)
    browser = org.client(Role.HUB_ORGANISER, "H1")
    for address in (
        "/employers/", "/employers/?q=例桥&union=without", "/employers/employers.xlsx", "/employers/enter/",
        "/employers/import/H1/", "/employers/import/H1/template.xlsx", f"/employers/{made.code}/",
        f"/employers/{made.code}/change/", f"/employers/{made.code}/count/", f"/employers/{made.code}/union/",
        f"/employers/{made.code}/close/",
    ):  # fmt: skip
        assert browser.get(address).status_code == 200, address
    bad = {"name": "X", "reg_code": "123", "place": "H1", "sector": "S-A", "ownership": "private"}
    assert "has 3 signs" in browser.post("/employers/enter/", bad).content.decode()
    assert browser.post("/employers/enter/", {**bad, "reg_code": ""}).status_code == 302
    reply = browser.post(
        f"/employers/{made.code}/count/",
        {"day": "2026-05-01", "direct": "9", "agency": "0", "platform": "0", "source": "visit"},
    )
    assert reply.status_code == 302
    assert org.client(Role.HUB_ORGANISER, "D2").get(f"/employers/{made.code}/").status_code == 403


def test_the_list_takes_the_same_queries(org: Tree, django_assert_num_queries: object) -> None:
    for number in range(30):
        register(org, f"厂{number:02}")
    path = org["F"].path
    with django_assert_num_queries(1):  # type: ignore[operator]
        page = queries.employer_page(path, on=date(2026, 5, 1))
    assert len(page.rows) == 30


def test_a_base_union_lists_the_employers_it_was_formed_at_wherever_they_lie(org: Tree) -> None:
    made = register(org, "例桥机械厂")
    other = register(org, "别家厂")
    services.link_union(actor=SYSTEM, now=org.now, code=made.code, unit=org["B1"], since=date(2026, 1, 5))
    page = org.client(Role.BASE_OFFICER, "B1").get("/employers/").content.decode()
    assert made.name in page
    assert other.name not in page
    empty = org.client(Role.BASE_OFFICER, "B2").get("/employers/").content.decode()
    assert "the hub or district above links it" in empty
