"""Votes of the demonstration by every other rule, and a round of practical deeds in its call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import Localized, localized
from qiao.cli.demo.world import World
from qiao.decide.ballots import services
from qiao.decide.ballots.choices import Channel, Rule
from qiao.decide.ballots.models import RollEntry
from qiao.decide.proposals.services import raise_proposal
from qiao.org.units.models import Unit

#: What is voted on: title and cost.
CHOICES: tuple[tuple[Localized, int], ...] = (
    (localized("职工书屋延长到晚十点", "Reading room open until ten"), 40_000),
    (localized("每月一次免费体检车", "A free health check bus each month"), 90_000),
    (localized("车间饮水点改造", "New drinking water points"), 60_000),
    (localized("新员工师傅津贴", "Allowance for those who train newcomers"), 80_000),
)
#: The votes: rule, title, days since its close (below 0: open), how many are chosen, how many one may choose.
VOTES: tuple[tuple[Rule, Localized, int, int | None, int | None], ...] = (
    (Rule.APPROVAL, localized("职工之家先办哪两件", "Two things for the workers' home"), 60, 2, None),
    (Rule.LIMITED, localized("年度培训选题", "Topics of training"), 50, 2, 2),
    (Rule.GREEDY, localized("园区小额实事票决", "Vote on small deeds of the park"), 40, None, None),
    (Rule.INSTANT_RUNOFF, localized("班车首发站选址", "Where the bus begins"), 30, 1, None),
    (Rule.SCHULZE, localized("服务站开放时段先后", "Order of opening hours"), 20, 2, None),
    (Rule.SCHULZE, localized("明年先办哪一件", "What comes first next year"), -6, 1, None),
)
VOTERS = 60
IDEAS = (
    ("夜班后有热饭", "凌晨下班食堂不开，希望留一个窗口。"),
    ("夜宵窗口", "夜班食堂能不能开到两点。"),
    ("雨天接驳", "下雨天地铁站到厂门口的接驳车。"),
    ("更衣柜换新", "三号车间的更衣柜坏了一半。"),
)


def seed_rules(world: World, needs: Mapping[str, str]) -> dict[str, object]:
    """Hold the votes in one district and call for ideas there. Returns their codes by rule, and the round's."""
    # The district of the member whom the sign-in page offers first: the open vote waits for that member.
    home = world.members[0].member_paths[0]
    district = next(unit for unit in world.districts if home.startswith(unit.path))
    need = next(iter(needs.values()))
    codes: dict[str, str] = {}
    for rule, title, closed, winners, most in VOTES:
        codes[f"{rule.value}{'' if closed > 0 else '_open'}"] = _vote(
            world, district, need, rule, title, closed, winners, most
        )
    return {"rules": codes, "deeds": _call(world, district, need)}


def _vote(
    world: World, unit: Unit, need: str, rule: Rule, title: Localized, closed: int, winners: int | None,
    most: int | None,
) -> str:  # fmt: skip
    secretary, closes = world.actor("secretary"), world.now - timedelta(days=closed)
    opens = closes - timedelta(days=9)
    proposals = [
        raise_proposal(
            actor=secretary, now=opens - timedelta(days=20), unit=unit, title=name, text=name, cost=Decimal(cost),
            need_codes=[need],
        ).code
        for name, cost in CHOICES
    ]  # fmt: skip
    ballot = services.plan_ballot(
        actor=secretary, now=opens - timedelta(days=2), unit=unit, title=title, rule=rule,
        budget=None if winners else Decimal(150_000), winners=winners, most=most, proposal_codes=proposals,
        opens=opens, closes=closes,
    )  # fmt: skip
    if closed < 0:
        services.open_desk(
            actor=world.actor("count_officer"), now=opens - timedelta(days=1), code=ballot.code,
            name=localized("区职工礼堂", "Workers' hall of the district"), channel=Channel.PAPER,
        )  # fmt: skip
    services.open_ballot(actor=secretary, now=opens, code=ballot.code)
    with_accounts = [account.person_id for account in world.member_accounts if account.person_id]
    roll = RollEntry.objects.filter(ballot=ballot).exclude(person_id__in=with_accounts).order_by("person_id")
    people = list(roll.values_list("person_id", flat=True)[:VOTERS])
    for place, person in enumerate(people):
        hour = opens + timedelta(hours=3 * place if closed > 0 else place)
        ranks = _taste(world, proposals, most)
        voter = Actor(person_id=person, member_paths=(unit.path,))
        services.cast_ballot(actor=voter, now=hour, code=ballot.code, proposal_codes=list(ranks), ranks=ranks)
    if closed > 0:
        services.count_ballot(actor=world.actor("count_officer"), now=closes + timedelta(hours=2), code=ballot.code)
    return ballot.code


def _taste(world: World, codes: Sequence[str], most: int | None) -> dict[str, int]:
    """A member's wishes: what stands first on the paper is liked a little more; two or three are named."""
    liked = sorted(codes, key=lambda code: -float(world.rng.gumbel()) + 0.35 * codes.index(code))
    wanted = int(world.rng.integers(1, 1 + min(most or 3, len(codes))))
    return {code: place for place, code in enumerate(liked[:wanted], 1)}


def _call(world: World, unit: Unit, need: str) -> str:
    """A round that takes ideas now; four members have filed theirs."""
    opens = world.now - timedelta(days=4)
    made = services.plan_deeds(
        actor=world.actor("secretary"), now=opens - timedelta(days=2), unit=unit,
        title=localized("明年实事项目点子征集", "Ideas for next year's practical deeds"),
        call=localized(
            "明年为职工办哪些实事，请您出点子。每个点子都有回执，去向公开；归并后保留原话。",
            "What should be done for workers next year? Each idea has a receipt and tells where it went.",
        ),
        need_codes=[need], rule=Rule.EQUAL_SHARES, budget=Decimal(300_000), opens=opens,
        closes=world.now + timedelta(days=10),
    )  # fmt: skip
    services.move_deeds(actor=SYSTEM, now=opens, code=made.code)
    authors = [member for member in world.members if any(path.startswith(unit.path) for path in member.member_paths)]
    for place, (title, text) in enumerate(IDEAS):
        author = authors[place % len(authors)]
        services.file_idea(
            actor=author, now=opens + timedelta(days=1), code=made.code, title=title, text=text, language="zh-hans"
        )
    return made.code
