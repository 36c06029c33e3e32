"""Hearing in the demonstration: one round that ended long ago with its needs, one that is open now.

Answers are simulated from a fixed seed with known effects; everything after that is the real computation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import Localized, localized
from qiao.cli.demo.world import World
from qiao.hear.needs import services as needs
from qiao.hear.surveys import services as surveys
from qiao.hear.surveys.choices import Asked
from qiao.hear.surveys.exports import template_form
from qiao.hear.surveys.queries import POINTS, invitations_for_entry, round_by_code, version_by_id
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account

#: Share of members who name each need, before the effects of their work.
NAMED = {
    "pay": 0.55, "overtime": 0.46, "insurance": 0.36, "health": 0.33, "training": 0.16, "night_bus": 0.10,
    "childcare": 0.11, "heat": 0.12, "canteen": 0.14, "housing": 0.10, "legal": 0.07, "culture": 0.05,
}  # fmt: skip
#: Who names what much more often: need, what of the work makes it so, share among them.
EFFECTS = (
    ("night_bus", "ws_shift", "night", 0.66),
    ("childcare", "ws_child", "yes", 0.48),
    ("heat", "ws_place", "outdoors", 0.57),
    ("insurance", "employment", "platform", 0.72),
)
#: What the rounds are for, as members read it.
PURPOSE = localized(
    "了解职工最需要工会办哪些事，作为来年实事项目的依据。",
    "To learn what members need most from the union: next year's projects rest on it.",
)
#: How the analyst words the needs that later stages take up: key, item, group, title, what lies behind it.
WORDED: tuple[tuple[str, str, str, Localized, Localized], ...] = (
    (
        "night_bus", "need_first:night_bus", "ws_shift:night",
        localized("夜班职工下班没有车", "No way home after the night shift"),
        localized("末班公交 22:30 收车，夜班 23:00 以后下班。", "The last bus leaves at 22:30, shifts end later."),
    ),
    (
        "childcare", "need_first:childcare", "ws_child:yes",
        localized("寒暑假孩子没人照看", "Nobody to look after the children in the holidays"),
        localized("双职工家庭在假期里没有可托付的地方。", "Families in which both work have nowhere to leave them."),
    ),
    (
        "heat", "need_first:heat", "ws_place:outdoors",
        localized("高温天户外作业没有休息点", "No place to rest in the heat for those who work outdoors"),
        localized("七八月户外岗位中午无处避暑、饮水。", "In July and August there is no shade and no water at noon."),
    ),
    (
        "insurance", "need_first:insurance", "employment:platform",
        localized("平台职工的社会保险没有着落", "Platform workers have no full social insurance"),
        localized("平台用工的职工多数只有单项保险。", "Most of them are insured against accidents only."),
    ),
    (
        "pay", "need_first:pay", "",
        localized("工资增长跟不上", "Pay does not keep up"),
        localized("各区职工都把工资放在前列。", "In every district pay stands among the first."),
    ),
    (
        "overtime", "need_first:overtime", "",
        localized("加班多，加班费没有按规定付", "Much overtime, not paid by the rules"),
        localized("各区职工都把它列为前五位。", "In every district it is among the first five."),
    ),
)  # fmt: skip


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:
    """Both rounds, the answers, the needs. Returns the codes that later stages take up."""
    del earlier
    begin = world.now - timedelta(days=420)
    version = surveys.upload_questionnaire(
        actor=world.actor("survey_owner"),
        now=begin,
        unit=world.root,
        title=localized("职工需求调查问卷", "Questionnaire on members' needs"),
        file_name="needs-survey.xlsx",
        content=template_form(),
    )
    year = (world.now - timedelta(days=390)).year
    size = 10_000 if world.size == "full" else 1_600
    past = _round(
        world,
        version_id=version.pk,
        title=localized(f"{year} 年职工需求调查", f"Members' needs survey {year}"),
        asked=Asked.SAMPLE,
        size=size,
        opens=world.now - timedelta(days=400),
        closes=world.now - timedelta(days=380),
        rate=0.24 if world.size == "full" else 0.46,
        spare=frozenset(),
    )
    closing = world.now - timedelta(days=380)
    owner = world.actor("survey_owner")
    surveys.close_round(actor=owner, now=closing, code=past)
    surveys.publish_results(actor=owner, now=closing + timedelta(minutes=5), code=past)
    present = _round(
        world,
        version_id=version.pk,
        title=localized(f"{world.now.year} 年职工需求调查", f"Members' needs survey {world.now.year}"),
        asked=Asked.SAMPLE if world.size == "full" else Asked.CENSUS,
        size=size if world.size == "full" else None,
        opens=world.now - timedelta(days=10),
        closes=world.now + timedelta(days=11),
        rate=0.17,
        # Members who sign in to the demonstration find the open round unanswered.
        spare=frozenset(account.person_id for account in world.member_accounts if account.person_id),
    )
    return {"round": past, "open_round": present, "needs": _needs(world, past)}


def _round(
    world: World,
    *,
    version_id: int,
    title: Localized,
    asked: Asked,
    size: int | None,
    opens: datetime,
    closes: datetime,
    rate: float,
    spare: frozenset[int],
) -> str:
    """A round planned, drawn, opened and answered by a part of those invited; its code."""
    owner, drawer = world.actor("survey_owner"), world.actor("sample_drawer")
    survey = surveys.plan_round(
        actor=owner, now=opens - timedelta(days=9), unit=world.root, title=title, version=version_by_id(version_id),
        asked=asked, sample_size=size, opens=opens, closes=closes, purpose=PURPOSE, expected_rate=0.25,
    )  # fmt: skip
    surveys.pass_plan(
        actor=world.actor("dpo"), now=opens - timedelta(days=7), code=survey.code, sensitive=["ws_child"],
        points={key: True for key, _label in POINTS},
    )  # fmt: skip
    surveys.draw_round(actor=drawer, now=opens - timedelta(days=5), code=survey.code)
    surveys.open_round(actor=owner, now=opens, code=survey.code)
    survey = round_by_code(survey.code)
    invited = [row for row in invitations_for_entry(survey) if row.person_id not in spare]
    chosen = np.flatnonzero(world.rng.random(len(invited)) < rate)
    answers = [(invited[int(k)].pk, simulated_answer(world.rng, invited[int(k)].employment)) for k in chosen]
    surveys.store_many(actor=SYSTEM, now=opens + timedelta(days=3), survey=survey, answers=answers)
    return survey.code


def simulated_answer(rng: np.random.Generator, employment: str) -> dict[str, object]:
    """One invented answer to the questionnaire, as the page would have stored it."""
    values: dict[str, object] = {
        "ws_shift": str(rng.choice(["day", "night", "rotating"], p=[0.68, 0.2, 0.12])),
        "ws_place": str(rng.choice(["indoors", "outdoors", "road"], p=[0.66, 0.22, 0.12])),
        "ws_child": "yes" if rng.random() < 0.35 else "no",
    }
    shares = dict(NAMED)
    traits = {**values, "employment": employment}
    shares |= {need: share for need, where, which, share in EFFECTS if traits[where] == which}
    draws = rng.random(len(shares))
    named = [need for need, draw in zip(shares, draws, strict=True) if draw < shares[need]]
    while len(named) > 5:
        # Of too many the least pressing goes: the one drawn closest to its share.
        margin = {need: shares[need] - draw for need, draw in zip(shares, draws, strict=True)}
        named.remove(min(named, key=lambda need: margin[need]))
    values["need_first"] = named or ["none"]
    values["commute"] = str(rng.choice(["bus", "own", "walk", "other"], p=[0.5, 0.25, 0.2, 0.05]))
    if values["ws_shift"] != "day":
        values["missed"] = "yes" if rng.random() < (0.6 if values["ws_shift"] == "night" else 0.3) else "no"
    values["overtime"] = int(rng.choice([0, 4, 8, 16, 24, 36], p=[0.3, 0.15, 0.2, 0.15, 0.12, 0.08]))
    if values["overtime"]:
        values["overtime_paid"] = str(rng.choice(["yes", "partly", "no"], p=[0.5, 0.3, 0.2]))
    if values["ws_child"] == "yes":
        values["care_cost"] = str(rng.choice(["yes", "partly", "no"], p=[0.35, 0.3, 0.35]))
    values["known"] = str(rng.choice(["well", "some", "none"], p=[0.2, 0.5, 0.3]))
    values["trust"] = int(rng.choice([1, 2, 3, 4, 5], p=[0.06, 0.12, 0.32, 0.34, 0.16]))
    return values


def second_analyst(world: World) -> Actor:
    """Another analyst, who checks what the first has worded; opened at the first call."""
    account = Account.objects.filter(email="analyst2@ebf.example").first()
    if account is None:
        first = world.account("analyst")
        account = open_account(
            actor=SYSTEM, now=world.now, email="analyst2@ebf.example", display_name="竹知微"
        )  # fmt: skip
        account.password = first.password
        account.save(update_fields=["password"])
        since = (world.now - timedelta(days=900)).date()
        grant_role(actor=SYSTEM, now=world.now, account=account, role=Role.ANALYST, unit=world.root, since=since)
    return actor_for(account, world.now.date())


def _needs(world: World, code: str) -> dict[str, str]:
    """Derive, word and publish; what nobody words stays a draft for the analyst."""
    analyst, second = world.actor("analyst"), second_analyst(world)
    derived = needs.derive_needs(actor=analyst, now=world.now - timedelta(days=375), round_code=code)
    published: dict[str, str] = {}
    for key, item, group, title, detail in WORDED:
        need = next((one for one in derived if one.item == item and one.group_key == group), None)
        if need is None:
            continue
        day = world.now - timedelta(days=370)
        needs.word_need(actor=analyst, now=day, code=need.code, title=title, detail=detail)
        needs.check_need(actor=second, now=day, code=need.code)
        needs.publish_need(actor=analyst, now=day, code=need.code)
        published[key] = need.code
    if "pay" in published:
        needs.answer_need(
            actor=world.actor("executive"),
            now=world.now - timedelta(days=365),
            code=published["pay"],
            answer=localized(
                "工资由各单位集体协商确定，总工会不能用实事项目解决；已列入今年集体协商要约行动的重点，协商结果另行公布。",
                "Pay is set by bargaining in each workplace, not by a project of the federation. It leads this year's "
                "call for bargaining, whose results are published there.",
            ),
        )
    return published
