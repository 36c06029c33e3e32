"""Budget votes of the demonstration: one counted long ago with its decision, one open now in one district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from qiao.base.codes import new_receipt_number
from qiao.base.i18n import localized
from qiao.base.models import Receipt
from qiao.cli.demo.decide_rules import seed_rules
from qiao.cli.demo.world import World
from qiao.decide.ballots import services
from qiao.decide.ballots.choices import Leftover
from qiao.decide.ballots.models import Ballot, Paper, RollEntry
from qiao.decide.ballots.queries import winners
from qiao.decide.decisions.queries import task_owners
from qiao.decide.decisions.rules import Task
from qiao.decide.decisions.services import take_decision
from qiao.decide.proposals.queries import proposals_by_codes
from qiao.decide.proposals.services import raise_proposal

#: How likely a member chooses a project of this name; 0.3 for any other.
LIKING: Mapping[str, float] = {"night_bus": 0.46, "childcare": 0.42, "heat": 0.44, "overtime": 0.38}
TURNOUT_BEFORE, TURNOUT_NOW = 0.47, 0.21
#: What one district votes on now: need, title, text, cost.
DISTRICT = (
    (
        "night_bus",
        localized("园区末班接驳车延后到零点", "Park shuttle until midnight"),
        localized("工作日末班接驳车由二十二点延后到零点。", "The last shuttle leaves at midnight instead of 22:00."),
        180_000,
    ),
    (
        "childcare",
        localized("周末亲子阅览室", "Weekend reading room for families"),
        localized("周末开放工会阅览室，配一名值守老师。", "The reading room opens at weekends; a teacher is there."),
        90_000,
    ),
    (
        "heat",
        localized("十二处纳凉饮水点", "Twelve cool rooms with drinking water"),
        localized("在骑手常经过的路口设纳凉饮水点。", "Cool rooms with water where couriers pass."),
        120_000,
    ),
    (
        "overtime",
        localized("夜校两门课：合同与工时", "Two evening courses: contracts and hours"),
        localized("每周两晚，由律师主讲。", "Two evenings a week, with a lawyer."),
        60_000,
    ),
)  # fmt: skip


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:
    """Both votes and the decision, on what the demonstration has made before them."""
    proposals = earlier["proposals"]
    named = {str(name): str(code) for name, code in proposals.items()} if isinstance(proposals, Mapping) else {}
    return seed_ballots(world, earlier, named, str(earlier["consultation"]))


def seed_ballots(
    world: World, hear: Mapping[str, object], proposals: Mapping[str, str], consultation_code: str
) -> dict[str, object]:
    """Hold both votes and take the decision. Returns {"ballot", "decision", "open_ballot"} as codes."""
    ballot = _finished(world, proposals, consultation_code)
    decision = take_decision(
        actor=world.actor("executive"),
        now=world.now - timedelta(days=305),
        unit=world.root,
        title=localized("关于年度实事项目的决定", "Decision on the projects of the year"),
        text=localized(
            "一、会员票决选出的项目全部列入年度实事项目，按票决时公布的费用执行。\n二、每个项目确定责任单位和责任人，按季公布进度。\n"
            "三、项目完成后由服务对象评议，由第三方组织。",
            "1. All projects the members' vote chose become projects of the year, at the published costs.\n"
            "2. Each has a responsible unit and person; progress is published every quarter.\n"
            "3. Those served judge each project when it is done; a third party runs the judgment.",
        ),
        consultation_code=consultation_code,
        ballot_code=ballot.code,
        proposal_codes=[winner.proposal_code for winner in winners(ballot.code)],
        tasks=_tasks(world, [winner.proposal_code for winner in winners(ballot.code)]),
        votes_for=11,
        votes_against=1,
        votes_abstained=1,
    )
    running = _running(world, hear)
    needs = hear.get("needs")
    known = {str(key): str(code) for key, code in needs.items()} if isinstance(needs, Mapping) else {}
    return {
        "ballot": ballot.code,
        "decision": decision.code,
        "open_ballot": running.code,
        **(seed_rules(world, known) if known else {}),
    }


def _tasks(world: World, codes: Sequence[str]) -> dict[str, Task]:
    """Who answers for what was adopted, and by when."""
    on = (world.now - timedelta(days=305)).date()
    owners = list(task_owners([world.root.path], on))
    units = [world.root, *world.districts]
    return {
        code: Task(units[place % len(units)], owners[place % len(owners)], on + timedelta(days=210 + 60 * place))
        for place, code in enumerate(codes)
        if owners
    }


def _finished(world: World, proposals: Mapping[str, str], consultation_code: str) -> Ballot:
    listed = proposals_by_codes(proposals.values())
    names = {code: name for name, code in proposals.items()}
    total = sum((proposal.cost for proposal in listed), Decimal(0))
    budget = max(round(total * Decimal("0.8"), -4), max(proposal.cost for proposal in listed))
    ballot = services.plan_ballot(
        actor=world.actor("secretary"),
        now=world.now - timedelta(days=322),
        unit=world.root,
        title=localized("年度实事项目票决", "Vote on the projects of the year"),
        budget=budget,
        proposal_codes=[proposal.code for proposal in listed],
        consultation_code=consultation_code,
        opens=world.now - timedelta(days=320),
        closes=world.now - timedelta(days=310),
        leftover=Leftover.MOST_VOTES,
    )
    services.open_ballot(actor=world.actor("secretary"), now=ballot.opens, code=ballot.code)
    liking = {code: LIKING.get(name, 0.3) for code, name in names.items()}
    # Some of those who can sign in find among their things that they voted here.
    for place, member in enumerate(world.members[:20]):
        wanted = sorted(liking)[place % 3 :: 2]
        services.cast_ballot(
            actor=member,
            now=ballot.opens + timedelta(days=2),
            code=ballot.code,
            proposal_codes=wanted or sorted(liking),
        )
    _vote(world, ballot, liking, share=TURNOUT_BEFORE, day=ballot.opens + timedelta(days=4))
    services.count_ballot(actor=world.actor("count_officer"), now=world.now - timedelta(days=309), code=ballot.code)
    return ballot


def _running(world: World, hear: Mapping[str, object]) -> Ballot:
    """The vote that is open now; the member of the sign-in page has not voted yet."""
    needs = hear.get("needs")
    known = {str(key): str(code) for key, code in needs.items()} if isinstance(needs, Mapping) else {}
    # The district of the member whom the sign-in page offers first.
    home = world.members[0].member_paths[0]
    district = next(unit for unit in world.districts if home.startswith(unit.path))
    liking: dict[str, float] = {}
    for key, title, text, cost in DISTRICT:
        serves = known.get(key) or next(iter(known.values()))
        proposal = raise_proposal(
            actor=world.actor("secretary"),
            now=world.now - timedelta(days=20),
            unit=district,
            title=title,
            text=text,
            cost=Decimal(cost),
            need_codes=[serves],
        )
        liking[proposal.code] = LIKING.get(key, 0.3)
    ballot = services.plan_ballot(
        actor=world.actor("secretary"),
        now=world.now - timedelta(days=5),
        unit=district,
        title=localized("区级实事项目票决", "Vote on the district's projects"),
        budget=Decimal(300_000),
        proposal_codes=list(liking),
        opens=world.now - timedelta(days=3),
        closes=world.now + timedelta(days=7),
        leftover=Leftover.MOST_VOTES,
    )
    services.open_ballot(actor=world.actor("secretary"), now=ballot.opens, code=ballot.code)
    _vote(world, ballot, liking, share=TURNOUT_NOW, day=world.now - timedelta(days=1))
    return ballot


def _vote(world: World, ballot: Ballot, liking: Mapping[str, float], *, share: float, day: datetime) -> None:
    """Put simulated papers into the box in bulk: a hundred thousand single requests would take an hour.

    Whoever works nights wants what night work needs and little else, so that the count has a minority to serve. The
    members with accounts are left out: whoever signs in as one of them still has the vote.
    """
    with_accounts = [account.person_id for account in world.member_accounts if account.person_id]
    roll = list(
        RollEntry.objects.filter(ballot=ballot)
        .exclude(person_id__in=with_accounts)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    voters = world.rng.choice(roll, size=round(share * len(roll)), replace=False)
    codes = sorted(liking)
    papers: list[Sequence[str]] = []
    for night in world.rng.random(len(voters)) < 0.18:
        chances = [liking[code] if not night or place == 0 else liking[code] / 6 for place, code in enumerate(codes)]
        wanted = [code for code, chance in zip(codes, chances, strict=True) if world.rng.random() < chance]
        papers.append(wanted or [codes[int(world.rng.integers(len(codes)))]])
    RollEntry.objects.filter(pk__in=[int(key) for key in voters]).update(voted=True)
    Paper.objects.bulk_create((Paper(ballot=ballot, marks=list(paper)) for paper in papers), batch_size=5_000)
    numbers = {new_receipt_number() for _ in papers}
    while len(numbers) < len(papers):
        numbers.add(new_receipt_number())
    Receipt.objects.bulk_create(
        (Receipt(number=number, kind="ballot", code=ballot.code, day=day.date()) for number in numbers),
        batch_size=5_000,
    )
