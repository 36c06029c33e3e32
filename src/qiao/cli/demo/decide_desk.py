"""Answering in the demonstration: a consultation that closed some days ago, its opinion map, statements and desk."""

# ruff: noqa: E501 - prose, one text a line

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import Localized, localized
from qiao.cli.demo.world import World
from qiao.decide.consultations import queries, services
from qiao.decide.consultations.models import Opinion, Submission
from qiao.decide.consultations.queries.desk import drafters
from qiao.decide.consultations.services import desk, moderation, pictures
from qiao.org.membership.queries import roster
from qiao.org.settings.services import set_value

SEED = 20261123
VOTERS = 130

CLAUSES = (
    localized(
        "午间在十个园区设固定休息点，每处不少于 30 个座位。",
        "Fixed places to rest at noon in ten parks, at least 30 seats each.",
    ),
    localized(
        "休息点由园区物业管理，工会按季度检查。", "The parks' managers keep them; the union checks every quarter."
    ),
    localized(
        "设备和水电费用由工会经费列支，每年公开一次。",
        "Equipment, water and power are paid by the union and published once a year.",
    ),
)
STATEMENTS = (
    localized("休息点应当先设在没有食堂的园区", "Parks without a canteen should come first"),
    localized("骑手和外包职工也能使用", "Riders and agency workers may use them, too"),
    localized("休息点应当全天开放", "They should be open all day"),
    localized("与其设休息点，不如多发高温补贴", "A higher heat allowance would be better than rest places"),
    localized("由职工轮值管理比物业管理好", "Workers in turn would keep them better than the parks' managers"),
    localized("费用应当由园区企业分担", "The companies of the park should share the cost"),
    localized("每个休息点要有急救箱", "Each needs a first-aid kit"),
    localized("支出每季度公开一次", "Spending should be published every quarter"),
    localized("休息点可以用来办活动", "They may be used for activities"),
    localized("要给女职工单独留出休息间", "There should be a separate room for women"),
)
#: Share of each camp that agrees: indoor by day, outdoor and riders, agency on shifts; 7 and 8 are common ground.
CAMPS = (
    (0.82, 0.25, 0.2, 0.22, 0.2, 0.3, 0.95, 0.88, 0.8, 0.6),
    (0.4, 0.95, 0.92, 0.12, 0.45, 0.85, 0.93, 0.9, 0.3, 0.5),
    (0.15, 0.7, 0.5, 0.9, 0.85, 0.9, 0.9, 0.92, 0.15, 0.7),
)
#: Members' statements: words, reason code ("" is put to the vote, "-" waits until the end).
WRITTEN = (
    ("休息点要能给手机和电动车充电", ""),
    ("夏天休息点要保证有空调", ""),
    ("园区保安老李态度太差，应当换人", "personal"),
    ("食堂饭菜也该改一改", "off_topic"),
)
#: Opinions: clause, wordings.
SPOKEN: tuple[tuple[int, tuple[str, ...]], ...] = (
    (
        1,
        (
            "座位太少，三十个不够用。",
            "三十个座位根本不够。",
            "座位数应当增加到五十个以上。",
            "建议多设座位，中午人多坐不下。",
            "座位不够，请增加。",
        ),
    ),
    (1, ("希望东门也设一处休息点。", "请在东门加设休息点。", "东门外骑手多，最好也设休息点。")),
    (
        2,
        (
            "物业管理不放心，应当由职工参与管理。",
            "希望职工也参加休息点的管理。",
            "管理不能只交给物业，要有职工代表。",
            "物业管不好，建议职工轮流管理。",
        ),
    ),
    (3, ("一年公开一次太少，应当每季度公开。", "费用要按季度公布。", "希望每个季度公布支出。")),
    (0, ("希望尽快办，天热之前用上。", "请在高温季节之前开放。")),
    (0, ("休息点要有无障碍坡道。",)),
    (2, ("晚上十点以后也要开门。",)),
)
TEMPLATES: tuple[tuple[str, Localized, Localized], ...] = (
    ("adopted", localized("采纳：写入方案", "Adopted: goes into the text"),
     localized("采纳。方案第［ ］条改为：［新的内容］。", "Adopted. Clause ［ ］ now reads: ［new words］.")),
    ("partly", localized("部分采纳：先行试点", "Partly: a trial first"),
     localized("部分采纳。先在［园区］试行［时间］，再按使用情况决定是否推开，因为［理由］。", "Partly adopted. A trial in ［park］ for ［time］; then we decide by use, because ［reason］.")),
    ("not_adopted", localized("未采纳：不在职权之内", "Not adopted: not ours to decide"),
     localized("未采纳，因为［理由］。我们已转交［单位］，并会把结果告诉您。", "Not adopted, because ［reason］. We passed it on to ［body］ and shall tell you what becomes of it.")),
)  # fmt: skip


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:
    """The consultation on places to rest: voted on, moderated, closed, half sorted; statements in the one open now."""
    rng = np.random.default_rng(SEED)
    code = _consult(world, _voters(world, rng), rng)
    _desk(world, code)
    for outcome, title, text in TEMPLATES:
        desk.keep_template(
            actor=world.actor("executive"), now=world.now - timedelta(days=40), unit=world.root, outcome=outcome,
            title=title, text=text,
        )  # fmt: skip
    open_code = earlier.get("open_consultation")
    if isinstance(open_code, str):
        _present(world, open_code)
    return {"closed_consultation": code}


def _voters(world: World, rng: np.random.Generator) -> list[Actor]:
    rows = roster(world.root.path)
    chosen = rng.choice(len(rows), size=min(len(rows), VOTERS), replace=False)
    return [Actor(person_id=rows[int(k)].person_id, member_paths=(rows[int(k)].unit_path,)) for k in chosen]


