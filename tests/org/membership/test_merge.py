"""Pairs of records: found, compared without showing, decided by persons, merged, undone."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.factories.org import Tree, write, xlsx

from qiao.base.access import Actor, Refused
from qiao.base.problems import Problem, Problems
from qiao.org.access.choices import Role
from qiao.org.membership.choices import Employment, HoldReason, HoldState, TwinState
from qiao.org.membership.models import Hold, ImportBatch, Membership, Twin
from qiao.org.membership.queries import desk_items, holds_at, pair_of, signs_of, twins_at
from qiao.org.membership.rules.twins import is_proposed, score
from qiao.org.membership.services import (
    admit_held,
    confirm_batch,
    decide_twin,
    erase_held,
    hand_over,
    match_columns,
    search_twins,
    undo_batch,
    undo_merge,
    upload_table,
)
from qiao.org.membership.services.relinking import references_to_person
from qiao.org.people.models import Account, Contact, Person

HEAD = ("姓名", "入会日期", "工会编号", "手机号码")


@pytest.fixture
def first(org: Tree) -> Actor:
    return org.officer(Role.BASE_OFFICER, "D1", "first")


@pytest.fixture
def second(org: Tree) -> Actor:
    return org.officer(Role.BASE_OFFICER, "D1", "second")


@pytest.fixture
def far(org: Tree) -> Actor:
    return org.officer(Role.BASE_OFFICER, "D2", "far")


def imported(
    org: Tree, rows: list[tuple[str, ...]], one: Actor, two: Actor, folder: Path, unit: str = "D1"
) -> ImportBatch:
    file = write(folder, "a.xlsx", xlsx([HEAD, *rows]))
    batch = upload_table(actor=one, now=org.now, unit=org[unit], file=file)
    mapping = {column["header"]: column["field"] for column in batch.columns}
    match_columns(actor=one, now=org.now, code=batch.code, mapping=mapping, employment=Employment.DIRECT)
    hand_over(actor=one, now=org.now, code=batch.code)
    return confirm_batch(actor=two, now=org.now, code=batch.code)


def pair(org: Tree, first: Actor, second: Actor, folder: Path) -> Twin:
    """A member of B1, and the same name in the same unit by an import: held until somebody decides."""
    org.member("B1", "雲一諾")
    imported(org, [("云一诺", "2021-03-05", "B1", "13800000000")], first, second, folder)
    return Twin.objects.get()


def test_scores_say_when_somebody_is_asked() -> None:
    assert score(["identity"]) == 100
    assert score(["name", "unit", "mobile"], ["identity"]) == 0
    assert is_proposed(["name", "unit"])
    assert is_proposed(["name", "mobile"])
    assert not is_proposed(["mobile"], ["name"])
    assert not is_proposed(["name"])


def test_an_undecided_duplicate_waits_and_is_merged(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    twin = pair(org, first, second, tmp_path)
    assert Membership.objects.count() == 1
    assert list(Hold.objects.values_list("reason", "state")) == [("twin", "open")]
    assert [item.title for item in desk_items(actor=second, now=org.now)] == ["Perhaps the same person"]
    assert signs_of(twin.left_id, twin.right_id) == {
        "name": "same", "identity": "unknown", "mobile": "unknown", "mail": "unknown", "unit": "same",
        "employer": "unknown", "since": "different",
    }  # fmt: skip
    for _twice in range(2):
        decide_twin(actor=second, now=org.now, twin_id=twin.pk, same=True)
    twin.refresh_from_db()
    assert twin.state == TwinState.MERGED
    contact = Contact.objects.get()
    assert contact.person_id == twin.left_id
    assert contact.value == "13800000000", "sealed anew for the person it went to"
    assert Hold.objects.get().state == HoldState.MERGED
    for _twice in range(2):
        undo_merge(actor=first, now=org.now + timedelta(days=29), twin_id=twin.pk)
    contact = Contact.objects.get()
    assert (contact.person_id, contact.value) == (twin.right_id, "13800000000")
    assert Hold.objects.get().state == HoldState.OPEN


def test_two_persons_are_remembered_and_the_second_is_admitted(
    org: Tree, first: Actor, second: Actor, tmp_path: Path
) -> None:
    twin = pair(org, first, second, tmp_path)
    decide_twin(actor=second, now=org.now, twin_id=twin.pk, same=False)
    assert Membership.objects.filter(person_id=twin.right_id, unit=org["B1"], until__isnull=True).count() == 1
    assert not holds_at(org["D1"].path).exists()
    assert search_twins(actor=first, now=org.now, unit=org["D1"]) == 0
    assert not twins_at(org["D1"].path).exists()


def test_between_units_a_second_person_confirms(
    org: Tree, first: Actor, second: Actor, far: Actor, tmp_path: Path
) -> None:
    imported(
        org,
        [("云一诺", "2020-03-05", "B2", "13800000000")],
        far,
        org.officer(Role.BASE_OFFICER, "D2", "far2"),
        tmp_path,
        "D2",
    )
    batch = imported(org, [("云一诺", "2021-03-05", "B1", "13800000000")], first, second, tmp_path)
    twin = Twin.objects.get()
    assert (twin.left_unit, twin.right_unit, batch.report["holds"]) == (org["B2"], org["B1"], 1)
    hidden = pair_of(twin, first, org.now)
    assert hidden.hidden
    assert all("云一诺" not in line.left for line in hidden.lines)
    assert {line.sign: line.verdict for line in hidden.lines}["mobile"] == "the same"
    decide_twin(actor=first, now=org.now, twin_id=twin.pk, same=True)
    with pytest.raises(Problem, match="second person"):
        decide_twin(actor=first, now=org.now, twin_id=twin.pk, same=True)
    with pytest.raises(Problem, match="other unit"):
        decide_twin(actor=second, now=org.now, twin_id=twin.pk, same=True)
    with pytest.raises(Refused):
        decide_twin(actor=Actor(account_id=1), now=org.now, twin_id=twin.pk, same=True)
    decide_twin(actor=far, now=org.now, twin_id=twin.pk, same=True)
    assert Membership.objects.get(until__isnull=True).person_id == twin.left_id


def test_two_standings_become_one_and_both_histories_stay(org: Tree, first: Actor) -> None:
    here, there = org.member("B1", "云一诺"), org.member("B1", "云一诺")
    assert search_twins(actor=first, now=org.now, unit=org["D1"]) == 1
    twin = Twin.objects.get()
    Account.objects.create(email="m@x.example", display_name="m", person=there.person)
    decide_twin(actor=first, now=org.now, twin_id=twin.pk, same=True, keep="right")
    rows = Membership.objects.filter(person_id=here.person_id).order_by("pk")
    assert [(row.pk, row.until is None) for row in rows] == [(here.pk, False), (there.pk, True)]
    assert Account.objects.get(email="m@x.example").person_id == here.person_id
    undo_merge(actor=first, now=org.now, twin_id=twin.pk)
    assert list(Membership.objects.filter(until__isnull=True).order_by("pk").values_list("person_id", flat=True)) == [
        here.person_id,
        there.person_id,
    ]
    assert Account.objects.get(email="m@x.example").person_id == there.person_id


def test_a_merge_is_not_undone_after_its_time(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    twin = pair(org, first, second, tmp_path)
    decide_twin(actor=second, now=org.now, twin_id=twin.pk, same=True)
    with pytest.raises(Problem, match="no longer"):
        undo_merge(actor=second, now=org.now + timedelta(days=31), twin_id=twin.pk)


def test_every_reference_to_a_person_is_found(org: Tree) -> None:
    """Held against the catalogue of the database itself, which knows every foreign key."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c JOIN pg_attribute a"
            " ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'"
            " AND c.confrelid = 'people_person'::regclass ORDER BY 1, 2"
        )
        known = {tuple(row) for row in cursor.fetchall()}
    assert {(one.table, one.column) for one in references_to_person()} == known
    assert len(known) >= 8


