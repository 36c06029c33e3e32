"""Topics, digests and candidates in a small federation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from tests.factories.hear import CHOICES, DAY, SURVEY, Town, closed_round, upload, workbook

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.hear.needs import services
from qiao.hear.needs.models import Candidate, Need, Sheet, TopicSet
from qiao.hear.surveys.queries import version_by_id
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.people.services import open_account

BUS = (
    "夜班下班没有公交车", "晚上十一点以后没有班车回家", "夜班结束只能打车回家", "末班车太早，夜班赶不上",
    "希望开夜班公交",
    "No bus home after the night shift", "The last bus leaves before the night shift ends",
    "夜里回家没有车坐", "班车时间和夜班对不上", "I have to take a taxi after every night shift",
)  # fmt: skip
MEAL = (
    "食堂饭菜太贵了", "食堂菜品单一", "夏天食堂饭菜不新鲜", "食堂排队时间太长", "The canteen is too expensive",
    "食堂价格又涨了", "食堂没有清真以外的选择也没有素菜", "午饭吃不饱", "The food in the canteen is bad", "食堂卫生差",
)  # fmt: skip
PAY = (
    "加班费没有按时发", "加班工资算错了", "周末加班没有加班费", "Overtime is not paid", "加班费拖欠三个月",
    "加班费标准不清楚", "Overtime pay is always late", "加班多加班费少", "节假日加班没有三倍工资", "加班费被扣了",
)  # fmt: skip


def second_analyst(town: Town) -> Actor:
    """Another analyst of the federation."""
    return officer(town, Role.ANALYST, "analyst2")


def officer(town: Town, role: Role, box: str) -> Actor:
    """Another officer of the federation."""
    account = open_account(actor=SYSTEM, now=town.now, email=f"{box}@town.example", display_name=box)
    grant_role(actor=SYSTEM, now=town.now, account=account, role=role, unit=town.root, since=date(2020, 1, 1))
    return actor_for(account, town.now.date())


def round_with_words(town: Town, texts: Sequence[str], *, consent: Sequence[str] = ()) -> str:
    """A published census round in which these texts were written; ``consent``: those whose writers may be quoted."""
    survey = (*SURVEY, ("select_one yesno", "quote_ok", "可以引用吗？", "May we quote you?", "", ""))
    choices = (*CHOICES, ("yesno", "yes", "可以", "Yes"), ("yesno", "no", "不可以", "No"))
    version = version_by_id(upload(town, workbook(survey, choices)))
    answers = [
        {"ws_shift": "day", "need_first": ["pay"], "words": text, "quote_ok": "yes" if text in consent else "no"}
        for text in texts
    ]
    return closed_round(town, answers, version=version).code


def topic_set(town: Town, texts: Sequence[str] = (*BUS, *MEAL, *PAY), **options: object) -> TopicSet:
    """Topics worked out from these texts."""
    consent = options.pop("consent", ())
    code = round_with_words(town, texts, consent=consent)  # type: ignore[arg-type]
    made = services.gather_topics(
        actor=town.actor(Role.ANALYST), now=town.now + 11 * DAY, unit=town.root, title=localized("心里话", "In words"),
        source_codes=[code], seed=1, **options,  # type: ignore[arg-type]
    )  # fmt: skip
    return services.cluster_topics(actor=SYSTEM, now=town.now + 11 * DAY, topic_set_id=made.pk)


def a_need(town: Town, now: datetime, title: str = "夜班没有车") -> Need:
    """A published need."""
    return services.raise_finding(
        actor=SYSTEM, now=now, unit=town.root, title=localized(title, "No bus"), detail={}, share=0.5, lower=0.45,
        upper=0.55, n=300, rate=0.4, source_code="E-1",
    )  # fmt: skip


def published_sheet(town: Town, now: datetime, scorers: Sequence[Actor]) -> Sheet:
    """A sheet with these scorers, published."""
    keeper = town.actor(Role.SECRETARY)
    sheet = services.draft_sheet(actor=keeper, now=now, unit=town.root, title=localized("明年重点任务", "Tasks"))
    seats = [one.account_id for one in scorers if one.account_id]
    services.seat_scorers(actor=keeper, now=now, code=sheet.code, account_ids=seats)
    return services.publish_sheet(actor=keeper, now=now, code=sheet.code)


def a_candidate(town: Town, now: datetime, sheet: Sheet, actor: Actor, **options: object) -> Candidate:
    """A candidate for a fresh need."""
    options.setdefault("need_codes", [a_need(town, now).code])
    return services.raise_candidate(
        actor=actor, now=now, sheet_code=sheet.code, title=localized("夜班公交", "Night bus"),
        text=localized("开三条线", "Three lines"), cost=Decimal(120000), **options,  # type: ignore[arg-type]
    )  # fmt: skip
