from __future__ import annotations

from datetime import date

import pytest
from tests.factories.org import Tree

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.mandates import queries, services
from qiao.org.mandates.choices import Post
from qiao.org.mandates.choices import TestOutcome as Outcome
from qiao.org.mandates.models import Mandate, TestContact
from qiao.org.mandates.rules import draw_sample, frame_hash

TODAY = date(2026, 5, 11)


def chair(org: Tree, label: str = "B1", phone: str = "0571-8800 1234", **given: object) -> Mandate:
    made = services.open_mandate(
        actor=SYSTEM,
        now=org.now,
        unit=org[label],
        post=Post.CHAIR,
        name=f"云{label}",
        since=date(2024, 1, 1),
        **given,  # type: ignore[arg-type]
    )
    if phone:
        services.set_channel(actor=SYSTEM, now=org.now, mandate_id=made.pk, phone=phone, mail="", place={}, hours={})
    return made


def test_members_turn_to_their_own_officer_and_else_to_the_unit_above(org: Tree) -> None:
    chair(org, "D1")
    found = queries.representative_of(org["B1"], TODAY)
    assert found is not None
    assert found.unit.label == "D1"
    chair(org, "B1")
    found = queries.representative_of(org["B1"], TODAY)
    assert found is not None
    assert found.unit.label == "B1"
    assert queries.representative_of(org["B2"], TODAY) is None


def test_without_a_public_channel_nobody_is_reachable(org: Tree) -> None:
    chair(org, "B1", phone="")
    assert queries.representative_of(org["B1"], TODAY) is None
    assert queries.reachable([org["B1"].pk], TODAY) == {}


def test_a_mobile_number_is_public_by_its_owner_alone(org: Tree) -> None:
    account = org.account(Role.BASE_CHAIR, "B1", "anna")
    officer = org.officer(Role.BASE_OFFICER, "B1")
    made = chair(org, account=account)
    with pytest.raises(Problem, match="private mobile number"):
        services.set_channel(
            actor=officer, now=org.now, mandate_id=made.pk, phone="13800138000", mail="", place={}, hours={}
        )
    with pytest.raises(Refused):
        services.agree_own_channel(actor=officer, now=org.now, mandate_id=made.pk, phone="13800138000", mail="")
    own = Actor(account_id=account.pk, name="anna")
    services.agree_own_channel(actor=own, now=org.now, mandate_id=made.pk, phone="13800138000", mail="")
    made.refresh_from_db()
    assert made.office_phone == "13800138000"
    services.withdraw_own_channel(actor=own, now=org.now, mandate_id=made.pk)
    made.refresh_from_db()
    assert made.office_phone == ""
    assert made.own_channel_agreed is None


def test_another_unit_than_the_one_that_forms_unions_tests_the_channel(org: Tree) -> None:
    chair(org, "B1")
    chair(org, "B2")
    drawn = services.draw_tests(actor=org.officer(Role.ORG_OFFICER, "F"), now=org.now, unit=org["F"])
    again = services.draw_tests(actor=org.officer(Role.ORG_OFFICER, "F"), now=org.now, unit=org["F"])
    assert drawn.pk == again.pk
    contact = TestContact.objects.get()
    assert not contact.unit.path.startswith(contact.tester_unit.path)
    frame = ["B1", "B2"]
    assert [contact.unit.label] == draw_sample(frame, seed=drawn.seed, share=drawn.share)
    assert drawn.frame_hash == frame_hash(frame)
    assert LedgerLeaf.objects.filter(kind="tests.drawn", code=drawn.code).count() == 1

    former = org.officer(Role.HUB_ORGANISER, contact.unit.parent.label if contact.unit.parent else "")
    with pytest.raises(Refused):
        services.record_test(actor=former, now=org.now, contact_id=contact.pk, outcome=Outcome.ANSWERED)
    tester = org.officer(Role.HUB_ORGANISER, contact.tester_unit.label)
    services.record_test(actor=tester, now=org.now, contact_id=contact.pk, outcome=Outcome.SILENT)
    services.record_test(actor=tester, now=org.now, contact_id=contact.pk, outcome=Outcome.ANSWERED)
    reach = queries.reachable([contact.unit_id], TODAY)[contact.unit_id]
    assert (reach.named, reach.tested, reach.answered, reach.holds) == (True, TODAY, False, False)


def test_who_forms_the_union_and_is_officer_of_the_tester_unit_too_is_refused(org: Tree) -> None:
    chair(org, "B1")
    services.draw_tests(actor=org.officer(Role.ORG_OFFICER, "F"), now=org.now, unit=org["F"])
    contact = TestContact.objects.select_related("unit__parent", "tester_unit").get()
    assert contact.unit.parent
    org.officer(Role.HUB_ORGANISER, contact.tester_unit.label, "both")
    both = org.officer(Role.HUB_ORGANISER, contact.unit.parent.label, "both")
    with pytest.raises(Refused, match="does not test"):
        services.record_test(actor=both, now=org.now, contact_id=contact.pk, outcome=Outcome.ANSWERED)


def test_the_page_names_officers_and_shows_forms_to_their_unit_alone(org: Tree) -> None:
    made = chair(org)
    page = org.client(Role.BASE_OFFICER, "B1").get("/units/B1/people/").content.decode()
    assert "云B1" in page
    assert f"/units/B1/people/{made.pk}/channel/" in page
    other = org.client(Role.BASE_OFFICER, "B2")
    assert f"/people/{made.pk}/channel/" not in other.get("/units/B1/people/").content.decode()
    assert (
        other.post(f"/units/B1/people/{made.pk}/end/", {"day": "2026-05-01", "reason": "resigned"}).status_code == 403
    )


def test_entering_and_setting_the_channel_by_form(org: Tree) -> None:
    client = org.client(Role.BASE_OFFICER, "B1")
    sent = {
        "post": "organiser",
        "name": "云七",
        "engagement": "full_time",
        "employer_post": "hr",
        "since": "2026-05-01",
    }
    answer = client.post("/units/B1/people/enter/", sent)
    made = Mandate.objects.get(name="云七")
    assert answer["Location"] == f"/units/B1/people/{made.pk}/channel/"
    client.post(answer["Location"], {"phone": "0571-1", "mail": "", "hours_0": "周一", "hours_1": "Monday"})
    page = client.get("/units/B1/").content.decode()
    assert "Organiser: 云七" in page
    assert "Head of personnel" in page
