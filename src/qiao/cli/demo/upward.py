"""Papers upward and the register of reports in the demonstration: answered, deemed, gone up, sent back, running."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils.timezone import localdate

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.cli.demo.world import World
from qiao.org.units.choices import UnitKind
from qiao.org.upward import services
from qiao.org.upward.choices import Matter, Outcome, PaperKind, PaperState
from qiao.org.upward.models import Paper

#: Days ago issued, matter, title, text, question, own proposal, days until answered (None: not), outcome, answer.
_PAPERS: tuple[tuple[int, Matter, str, str, str, str, int | None, Outcome | None, str], ...] = (
    (
        310, Matter.MONEY, "关于追加夏季降温经费的请示", "去年七月车间温度连续十一天超过三十五度，现有降温设备不足。",
        "能否从上级补助中追加降温经费两万元？", "追加部分用于三号、四号车间，六月底前到位。", 9, Outcome.CONDITIONS,
        "同意追加一万五千元，须在七月底前公布使用明细。",
    ),
    (
        240, Matter.SERVICE, "关于借用枢纽活动室的请示", "本单位无活动场地，职工夜校缺教室。",
        "可否每周二、四晚借用活动室？", "借期半年，水电费自理。", 6, Outcome.AGREED, "同意，自下周起借用。",
    ),
    (
        170, Matter.ELECTION, "关于推迟换届一个月的请示", "选举日正值年度检修，多数职工轮班在外。",
        "可否推迟换届一个月？", "推迟期间主席照常履职，不增加任期。", 14, Outcome.REFUSED,
        "任期届满日早已公布，请改用分班投票，上级派员协助。",
    ),
    (
        90, Matter.MOVE_CHAIR, "关于主席岗位调整的请示", "用人单位拟将主席调往外地分部，主席本人不同意。",
        "是否同意该项调动？", "建议不同意，并与用人单位协商。", None, None, "",
    ),
    (
        60, Matter.RIGHTS, "关于派遣工加班费核算的请示", "派遣工与合同工同岗，加班费基数不同。",
        "可否由上级出面与用人单位协商？", "请上级法律工作者参加协商。", None, None, "",
    ),
    (
        5, Matter.MONEY, "关于购置母婴室设备的请示", "女职工反映无处哺乳，场地已腾出。",
        "能否列支八千元购置设备？", "从本年度女职工专项中列支。", None, None, "",
    ),
)  # fmt: skip


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - as every stage
    """Papers of the first base union, and the register of what the federation asks of all."""
    base = world.bases[0]
    drafter, chair = world.actor("base_officer"), world.actor("base_chair")
    desk, signer = world.actor("org_officer"), world.actor("executive")
    for ago, matter, title, text, question, proposal, days, outcome, answer in _PAPERS:
        start = world.now - timedelta(days=ago)
        paper = services.draft_paper(
            actor=drafter, now=start - timedelta(days=1), unit=base, kind=PaperKind.REQUEST, matter=matter,
            title=title, text=text, question=question, proposal=proposal,
        )  # fmt: skip
        services.issue_paper(actor=chair, now=start, code=paper.code)
        if days is not None and outcome is not None:
            services.receive_paper(actor=desk, now=start + timedelta(hours=20), code=paper.code)
            services.review_paper(actor=desk, now=start + timedelta(days=2), code=paper.code)
            end = start + timedelta(days=days)
            services.answer_paper(actor=signer, now=end, code=paper.code, outcome=outcome, answer=answer)
            services.close_paper(actor=drafter, now=end + timedelta(days=1), code=paper.code)
        else:
            _run_out(world, paper.code)
    _report_and_drafts(world)
    _register(world)
    return {}


def _run_out(world: World, code: str) -> None:
    """What the clock has done to an unanswered paper until now; a deemed one is closed by its unit."""
    paper = Paper.objects.get(code=code)
    while paper.due is not None and paper.due < world.now:
        holder, moment = paper.holder_id, paper.due + timedelta(hours=1)
        paper = services.end_silence(actor=SYSTEM, now=moment, code=code)
        if paper.state == PaperState.DEEMED:
            services.close_paper(actor=world.actor("base_officer"), now=moment + timedelta(days=2), code=code)
            return
        if paper.holder_id == holder:
            return


def _report_and_drafts(world: World) -> None:
    base, drafter = world.bases[0], world.actor("base_officer")
    report = services.draft_paper(
        actor=drafter, now=world.now - timedelta(days=20), unit=base, kind=PaperKind.REPORT, matter=Matter.SERVICE,
        title="关于第三季度走访情况的报告", text="本季度走访班组十二个，记录问题九件，已办结七件，其余两件已转办。",
    )  # fmt: skip
    services.issue_paper(actor=world.actor("base_chair"), now=world.now - timedelta(days=19), code=report.code)
    services.draft_paper(
        actor=drafter, now=world.now - timedelta(days=1), unit=base, kind=PaperKind.REQUEST, matter=Matter.UNREGISTERED,
        title="关于一项未登记报表的请示", text="上周收到一份未列入登记册的周报要求，每次约需一小时。",
        question="是否须填报？", proposal="在登记之前不填报。",
    )  # fmt: skip


#: Name, purpose, minutes, times a year, days from now until it ends.
_ASKED = (
    (
        localized("女职工工作台账", "Record of women workers' services"),
        localized("汇总女职工专项服务的场次与人数。", "Sums services for women workers."),
        45, 4, 120,
    ),
    (localized("活动月报", "Monthly list of events"), localized("汇总各单位活动。", "Sums all events."), 30, 12, 60),
)  # fmt: skip


def _register(world: World) -> None:
    today = localdate(world.now)
    actor = world.actor("secretary")
    old = [
        services.register_demand(
            actor=actor, now=world.now - timedelta(days=200), unit=world.root, title=title, purpose=purpose,
            asked_of=UnitKind.BASE, minutes=minutes, times=times, begins=today - timedelta(days=200),
            ends=today + timedelta(days=left), existing_since=today - timedelta(days=1200),
        )
        for title, purpose, minutes, times, left in _ASKED
    ]  # fmt: skip
    services.register_demand(
        actor=actor, now=world.now - timedelta(days=10), unit=world.root,
        title=localized("活动季报", "Quarterly list of events"),
        purpose=localized("只报平台没有记录的活动。", "Only events the platform does not know."),
        asked_of=UnitKind.BASE, minutes=20, times=4, begins=today + timedelta(days=5),
        ends=today + timedelta(days=360), replaces=old[1],
    )  # fmt: skip
