"""The sector axis, dated names, search and what is read of a day."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.org import Tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.units.choices import Axis, Relation, UnitKind
from qiao.org.units.models import Headcount, Unit
from qiao.org.units.queries import find, find_units, groups_below, line_above_on, sector_tops, unit_by_label
from qiao.org.units.services import found_unit, link_sector, record_headcount, rename_unit, unlink_sector

NOW = datetime(2026, 5, 11, 2, 0, tzinfo=UTC)
TODAY = date(2026, 5, 11)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def sectors(org: Tree) -> list[Unit]:
    """Two sector unions and an industry union below the federation."""
    return [
        found_unit(
            actor=SYSTEM, now=NOW, kind=kind, name=localized(f"{label}行业工会"), label=label, parent=org["F"],
            founded=date(2020, 1, 1),
        )
        for label, kind in (("S1", UnitKind.SECTOR), ("S2", UnitKind.SECTOR), ("I1", UnitKind.INDUSTRY))
    ]  # fmt: skip


def _linked(above: Unit, day: date) -> list[str]:
    return [row.label for group in groups_below(above, day, axis=Axis.SECTOR) for row in group.units]


def test_links_are_dated_and_give_no_rights(org: Tree, sectors: list[Unit]) -> None:
    one, two, industry = sectors
    given = {"actor": SYSTEM, "now": NOW, "relation": Relation.GUIDES, "since": MARCH}
    for _twice in range(2):
        link = link_sector(unit=org["B1"], above=one, **given)
    link_sector(unit=org["B1"], above=two, **given)
    link_sector(unit=one, above=industry, **given)
    officer = org.officer(Role.ORG_OFFICER, "S1")
    assert not officer.may("member.list", org["B1"].path)
    with pytest.raises(Refused):
        link_sector(unit=org["B2"], above=one, **{**given, "actor": officer})
    for _twice in range(2):
        unlink_sector(actor=SYSTEM, now=NOW, link=link, until=APRIL)
    assert [_linked(one, day) for day in (date(2026, 2, 28), MARCH, APRIL)] == [[], ["B1"], []]
    assert _linked(two, TODAY) == ["B1"]
    assert [row.label for group in sector_tops(TODAY) for row in group.units] == ["I1", "S2"]
    assert [row.label for group in sector_tops(date(2026, 2, 1)) for row in group.units] == ["I1", "S1", "S2"]


def test_no_circle_on_the_sector_axis(org: Tree, sectors: list[Unit]) -> None:
    one, two, industry = sectors
    given = {"actor": SYSTEM, "now": NOW, "relation": Relation.LEADS}
    link_sector(unit=one, above=two, since=MARCH, until=APRIL, **given)
    link_sector(unit=two, above=industry, since=MARCH, **given)
    with pytest.raises(Problem, match="circle"):
        link_sector(unit=industry, above=one, since=date(2026, 2, 1), **given)
    link_sector(unit=industry, above=one, since=APRIL, **given)
    with pytest.raises(Problem, match="no sector"):
        link_sector(unit=org["B1"], above=org["D1"], since=MARCH, **given)
    with pytest.raises(Problem, match="not linked to itself"):
        link_sector(unit=one, above=one, since=MARCH, **given)
    with pytest.raises(Problem, match="End that one first"):
        link_sector(unit=two, above=industry, since=APRIL, **given)


def test_names_kinds_and_labels_are_of_their_day(org: Tree) -> None:
    rename_unit(
        actor=SYSTEM, now=NOW, unit=org["B1"], name=localized("新名会"), kind=UnitKind.JOINT_BASE, label="B7",
        since=MARCH,
    )  # fmt: skip
    (before,), (after,) = groups_below(org["H1"], date(2026, 2, 28)), groups_below(org["H1"], MARCH)
    assert [(row.name["zh-hans"], row.label, row.kind) for row in before.units] == [("B1 工会", "B1", "base")]
    assert [(row.name["zh-hans"], row.label, row.kind) for row in after.units] == [("新名会", "B7", "joint_base")]
    assert unit_by_label("B1").label == "B7"
    rename_unit(actor=SYSTEM, now=NOW, unit=org["H1"], name=localized("新枢纽"), since=MARCH)
    assert [str(unit.name["zh-hans"]) for unit in line_above_on(org["B7"], MARCH)][-1] == "新枢纽"
    assert [str(unit.name["zh-hans"]) for unit in line_above_on(org["B7"], date(2026, 2, 1))][-1] == "H1 工会"
    with pytest.raises(Problem, match="taken"):
        rename_unit(actor=SYSTEM, now=NOW, unit=org["B2"], name=localized("x"), label="B1")
    with pytest.raises(Problem, match="present name since"):
        rename_unit(actor=SYSTEM, now=NOW, unit=org["B7"], name=localized("x"), since=date(2026, 2, 1))
    with pytest.raises(Problem, match="cannot stand below"):
        rename_unit(actor=SYSTEM, now=NOW, unit=org["H1"], name=localized("x"), kind=UnitKind.BASE)
    client = Client()
    assert client.get("/units/B1/?on=2026-03-05").headers["Location"] == "/units/B7/?on=2026-03-05"


def test_headcounts_are_the_unit_aboves(org: Tree) -> None:
    own = org.officer(Role.ORG_OFFICER, "B1")
    with pytest.raises(Refused):
        record_headcount(actor=own, now=NOW, unit=org["B1"], day=MARCH, employees=5, source="自报")
    for _twice in range(2):
        record_headcount(actor=SYSTEM, now=NOW, unit=org["B1"], day=MARCH, employees=60, source="社保名册")
    assert Headcount.objects.count() == 1


def test_search_finds_parts_of_names(org: Tree, sectors: list[Unit]) -> None:
    def labels(text: str, **other: object) -> list[str]:
        rows, _more = find_units(text, **other)  # type: ignore[arg-type]
        return [row.label for row in rows]

    assert labels("行业工会") == ["I1", "S1", "S2"]
    assert labels("d1 un") == ["D1"]
    assert labels("S1") == ["S1"]
    assert labels("工会", below=org["D2"]) == ["B2", "D2"]
    assert labels("", kind=UnitKind.HUB) == ["H1"]
    assert (labels("工"), labels("没有这个"), labels("%_"), labels("' OR 1=1")) == ([], [], [], [])
    assert "/units/D1/" in Client().get("/units/find/?q=D1").content.decode()


def test_a_search_ends_after_its_last_page(org: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """However far an address asks, no search costs more than its cap; the page says that there is more."""
    monkeypatch.setattr(find, "PAGE", 1)
    monkeypatch.setattr(find, "PAGES", 2)
    pages = [find_units("union", page=page, size=1) for page in (1, 2, 3)]
    assert [([row.label for row in rows], more) for rows, more in pages] == [
        (["B1"], True), (["B2"], False), ([], False),
    ]  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        for page in (0, -1, 3, 10**9):
            assert find_units("union", page=page, size=1) == ([], False)
    assert len(queries) == 0
    monkeypatch.undo()
    assert find.MOST_FOUND == find.PAGE * find.PAGES
    # The last page there can be is one short query deep, and the next asks nothing.
    client = Client()
    assert client.get(f"/units/find/?q=Union&page={find.PAGES}").status_code == 200
    assert client.get(f"/units/find/?q=Union&page={find.PAGES + 1}").status_code in {200, 404}


def test_the_tree_as_files(org: Tree, sectors: list[Unit]) -> None:
    link_sector(actor=SYSTEM, now=NOW, unit=org["B1"], above=sectors[0], relation=Relation.GUIDES, since=MARCH)
    rename_unit(actor=SYSTEM, now=NOW, unit=org["B1"], name=localized("=新名会"), since=MARCH)
    client = Client(headers={"accept-language": "en"})
    text = b"".join(client.get("/units/tree.csv").streaming_content).decode("utf-8-sig")
    lines = {line.split(",")[0]: line.split(",") for line in text.splitlines()}
    assert len(lines) == 10
    assert lines["B1"][1:2] + lines["B1"][4:5] == ["'=新名会", "H1"]
    old = b"".join(client.get("/units/tree.csv?on=2026-02-28").streaming_content).decode("utf-8-sig")
    assert "B1 工会" in old
    book = openpyxl.load_workbook(BytesIO(b"".join(client.get("/units/tree.xlsx?axis=sector").streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [(row[0], row[4]) for row in rows[1:]] == [("B1", "S1"), ("I1", None), ("S1", None), ("S2", None)]
    graph = json.loads(b"".join(client.get("/units/tree.jsonld").streaming_content))["@graph"]
    assert len(graph) == 10
    node = next(node for node in graph if node.get("identifier") == "B1")
    assert node["subOrganizationOf"].endswith("/units/H1/")
    assert [node["linkedTo"][-4:] for node in graph if "linkedTo" in node] == ["/S1/"]
    assert client.get("/units/tree.pdf").status_code == 404


def test_a_page_asks_as_much_for_one_unit_below_as_for_thirty(org: Tree) -> None:
    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert Client().get(url).status_code == 200
        return len(found)

    pages = ("/units/H1/", "/units/H1/?on=2026-03-01", "/units/H1/below/base/", "/units/find/?q=工会")
    before = [queries(page) for page in pages]
    for number in range(35):
        found_unit(
            actor=SYSTEM, now=NOW, kind=UnitKind.BASE, name=localized(f"第{number}工会"), label=f"X{number}",
            parent=org["H1"], founded=date(2021, 1, 1),
        )  # fmt: skip
    assert [queries(page) for page in pages] == before
    assert "All 36" in Client(headers={"accept-language": "en"}).get("/units/H1/").content.decode()
