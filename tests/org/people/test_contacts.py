from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from tests.factories.org import Tree

from qiao.base import vault
from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.people import queries, services
from qiao.org.people.choices import CheckWay, ContactKind, ContactState
from qiao.org.people.models import Contact, Declaration, IdentityCheck, Look, Person
from qiao.org.people.rules import normal_identity, normal_mail, normal_mobile
from qiao.org.people.services.identity import NumberTaken

MOBILE, MAIL = ContactKind.MOBILE, ContactKind.MAIL
#: Invented, with a right check sign.
NUMBER = "11010519491231002X"


def own(person: Person) -> Actor:
    return Actor(account_id=1, person_id=person.pk, name=person.name)


@pytest.fixture
def person(org: Tree) -> Person:
    return org.member("B1", "舟小渡").person


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000", "１３８００１３８０００", "+86 138 0013 8000", "0086-138-0013-8000", "86 13800138000",
        " 138-0013-8000 ", "＋８６ １３８００１３８０００", "(138) 0013 8000", "138　0013　8000",
    ],
)  # fmt: skip
def test_a_mobile_number_is_one_however_it_is_typed(typed: str) -> None:
    assert normal_mobile(typed) == "13800138000"


@pytest.mark.parametrize(
    "typed",
    ["", "12800138000", "1380013800", "138001380001", "+8612800138000", "138-0013-800O", "+44", "一三八", "1" * 40],
)
def test_what_is_no_mobile_number_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(Problem) as caught:
        normal_mobile(typed)
    assert not typed or typed not in str(caught.value)


def test_numbers_of_other_countries_keep_their_code() -> None:
    assert normal_mobile("+44 7700 900123") == normal_mobile("0044 7700 900123") == "+447700900123"


def test_mail_addresses_are_small_and_plain() -> None:
    assert normal_mail(" Zhou.Du＠Example.ORG ") == "zhou.du@example.org"
    with pytest.raises(Problem):
        normal_mail("zhou.du")


def test_identity_numbers_are_held_against_their_check_sign() -> None:
    assert normal_identity("１１０１０５１９４９１２３１００２ｘ") == normal_identity("110105 19491231 002x") == NUMBER
    for wrong in ("110105194912310021", "11010519491331002X", "990105194912310021", "", "1234567890"):
        with pytest.raises(Problem):
            normal_identity(wrong)


def test_a_contact_lies_in_the_database_as_ciphertext_only(org: Tree, person: Person) -> None:
    services.set_contact(actor=own(person), now=org.now, person=person, kind=MOBILE, value="１３８００１３８０００")
    with connection.cursor() as cursor:
        cursor.execute("SELECT value, found_by FROM people_contact WHERE person_id = %s", [person.pk])
        value, found_by = cursor.fetchone()
    assert b"13800138000" not in bytes(value)
    assert bytes(found_by) == vault.fingerprint("mobile:13800138000", purpose="people.contact")
    row = queries.contacts_of(person.pk)[0]
    assert (row.value, row.state, row.source, row.checked) == ("13800138000", "unconfirmed", "self", org.now.date())
    assert queries.persons_by_contact(MOBILE, "+86 138 0013 8000") == [person.pk]
    assert queries.persons_by_contact(MOBILE, "13900138000") == []


def test_a_value_moved_to_another_row_does_not_open(org: Tree, person: Person) -> None:
    other = org.member("B1", "江小帆").person
    for who, value in ((person, "13800138000"), (other, "13900139000")):
        services.set_contact(actor=own(who), now=org.now, person=who, kind=MOBILE, value=value)
    mine, theirs = (Contact.objects.get(person=who) for who in (person, other))
    taken = Contact.objects.filter(pk=mine.pk).values_list("value", flat=True).get()
    assert repr(taken) == "<sealed>"
    Contact.objects.filter(pk=theirs.pk).update(value=taken)
    with pytest.raises(vault.WillNotOpen):
        _ = Contact.objects.get(pk=theirs.pk).value
    # Whoever gives it again mends it.
    services.set_contact(actor=own(other), now=org.now, person=other, kind=MOBILE, value="13900139000")
    assert Contact.objects.get(pk=theirs.pk).value == "13900139000"


