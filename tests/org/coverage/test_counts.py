"""The counts of a day, worked by hand on a small federation."""

from __future__ import annotations

from datetime import date

import pytest
from tests.factories.org import DAY, Tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.org.access.choices import Role
from qiao.org.coverage import queries, services
from qiao.org.coverage.models import CoverageCount, CoverageDay, UnionTest
from qiao.org.coverage.rules import Withheld
from qiao.org.membership.choices import Employment
from qiao.org.units.choices import UnitKind
from qiao.org.units.services import found_unit
from qiao.org.workplaces.choices import CountSource, Ownership, Sector
from qiao.org.workplaces.models import Employer
from qiao.org.workplaces.services import enter_headcount, link_union, register_employer

pytestmark = pytest.mark.django_db


def employer(
    tree: Tree, name: str, place: str, workers: int | None, *, agency: int = 0, union: str = "",
    sector: Sector = Sector.A, ownership: Ownership = Ownership.PRIVATE,
) -> Employer:  # fmt: skip
    """An employer with its headcount and union."""
    made = register_employer(
        actor=SYSTEM, now=tree.now, name=name, place=tree[place], sector=sector, ownership=ownership
    )
    if workers is not None:
        enter_headcount(
            actor=SYSTEM, now=tree.now, code=made.code, day=date(2026, 1, 1), direct=workers, agency=agency,
            source=CountSource.REGISTER,
        )  # fmt: skip
    if union:
        link_union(actor=SYSTEM, now=tree.now, code=made.code, unit=tree[union], since=date(2025, 1, 1))
    return made


def scope(tree: Tree, least: int = 0) -> None:
    services.state_scope(
        actor=SYSTEM, now=tree.now, unit=tree["F"], text=localized("全部在册用人单位", "All employers"),
        source="Business register", least_workers=least, since=date(2020, 1, 2),
    )  # fmt: skip


@pytest.fixture
def filled(org: Tree) -> Tree:
    """B1 at a factory of 30 (20 members, 3 from agencies); B2 at an office of 10 (8 members); two shops without union.

    H1 has two individual members beside.
    """
    employer(org, "Factory", "H1", 25, agency=5, union="B1")
    employer(org, "Office", "D2", 10, union="B2", sector=Sector.G, ownership=Ownership.OFFICE)
    employer(org, "Shop", "H1", 40, sector=Sector.D)
    employer(org, "New shop", "H1", None, sector=Sector.D)
    for number in range(20):
        kind = Employment.AGENCY if number < 3 else Employment.DIRECT
        org.member("B1", f"甲{chr(0x4E00 + number)}", kind)
    for number in range(8):
        org.member("B2", f"乙{chr(0x4E00 + number)}")
    for number in range(2):
        org.member("H1", f"丙{chr(0x4E00 + number)}", Employment.FREELANCE)
    return org


def refresh(tree: Tree) -> None:
    services.refresh_coverage(actor=SYSTEM, now=tree.now, day=tree.now.date())


def test_both_rates_by_hand(filled: Tree) -> None:
    scope(filled)
    refresh(filled)
    line = queries.coverage_of(filled["F"], full=True).totals.line  # type: ignore[union-attr]
    # Employers 4, with a union 2; workers 30 + 10 + 40 (one never counted), in unionised ones 40; members 28 + 2.
    assert (line.formed.part, line.formed.whole, line.formed.value) == (2, 4, 0.5)
    assert (line.joined_in.part, line.joined_in.whole, line.joined_in.value) == (28, 40, 0.7)
    assert (line.joined_all.part, line.joined_all.whole, line.joined_all.value) == (30, 80, 0.375)
    assert line.count.uncounted == 1
    totals = queries.coverage_of(filled["F"], full=True).totals
    assert totals is not None
    assert totals.density is not None
    assert totals.density.value == 28 / 80
    hub = queries.coverage_page(filled["H1"], full=True).totals.line  # type: ignore[union-attr]
    assert (hub.joined_in.part, hub.joined_in.whole) == (20, 30)
    assert (hub.joined_all.part, hub.joined_all.whole) == (22, 70)


def test_by_sector_ownership_and_employment(filled: Tree) -> None:
    scope(filled)
    refresh(filled)
    counts = {(row.axis, row.key): row for row in CoverageCount.objects.filter(unit=filled["F"]).order_by("pk")}
    shops = counts["sector", "S-D"]
    assert (shops.employers, shops.formed, shops.employees, shops.members) == (2, 0, 40, 0)
    # Members of a union go with its employers; individual members are not attributable.
    assert counts["sector", "S-A"].members_in == 20
    assert counts["sector", ""].members == 2
    assert counts["ownership", "office"].members_in == 8
    agency = counts["employment", "agency"]
    assert (agency.employees, agency.employees_in, agency.members_in) == (5, 5, 3)
    assert counts["employment", "freelance"].members == 2
    for axis in ("sector", "ownership", "employment"):
        assert sum(row.members for (cut, _key), row in counts.items() if cut == axis) == 30


