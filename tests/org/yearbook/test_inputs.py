from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from tests.factories.org import Tree

from qiao.base.access import Refused
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.yearbook import queries, services
from qiao.org.yearbook.choices import InputKind, InputState
from qiao.org.yearbook.models import AllocationInput


def enter(
    org: Tree, value: str = "45", kind: InputKind = InputKind.REMOTENESS, label: str = "B1", **given: object
) -> AllocationInput:
    at = {"day": date(2026, 3, 1), "source": "Timetable 2026"} | given
    officer = org.officer(Role.ORG_OFFICER, "H1" if label == "B1" else "F")
    return services.enter_input(
        actor=officer,
        now=org.now,
        unit=org[label],
        kind=kind,
        value=Decimal(value),
        **at,  # type: ignore[arg-type]
    )


def test_a_later_number_replaces_the_former_which_stays(org: Tree) -> None:
    first = enter(org)
    assert enter(org).pk == first.pk
    second = enter(org, "50")
    first.refresh_from_db()
    assert (first.state, second.state) == (InputState.REPLACED, InputState.STANDING)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": "-1"}, "not negative"),
        ({"source": " "}, "where the number comes from"),
        ({"day": date(2027, 1, 1)}, "not one to come"),
        ({"source": "民族"}, "ethnicity"),
    ],
)
def test_bad_inputs_are_refused(org: Tree, given: dict[str, str], said: str) -> None:
    with pytest.raises(Problem, match=said):
        enter(org, **given)  # type: ignore[arg-type]


def test_a_unit_does_not_enter_its_own_number(org: Tree) -> None:
    with pytest.raises(Refused):
        services.enter_input(
            actor=org.officer(Role.ORG_OFFICER, "B1"), now=org.now, unit=org["B1"], kind=InputKind.REMOTENESS,
            value=Decimal(5), day=date(2026, 3, 1), source="own",
        )  # fmt: skip


def test_an_objection_is_decided_by_somebody_else(org: Tree) -> None:
    held = enter(org)
    base = org.officer(Role.BASE_OFFICER, "B1")
    services.contest_input(actor=base, now=org.now, input_id=held.pk, ground="The bus no longer runs")
    with pytest.raises(Problem, match="contests this number"):
        enter(org, "50")
    first = org.officer(Role.ORG_OFFICER, "H1")
    with pytest.raises(Problem, match="does not decide"):
        services.decide_contest(actor=first, now=org.now, input_id=held.pk, upheld=False, answer="No")
    upper = org.officer(Role.ORG_OFFICER, "D1")
    with pytest.raises(Problem, match="takes its place"):
        services.decide_contest(actor=upper, now=org.now, input_id=held.pk, upheld=True, answer="Checked")
    made = services.decide_contest(
        actor=upper, now=org.now, input_id=held.pk, upheld=True, answer="Checked on site", value=Decimal(80)
    )
    held.refresh_from_db()
    assert (made.value, made.state, held.state, held.upheld) == (80, InputState.STANDING, InputState.REPLACED, True)


def test_an_objection_that_is_not_upheld_leaves_the_number(org: Tree) -> None:
    held = enter(org)
    services.contest_input(actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, input_id=held.pk, ground="Too low")
    services.decide_contest(
        actor=org.officer(Role.ORG_OFFICER, "D1"), now=org.now, input_id=held.pk, upheld=False, answer="As measured"
    )
    held.refresh_from_db()
    assert (held.state, held.answer) == (InputState.STANDING, "As measured")


def test_the_sheet_marks_what_is_missing_and_never_writes_zero(org: Tree) -> None:
    for place in range(12):
        org.member("B1", f"云{place}")
    enter(org)
    services.compute_year(now=org.now, year=2026)
    client = org.client(Role.ORG_OFFICER, "F")
    text = client.get("/yearbook/F/sheet/base.csv").content.decode("utf-8-sig")
    rows = {row["unit"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["B1"]["remoteness_minutes"] == "45.00"
    assert rows["B1"]["members_per_full_time_officer"] == "missing"
    assert rows["B2"]["remoteness_minutes"] == "missing"
    assert client.get("/yearbook/F/sheet/base/").status_code == 200
    assert client.get("/yearbook/F/sheet/belief/").status_code == 404
    assert org.client(Role.BASE_OFFICER, "B2").get("/yearbook/B1/sheet/base/").status_code == 403


def test_the_share_reaching_the_base_needs_both_numbers_of_one_year(org: Tree) -> None:
    enter(org, "1000", InputKind.BUDGET, "D1")
    assert queries.base_share(org["D1"]) is None
    enter(org, "620", InputKind.AT_BASE, "D1")
    found = queries.base_share(org["D1"])
    assert found is not None
    assert found.share == pytest.approx(0.62)


def test_shows_against_rights_and_aid_need_both_numbers_and_count_no_unit_twice(org: Tree) -> None:
    path = org["F"].path
    enter(org, "300", InputKind.SHOWS, "D1")
    assert queries.show_spending(path) == {}
    for label, kind, value, year in (
        ("D1", InputKind.RIGHTS_AID, "1000", 2026), ("D1", InputKind.RIGHTS_AID, "600", 2026),
        ("D2", InputKind.SHOWS, "100", 2026), ("D2", InputKind.RIGHTS_AID, "200", 2026),
        ("B1", InputKind.SHOWS, "9000", 2026), ("B1", InputKind.RIGHTS_AID, "1", 2026),
        ("D2", InputKind.SHOWS, "50", 2025), ("D2", InputKind.RIGHTS_AID, "0", 2025),
    ):  # fmt: skip
        enter(org, value, kind, label, day=date(year, 3, 1))
    found = queries.show_spending(path)
    assert (found[2026].shows, found[2026].rights_aid, found[2026].units) == (400, 800, 2)
    assert found[2026].ratio == pytest.approx(0.5)
    assert found[2025].ratio is None, "nothing was spent on rights and aid"


def test_forms_of_inputs(org: Tree) -> None:
    hub, base = org.client(Role.ORG_OFFICER, "H1"), org.client(Role.BASE_OFFICER, "B1")
    hub.post("/yearbook/B1/inputs/enter/", {"kind": "remoteness", "value": "30", "day": "2026-03-01", "source": "Map"})
    key = AllocationInput.objects.get().pk
    base.post(f"/yearbook/B1/inputs/{key}/contest/", {"ground": "The road is closed"})
    assert "The road is closed" in base.get("/yearbook/B1/inputs/").content.decode()
    assert org.client(Role.BASE_OFFICER, "B2").get("/yearbook/B1/inputs/").status_code == 403
    district = org.client(Role.ORG_OFFICER, "D1")
    assert "Contested" in district.get("/desk/").content.decode()
    district.post(f"/yearbook/B1/inputs/{key}/decide/", {"upheld": "0", "answer": "It is open"})
    assert AllocationInput.objects.get().state == InputState.STANDING
