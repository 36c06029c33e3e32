from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings
from tests.factories.org import Tree, make_tree

from qiao.base import vault
from qiao.base.access import ANONYMOUS, SYSTEM, Refused
from qiao.base.vault.ring import KeyUse
from qiao.base.vault.services import refuse_lost_ring, reprint_values, reseal_values, retire_keys, usage
from qiao.org.people import queries, services
from qiao.org.people.models import Contact, IdentityCheck, Person

NOON = datetime(2026, 5, 11, 4, 0, tzinfo=UTC)


@pytest.fixture
def ring(tmp_path: Path, settings: Settings) -> Path:
    settings.VAULT_KEYS = tmp_path / "vault.json"
    vault.create_ring(settings.VAULT_KEYS, now=NOON)
    return tmp_path / "vault.json"


@pytest.fixture
def people(db: None, ring: Path, now: datetime) -> list[Person]:
    tree: Tree = make_tree(now)
    made = [tree.member("B1", f"人{number}").person for number in range(7)]
    rows = [(person.pk, "mobile", f"1380013{number:04}") for number, person in enumerate(made)]
    services.add_contacts(actor=SYSTEM, now=now, rows=rows, unit_path=tree["B1"].path)
    person = made[0]
    services.give_consent(actor=SYSTEM, now=now, person=person, kind="identity_check")
    services.check_identity(actor=SYSTEM, now=now, person=person, number="11010519491231002X")
    services.tell(now=now, person_id=person.pk, subject={"zh-hans": "题"}, text={"zh-hans": "文"})
    return made


class Killed(BaseException):
    """Stands for a process that ends in the middle."""


def dies_after(batches: int) -> Callable[[str, int], None]:
    left = [batches]

    def progress(_column: str, _count: int) -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed

    return progress


def quiet(_column: str, _count: int) -> None:
    return


def all_open(people: list[Person]) -> bool:
    return [queries.contacts_of(person.pk)[0].value for person in people] == [
        f"1380013{number:04}" for number in range(len(people))
    ]


def test_a_rotation_killed_halfway_goes_on_where_it_was(people: list[Person], ring: Path) -> None:
    vault.add_key(ring, KeyUse.SEAL, now=NOON)
    with pytest.raises(Killed):
        reseal_values(actor=SYSTEM, now=NOON, progress=dies_after(2), batch=2)
    assert usage()[(KeyUse.SEAL, 2)] == 4
    assert usage()[(KeyUse.SEAL, 1)] == 5
    assert all_open(people)
    # Nothing is retired while a row needs it.
    assert retire_keys(actor=SYSTEM, now=NOON, at_once=True) == []
    done = reseal_values(actor=SYSTEM, now=NOON, progress=quiet, batch=2)
    assert (done.changed, done.faults) == (5, [])
    assert usage()[(KeyUse.SEAL, 2)] == 9
    assert all_open(people)
    assert retire_keys(actor=SYSTEM, now=NOON + timedelta(minutes=59)) == []
    assert retire_keys(actor=SYSTEM, now=NOON + timedelta(minutes=60)) == [1]
    assert all_open(people)
    again = reseal_values(actor=SYSTEM, now=NOON, progress=quiet)
    assert again.changed == 0


def test_what_does_not_open_is_reported_left_and_keeps_its_key(people: list[Person], ring: Path) -> None:
    row = Contact.objects.order_by("pk")[3]
    broken = bytearray(Contact.objects.filter(pk=row.pk).values_list("value", flat=True).get())
    broken[-1] ^= 1
    Contact.objects.filter(pk=row.pk).update(value=bytes(broken))
    vault.add_key(ring, KeyUse.SEAL, now=NOON)
    done = reseal_values(actor=SYSTEM, now=NOON, progress=quiet, batch=2)
    assert done.faults == [("people_contact", "value", str(row.pk))]
    assert done.changed == 8
    assert retire_keys(actor=SYSTEM, now=NOON, at_once=True) == []
    with pytest.raises(vault.WillNotOpen):
        _ = Contact.objects.get(pk=row.pk).value


def test_fingerprints_turn_without_the_text_and_are_found_all_the_while(people: list[Person], ring: Path) -> None:
    before = IdentityCheck.objects.get().found_by
    vault.add_key(ring, KeyUse.PRINT, now=NOON)
    with pytest.raises(Killed):
        reprint_values(actor=SYSTEM, now=NOON, progress=dies_after(1), batch=3)
    for number, person in enumerate(people):
        assert queries.persons_by_contact("mobile", f"1380013{number:04}") == [person.pk]
    done = reprint_values(actor=SYSTEM, now=NOON, progress=quiet, batch=3)
    assert done.changed == 5
    assert IdentityCheck.objects.get().found_by != before
    assert queries.persons_by_identity("11010519491231002X") == [people[0].pk]
    assert usage()[(KeyUse.PRINT, 2)] == 8
    assert (KeyUse.PRINT, 1) not in usage()


def test_only_the_system_turns_keys(people: list[Person]) -> None:
    for act in (
        lambda: reseal_values(actor=ANONYMOUS, now=NOON, progress=quiet),
        lambda: reprint_values(actor=ANONYMOUS, now=NOON, progress=quiet),
        lambda: retire_keys(actor=ANONYMOUS, now=NOON),
    ):
        with pytest.raises(Refused):
            act()


def test_no_new_ring_is_made_beside_values_of_a_lost_one(people: list[Person], ring: Path) -> None:
    ring.unlink()
    with pytest.raises(vault.KeyFault, match="backup"):
        refuse_lost_ring()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_contact; DELETE FROM people_identitycheck")
        cursor.execute("DELETE FROM people_delivery; DELETE FROM people_personmessage")
    refuse_lost_ring()
