"""What another unit sees of somebody without their consent: only what is needed (handbook P6, see_by_other_unit)."""

from __future__ import annotations

from datetime import timedelta

from tests.factories.joining import apply
from tests.factories.org import Tree

from qiao.base.access import SYSTEM
from qiao.org.access.choices import Role
from qiao.org.membership.choices import Confirmation, TwinState
from qiao.org.membership.models import Membership, Twin
from qiao.org.membership.services import start_transfer
from qiao.org.people.services import give_consent, set_contact


def test_where_an_arriving_member_stands_now_is_told_with_consent_only(org: Tree) -> None:
    member = org.member("B2", "云一诺")
    start_transfer(
        actor=org.officer(Role.BASE_OFFICER, "B2"), now=org.now, membership_id=member.pk, to=org["B1"],
        how=Confirmation.SIGNATURE,
    )  # fmt: skip
    client = org.client(Role.BASE_OFFICER, "B1")
    page = client.get("/units/B1/members/arrivals/").content.decode()
    assert "云一诺" in page
    assert "B2 Union" not in page
    give_consent(actor=SYSTEM, now=org.now, person=member.person, kind="see_by_other_unit")
    assert "B2 Union" in client.get("/units/B1/members/arrivals/").content.decode()


def test_a_list_of_pairs_names_nobody_of_another_unit(org: Tree) -> None:
    left, right = org.member("B2", "江晓舟").person, org.member("B1", "云一诺").person
    pair = Twin.objects.create(
        left=left, right=right, left_unit=org["B2"], right_unit=org["B1"], state=TwinState.OPEN, score=70,
        found=org.now, signs={"mobile": "same"}, trace={},
    )  # fmt: skip
    client = org.client(Role.BASE_OFFICER, "B1")
    for address in ("/units/B1/members/twins/", f"/units/B1/members/twins/{pair.pk}/"):
        page = client.get(address).content.decode()
        assert "云一诺" in page
        assert "江晓舟" not in page
    Twin.objects.update(right_unit=None)
    Twin.objects.update(left_unit=org["B1"])
    page = client.get("/units/B1/members/twins/").content.decode()
    assert "云一诺" not in page
    give_consent(actor=SYSTEM, now=org.now, person=left, kind="see_by_other_unit")
    Twin.objects.update(left_unit=org["B2"], right_unit=org["B1"])
    assert "江晓舟" in client.get(f"/units/B1/members/twins/{pair.pk}/").content.decode()


def test_a_former_member_of_another_unit_is_not_named_to_who_decides_an_application(org: Tree) -> None:
    member = org.member("B2", "江晓舟")
    set_contact(actor=SYSTEM, now=org.now, person=member.person, kind="mobile", value="13900000001")
    Membership.objects.filter(pk=member.pk).update(state="left", until=org.now.date() - timedelta(days=30))
    application = apply(org, name="云一诺", contact="13900000001")
    label = application.unit.label
    address = f"/units/{label}/joining/{application.code}/"
    client = org.client(Role.HUB_ORGANISER, label)
    page = client.get(address).content.decode()
    assert "A former member of another unit" in page
    assert "江晓舟" not in page
    give_consent(actor=SYSTEM, now=org.now, person=member.person, kind="see_by_other_unit")
    assert "江晓舟" in client.get(address).content.decode()
