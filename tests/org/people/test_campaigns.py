from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from tests.factories.org import Tree, make_tree

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.clock import now as clock
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.people import services
from qiao.org.people.choices import CampaignState, LinkState
from qiao.org.people.models import Campaign, CheckLink, Contact, Person
from qiao.org.people.queries.campaigns import link_counts, to_ask_in_person
from qiao.org.people.services.campaigns import close_due


def people(org: Tree) -> list[Person]:
    """One who is reached, one without contact, one without consent, one whose address is stale."""
    made = [org.member("B1", name).person for name in ("甲一", "乙二", "丙三", "丁四")]
    for number in (0, 2, 3):
        services.set_contact(
            actor=SYSTEM, now=org.now, person=made[number], kind="mail", value=f"p{number}@example.org"
        )
    for number in (0, 3):
        services.give_consent(actor=SYSTEM, now=org.now, person=made[number], kind="channel_mail")
    services.mark_stale(actor=SYSTEM, now=org.now, person=made[3], kind="mail")
    return made


def begin(org: Tree) -> Campaign:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    campaign = services.start_campaign(actor=officer, now=org.now, unit=org["B1"], reason="换季核对")
    services.send_checks(actor=SYSTEM, now=org.now, campaign_id=campaign.pk)
    return campaign


def secret() -> str:
    found = re.search(r"http://127\.0\.0\.1:8470/me/check/([0-9A-Z-]+)/", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_link_goes_to_whom_it_may_and_the_rest_is_asked_in_person(org: Tree) -> None:
    made = people(org)
    campaign = begin(org)
    assert [sent.to for sent in mail.outbox] == [["p0@example.org"]]
    assert dict(link_counts(campaign)) == {"Sent": 1, "Reached nobody": 3}
    officer = org.officer(Role.BASE_OFFICER, "B1")
    assert {row.person: row.why for row in to_ask_in_person(officer, campaign)} == {
        made[1]: "none", made[2]: "consent", made[3]: "stale",
    }  # fmt: skip
    # Started and sent twice is started and sent once.
    assert begin(org).pk == campaign.pk
    assert len(mail.outbox) == 1
    with pytest.raises(Refused):
        services.start_campaign(actor=org.officer(Role.BASE_OFFICER, "B2"), now=org.now, unit=org["B1"], reason="x")


def test_a_link_works_once(org: Tree) -> None:
    people(org)
    begin(org)
    services.answer_check(
        now=org.now, secret=secret().lower(), corrections={"mobile": "１３８ ００１３ ８０００", "mail": ""}
    )
    link = CheckLink.objects.get(state=LinkState.CORRECTED)
    contacts = {row.kind: row for row in Contact.objects.filter(person=link.person)}
    assert contacts["mobile"].value == "13800138000"
    assert contacts["mobile"].source == "self"
    assert contacts["mail"].checked == org.now.date()
    for corrections in ({}, {"mobile": "13900139000"}):
        with pytest.raises(Problem, match="does not hold"):
            services.answer_check(now=org.now, secret=secret(), corrections=corrections)
    assert Contact.objects.get(person=link.person, kind="mobile").value == "13800138000"


def test_what_is_mistyped_costs_no_link_and_an_old_link_opens_nothing(org: Tree) -> None:
    people(org)
    campaign = begin(org)
    with pytest.raises(Problem, match="mobile"):
        services.answer_check(now=org.now, secret=secret(), corrections={"mobile": "12"})
    late = campaign.closes + timedelta(seconds=1)
    with pytest.raises(Problem, match="does not hold"):
        services.answer_check(now=late, secret=secret(), corrections={})
    close_due(actor=SYSTEM, now=late)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CLOSED
    assert not CheckLink.objects.filter(secret_hash__isnull=False).exists()
    with pytest.raises(Problem):
        services.answer_check(now=org.now, secret=secret(), corrections={})


def test_nobody_is_asked_again_who_was_just_asked(org: Tree) -> None:
    (person,) = people(org)[:1]
    Person.objects.exclude(pk=person.pk).filter(memberships__isnull=False)
    services.set_contact(
        actor=Actor(person_id=person.pk), now=org.now, person=person, kind="mobile", value="13800138000"
    )
    campaign = begin(org)
    assert not campaign.links.filter(person=person).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts() -> None:
    org = make_tree(clock())
    people(org)
    begin(org)
    code, outcomes = secret(), []

    def answer(number: str) -> None:
        try:
            services.answer_check(now=org.now, secret=code, corrections={"mobile": number})
            outcomes.append("kept")
        except Problem:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(number,)) for number in ("13800138000", "13900139000")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "refused"]


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_neither_writes_half() -> None:
    org = make_tree(clock())
    person = org.member("B1", "甲一").person
    officers = [org.officer(Role.BASE_OFFICER, "B1", "one"), org.officer(Role.BASE_OFFICER, "B1", "two")]

    def enter(officer: Actor, number: str) -> None:
        try:
            services.set_contact(actor=officer, now=org.now, person=person, kind="mobile", value=number)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=enter, args=pair) for pair in zip(officers, ("13800138000", "13900139000"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row = Contact.objects.get()
    assert row.value in ("13800138000", "13900139000")
    from qiao.org.people.queries import persons_by_contact

    assert persons_by_contact("mobile", row.value) == [person.pk]


def test_the_page_of_a_link_shows_no_whole_contact_and_slows_guessing(org: Tree) -> None:
    made = people(org)
    moment = clock()
    officer = org.officer(Role.BASE_OFFICER, "B1")
    campaign = services.start_campaign(actor=officer, now=moment, unit=org["B1"], reason="换季核对")
    services.send_checks(actor=SYSTEM, now=moment, campaign_id=campaign.pk)
    client = Client(headers={"accept-language": "en"})
    address = f"/me/check/{secret()}/"
    answer = client.get(address)
    text = answer.content.decode()
    assert "p•••@example.org" in text
    assert "p0@example.org" not in text
    assert made[0].name not in text
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("same-origin", "no-store")
    assert "Thank you" in client.post(address, {"mobile": "", "mail": ""}).content.decode()
    assert client.get(address).status_code == 410
    statuses = [client.get(f"/me/check/AAAA-BBBB-{number:04}/").status_code for number in range(12)]
    assert statuses[0] == 410
    assert statuses[-1] == 429


def test_officers_pages(org: Tree) -> None:
    person = people(org)[0]
    client = org.client(Role.BASE_OFFICER, "B1")
    page = f"/units/B1/contacts/{person.pk}/"
    assert "p0@example.org" not in client.get(page).content.decode()
    shown = client.post(page, {"reason": "a letter came back"})
    assert "p0@example.org" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    found = client.post("/units/B1/contacts/", {"by": "mail", "value": "P0@Example.org", "reason": "a lost card"})
    assert person.name in found.content.decode()
    client.post(f"{page}enter/", {"kind": "mobile", "value": "１３８００１３８０００"})
    assert Contact.objects.get(person=person, kind="mobile").value == "13800138000"
    client.post(f"{page}identity/", {"way": "number", "number": "11010519491231002X"})
    assert not hasattr(Person.objects.get(pk=person.pk), "identity")
    client.post(f"{page}identity/", {"way": "paper", "number": ""})
    assert Person.objects.get(pk=person.pk).identity.way == "paper"
    made = client.post("/units/B1/datachecks/", {"text": "换季核对"})
    assert made.status_code == 302
    assert client.get(made["Location"]).status_code == 200
    assert org.client(Role.BASE_OFFICER, "B2").get(page).status_code == 403
