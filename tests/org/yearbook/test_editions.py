from __future__ import annotations

import csv
import hashlib
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook
from tests.factories.joining import employer
from tests.factories.org import Tree

from qiao.base.access import SYSTEM
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.mandates.choices import CommitteeKind, Engagement, Post
from qiao.org.mandates.rules import FULLTIME_CHAIR_AT
from qiao.org.mandates.services import open_mandate, open_term
from qiao.org.people.models import Declaration
from qiao.org.settings.queries import value_of, values_at
from qiao.org.settings.services import set_value
from qiao.org.workplaces.choices import CountSource
from qiao.org.workplaces.models import EmployerHeadcount
from qiao.org.yearbook import queries, services
from qiao.org.yearbook.choices import TableAxis
from qiao.org.yearbook.models import Edition, YearRow

END = datetime(2027, 1, 2, 3, tzinfo=UTC)


def figures(org: Tree, label: str, year: int = 2026) -> dict[str, int]:
    found: dict[str, int] = YearRow.objects.get(edition__year=year, unit=org[label], axis=TableAxis.PLACE).figures
    return found


def fill(org: Tree, label: str, number: int, women: int = 0) -> None:
    for place in range(number):
        membership = org.member(label, f"{label}-{place}")
        if place < women:
            Declaration.objects.create(person_id=membership.person_id, sex="female", said=date(2026, 1, 1))


def test_figures_are_counted_and_add_up_along_the_tree(org: Tree) -> None:
    fill(org, "B1", 12)
    fill(org, "B2", 9)
    open_term(actor=SYSTEM, now=org.now, unit=org["B1"], kind=CommitteeKind.UNION, since=date(2025, 1, 1))
    open_term(actor=SYSTEM, now=org.now, unit=org["B2"], kind=CommitteeKind.UNION, since=date(2023, 1, 1))
    for post, engagement in ((Post.CHAIR, Engagement.PART), (Post.STAFF, Engagement.FULL)):
        open_mandate(
            actor=SYSTEM,
            now=org.now,
            unit=org["B1"],
            post=post,
            name="云一",
            since=date(2025, 1, 1),
            engagement=engagement,
        )
    open_mandate(actor=SYSTEM, now=org.now, unit=org["D1"], post=Post.DELEGATE, name="云二", since=date(2025, 1, 1))
    services.compute_year(now=org.now, year=2026)
    top = figures(org, "F")
    assert (top["members"], top["unions"], top["hubs"]) == (21, 2, 1)
    assert (top["full_time"], "part_time" in top) == (1, False)
    assert (top["overdue"], top["in_term"], top["delegates"]) == (1, 1, 1)
    assert top["own_unknown"] == 2
    assert figures(org, "D1")["members"] == 12
    assert figures(org, "B2") == {"members": 9, "unions": 1, "own_unknown": 1, "overdue": 1, "chairs_vacant": 1}


def test_computing_again_replaces_and_a_frozen_year_is_not_rewritten(org: Tree) -> None:
    fill(org, "B1", 12)
    services.compute_year(now=org.now, year=2026)
    services.compute_year(now=org.now, year=2026)
    assert YearRow.objects.filter(axis=TableAxis.PLACE).count() == 6
    with pytest.raises(Problem, match="is not over"):
        services.freeze_year(now=org.now, year=2026)
    frozen = services.freeze_year(now=END, year=2026)
    assert services.freeze_year(now=END, year=2026).frozen == frozen.frozen
    text = "".join(queries.edition_lines(frozen))
    assert frozen.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert frozen.sha256 in LedgerLeaf.objects.get(kind="yearbook.frozen").payload
    fill(org, "B2", 7)
    with pytest.raises(Problem, match="frozen"):
        services.compute_year(now=END, year=2026)
    assert "".join(queries.edition_lines(Edition.objects.get(year=2026))) == text


def test_a_year_to_come_has_no_table(org: Tree) -> None:
    with pytest.raises(Problem, match="has not come"):
        services.compute_year(now=org.now, year=2027)


