"""Officers' days at the base in the demonstration: past ones with their issues, one not logged, some to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from qiao.base.access import SYSTEM
from qiao.cli.demo.world import World
from qiao.deliver.contacts import services
from qiao.deliver.contacts.choices import IssueOutcome, System, Topic
from qiao.deliver.contacts.models import Duty
from qiao.org.units.models import Unit

#: Days ago, role, kind, where, what the officer did, issues with their answers and what the askers say.
_PAST: tuple[tuple[int, str, System, str, str, tuple[tuple[Topic, str, str, IssueOutcome], ...]], ...] = (
    (
        160, "hub_organiser", System.FOLLOW_SHIFT, "三号车间夜班", "跟完一个夜班，量了四处温度，和班组一起吃了夜餐。",
        (
            (Topic.SAFETY, "三号线风扇坏了两台，报修半月无人来。", "已更换并由班组验收。", IssueOutcome.SOLVED),
            (Topic.HOURS, "夜班没有热饭。", "自本月起食堂为夜班留热饭窗口。", IssueOutcome.PARTLY),
        ),
    ),
    (
        120, "executive", System.RECEPTION_DAY, "食堂二楼", "接待一天，公布了实事项目进度。",
        ((Topic.INSURANCE, "派遣工工伤保险由哪家缴不清楚。", "由派遣单位缴纳，漏缴的已补。", IssueOutcome.SOLVED),),
    ),
    (75, "org_officer", System.RESEARCH, "行政楼会议室", "查看会员名册更新情况，帮助核对两个班组。", ()),
    (
        40, "hub_organiser", System.CONTACT_POINT, "2 号门", "中午在门口设点，发放入会说明。",
        ((Topic.CONTRACT, "试用期被延长一次。", "", IssueOutcome.NOT_SOLVED),),
    ),
)  # fmt: skip


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - as every stage
    """Visits to the first base union, agreed and attested by its officers; visits to come to several."""
    base = world.bases[0]
    for ago, role, system, where, notes, issues in _PAST:
        _past(world, base, ago, role, system, where, notes, issues)
    _plan(world, "secretary", base, _morning(world, -12), System.CONTACT_WORKERS, "四号车间")
    services.mark_overdue(actor=SYSTEM, now=world.now)
    to_come = (
        ("hub_organiser", base, 3, System.FOLLOW_SHIFT, "夜班交接处"),
        ("executive", world.bases[1], 6, System.RECEPTION_DAY, "一楼大厅"),
        ("org_officer", world.bases[2], 9, System.CONTACT_POINT, "食堂门口"),
    )
    for role, place, ahead, system, where in to_come:
        _plan(world, role, place, _morning(world, ahead), system, where)
    return {}


def _morning(world: World, days: int) -> datetime:
    return timezone.localtime(world.now + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)


def _plan(world: World, role: str, place: Unit, starts: datetime, system: System, where: str) -> Duty:
    unit = world.hubs[0] if role == "hub_organiser" else world.root
    return services.plan_duty(
        actor=world.actor(role), now=min(world.now, starts) - timedelta(days=4), unit=unit, place=place, system=system,
        starts=starts, ends=starts + timedelta(hours=3), where=where,
    )  # fmt: skip


def _past(
    world: World, base: Unit, ago: int, role: str, system: System, where: str, notes: str,
    issues: tuple[tuple[Topic, str, str, IssueOutcome], ...],
) -> None:  # fmt: skip
    host = world.actor("base_officer")
    starts = _morning(world, -ago)
    duty = _plan(world, role, base, starts, system, where)
    services.confirm_duty(actor=host, now=starts - timedelta(days=2), code=duty.code)
    after = starts + timedelta(hours=8)
    raised = [(topic, text) for topic, text, _answer, _outcome in issues]
    services.log_duty(actor=world.actor(role), now=after, code=duty.code, notes=notes, issues=raised)
    services.attest_presence(actor=host, now=after + timedelta(days=1), code=duty.code, present=True)
    if not issues:
        return
    services.hand_over(
        actor=world.actor(role), now=after + timedelta(days=1), code=duty.code,
        holders=dict.fromkeys(range(1, len(issues) + 1), world.root),
    )  # fmt: skip
    for serial, (_topic, _text, answer, outcome) in enumerate(issues, 1):
        if answer:
            moment = after + timedelta(days=8 + serial)
            services.answer_issue(
                actor=world.actor("task_owner"), now=moment, code=duty.code, serial=serial, answer=answer
            )
            services.record_outcome(
                actor=host, now=moment + timedelta(days=5), code=duty.code, serial=serial, outcome=outcome
            )
