from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from tests.factories.org import Tree

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.i18n import localized
from qiao.base.models import AuditRow
from qiao.base.problems import Problem
from qiao.base.receipts import find_receipt
from qiao.org.access.choices import Role
from qiao.org.elections import queries, services
from qiao.org.elections.choices import Cause, PetitionKind, PetitionState
from qiao.org.elections.models import Motion, Signature
from qiao.org.elections.rules import enough, passed
from qiao.org.mandates.choices import CommitteeKind, EndReason, Post
from qiao.org.mandates.models import Mandate
from qiao.org.mandates.services import open_mandate

HASH = "b" * 64


def members(org: Tree, number: int) -> list[Actor]:
    rows = [org.member("B1", f"云{place}") for place in range(number)]
    return [Actor(person_id=row.person_id, name="m", member_paths=(org["B1"].path,)) for row in rows]


def chair(org: Tree) -> Mandate:
    return open_mandate(
        actor=SYSTEM, now=org.now, unit=org["B1"], post=Post.CHAIR, name="云主席", since=date(2025, 1, 1)
    )


def start(org: Tree, actor: Actor, kind: PetitionKind = PetitionKind.MEETING, mandate: Mandate | None = None) -> Motion:
    petition, _receipt = services.start_petition(
        actor=actor, now=org.now, unit=org["B1"], kind=kind, subject="Night shifts", mandate_id=mandate and mandate.pk
    )
    return petition


def test_a_third_of_the_members_call_a_meeting_each_with_one_receipt(org: Tree) -> None:
    people = members(org, 10)
    petition = start(org, people[0])
    assert (petition.members, petition.needed, petition.signed) == (10, 4, 1)
    receipts = [services.sign_petition(actor=one, now=org.now, code=petition.code) for one in people[1:3]]
    with pytest.raises(Problem, match="signed this petition already"):
        services.sign_petition(actor=people[1], now=org.now, code=petition.code)
    petition.refresh_from_db()
    assert (petition.signed, petition.state) == (3, PetitionState.COLLECTING)
    services.sign_petition(actor=people[3], now=org.now, code=petition.code)
    petition.refresh_from_db()
    assert petition.state == PetitionState.REACHED
    kept = find_receipt(receipts[0].number)
    assert kept is not None
    state = queries.receipt_state(kept)
    assert state is not None
    assert "4 of 4" in state.answer


def test_only_members_of_the_unit_sign(org: Tree) -> None:
    petition = start(org, members(org, 3)[0])
    other = Actor(person_id=999, name="x", member_paths=(org["B2"].path,))
    with pytest.raises(Refused):
        services.sign_petition(actor=other, now=org.now, code=petition.code)


def test_nobody_learns_who_signed(org: Tree) -> None:
    people = members(org, 10)
    petition = start(org, people[0])
    services.sign_petition(actor=people[1], now=org.now, code=petition.code)
    assert not AuditRow.objects.filter(code=petition.code).exclude(account_id=None).exists()
    page = org.client(Role.BASE_OFFICER, "B1").get(f"/units/B1/petitions/{petition.code}/").content.decode()
    assert "2 / 4" in page
    assert "云1" not in page
    services.expire_petitions(now=org.now + timedelta(days=61))
    assert not Signature.objects.exists()
    petition.refresh_from_db()
    assert (petition.state, petition.signed) == (PetitionState.EXPIRED, 2)


