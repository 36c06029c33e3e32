"""Joining and standing: applications in every state, one overdue, members going over, one suspended, a union group."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from qiao.base.access import ANONYMOUS, SYSTEM
from qiao.cli.demo.world import World
from qiao.org.joining import services
from qiao.org.joining.choices import Identity
from qiao.org.joining.services import JOIN, Given
from qiao.org.membership import services as standing
from qiao.org.membership.choices import Employment, RulingKind
from qiao.org.membership.models import Membership
from qiao.org.people.models import Account

#: Name, kind of employment, contact, days ago, what has become of it.
APPLICATIONS = (
    ("竹影摇", Employment.PLATFORM, "zhu@worker.example", 19, "overdue"),
    ("溪流声", Employment.FREELANCE, "", 9, "applied"),
    ("石敢言", Employment.DIRECT, "shi@worker.example", 6, "under_review"),
    ("山远青", Employment.PLATFORM, "shan@worker.example", 5, "returned"),
    ("沙鸥白", Employment.FREELANCE, "", 2, "applied"),
    ("柳絮飞", Employment.DIRECT, "liu@worker.example", 40, "active"),
    ("枫叶红", Employment.FREELANCE, "", 30, "refused"),
)
#: SHA-256 of a page of minutes that never was.
MINUTES = "6a0f6a4d7d5a1b1c0f2f3e4d5c6b7a8990a1b2c3d4e5f60718293a4b5c6d7e8f"


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001
    """Fill the review of the first base union and of its hub; returns the receipt of the overdue application."""
    base = world.bases[0]
    hub = next((one for one in world.hubs if base.path.startswith(one.path)), world.hubs[0])
    receipts: dict[str, str] = {}
    for place, (name, employment, contact, days, state) in enumerate(APPLICATIONS):
        at = base if place % 2 and employment != Employment.FREELANCE else hub
        when = world.now - timedelta(days=days)
        application = services.submit_application(
            actor=ANONYMOUS,
            now=when,
            given=Given(
                nonce=f"demo-joining-{place}", name=name, employment=employment, contact=contact, consents=[JOIN],
                place=hub, at=at if at is base else None,
                employer_written="" if employment == Employment.FREELANCE else "例桥快运有限公司",
            ),
        )  # fmt: skip
        receipts[state] = application.receipt
        _carry_on(application.code, state, when + timedelta(days=1))
    _standing(world)
    return {"joining_receipt": receipts["overdue"]}


def _carry_on(code: str, state: str, when: datetime) -> None:
    """Do what brings an application into its state."""
    if state in ("overdue", "applied"):
        return
    services.take_up(actor=SYSTEM, now=when, code=code)
    if state == "returned":
        services.ask_back(actor=SYSTEM, now=when, code=code, question="您在哪个站点上班？请补充站点名称。")
    elif state == "active":
        services.note_identity(actor=SYSTEM, now=when, code=code, identity=Identity.PAPER)
        services.approve(actor=SYSTEM, now=when, code=code)
    elif state == "refused":
        services.refuse(
            actor=SYSTEM, now=when, code=code, reason="您目前在外省工作，请向工作所在地工会提出申请，我们可代为联系。"
        )


def _standing(world: World) -> None:
    """One member over the limit on the way, one suspended, one kept at the upper union, a group with its leader."""
    base, other = world.bases[0], world.bases[2]
    members = list(Membership.objects.filter(unit=other, until__isnull=True, state="active").order_by("-pk")[:4])
    standing.start_transfer(
        actor=SYSTEM, now=world.now - timedelta(days=33), membership_id=members[0].pk, to=world.bases[1]
    )
    ruling = standing.propose_ruling(
        actor=SYSTEM, now=world.now - timedelta(days=12), membership_id=members[1].pk, kind=RulingKind.SUSPEND,
        day=localdate(world.now - timedelta(days=14)),
        reason="经会员代表大会表决，因挪用小组活动经费暂停会籍，待核查结束。",
        votes=standing.Votes(41, 6, 3), minutes_hash=MINUTES,
    )  # fmt: skip
    standing.confirm_ruling(actor=SYSTEM, now=world.now - timedelta(days=11), code=ruling.code)
    here = list(Membership.objects.filter(unit=base, until__isnull=True, state="active").order_by("pk")[:14])
    standing.propose_ruling(
        actor=SYSTEM, now=world.now - timedelta(days=1), membership_id=here[-1].pk, kind=RulingKind.LAPSE,
        day=localdate(world.now - timedelta(days=2)), reason="已面谈：本人表示已返乡务农，不再缴纳会费。",
        last_part=localdate(world.now - timedelta(days=260)),
    )  # fmt: skip
    group = standing.found_group(actor=SYSTEM, now=world.now, unit=base, name="白班配送一组")
    leader = Account.objects.filter(email="group@ebf.example").first()
    standing.set_leader(actor=SYSTEM, now=world.now, group_id=group.pk, leader=leader)
    for member in here[:9]:
        standing.assign_group(actor=SYSTEM, now=world.now, membership_id=member.pk, group_id=group.pk)