def test_plain_text_never_reaches_the_database_by_a_side_door(org: Tree, person: Person) -> None:
    services.set_contact(actor=own(person), now=org.now, person=person, kind=MOBILE, value="13800138000")
    with pytest.raises(TypeError, match="plain text"), atomic():
        Contact.objects.update(value="13900139000")
    with pytest.raises(Exception, match="lookup"):
        Contact.objects.filter(value="13800138000").exists()
    row = Contact.objects.get()
    row.state = ContactState.STALE
    row.save()
    assert Contact.objects.get().value == "13800138000"


def test_who_may_keep_a_contact(org: Tree, person: Person) -> None:
    officer, stranger = org.officer(Role.BASE_OFFICER, "B1"), org.officer(Role.BASE_OFFICER, "B2")
    services.set_contact(actor=officer, now=org.now, person=person, kind=MAIL, value="a@example.org")
    row = Contact.objects.get()
    assert (row.source, row.checked, row.state) == ("officer", None, "unconfirmed")
    for actor in (stranger, Actor(), own(org.member("B1", "另一人").person)):
        with pytest.raises(Refused):
            services.set_contact(actor=actor, now=org.now, person=person, kind=MAIL, value="b@example.org")
    assert Contact.objects.get().value == "a@example.org"


def test_a_code_confirms_and_is_missed_five_times(
    org: Tree, person: Person, django_capture_on_commit_callbacks: object
) -> None:
    me = own(person)
    services.set_contact(actor=me, now=org.now, person=person, kind=MAIL, value="a@example.org")
    with pytest.raises(Problem, match="No code"):
        services.confirm_contact(actor=me, now=org.now, kind=MAIL, code="123456")
    services.ask_code(actor=me, now=org.now, kind=MAIL)
    row = Contact.objects.get()
    first = str(row.code)
    services.ask_code(actor=me, now=org.now + timedelta(seconds=20), kind=MAIL)
    assert Contact.objects.get().code == first
    services.send_code(actor=SYSTEM, now=org.now, contact_id=row.pk)
    assert first in mail.outbox[0].body
    assert mail.outbox[0].to == ["a@example.org"]
    wrong = f"{(int(first) + 1) % 10**6:06}"
    for _ in range(5):
        assert services.confirm_contact(actor=me, now=org.now, kind=MAIL, code=wrong) is False
    with pytest.raises(Problem, match="five times"):
        services.confirm_contact(actor=me, now=org.now, kind=MAIL, code=first)
    later = org.now + timedelta(minutes=2)
    services.ask_code(actor=me, now=later, kind=MAIL)
    second = str(Contact.objects.get().code)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in second)
    with pytest.raises(Problem, match="No code"):
        services.confirm_contact(actor=me, now=later + timedelta(minutes=16), kind=MAIL, code=second)
    assert services.confirm_contact(actor=me, now=later, kind=MAIL, code=f" {wide} ") is True
    row = Contact.objects.get()
    assert (row.state, row.code) == ("confirmed", None)
    # A replayed form changes nothing.
    assert services.confirm_contact(actor=me, now=later, kind=MAIL, code=second) is True


def test_an_import_adds_and_overwrites_nothing(org: Tree, person: Person) -> None:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    other = org.member("B1", "江小帆").person
    services.set_contact(actor=own(person), now=org.now, person=person, kind=MOBILE, value="13800138000")
    rows = [
        (person.pk, MOBILE, "13900139000"),
        (other.pk, MOBILE, "１３７００１３７０００"),
        (other.pk, MAIL, "x@example.org"),
    ]
    path = org["B1"].path
    assert services.add_contacts(actor=officer, now=org.now, rows=rows, unit_path=path) == 2
    assert services.add_contacts(actor=officer, now=org.now, rows=rows, unit_path=path) == 0
    assert [row.value for row in queries.contacts_of(person.pk)] == ["13800138000"]
    assert [row.value for row in queries.contacts_of(other.pk)] == ["13700137000", "x@example.org"]
    found = queries.persons_by_contacts(MOBILE, ["138 0013 8000", "junk", "13700137000", "13600136000"])
    assert found == {"138 0013 8000": [person.pk], "13700137000": [other.pk]}
    with pytest.raises(Problem):
        services.add_contacts(actor=officer, now=org.now, rows=[(other.pk, MOBILE, "junk")], unit_path=path)