def test_no_scope_no_rate(filled: Tree) -> None:
    refresh(filled)
    line = queries.coverage_of(filled["F"], full=True).totals.line  # type: ignore[union-attr]
    assert {line.formed.why, line.joined_in.why, line.joined_all.why} == {Withheld.NO_SCOPE}
    assert line.count.members == 30


def test_a_scope_of_larger_employers_leaves_out_the_rest(filled: Tree) -> None:
    scope(filled, least=25)
    refresh(filled)
    line = queries.coverage_of(filled["F"], full=True).totals.line  # type: ignore[union-attr]
    # The factory (30) and the shop (40): the office of 10 and the shop never counted are not in scope.
    assert (line.formed.part, line.formed.whole) == (1, 2)
    assert (line.joined_all.part, line.joined_all.whole) == (20, 70)


def test_more_members_than_workers_is_blocked_and_listed(filled: Tree) -> None:
    scope(filled)
    for number in range(12):
        filled.member("B2", f"丁{chr(0x4E00 + number)}")
    refresh(filled)
    line = queries.coverage_of(filled["B2"], full=True).totals.line  # type: ignore[union-attr]
    assert (line.joined_in.part, line.joined_in.whole) == (20, 10)
    assert line.joined_in.value is None
    assert line.joined_in.why == Withheld.OVER
    assert [(row.unit.label, row.members, row.employees) for row in queries.over_page("")] == [
        ("D2", 20, 10), ("B2", 20, 10),
    ]  # fmt: skip


def test_what_ended_counts_until_its_last_day(filled: Tree) -> None:
    scope(filled)
    link_day = date(2024, 12, 31)
    services.refresh_coverage(actor=SYSTEM, now=filled.now, day=link_day)
    count = CoverageCount.objects.get(unit=filled["F"], day=link_day)
    # The links began in 2025 and the headcounts are of 2026: at the end of 2024 no employer had a union.
    assert (count.employers, count.formed, count.employees, count.members) == (4, 0, 0, 30)
    assert CoverageDay.objects.get(day=link_day).kind == "year_end"


def test_small_cells_and_the_public(filled: Tree) -> None:
    scope(filled)
    refresh(filled)
    hidden = {row.unit.label for row in CoverageCount.objects.filter(axis="all", hidden=True).select_related("unit")}
    # B2: two of its ten are no members. F: its two individual members are a small cell, and nobody stands above it.
    assert hidden == {"F", "D1", "D2", "H1", "B1", "B2"}
    line = queries.coverage_of(filled["B2"]).totals.line  # type: ignore[union-attr]
    assert not line.shown
    assert line.joined_in.why == Withheld.SMALL
    assert queries.coverage_of(filled["B2"], full=True).totals.line.joined_in.value == 0.8  # type: ignore[union-attr]


def test_four_tests_together(filled: Tree) -> None:
    refresh(filled)
    test = UnionTest.objects.get(unit=filled["B1"])
    assert (test.in_term, test.reachable, test.told) == (False, False, False)
    totals = queries.coverage_of(filled["F"], full=True).totals
    assert totals is not None
    assert totals.line.effective.part == 0
    assert totals.line.effective.whole == 2


def test_retention_after_six_months(org: Tree) -> None:
    stays, leaves = org.member("B1", "留一"), org.member("B1", "走二")
    for membership in (stays, leaves):
        type(membership).objects.filter(pk=membership.pk).update(since=date(2025, 8, 1))
    type(leaves).objects.filter(pk=leaves.pk).update(state="left", until=date(2025, 12, 1))
    refresh(org)
    count = CoverageCount.objects.get(unit=org["F"], axis="all")
    assert (count.joined, count.kept) == (2, 1)


def test_twice_is_once_and_only_the_system(filled: Tree) -> None:
    refresh(filled)
    number = CoverageCount.objects.count()
    refresh(filled)
    assert CoverageCount.objects.count() == number
    with pytest.raises(Refused):
        services.refresh_coverage(actor=filled.officer(Role.ORG_OFFICER, "F"), now=filled.now, day=filled.now.date())


def test_the_page_takes_the_same_queries_with_many_children(filled: Tree, django_assert_num_queries: object) -> None:
    scope(filled)
    for number in range(30):
        found_unit(
            actor=SYSTEM, now=filled.now, kind=UnitKind.BASE, name=localized("分会"), label=f"X{number}",
            parent=filled["H1"], founded=DAY,
        )  # fmt: skip
    refresh(filled)
    hub = filled["H1"]
    with django_assert_num_queries(5):  # type: ignore[operator]
        page = queries.coverage_page(hub, full=True)
    assert len(page.children) == 31


def test_one_scope_on_a_line(filled: Tree) -> None:
    scope(filled)
    officer = filled.officer(Role.ORG_OFFICER, "D1")
    with pytest.raises(Exception, match="above has stated the scope"):
        services.state_scope(
            actor=officer, now=filled.now, unit=filled["D1"], text=localized("其他"), source="Own list"
        )
    assert queries.scope_of(filled["B1"].path, filled.now.date()).unit.label == "F"  # type: ignore[union-attr]
