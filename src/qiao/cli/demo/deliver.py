"""Projects of the demonstration: two done long ago, one done just now, one overdue, the rest on their way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from qiao.base.i18n import Localized, localized
from qiao.cli.demo.world import World
from qiao.decide.decisions.queries import proposals_of_decision
from qiao.decide.proposals.models import Proposal
from qiao.decide.proposals.queries import proposal_by_code
from qiao.deliver.programmes import services
from qiao.deliver.programmes.models import Milestone, Project
from qiao.org.workplaces.rules import check_sign

#: What becomes of the adopted proposals, in this order; what comes after is planned.
FATES = ("done", "done", "just_done", "late", "planned", "stopped")
#: Where fewer are adopted, one of them is still on its way.
FEW_FATES = {1: ("late",), 2: ("done", "late"), 3: ("done", "done", "late")}
#: Those of the finished thread first, whatever order the decision named them in.
ORDER = ("night_bus", "childcare", "heat", "overtime")
GENERAL = (
    localized("方案向职工公布", "Plan shown to members"),
    localized("试运行并听取意见", "Trial with members' remarks"),
    localized("全面运行", "In full service"),
)
MILESTONES: Mapping[str, Sequence[Localized]] = {
    "night_bus": (
        localized("线路和班次经夜班职工确认", "Routes and times confirmed by night workers"),
        localized("首条线路试运行", "First line on trial"),
        localized("三条线路每晚发车", "Three lines every night"),
    ),
    "childcare": (
        localized("场地和师资公布", "Places and staff published"),
        localized("首个托管班开班", "First group opens"),
        localized("各片区均有托管班", "A group in every area"),
    ),
    "heat": (
        localized("测温点选定", "Measuring points chosen"),
        localized("纳凉点开放", "Cool rooms open"),
        localized("高温轮休表上墙", "Rest shifts posted for hot days"),
    ),
    "overtime": (
        localized("加班工时自查表发到班组", "Check sheet with every team"),
        localized("与十家单位协商", "Talks with ten employers"),
        localized("协商结果公布", "Results published"),
    ),
}
SHOWN = localized("已按计划完成，并请使用者确认。", "Done as planned; users were asked to confirm it.")
ON_THE_WAY = localized("已完成一半，车辆和人员到位。", "Half is done; vehicles and staff are there.")


@dataclass(frozen=True, slots=True)
class _Site:
    """The officers at work, and the moment a number of days ago."""

    world: World

    def ago(self, days: int) -> datetime:
        return self.world.now - timedelta(days=days)


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:
    """Make projects of everything decided. Returns {"projects": {name of the proposal: project code}}."""
    site = _Site(world)
    proposals = earlier.get("proposals")
    names = {str(code): str(name) for name, code in proposals.items()} if isinstance(proposals, Mapping) else {}
    decision = str(earlier["decision"])
    adopted = sorted(proposals_of_decision(decision), key=lambda code: _rank(names.get(code, "")))
    fates = FEW_FATES.get(len(adopted), FATES)
    projects: dict[str, str] = {}
    for number, code in enumerate(adopted):
        name = names.get(code, code)
        fate = fates[number] if number < len(fates) else "planned"
        project = _plan(site, decision, proposal_by_code(code), name, fate=fate, number=number)
        _carry_out(site, project, fate)
        projects[name] = project.code
    return {"projects": projects}


#: Carries out every other project.
PROVIDER = "青禾职工服务社"
PROVIDER_CODE = "91990000MA0000011" + check_sign("91990000MA0000011")


def _rank(name: str) -> tuple[int, str]:
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)


def _plan(site: _Site, decision: str, proposal: Proposal, name: str, *, fate: str, number: int) -> Project:
    world = site.world
    starts = localdate(site.ago(-9 if fate == "planned" else 298))
    length = {"done": 205, "just_done": 285, "late": 340, "planned": 220, "stopped": 240}[fate]
    due = starts + timedelta(days=length)
    places = (0.25, 0.6, 0.95) if fate != "late" else (0.3, 0.85, 0.98)
    titles = MILESTONES.get(name, GENERAL)
    unit = world.districts[number % len(world.districts)]
    return services.plan_project(
        actor=world.actor("executive"),
        now=site.ago(12 if fate == "planned" else 300),
        decision_code=decision,
        proposal_code=proposal.code,
        title=proposal.title,
        goal=proposal.text,
        unit=unit if number else world.root,
        owner=world.account("task_owner"),
        budget=proposal.cost,
        provider="" if number % 2 else PROVIDER,
        provider_code="" if number % 2 else PROVIDER_CODE,
        starts=starts,
        due=due,
        milestones=[
            (title, starts + timedelta(days=round(length * place)), weight)
            for title, place, weight in zip(titles, places, (1, 2, 3), strict=True)
        ],
    )


def _carry_out(site: _Site, project: Project, fate: str) -> None:
    world = site.world
    executive = world.actor("executive")
    if fate == "planned":
        return
    services.start_project(actor=executive, now=site.ago(298), code=project.code)
    milestones = list(Milestone.objects.filter(project=project).order_by("position"))
    _reach(site, milestones[0], days=225, asked=30, confirmed=27)
    _spend(site, project, share="0.30", days=220, purpose=localized("前期筹备", "Preparation"))
    if fate == "stopped":
        services.stop_project(
            actor=executive,
            now=site.ago(150),
            code=project.code,
            reason=localized(
                "场地被收回，找不到替代场地；剩余经费退回下一轮票决。",
                "The premises were taken back and no others found; what is left goes into the next vote.",
            ),
        )
        return
    if fate == "late":
        _report_half(site, milestones[1])
        return
    last = 95 if fate == "done" else 16
    _reach(site, milestones[1], days=last + 60, asked=45, confirmed=39)
    _spend(site, project, share="0.42", days=last + 55, purpose=localized("设备和人员", "Equipment and staff"))
    _reach(site, milestones[2], days=last, asked=80, confirmed=66)
    _spend(site, project, share="0.21", days=last, purpose=localized("运行费用", "Running costs"))
    services.claim_done(actor=world.actor("task_owner"), now=site.ago(last - 1), code=project.code, note=SHOWN)
    services.verify_project(
        actor=world.actor("auditor"),
        now=site.ago(last - 5),
        code=project.code,
        asked=60,
        confirmed=51 if fate == "done" else 55,
        note=localized("在三个点位随机询问使用者。", "Users were asked at random at three places."),
    )


def _report_half(site: _Site, milestone: Milestone) -> None:
    """Half done, its date moved once with consent, and overdue by now."""
    world, project = site.world, milestone.project
    change = services.ask_deadline_change(
        actor=world.actor("task_owner"),
        now=site.ago(60),
        code=project.code,
        new_due=localdate(site.ago(6)),
        reason=localized("两家单位推迟了协商日期。", "Two employers put off the talks."),
        milestone_id=milestone.pk,
    )
    services.answer_deadline_change(
        actor=world.actor("executive"),
        now=site.ago(57),
        change_id=change.pk,
        consent=True,
        answer=localized("同意，不得再延。", "Consented, once."),
    )
    services.report_milestone(
        actor=world.actor("task_owner"), now=site.ago(30), milestone_id=milestone.pk, progress=50, note=ON_THE_WAY
    )
    _spend(site, project, share="0.35", days=28, purpose=localized("培训和差旅", "Training and travel"))


def _reach(site: _Site, milestone: Milestone, *, days: int, asked: int, confirmed: int) -> None:
    """Report the milestone as reached, with users' confirmations and the sheet they were counted on."""
    sheet = f"date,asked,confirmed\r\n{localdate(site.ago(days))},{asked},{confirmed}\r\n"
    services.report_milestone(
        actor=site.world.actor("task_owner"),
        now=site.ago(days),
        milestone_id=milestone.pk,
        progress=100,
        note=SHOWN,
        asked=asked,
        confirmed=confirmed,
        evidence_file=SimpleUploadedFile(f"confirmations-{milestone.position}.csv", sheet.encode()),
    )


def _spend(site: _Site, project: Project, *, share: str, days: int, purpose: Localized) -> None:
    amount = (project.budget * Decimal(share)).quantize(Decimal("0.01"))
    if amount:
        services.spend(
            actor=site.world.actor("task_owner"), now=site.ago(days), code=project.code, amount=amount, purpose=purpose
        )