def test_of_an_identity_number_hash_and_last_four_are_kept(org: Tree, person: Person) -> None:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    with pytest.raises(Problem, match="consented"):
        services.check_identity(actor=officer, now=org.now, person=person, number=NUMBER)
    services.give_consent(actor=own(person), now=org.now, person=person, kind="identity_check")
    services.check_identity(actor=officer, now=org.now, person=person, number="110105 19491231 002x")
    check = IdentityCheck.objects.get()
    assert (check.way, check.last_four) == (CheckWay.NUMBER, "002X")
    assert queries.persons_by_identity(NUMBER) == [person.pk]
    assert queries.persons_by_identities([NUMBER, "x"]) == {NUMBER: [person.pk]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text FROM people_identitycheck i")
        assert "19491231" not in cursor.fetchone()[0]
    other = org.member("B1", "江小帆").person
    services.give_consent(actor=own(other), now=org.now, person=other, kind="identity_check")
    with pytest.raises(NumberTaken) as caught:
        services.check_identity(actor=officer, now=org.now, person=other, number=NUMBER)
    assert caught.value.others == [person.pk]
    services.see_paper_proof(actor=officer, now=org.now, person=other)
    assert IdentityCheck.objects.get(person=other).way == CheckWay.PAPER
    with pytest.raises(Refused):
        services.see_paper_proof(actor=org.officer(Role.BASE_OFFICER, "B2"), now=org.now, person=other)


def test_only_the_person_says_what_is_said_of_them(org: Tree, person: Person) -> None:
    services.declare(actor=own(person), now=org.now, sex="female", migrant=None)
    assert queries.declared_sex([person.pk]) == {person.pk: "female"}
    services.declare(actor=own(person), now=org.now, sex="", migrant=None)
    assert not Declaration.objects.exists()
    with pytest.raises(Problem):
        services.declare(actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, sex="male", migrant=True)


def test_a_look_needs_a_reason_and_is_shown(org: Tree, person: Person) -> None:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    services.set_contact(actor=own(person), now=org.now, person=person, kind=MOBILE, value="13800138000")
    with pytest.raises(Problem, match="why"):
        services.look_at_contacts(actor=officer, now=org.now, person=person, reason="  a ")
    shown = services.look_at_contacts(actor=officer, now=org.now, person=person, reason="通知\n他领取证件")
    assert [row.value for row in shown.contacts] == ["13800138000"]
    rows, following = queries.looks_of(person.pk)
    assert following is None
    assert [(row.looker, row.reason, row.record) for row in rows] == [
        (officer.name, "通知 他领取证件", "Your contacts")
    ]
    assert "B1" in rows[0].office or rows[0].office
    stranger = org.officer(Role.BASE_OFFICER, "B2")
    with pytest.raises(Refused):
        services.look_at_contacts(actor=stranger, now=org.now, person=person, reason="just curious")
    services.give_consent(actor=own(person), now=org.now, person=person, kind="see_by_other_unit")
    services.look_at_contacts(actor=stranger, now=org.now, person=person, reason="legal aid day at our hub")
    services.revoke_consent(actor=own(person), now=org.now, person=person, kind="see_by_other_unit")
    with pytest.raises(Refused):
        services.look_at_contacts(actor=stranger, now=org.now, person=person, reason="legal aid day at our hub")
    assert Look.objects.count() == 2


def test_a_search_tells_nothing_of_members_elsewhere(org: Tree, person: Person) -> None:
    services.set_contact(actor=own(person), now=org.now, person=person, kind=MOBILE, value="13800138000")
    here, there = org.officer(Role.BASE_OFFICER, "B1"), org.officer(Role.BASE_OFFICER, "B2")
    find = {"now": org.now, "by": "mobile", "value": "138 0013 8000", "reason": "a lost union card"}
    assert services.find_persons(actor=there, **find) == []
    found = services.find_persons(actor=here, **find)
    assert [(row.person, row.home and row.home.label) for row in found] == [(person, "B1")]
    assert [row.looker for row in Look.objects.all()] == [here.name]
    with pytest.raises(Refused):
        services.find_persons(actor=org.officer(Role.EDITOR, "F"), **find)


def test_a_stale_contact_is_used_no_more_until_corrected(org: Tree, person: Person) -> None:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    services.set_contact(actor=own(person), now=org.now, person=person, kind=MOBILE, value="13800138000")
    services.mark_stale(actor=officer, now=org.now, person=person, kind=MOBILE)
    assert queries.freshness([person.pk])[person.pk].stale is True
    services.set_contact(actor=own(person), now=org.now, person=person, kind=MOBILE, value="13800138000")
    assert Contact.objects.get().state == ContactState.UNCONFIRMED
    services.drop_contact(actor=own(person), now=org.now, person=person, kind=MOBILE)
    assert not Contact.objects.exists()
