"""Scope, outreach and targets of the demonstration, and coverage computed of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.cli.demo.world import World
from qiao.org.coverage import services
from qiao.org.coverage.choices import Channel, DeclineReason, LeadState, Measure
from qiao.org.coverage.models import Lead
from qiao.org.workplaces.services import link_union

_LINES = (
    "到人力资源办公室说明来意，对方愿意安排一次说明会。",
    "在食堂门口办了说明会，发了入会海报。",
    "筹备小组已成立，等上级批复后选举。",
)


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - every stage is asked alike
    """State the scope, run a campaign with every state in it, pass a target down, compute coverage."""
    now = world.now
    _tell(world)
    services.state_scope(
        actor=SYSTEM, now=now - timedelta(days=600), unit=world.root, source="市场主体登记册（虚构）",
        text=localized("登记在册、正在经营的全部用人单位", "All registered employers in business"),
        since=date(2019, 1, 1),
    )  # fmt: skip
    code = _campaign(world)
    _targets(world)
    services.refresh_nightly(actor=SYSTEM, now=now)
    return {"campaign": code}


def _tell(world: World) -> None:
    """Seven in ten unions have told their members (handbook 4.2); some of these said themselves that they know it."""
    told = [base.pk for place, base in enumerate(world.bases) if place % 10 < 7 or place % 71 == 0]
    day = (world.now - timedelta(days=300)).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE membership_membership SET told = greatest(since, %s) WHERE unit_id = ANY(%s) AND until IS NULL"
            " AND told IS NULL",
            [day, told],
        )


def _campaign(world: World) -> str:
    hub, organiser = world.hubs[0], world.actor("hub_organiser")
    opened = world.now - timedelta(days=40)
    made = services.open_campaign(
        actor=organiser, now=opened, unit=hub, starts=opened.date(), ends=world.now.date() + timedelta(days=120),
        title=localized("园区建会行动", "Forming unions in the park"),
        goal=localized(
            "走访园区里还没有工会的用人单位，愿意的帮到选举为止。",
            "Visit every employer of the park without a union; help those willing until the election.",
        ),
    )  # fmt: skip
    services.list_employers(actor=organiser, now=opened, code=made.code, most=24)
    leads = list(Lead.objects.filter(campaign=made).select_related("employer").order_by("employer__name", "pk"))
    for place, lead in enumerate(leads):
        _work(world, made.code, lead, place)
    return made.code


def _work(world: World, code: str, lead: Lead, place: int) -> None:
    organiser, today = world.actor("hub_organiser"), world.now.date()

    def write(to: LeadState, days: int, text: str, **more: Any) -> None:
        services.move_lead(
            actor=organiser, now=world.now - timedelta(days=days), code=code, employer_code=lead.employer.code, to=to,
            text=text, day=today - timedelta(days=days), **more,
        )  # fmt: skip

    if place % 6 == 5:
        return
    due = today + timedelta(days=4 * place - 5)
    write(LeadState.CONTACTED, 30, _LINES[0], channel=Channel.VISIT, next_step="约定说明会的日子", next_due=due)
    if place % 6 == 4:
        write(LeadState.DECLINED, 20, "单位年底搬离园区。", reason=DeclineReason.CLOSING)
    elif place % 6 == 3:
        write(LeadState.PAUSED, 20, "旺季过后再谈。", next_step="旺季后再访", next_due=today + timedelta(days=50))
    elif place % 6 in (0, 1):
        write(LeadState.PREPARING, 15, _LINES[1], channel=Channel.MEETING, next_step="问批复进度", next_due=due)
        joint = next(
            (base for base in world.bases if base.kind == "joint_base" and base.parent == lead.campaign.unit), None
        )
        if place % 6 == 1 and joint is not None:
            day = today - timedelta(days=5)
            link_union(actor=SYSTEM, now=world.now, code=lead.employer.code, unit=joint, since=day)
            write(LeadState.FORMED, 4, "加入联合基层工会。", unit=joint)


def _targets(world: World) -> None:
    """Passed down from a document (fictional) to a district, and stricter to a base union, which declines."""
    set_at, officer = world.now - timedelta(days=70), world.actor("org_officer")
    year_end = date(world.now.year + 1, 12, 31)
    first = services.set_target(
        actor=SYSTEM, now=set_at, unit=world.districts[0], measure=Measure.RATE_FORMED,
        document="建会工作三年安排（虚构）", level="省总工会（虚构）", source_value=Decimal(80), source_due=year_end,
        value=Decimal(80), due=year_end, reason="与来源一致。",
    )  # fmt: skip
    base = world.bases[0]
    services.set_target(
        actor=officer, now=set_at, unit=base, measure=Measure.RATE_JOINED_IN, document="建会工作三年安排（虚构）",
        level="省总工会（虚构）", source_value=Decimal(90), source_due=year_end, value=Decimal(95),
        due=date(world.now.year + 1, 6, 30), reason="希望提前半年完成。",
    )  # fmt: skip
    hub = next((hub for hub in world.hubs if hub.path.startswith(first.target.unit.path)), None)
    if hub is not None:
        services.set_target(
            actor=officer, now=set_at, unit=hub, measure=Measure.RATE_FORMED, document="", level="",
            source_value=first.target.source_value, source_due=first.target.source_due, value=Decimal(85),
            due=year_end, reason="枢纽基础较好。", above=first.target,
        )  # fmt: skip
