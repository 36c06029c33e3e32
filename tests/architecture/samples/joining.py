"""Applications to join, rulings on standing, union groups, cards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils.timezone import localdate
from tests.architecture.samples import Place, sample

from qiao.base import clock
from qiao.base.access import ANONYMOUS, SYSTEM
from qiao.org.joining.models import Application
from qiao.org.joining.services import JOIN, Given, submit_application
from qiao.org.joining.services.cards import card_token
from qiao.org.membership.choices import Employment, RulingKind
from qiao.org.membership.models import Membership
from qiao.org.membership.services import found_group, propose_ruling, set_leader
from qiao.org.people.models import Person


def _apply(place: Place) -> Application:
    return submit_application(
        actor=ANONYMOUS,
        now=place.now,
        given=Given(
            nonce=f"sample-{place.label}", name=f"{place.sign}申请人", employment=Employment.DIRECT, consents=[JOIN],
            at=place.base, place=place.unit,
        ),
    )  # fmt: skip


@sample("applications:*")
def application(place: Place) -> Mapping[str, object]:
    """An application at the base union, and one of its members."""
    member = Membership.objects.filter(unit=place.base).order_by("pk").last()
    assert member is not None
    return {"label": place.base.label, "code": _apply(place).code, "number": member.person_id}


@sample("applications:ruling")
def ruling(place: Place) -> Mapping[str, object]:
    """A death noted at the base union, waiting for its second person."""
    member = Membership.objects.filter(unit=place.base).order_by("-pk")[1]
    made = propose_ruling(
        actor=SYSTEM, now=place.now, membership_id=member.pk, kind=RulingKind.DECEASED, reason="",
        day=localdate(place.now) - timedelta(days=2), proof="证明已核对",
    )  # fmt: skip
    return {"label": place.base.label, "code": made.code}


@sample("standing:appeal", gone="only the member it concerns appeals, once it is in force")
def appealed(place: Place) -> Mapping[str, object]:
    """The same ruling."""
    return place.other(ruling)


@sample(
    "joining:state", "joining:act", "joining:withdraw", "joining:member",
    shared="whoever holds the receipt sees its state",
)  # fmt: skip
def receipt(place: Place) -> Mapping[str, object]:
    """The receipt of an application."""
    return {"receipt": Application.objects.get(code=place.other(application)["code"]).receipt}


@sample("joining:card", shared="whoever is shown a card may ask whether it is valid")
def card(place: Place) -> Mapping[str, object]:
    """A member's card."""
    return {"token": card_token(person=Person.objects.get(pk=place.members[0].person_id), now=clock.now())}


@sample("membership:change_group")
def group(place: Place) -> Mapping[str, object]:
    """A union group."""
    made = found_group(actor=SYSTEM, now=place.now, unit=place.base, name=f"{place.sign}一组")
    set_leader(actor=SYSTEM, now=place.now, group_id=made.pk, leader=place.account("group_leader"))
    return {"label": place.base.label, "key": made.pk}


@sample("membership:group", gone="its leader alone")
def own_group(place: Place) -> Mapping[str, object]:
    """The same group."""
    return place.other(group)