def _consult(world: World, voters: list[Actor], rng: np.random.Generator) -> str:
    opens, closes = world.now - timedelta(days=21), world.now - timedelta(days=6)
    secretary = world.actor("secretary")
    began = opens - timedelta(days=10)
    set_value(
        actor=world.actor("executive"), now=began, setting_key="con.live_map", unit=world.root, value=True,
        since=began.date(), reason="试行：边征求意见边公开意见地图",
    )  # fmt: skip
    made = services.draft_consultation(
        actor=secretary, now=opens - timedelta(days=3), unit=world.root,
        title=localized("园区午间休息点方案（征求意见稿）", "Draft: places to rest at noon in the parks"),
        question=localized("休息点怎么设、谁来管、钱怎么公开？", "Where should they be, who keeps them, how is the money published?"),
        clauses=CLAUSES, statements=STATEMENTS, proposal_codes=[], opens=opens, closes=closes,
    )  # fmt: skip
    code = made.code
    services.notice_consultation(actor=secretary, now=opens - timedelta(days=2), code=code)
    services.open_consultation(actor=SYSTEM, now=opens, code=code)
    for place, (text, ground) in enumerate(WRITTEN):
        handed = opens + timedelta(days=1, hours=place)
        moderation.submit_statement(actor=voters[place], now=handed, code=code, text=text, language="zh-hans")
        moderation.moderate_statement(
            actor=secretary, now=handed + timedelta(hours=20), ground=ground,
            submission_id=Submission.objects.filter(consultation__code=code).latest("pk").pk,
            note=localized("请只谈方案本身。", "Please keep to the draft.") if ground == "off_topic" else None,
        )  # fmt: skip
    parts = np.array_split(np.arange(len(voters)), 3)
    for number, part in enumerate(parts):
        moment = opens + timedelta(days=4 * number + 2)
        _vote(code, [voters[int(k)] for k in part], moment, rng, first=int(part[0]))
        pictures.work_out_votes(now=moment)
    clauses = queries.clauses_of(queries.consultation_by_code(code))
    speaker = 0
    for clause, wordings in SPOKEN:
        for text in wordings:
            services.submit_opinion(
                actor=voters[speaker], now=opens + timedelta(days=5), code=code,
                clause_id=clauses[clause - 1].pk if clause else None, text=text, language="zh-hans",
            )  # fmt: skip
            speaker += 1
    services.close_consultation(actor=secretary, now=closes, code=code)
    return code


def _vote(code: str, voters: list[Actor], now: datetime, rng: np.random.Generator, *, first: int) -> None:
    statements = queries.statements_of(queries.consultation_by_code(code))
    for place, voter in enumerate(voters, first):
        shares = CAMPS[(0, 0, 1, 1, 2)[place % 5]]
        for number, statement in enumerate(statements):
            draw = rng.random(3)
            if draw[0] > 0.93:
                continue
            share = shares[number] if number < len(shares) else 0.85
            vote = 0 if draw[1] > 0.92 else 1 if draw[2] < share else -1
            services.vote_statement(actor=voter, now=now, statement_id=statement.pk, vote=vote)


def _desk(world: World, code: str) -> None:
    """Two groups put together, given to offices: one late, one with a draft; the rest is suggested."""
    secretary = world.actor("secretary")
    consultation = queries.consultation_by_code(code)
    officers = drafters(world.root.path, world.now.date())
    if not officers:
        return
    begun = world.now - timedelta(days=5)
    titles = {
        0: localized("座位太少", "Too few seats"),
        2: localized("职工参与管理", "Workers take part in keeping them"),
    }
    groups = []
    for number, title in titles.items():
        keys = list(
            Opinion.objects.filter(consultation=consultation, text__in=SPOKEN[number][1]).values_list("pk", flat=True)
        )
        groups.append(services.group_opinions(actor=secretary, now=begun, code=code, opinion_ids=keys, title=title))
    for number, (group, due) in enumerate(zip(groups, (-1, 6), strict=True)):
        account, unit_id, _name = officers[number % len(officers)]
        desk.assign_group(
            actor=secretary, now=begun, code=code, group_id=group.pk, account_id=account,
            unit=next(unit for unit in (world.root, *world.districts, *world.hubs, *world.bases) if unit.pk == unit_id),
            due=(world.now + timedelta(days=due)).date(),
        )  # fmt: skip
    desk.draft_answer(
        actor=world.actor("executive"), now=world.now - timedelta(days=2), code=code, group_id=groups[1].pk,
        outcome="partly", revision=0,
        reason=localized(
            "部分采纳。物业负责日常，每处选两名职工监督员，每月看一次账，因为夜间仍需有人值守。",
            "Partly adopted. The managers keep them day by day; two workers at each look at the accounts every month.",
        ),
    )  # fmt: skip
    desk.suggest_groups(actor=secretary, now=world.now - timedelta(days=1), code=code)
    desk.work_out_suggestions(now=world.now - timedelta(days=1), consultation_id=consultation.pk)


def _present(world: World, code: str) -> None:
    """Members' statements in the consultation open now: one on time, one late for moderation."""
    for days, text in ((4, "夜餐价格不能超过白天"), (0, "接送车要按时到，迟到要通知家长")):
        moderation.submit_statement(
            actor=world.members[-1], now=world.now - timedelta(days=days, hours=1), code=code, text=text,
            language="zh-hans",
        )  # fmt: skip
    pictures.work_out_votes(now=world.now - timedelta(hours=1))