def recall(org: Tree, votes: int, members_said: int = 10) -> tuple[Motion, Mandate]:
    people = members(org, 10)
    mandate = chair(org)
    petition = start(org, people[0], PetitionKind.RECALL, mandate)
    for one in people[1:4]:
        services.sign_petition(actor=one, now=org.now, code=petition.code)
    officer = org.officer(Role.BASE_OFFICER, "B1")
    services.call_meeting(actor=officer, now=org.now, code=petition.code, day=date(2026, 5, 20), place={})
    later = org.now + timedelta(days=10)
    services.hold_meeting(
        actor=officer, now=later, code=petition.code, held_on=date(2026, 5, 20), all_members=members_said, present=9,
        votes_for=votes, votes_against=9 - votes, minutes_sha256=HASH,
    )  # fmt: skip
    upper = org.officer(Role.ORG_OFFICER, "H1")
    services.confirm_meeting(actor=upper, now=later, code=petition.code)
    petition.refresh_from_db()
    mandate.refresh_from_db()
    return petition, mandate


def test_a_recall_by_more_than_half_of_all_members_ends_the_mandate(org: Tree) -> None:
    petition, mandate = recall(org, 6)
    assert petition.passed
    assert (mandate.until, mandate.end_reason) == (date(2026, 5, 20), EndReason.RECALLED)
    assert not Signature.objects.exists()


def test_half_of_all_members_is_not_enough_though_most_present_voted_for_it(org: Tree) -> None:
    petition, mandate = recall(org, 5)
    assert petition.passed is False
    assert mandate.until is None


def test_the_majority_cannot_be_made_by_counting_fewer_members(org: Tree) -> None:
    with pytest.raises(Problem, match="The register holds 10 members"):
        recall(org, 5, members_said=9)


def test_only_the_elected_are_recalled_and_once_at_a_time(org: Tree) -> None:
    people = members(org, 10)
    staff = open_mandate(
        actor=SYSTEM, now=org.now, unit=org["B1"], post=Post.STAFF, name="云干", since=date(2025, 1, 1)
    )
    with pytest.raises(Problem, match="members elected"):
        start(org, people[0], PetitionKind.RECALL, staff)
    mandate = chair(org)
    start(org, people[0], PetitionKind.RECALL, mandate)
    with pytest.raises(Problem, match="petition for this recall already"):
        start(org, people[1], PetitionKind.RECALL, mandate)


def test_a_meeting_is_not_called_before_enough_have_signed(org: Tree) -> None:
    petition = start(org, members(org, 10)[0])
    officer = org.officer(Role.BASE_OFFICER, "B1")
    with pytest.raises(Problem, match="Not enough members"):
        services.call_meeting(actor=officer, now=org.now, code=petition.code, day=date(2026, 6, 1), place={})


def test_shares_of_members() -> None:
    assert [enough(number, 1 / 3) for number in (1, 3, 10, 30, 31)] == [1, 1, 4, 10, 11]
    assert not passed(5, 10, 0.5)
    assert passed(6, 11, 0.5)


def test_outside_the_union_a_small_number_of_signatures_is_not_told(org: Tree) -> None:
    people = members(org, 10)
    petition = start(org, people[0])
    outside = Client(headers={"accept-language": "en"})
    page, listed = f"/units/B1/petitions/{petition.code}/", "/units/B1/elections/"
    assert "&lt;5 / 4" in outside.get(page).content.decode()
    assert "&lt;5 of 4" in outside.get(listed).content.decode()
    officer = org.client(Role.BASE_OFFICER, "B1")
    assert ">1 / 4<" in officer.get(page).content.decode()
    assert "1 of 4" in officer.get(listed).content.decode()


@pytest.mark.parametrize("candidate", ["", "\u00b2", "9" * 30, "0"])
def test_striking_nobody_of_the_list_is_said(org: Tree, candidate: str) -> None:
    election = services.plan_election(
        actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, unit=org["B1"], kind=CommitteeKind.UNION,
        cause=Cause.FIRST, day=org.now.date() + timedelta(days=30), seats=2, group="云甲、云乙",
        place=localized("会场", "Hall"),
    )  # fmt: skip
    client = org.client(Role.BASE_OFFICER, "B1")
    address = f"/units/B1/elections/{election.code}/"
    answer = client.post(address, {"step": "strike", "candidate": candidate}, follow=True)
    assert "no such candidate" in answer.content.decode()