def test_the_year_before_stands_beside_and_small_numbers_are_hidden(org: Tree) -> None:
    fill(org, "B1", 30, women=2)
    fill(org, "B2", 3)
    services.compute_year(now=org.now, year=2025)
    services.compute_year(now=org.now, year=2026)
    client = org.client(Role.ORG_OFFICER, "D1")
    page = client.get("/yearbook/F/2026/").content.decode()
    assert "hidden: fewer than five" in page
    lines = queries.table_page(queries.edition_of(2026), org["F"], "place").lines
    shown = {line.label: {cell.figure.key: cell.value for cell in line.cells} for line in lines}
    assert shown["D2 Union"]["members"] is None
    assert shown["D1 Union"]["members"] is None
    blocks = queries.table_page(queries.edition_of(2026), org["F"], "place").blocks
    members = next(cell for block in blocks for cell in block.cells if cell.figure.key == "members")
    assert (members.value, members.before, members.change) == (33, 33, 0)


def test_files_hold_what_the_page_shows(org: Tree) -> None:
    fill(org, "B1", 12)
    services.compute_year(now=org.now, year=2026)
    client = org.client(Role.ORG_OFFICER, "F")
    book = load_workbook(io.BytesIO(client.get("/yearbook/F/2026/table.xlsx").content))
    cells = {row[0].value: row[1].value for row in book["Figures"].iter_rows(min_row=3)}
    assert cells["Members"] == 12
    rows = list(csv.reader(io.StringIO(client.get("/yearbook/F/2026/table.csv").content.decode("utf-8-sig"))))
    assert ["D1 Union", "D1"] in [row[:2] for row in rows]
    assert b"".join(client.get("/yearbook/2026/edition.csv").streaming_content).startswith(b"year,as_of,unit")  # type: ignore[arg-type]
    assert client.get("/yearbook/F/1999/").status_code == 404
    assert client.get("/yearbook/F/2026/?axis=belief").status_code == 404
    assert client.get("/yearbook/F/2026/?axis=sector").status_code == 200
    assert client.get("/yearbook/method/").status_code == 200


def test_the_nightly_job_freezes_what_is_over(org: Tree) -> None:
    services.compute_year(now=org.now, year=2026)
    assert queries.years_to_freeze(2026) == []
    assert queries.years_to_freeze(2027) == [2026]


def test_a_union_large_enough_for_a_full_time_chair_that_has_none_is_counted(org: Tree) -> None:
    for label, place, number in (("B1", "H1", 200), ("B2", "D2", 199)):
        made = employer(org, f"例桥{label}有限公司", place, union=label)
        EmployerHeadcount.objects.create(
            employer=made, day=date(2025, 1, 1), direct=number, source=CountSource.VISIT, entered=org.now
        )
    services.compute_year(now=END, year=2026)
    assert figures(org, "F")["fulltime_vacant"] == 1
    open_mandate(
        actor=SYSTEM, now=org.now, unit=org["B1"], post=Post.CHAIR, name="云一", since=date(2025, 1, 1),
        engagement=Engagement.FULL,
    )  # fmt: skip
    services.compute_year(now=END, year=2026)
    assert figures(org, "F").get("fulltime_vacant", 0) == 0


def test_each_union_is_measured_by_the_setting_of_its_place(org: Tree) -> None:
    for label, place, number in (("B1", "H1", 120), ("B2", "D2", 120)):
        made = employer(org, f"例桥{label}有限公司", place, union=label)
        EmployerHeadcount.objects.create(
            employer=made, day=date(2025, 1, 1), direct=number, source=CountSource.VISIT, entered=org.now
        )
    services.compute_year(now=END, year=2026)
    assert figures(org, "F").get("fulltime_vacant", 0) == 0
    set_value(
        actor=SYSTEM, now=org.now, setting_key="org.fulltime_chair_at", unit=org["D1"], value=100, since=org.now.date(),
        reason="试点",
    )  # fmt: skip
    services.compute_year(now=END, year=2026)
    assert (figures(org, "F")["fulltime_vacant"], figures(org, "D1")["fulltime_vacant"]) == (1, 1)
    assert figures(org, "D2").get("fulltime_vacant", 0) == 0
    paths = [unit.path for unit in org.units.values()]
    each = {path: value_of(FULLTIME_CHAIR_AT, path=path, on=END.date()) for path in paths}
    assert values_at(FULLTIME_CHAIR_AT, paths=paths, on=END.date()) == each
    assert set(each.values()) == {100, 200}
