"""Needs in the demonstration: topics of invented free words, a digest, an overdue need, candidates on their way.

Texts are invented; topics come from the real computation over them, and every step through the services.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.cli.demo.hear import second_analyst
from qiao.cli.demo.world import World
from qiao.hear.needs import services
from qiao.hear.needs.models import Candidate, Need, Sheet, Topic, TopicSet, UserSeat
from qiao.hear.needs.queries.texts import FreeText, register_texts
from qiao.org.access.queries import actor_for

#: Codes of the invented texts begin so; they belong to no round.
PREFIX = "demo-words"
#: What people write, by what it is about: the key, the name an analyst gives it, the texts.
WORDS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "bus", "夜班回家的交通", "Getting home after the night shift",
        (
            "夜班下班没有公交车", "晚上十一点以后没有班车回家", "夜班结束只能打车回家", "末班车太早，夜班赶不上",
            "希望开夜班公交", "夜里回家没有车坐", "班车时间和夜班对不上", "夜班打车太贵了",
            "No bus home after the night shift", "The last bus leaves before the night shift ends",
            "I have to take a taxi after every night shift", "厂区到地铁站夜里没有车",
        ),
    ),
    (
        "meal", "食堂", "The canteen",
        (
            "食堂饭菜太贵了", "食堂菜品单一", "夏天食堂饭菜不新鲜", "食堂排队时间太长", "食堂价格又涨了", "午饭吃不饱",
            "食堂卫生差", "夜里食堂不开门，吃不上热饭", "The canteen is too expensive",
            "The food in the canteen is bad",
            "食堂希望多一些素菜",
        ),
    ),
    (
        "overtime", "加班费", "Overtime pay",
        (
            "加班费没有按时发", "加班工资算错了", "周末加班没有加班费", "加班费拖欠三个月", "加班费标准不清楚",
            "节假日加班没有三倍工资", "加班费被扣了", "Overtime is not paid", "Overtime pay is always late",
            "加班多，加班费少",
        ),
    ),
    (
        "childcare", "假期里孩子没人带", "Children in the holidays",
        (
            "暑假孩子没人照看", "放假孩子没地方去", "希望办暑期托管班", "寒假托班名额太少",
            "孩子放学比我下班早两个小时",
            "托管费用太高", "Nobody looks after the children in the holidays", "希望单位办托儿所",
            "双职工家庭孩子没人带",
        ),
    ),
)  # fmt: skip


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:
    """Topics, a published digest, a need whose time ran out, one sheet with candidates in every state."""
    needs = {str(key): str(code) for key, code in dict(earlier["needs"]).items()}  # type: ignore[call-overload]
    _overdue(world)
    made = _topics(world)
    digest = _digest(world)
    return {"topics": made.code, "digest": digest, "sheet": _sheet(world, needs).code}


def _overdue(world: World) -> None:
    """One more need of the past round is published, and nobody has answered it in time."""
    draft = Need.objects.filter(state="drafted", kind="group").order_by("-share", "pk").first()
    if draft is None:
        return
    then = world.now - timedelta(days=95)
    detail = localized("与其他职工相比差别明显，后来补报。", "Stands out clearly; worded later.")
    analyst = world.actor("analyst")
    services.word_need(actor=analyst, now=then, code=draft.code, title=draft.title, detail=detail)
    services.check_need(actor=second_analyst(world), now=then, code=draft.code)
    services.publish_need(actor=analyst, now=then, code=draft.code)


def _topics(world: World) -> TopicSet:
    texts = [
        FreeText(PREFIX, text, f"{key}:{number}:{copy}", may_quote=number % 3 == 0, members=400)
        for key, _zh, _en, listed in WORDS
        for number, text in enumerate(listed)
        # Some things are said by several people in the same words.
        for copy in range(1 + (number % 4 == 0) * 3)
    ]
    register_texts(PREFIX, lambda _code, _path: texts)
    analyst, then = world.actor("analyst"), world.now - timedelta(days=20)
    made = services.gather_topics(
        actor=analyst, now=then, unit=world.root, source_codes=[PREFIX], wanted=len(WORDS), seed=7,
        title=localized("职工心里话（问卷与窗口的自由文字）", "In members' own words"),
    )  # fmt: skip
    made = services.cluster_topics(actor=SYSTEM, now=then, topic_set_id=made.pk)
    for topic in Topic.objects.filter(topic_set=made).order_by("number"):
        rows = list(topic.rows.order_by("central"))
        held = [str(row.text) for row in rows]
        best = max(WORDS, key=lambda one: sum(text in one[3] for text in held))
        services.rename_topic(actor=analyst, now=then, topic_id=topic.pk, name=localized(best[1], best[2]))
        for row in [row for row in rows if row.may_quote][:2]:
            services.quote_text(actor=analyst, now=then, row_id=row.pk)
    return made


def _digest(world: World) -> str:
    analyst, second = world.actor("analyst"), second_analyst(world)
    since, until = (world.now - timedelta(days=100)).date(), (world.now - timedelta(days=9)).date()
    now = world.now - timedelta(days=8)
    digest = services.draft_digest(actor=analyst, now=now, unit=world.root, since=since, until=until)
    words = localized(
        "本期自由文字集中在夜班交通、食堂、加班费和假期托管四件事；评估中发现的问题已转为需求。",
        "In their own words members write of four things: getting home at night, the canteen, overtime pay and "
        "childcare. What an evaluation found has come back as a need.",
    )
    services.word_digest(actor=analyst, now=now, code=digest.code, words=words)
    services.check_digest(actor=second, now=now + timedelta(hours=3), code=digest.code)
    services.publish_digest(actor=analyst, now=now + timedelta(hours=5), code=digest.code)
    # And one more, which waits for the second analyst.
    services.draft_digest(
        actor=analyst, now=world.now, unit=world.root, since=(world.now - timedelta(days=30)).date(),
        until=(world.now - timedelta(days=1)).date(),
    )  # fmt: skip
    return digest.code


def _sheet(world: World, needs: Mapping[str, str]) -> Sheet:
    keeper, analyst = world.actor("secretary"), world.actor("analyst")
    scorers = [world.actor("org_officer"), world.actor("auditor")]
    then = world.now - timedelta(days=15)
    sheet = services.draft_sheet(
        actor=keeper, now=then, unit=world.root, title=localized("明年重点任务评分表", "Tasks of next year")
    )  # fmt: skip
    seats = [one.account_id for one in scorers if one.account_id is not None]
    services.seat_scorers(actor=keeper, now=then, code=sheet.code, account_ids=seats)
    services.publish_sheet(actor=keeper, now=then, code=sheet.code)
    services.draw_panel(actor=keeper, now=then, code=sheet.code, seed="ebf-demo-panel")
    open_needs = {need.code for need in Need.objects.filter(code__in=needs.values()).exclude(state="answered")}
    plans = (
        ("heat", "户外驿站再建 40 处", "Forty more rest stops", "在高温路段设饮水、避暑、充电的驿站。",
         "Water, shade and power along the hottest roads.", 800_000, (5, 4, 5, 3, 3)),
        ("childcare", "暑期托管班扩到八个区", "Holiday care in eight districts",
         "与学校和社区合办，名额向双职工家庭倾斜。",
         "With schools and neighbourhoods, first for families in which both work.", 1_200_000, (4, 4, 4, 2, 1)),
        ("insurance", "平台职工互助保障", "Mutual cover for platform workers", "工会与平台共同出资，覆盖意外与重疾。",
         "Union and platforms pay together for accidents and grave illness.", 2_000_000, (3, 5, 2, 1, 2)),
        ("overtime", "加班费咨询日", "Advice days on overtime pay", "每月一次，律师在窗口解答并核算。",
         "Once a month a lawyer answers and computes at the window.", 90_000, (4, 4, 4, 5, 4)),
    )  # fmt: skip
    raised = []
    for key, zh, en, text_zh, text_en, cost, marks in plans:
        if needs.get(key) not in open_needs:
            continue
        candidate = services.raise_candidate(
            actor=analyst, now=then, sheet_code=sheet.code, title=localized(zh, en), text=localized(text_zh, text_en),
            cost=Decimal(cost), need_codes=[needs[key]],
        )  # fmt: skip
        raised.append((candidate, marks))
    for number, (candidate, marks) in enumerate(raised):
        # The last one waits for the second scorer.
        _score(candidate, marks, scorers[: 1 if number == len(raised) - 1 else 2], then + timedelta(days=2))
    for number, (candidate, _marks) in enumerate(raised[:2]):
        _hear(world, candidate, then + timedelta(days=6), number)
    if len(raised) > 1:
        services.adopt_candidate(
            actor=world.actor("executive"), now=then + timedelta(days=10), code=raised[0][0].code,
            reason=localized("覆盖面大，工会能办。", "It reaches many, and the union can do it."),
        )  # fmt: skip
    services.raise_candidate(
        actor=keeper, now=then, sheet_code=sheet.code, title=localized("职代会制度全覆盖检查", "A check of congresses"),
        text=localized("按规定检查职工代表大会制度落实情况。", "Checks whether congresses are held as they must be."),
        cost=Decimal(30_000), origin="law", ground="《工会法》第三十六条",
    )  # fmt: skip
    return sheet


def _score(candidate: Candidate, marks: Sequence[int], scorers: Sequence[Actor], now: datetime) -> None:
    from qiao.hear.needs.rules.forming import CRITERIA

    for place, scorer in enumerate(scorers):
        given = {key: min(5, mark + place) for key, mark in zip(CRITERIA, marks, strict=True)}
        services.score_candidate(actor=scorer, now=now + timedelta(hours=place), code=candidate.code, marks=given)


def _hear(world: World, candidate: Candidate, now: datetime, number: int) -> None:
    accounts = {account.person_id: account for account in world.member_accounts}
    words = ("要建在公交站旁边。", "", "晚上也要开门。", "", "", "最好在手机上能查到位置。", "", "")
    seats = list(UserSeat.objects.filter(sheet=candidate.sheet).order_by("pk")[:8])
    for place, seat in enumerate(seats):
        say = ("for", "for", "partly", "for", "against", "for", "partly", "for")[(place + number) % 8]
        member = actor_for(accounts[seat.person_id], world.now.date())
        services.speak_on_candidate(
            actor=member, now=now, code=candidate.code, say=say, words=words[place] if number == 0 else ""
        )
    if number == 0:
        services.close_panel(actor=world.actor("secretary"), now=now + timedelta(days=2), code=candidate.code)