def test_undoing_an_import_says_what_stands_in_the_way(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    org.member("B1", "云一诺")
    batch = imported(
        org, [("云一诺", "2021-03-05", "B1", "13800000000"), ("江二", "2021-03-05", "B1", "")], first, second, tmp_path
    )
    twin = Twin.objects.get()
    decide_twin(actor=second, now=org.now, twin_id=twin.pk, same=True)
    with pytest.raises(Problems) as caught:
        undo_batch(actor=first, now=org.now, code=batch.code)
    assert f"Member number {twin.right_id} has changed since" in str(caught.value)
    undo_merge(actor=second, now=org.now, twin_id=twin.pk)
    undo_batch(actor=first, now=org.now, code=batch.code)
    assert (Person.objects.count(), Membership.objects.count(), Contact.objects.count()) == (1, 1, 0)


def test_who_consents_later_is_admitted_and_who_does_not_is_erased(
    org: Tree, first: Actor, second: Actor, tmp_path: Path
) -> None:
    file = write(
        tmp_path,
        "a.xlsx",
        xlsx([("姓名", "入会日期", "本人同意"), ("云一诺", "2020-01-01", ""), ("江二", "2020-01-01", "否")]),
    )
    batch = upload_table(actor=first, now=org.now, unit=org["B1"], file=file)
    mapping = {column["header"]: column["field"] for column in batch.columns}
    match_columns(actor=first, now=org.now, code=batch.code, mapping=mapping, employment=Employment.DIRECT)
    hand_over(actor=first, now=org.now, code=batch.code)
    confirm_batch(actor=second, now=org.now, code=batch.code)
    one, two = Hold.objects.filter(reason=HoldReason.CONSENT).order_by("pk")
    with pytest.raises(Problem, match="not come yet"):
        admit_held(actor=first, now=org.now, hold_id=one.pk, day=date(2030, 1, 1))
    for _twice in range(2):
        admit_held(actor=first, now=org.now, hold_id=one.pk, day=date(2026, 5, 1))
    assert Membership.objects.get().since == date(2026, 5, 1)
    erase_held(actor=first, now=org.now, hold_id=two.pk)
    assert list(Person.objects.values_list("name", flat=True)) == ["云一诺"]


def test_the_pages_of_pairs_and_holds(org: Tree, first: Actor, second: Actor, tmp_path: Path) -> None:
    twin = pair(org, first, second, tmp_path)
    client = org.client(Role.BASE_OFFICER, "D1", "first")
    assert "雲一諾" in client.get("/units/D1/members/twins/").content.decode()
    page = client.get(f"/units/D1/members/twins/{twin.pk}/").content.decode()
    assert "One person: merge" in page
    assert "13800000000" not in page
    assert client.get("/units/D1/members/held/").status_code == 200
    client.post(f"/units/D1/members/twins/{twin.pk}/", {"to": "same"})
    assert "Undo the merge" in client.get(f"/units/D1/members/twins/{twin.pk}/").content.decode()
    assert org.client(Role.BASE_OFFICER, "D2", "far").get(f"/units/D1/members/twins/{twin.pk}/").status_code in (
        403,
        404,
    )
