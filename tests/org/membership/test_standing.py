"""Standing: the member's own acts, rulings of bodies with a second person and an appeal, groups, own confirmation."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.signing import Signer
from django.db import IntegrityError, connections
from django.test import Client
from django.utils.timezone import localdate
from tests.factories.org import Tree, make_tree

from qiao.base import clock
from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.models import AuditRow, LedgerLeaf, Receipt
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.joining.services.cards import CARD_HOLDS, card_holds, card_token
from qiao.org.membership import services
from qiao.org.membership.choices import Confirmation, RulingKind, RulingState, Standing
from qiao.org.membership.models import Membership, StandingRuling
from qiao.org.membership.queries import keeping, member_count, membership_of, standings_of, told
from qiao.org.membership.rules.settings import TRANSIT_LIMIT
from qiao.org.people.models import Account
from qiao.org.people.services import give_consent

HASH = "ab" * 32


def own(org: Tree, member: Membership, email: str = "m@x.example") -> Actor:
    """The member, signed in."""
    account, _new = Account.objects.get_or_create(
        person=member.person, defaults={"email": email, "display_name": member.person.name}
    )
    return actor_for(account, org.now.date())


def propose(actor: Actor, org: Tree, member: Membership, kind: RulingKind, **changed: Any) -> StandingRuling:
    fields: dict[str, Any] = {
        "day": org.now.date() - timedelta(days=2), "reason": "Decided by the members' congress.",
        "votes": services.Votes(40, 5, 2), "minutes_hash": HASH,
    } | changed  # fmt: skip
    return services.propose_ruling(actor=actor, now=org.now, membership_id=member.pk, kind=kind, **fields)


def test_a_member_leaves_alone_and_at_once_with_a_receipt(org: Tree) -> None:
    member = org.member("B1", "云一")
    me, officer = own(org, member), org.officer(Role.BASE_OFFICER, "B1")
    with pytest.raises(Refused):
        services.leave_union(actor=officer, now=org.now, membership_id=member.pk)
    left, receipt = services.leave_union(actor=me, now=org.now, membership_id=member.pk)
    assert (left.state, membership_of(member.person_id)) == (Standing.LEFT, None)
    assert Receipt.objects.get(pk=receipt).kind == "leaving"
    assert services.leave_union(actor=me, now=org.now, membership_id=member.pk)[1] == ""
    assert actor_for(Account.objects.get(person=member.person), org.now.date()).member_paths == ()


def test_an_officer_enters_leaving_and_going_over_only_with_the_workers_word(org: Tree) -> None:
    member, officer = org.member("B1", "云一"), org.officer(Role.BASE_OFFICER, "B1")
    with pytest.raises(Problem, match="how the worker has confirmed"):
        services.start_transfer(actor=officer, now=org.now, membership_id=member.pk, to=org["B2"])
    with pytest.raises(Problem, match="how the worker has confirmed"):
        services.end_membership(actor=officer, now=org.now, membership_id=member.pk, day=org.now.date())
    services.start_transfer(
        actor=officer, now=org.now, membership_id=member.pk, to=org["B2"], how=Confirmation.SIGNATURE
    )
    assert AuditRow.objects.get(action="member.transfer").detail["how"] == "signature"


def test_a_worker_goes_over_by_themselves_and_the_clock_keeps_its_limit(org: Tree) -> None:
    from qiao.org.settings.services import set_value

    member = org.member("B2", "云一")
    me = own(org, member)
    services.start_transfer(actor=me, now=org.now, membership_id=member.pk, to=org["B1"])
    member.refresh_from_db()
    due = member.transfer_due
    assert due is not None
    assert due >= org.now.date() + timedelta(days=30)
    set_value(
        actor=SYSTEM, now=org.now, setting_key=TRANSIT_LIMIT.key, unit=org["F"], value=5,
        since=org.now.date(), reason="Shorter from today on.",
    )  # fmt: skip
    assert services.fall_back_due(actor=SYSTEM, now=org.now + timedelta(days=10)) == 0
    assert services.fall_back_due(actor=SYSTEM, now=org.now + timedelta(days=40)) == 1
    now_at = membership_of(member.person_id)
    assert now_at is not None
    assert (now_at.unit.label, now_at.state) == ("H1", Standing.ACTIVE)


def test_standing_is_kept_at_the_upper_union_and_gains_no_right_on_the_way_back(org: Tree) -> None:
    member = org.member("B1", "云一")
    me = own(org, member)
    kept = services.keep_standing(actor=me, now=org.now, membership_id=member.pk)
    assert (kept.unit.label, kept.state) == ("H1", Standing.RETAINED)
    assert services.keep_standing(actor=me, now=org.now, membership_id=kept.pk) == kept
    services.start_transfer(actor=me, now=org.now, membership_id=kept.pk, to=org["B2"])
    kept.refresh_from_db()
    assert (kept.state, member_count(org["F"].path)) == (Standing.RETAINED, 0)
    services.withdraw_transfer(actor=me, now=org.now, membership_id=kept.pk)
    kept.refresh_from_db()
    assert (kept.state, kept.bound_for) == (Standing.RETAINED, None)
    services.start_transfer(actor=me, now=org.now, membership_id=kept.pk, to=org["B2"])
    officer = org.officer(Role.BASE_OFFICER, "B2")
    for _twice in range(2):
        here = services.accept_transfer(actor=officer, now=org.now, membership_id=kept.pk)
    assert (here.unit.label, here.state) == ("B2", Standing.ACTIVE)
    assert [(row.unit.label, row.state) for row in standings_of(member.person_id)] == [
        ("B2", "active"), ("H1", "retained"), ("B1", "active"),
    ]  # fmt: skip


def test_a_body_suspends_by_its_vote_and_a_second_person_confirms(org: Tree) -> None:
    member = org.member("B1", "云一")
    first, second = org.officer(Role.BASE_OFFICER, "B1"), org.officer(Role.BASE_CHAIR, "B1")
    for changed, says in (
        ({"votes": None}, "Only a body"),
        ({"votes": services.Votes(5, 5, 9)}, "did not decide"),
        ({"minutes_hash": "x"}, "SHA-256"),
        ({"reason": "no"}, "reason"),
        ({"day": org.now.date() + timedelta(days=1)}, "not come"),
    ):
        with pytest.raises(Problem, match=says):
            propose(first, org, member, RulingKind.SUSPEND, **changed)
    ruling = propose(first, org, member, RulingKind.SUSPEND)
    assert propose(first, org, member, RulingKind.SUSPEND) == ruling
    with pytest.raises(Problem, match="waits for its second"):
        propose(second, org, member, RulingKind.EXPEL)
    with pytest.raises(Problem, match="step before"):
        services.confirm_ruling(actor=first, now=org.now, code=ruling.code)
    with pytest.raises(Refused):
        services.confirm_ruling(actor=org.officer(Role.BASE_CHAIR, "B2"), now=org.now, code=ruling.code)
    assert member_count(org["B1"].path) == 1
    for _twice in range(2):
        ruling = services.confirm_ruling(actor=second, now=org.now, code=ruling.code)
    suspended = membership_of(member.person_id)
    assert suspended is not None
    assert (suspended.state, member_count(org["B1"].path)) == (Standing.SUSPENDED, 0)
    leaf = LedgerLeaf.objects.get(kind="standing.ruled")
    assert "云一" not in str(leaf.payload)
    lifted = propose(first, org, suspended, RulingKind.LIFT, votes=None, minutes_hash="")
    services.confirm_ruling(actor=second, now=org.now, code=lifted.code)
    assert membership_of(member.person_id).state == Standing.ACTIVE


def test_an_upheld_appeal_restores_the_standing(org: Tree) -> None:
    member = org.member("B1", "云一")
    me = own(org, member)
    first, second = org.officer(Role.BASE_OFFICER, "B1"), org.officer(Role.BASE_CHAIR, "B1")
    ruling = propose(first, org, member, RulingKind.EXPEL)
    services.confirm_ruling(actor=second, now=org.now, code=ruling.code)
    assert membership_of(member.person_id) is None
    with pytest.raises(Refused):
        services.appeal_ruling(actor=first, now=org.now, code=ruling.code, ground="No.")
    appeal = services.appeal_ruling(actor=me, now=org.now, code=ruling.code, ground="I was not heard.")
    assert second.account_id in appeal.barred_ids
    for _twice in range(2):
        services.overturn_ruling(actor=SYSTEM, now=org.now, code=ruling.code)
    back = membership_of(member.person_id)
    assert back is not None
    assert (back.unit.label, back.state) == ("B1", Standing.ACTIVE)
    assert StandingRuling.objects.get(pk=ruling.pk).state == RulingState.OVERTURNED


def test_standing_lapses_only_after_half_a_year_and_a_talk(org: Tree) -> None:
    member, officer = org.member("B1", "云一"), org.officer(Role.BASE_OFFICER, "B1")
    plain = {"votes": None, "minutes_hash": "", "reason": "Talk on Monday: has moved away."}
    day = org.now.date() - timedelta(days=1)
    with pytest.raises(Problem, match="when dues last"):
        propose(officer, org, member, RulingKind.LAPSE, day=day, **plain)
    with pytest.raises(Problem, match="can lapse from"):
        propose(officer, org, member, RulingKind.LAPSE, day=day, last_part=day - timedelta(days=170), **plain)
    ruling = propose(officer, org, member, RulingKind.LAPSE, day=day, last_part=day - timedelta(days=190), **plain)
    services.confirm_ruling(actor=org.officer(Role.BASE_CHAIR, "B1"), now=org.now, code=ruling.code)
    member.refresh_from_db()
    assert member.state == Standing.LAPSED


def test_a_death_needs_a_proof_and_ends_on_its_day(org: Tree) -> None:
    member, officer = org.member("B1", "云一"), org.officer(Role.BASE_OFFICER, "B1")
    plain = {"votes": None, "minutes_hash": "", "reason": ""}
    with pytest.raises(Problem, match="proof"):
        propose(officer, org, member, RulingKind.DECEASED, **plain)
    ruling = propose(officer, org, member, RulingKind.DECEASED, proof="Certificate seen", **plain)
    services.confirm_ruling(actor=org.officer(Role.BASE_CHAIR, "B1"), now=org.now, code=ruling.code)
    member.refresh_from_db()
    assert (member.state, member.until) == (Standing.DECEASED, ruling.day)


def test_a_ruling_meets_a_standing_that_changed_meanwhile(org: Tree) -> None:
    member = org.member("B1", "云一")
    ruling = propose(org.officer(Role.BASE_OFFICER, "B1"), org, member, RulingKind.SUSPEND)
    services.leave_union(actor=own(org, member), now=org.now, membership_id=member.pk)
    chair = org.officer(Role.BASE_CHAIR, "B1")
    with pytest.raises(Problem, match="has changed"):
        services.confirm_ruling(actor=chair, now=org.now, code=ruling.code)
    assert services.withdraw_ruling(actor=chair, now=org.now, code=ruling.code).state == RulingState.WITHDRAWN


def test_the_database_itself_refuses_a_second_standing_and_an_end_without_a_day(org: Tree) -> None:
    member = org.member("B1", "云一")
    with pytest.raises(IntegrityError):
        Membership.objects.create(person=member.person, unit=org["B2"], since=date(2025, 1, 1))


def test_an_end_has_a_day(org: Tree) -> None:
    member = org.member("B1", "云一")
    with pytest.raises(IntegrityError):
        Membership.objects.filter(pk=member.pk).update(state=Standing.EXPELLED)


def test_only_the_member_says_that_they_know_it_and_it_counts(org: Tree) -> None:
    member, other = org.member("B1", "云一"), org.member("B1", "江二")
    with pytest.raises(Refused):
        services.confirm_own(actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, membership_id=member.pk)
    services.confirm_own(actor=own(org, member), now=org.now, membership_id=member.pk)
    services.note_told(actor=SYSTEM, now=org.now, membership_id=other.pk)
    found = told([org["B1"].pk, org["B2"].pk], org.now.date())
    assert found.keys() == {org["B1"].pk}
    assert (found[org["B1"].pk].members, found[org["B1"].pk].told, found[org["B1"].pk].confirmed) == (2, 2, 1)
    before = told([org["B1"].pk], org.now.date() - timedelta(days=1))[org["B1"].pk]
    assert (before.members, before.told) == (2, 0)


def test_how_standing_keeps_is_counted(org: Tree) -> None:
    today = org.now.date()
    for place, until in enumerate((None, None, today - timedelta(days=200), today - timedelta(days=20))):
        member = org.member("B1", f"云{place}")
        since = today - timedelta(days=220)
        Membership.objects.filter(pk=member.pk).update(
            since=since, until=until, state=Standing.LEFT if until else Standing.ACTIVE
        )
    found = keeping(org["F"].path, today)
    # Who left after 200 days had stayed for half a year; who left after 20 had not.
    assert (found.members, found.joined, found.stayed) == (2, 4, 3)


def test_a_leader_sees_name_and_state_of_the_own_group_only(org: Tree) -> None:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    member, other = org.member("B1", "云一"), org.member("B1", "江二")
    group = services.found_group(actor=officer, now=org.now, unit=org["B1"], name="早班")
    assert services.found_group(actor=officer, now=org.now, unit=org["B1"], name=" 早班 ") == group
    services.assign_group(actor=officer, now=org.now, membership_id=member.pk, group_id=group.pk)
    leader = org.account(Role.GROUP_LEADER, "B1")
    stranger = org.officer(Role.GROUP_LEADER, "B1", "stranger")
    services.set_leader(actor=officer, now=org.now, group_id=group.pk, leader=leader)
    group.refresh_from_db()
    assert services.look_at_group(actor=actor_for(leader, org.now.date()), now=org.now, group=group) == [
        ("云一", "Active")
    ]
    with pytest.raises(Refused):
        services.look_at_group(actor=stranger, now=org.now, group=group)
    client = Client(headers={"accept-language": "en"})
    client.force_login(leader)
    page = client.get(f"/units/B1/members/groups/{group.pk}/").content.decode()
    assert "云一" in page
    assert other.person.name not in page
    assert client.get("/units/B1/members/").status_code == 403
    with pytest.raises(Problem, match="cells of base"):
        services.found_group(actor=SYSTEM, now=org.now, unit=org["H1"], name="x")


def test_my_membership_from_end_to_end(org: Tree) -> None:
    member = org.member("B1", "云一")
    me = Client(headers={"accept-language": "en"})
    own(org, member)
    me.force_login(Account.objects.get(person=member.person))
    page = me.get("/me/membership/").content.decode()
    assert "You are a member of B1 Union" in page
    me.post("/me/membership/knew/")
    member.refresh_from_db()
    assert member.confirmed is not None
    card = me.get("/me/membership/card/").content.decode()
    assert "<svg" in card or "<svg:svg" in card
    token = card_token(person=member.person, now=clock.now())
    anybody = Client(headers={"accept-language": "en"})
    checked = anybody.get(f"/join/card/{token}/").content.decode()
    assert "<h1>Valid</h1>" in checked
    assert "云一" not in checked
    assert "B1 Union" not in checked
    refused = anybody.get(f"/join/card/{token}x/")
    assert refused.status_code == 404
    assert "<h1>Not valid</h1>" in refused.content.decode()
    # One lost: its owner ends it, and nobody else's; the next one holds, a year long.
    other = org.member("B1", "云二")
    again = me.post("/me/membership/card/", follow=True).content.decode()
    assert "make the old ones invalid" in again
    assert "<h1>Not valid</h1>" in anybody.get(f"/join/card/{token}/").content.decode()
    assert card_holds(card_token(person=other.person, now=org.now), now=org.now)
    member.person.refresh_from_db()
    renewed = card_token(person=member.person, now=clock.now())
    assert card_holds(renewed, now=clock.now() + CARD_HOLDS - timedelta(days=1))
    assert not card_holds(renewed, now=clock.now() + CARD_HOLDS + timedelta(days=1))
    # A card from before cards had an end is signed without a day.
    assert not card_holds(Signer(salt="qiao.card").sign(str(member.person_id)), now=clock.now())
    shown = me.post("/me/membership/move/", {"text": "无此", "place": str(org["D2"].pk), "employer": "none"})
    assert "D2 Union" in shown.content.decode()
    me.post(
        "/me/membership/move/",
        {"text": "无此", "place": str(org["D2"].pk), "employer": "none", "unit": "D2", "send": "1"},
    )
    member.refresh_from_db()
    assert (member.state, member.bound_for.label) == (Standing.TRANSFERRING, "D2")
    me.post("/me/membership/stay/")
    left = me.post("/me/membership/leave/").content.decode()
    assert "R-" in left
    assert membership_of(member.person_id) is None
    assert "<h1>Not valid</h1>" in anybody.get(f"/join/card/{token}/").content.decode()
    assert "Join again" in me.get("/me/membership/").content.decode()


def test_another_unit_sees_a_person_only_with_their_consent(org: Tree) -> None:
    member = org.member("B1", "云一")
    other = org.client(Role.BASE_OFFICER, "B2")
    address = f"/units/B2/members/{member.person_id}/"
    assert other.get(address).status_code == 403
    give_consent(actor=SYSTEM, now=org.now, person=member.person, kind="see_by_other_unit")
    page = other.get(address)
    assert page.status_code == 200
    assert "Has left" not in page.content.decode()
    assert AuditRow.objects.get(action="member.look").detail["at_home"] is False
    assert other.get(f"/units/B2/members/{member.person_id}/leave/").status_code in (403, 404)


@pytest.mark.django_db(transaction=True)
def test_two_units_at_once_receive_a_member_once(now: datetime) -> None:
    org = make_tree(now)
    member = org.member("B1", "云一")
    services.start_transfer(actor=SYSTEM, now=now, membership_id=member.pk, to=org["B2"])
    first, second = org.officer(Role.BASE_OFFICER, "B2"), org.officer(Role.BASE_OFFICER, "B2", "second")

    def take(actor: Actor) -> int:
        try:
            return services.accept_transfer(actor=actor, now=now, membership_id=member.pk).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(take, [first, second]))) == 1
    assert Membership.objects.filter(until__isnull=True).count() == 1
    assert Membership.objects.get(until__isnull=True).since == localdate(now)
