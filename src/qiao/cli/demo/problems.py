"""The problem ledger of the demonstration: problems in every state, one overdue, one come back, one opened again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from qiao.base.access import ANONYMOUS, SYSTEM
from qiao.base.i18n import Localized, localized
from qiao.cli.demo.world import World
from qiao.judge.problems import services
from qiao.judge.problems.choices import Say, Source, State, Tendency
from qiao.judge.problems.models import Entry
from qiao.org.access.queries import actor_for

#: Title, text, kind, how many days ago, how far it has come.
_CASES: tuple[tuple[Localized, Localized, Tendency, int, str], ...] = (
    (
        localized("报表太多，同一数字填三遍", "Too many forms: the same number three times"),
        localized(
            "每月要向三个部门报同样的会员数，格式各不相同。",
            "The same count of members goes to three offices every month, each in its own form.",
        ),
        Tendency.COMMAND,
        300,
        "closed",
    ),
    (
        localized("夜班职工到窗口时已经下班", "The counter is closed when the night shift ends"),
        localized(
            "窗口五点关门，夜班职工从来办不了事。", "The counter shuts at five; the night shift never gets there."
        ),
        Tendency.SERVICE,
        260,
        "reopened",
    ),
    (
        localized("送清凉只送到厂区门口", "Summer cooling stops at the gate"),
        localized("外包工在室外干活，没有人送到工位。", "Agency workers outside get nothing at their place of work."),
        Tendency.SHOW,
        200,
        "claimed",
    ),
    (
        localized("干部半年没有到过班组", "No officer came to the teams for half a year"),
        localized(
            "意见只能写在表上，没有人当面听。", "What we have to say goes onto a form; nobody listens in person."
        ),
        Tendency.OFFICE_BOUND,
        150,
        "overdue",
    ),
    (
        localized("职代会代表里一线职工太少", "Too few front-line workers among the delegates"),
        localized("三十名代表中二十名是管理人员。", "Twenty of thirty delegates are managers."),
        Tendency.ELITE,
        60,
        "running",
    ),
    (
        localized("法律援助要等三周", "Legal aid takes three weeks"),
        localized("递交申请后三周才有人回电话。", "It takes three weeks until somebody calls back."),
        Tendency.RIGHTS,
        25,
        "owned",
    ),
    (
        localized("活动报名只能用手机", "One can sign up for events by phone only"),
        localized("没有智能手机的老师傅报不上名。", "Older workers without a smartphone cannot sign up."),
        Tendency.SERVICE,
        12,
        "accepted",
    ),
    (
        localized("食堂涨价没有征求意见", "Canteen prices rose and nobody was asked"),
        localized(
            "上月起每份贵两元，事先没有听职工意见。",
            "Two yuan more a meal since last month; workers were not asked first.",
        ),
        Tendency.OTHER,
        3,
        "raised",
    ),
    (
        localized("希望工会组织跨省旅游", "The union should organise trips to other provinces"),
        localized("希望每年组织一次。", "Once a year, please."),
        Tendency.OTHER,
        90,
        "declined",
    ),
)


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - every stage is asked alike
    """Problems of the first district in every state, and those that judgments and requests have brought."""
    unit = world.districts[0]
    member = world.members[0]
    for number, (title, text, tendency, ago, goal) in enumerate(_CASES):
        made = services.raise_problem(
            actor=member if number % 2 else ANONYMOUS,
            now=world.now - timedelta(days=ago),
            given=services.Given(
                nonce=f"demo-problem-{number}", unit=unit, title=title, text=text, tendency=tendency, shielded=True
            ),
        ).entry
        _bring(world, made, goal, world.now - timedelta(days=ago))
    services.take_up_evaluations(actor=SYSTEM, now=world.now - timedelta(days=30))
    services.find_patterns(actor=SYSTEM, now=world.now)
    audited = services.raise_problem(
        actor=world.actor("auditor"),
        now=world.now - timedelta(days=20),
        given=services.Given(
            nonce="demo-problem-audit",
            unit=world.districts[1],
            source=Source.AUDIT,
            tendency=Tendency.MONEY,
            title=localized("专项资金结余未公布", "What was left of the fund was not published"),
            text=localized(
                "审计发现上年度结余没有向会员公布。", "The audit found that members were not told what was left."
            ),
        ),
    ).entry
    services.accept_problem(actor=world.actor("executive"), now=world.now - timedelta(days=18), code=audited.code)
    services.warn_due(actor=SYSTEM, now=world.now)
    return {}


def _bring(world: World, made: Entry, goal: str, raised: datetime) -> None:
    """Take one problem as far as its state, each step on its day."""
    chief, account = world.actor("executive"), world.account("task_owner")
    owner = world.actor("task_owner")
    if goal == "raised":
        return
    if goal == "declined":
        services.decline_problem(
            actor=chief,
            now=raised + timedelta(days=6),
            code=made.code,
            reason=localized(
                "这是建议，不是问题，已转活动征集。", "A suggestion, not a problem; passed on to the call for events."
            ),
        )
        return
    services.accept_problem(actor=chief, now=raised + timedelta(days=5), code=made.code)
    if goal == "accepted":
        return
    at = raised + timedelta(days=9)
    services.name_owner(actor=chief, now=at, code=made.code, unit=world.root, owner=account)
    if goal == "owned":
        return
    at += timedelta(days=4)
    day = at.date()
    services.plan_remedy(
        actor=owner,
        now=at,
        code=made.code,
        remedy=localized(
            "先问清情况，再改规定，最后请职工试用。", "Ask first, change the rule, then let workers try it."
        ),
        steps=[
            (localized("到三个班组听意见", "Listen to three teams"), day + timedelta(days=10)),
            (localized("改规定并公布", "Change the rule and publish it"), day + timedelta(days=30)),
        ],
    )
    if goal == "running":
        services.do_step(actor=owner, now=at + timedelta(days=8), code=made.code, position=1)
        services.extend_remedy(
            actor=owner,
            now=at + timedelta(days=20),
            code=made.code,
            until=(world.now + timedelta(days=25)).date(),
            reason=localized("换届选举在即，新代表名额随选举调整。", "An election is near; seats change with it."),
        )
        return
    if goal == "overdue":
        services.do_step(actor=owner, now=at + timedelta(days=10), code=made.code, position=1)
        return
    for position in (1, 2):
        services.do_step(actor=owner, now=at + timedelta(days=9 * position), code=made.code, position=position)
    at += timedelta(days=25)
    made = services.claim_mended(
        actor=owner,
        now=at,
        code=made.code,
        claim=localized("规定已改，问了职工。", "The rule is changed; workers were asked."),
        users_asked=20,
        users_confirmed=17,
    )
    _recheck(world, made, goal)


def _recheck(world: World, made: Entry, goal: str) -> None:
    """Those asked speak: most say mended, or not; the one that is open now has heard two."""
    if made.recheck_from is None:
        return
    at = max(made.recheck_from, world.now - timedelta(days=1)) if goal == "claimed" else made.recheck_from
    at += timedelta(hours=9)
    if at > world.now:
        return
    say = Say.NOT_MENDED if goal == "reopened" else Say.MENDED
    voices = made.voices.filter(person__account__isnull=False).select_related("person__account").order_by("pk")
    for number, voice in enumerate(voices):
        made.refresh_from_db()
        if voice.person is None or made.state != State.CLAIMED or (goal == "claimed" and number == 1):
            break
        services.say_whether_mended(
            actor=actor_for(voice.person.account, at.date()),
            now=at,
            code=made.code,
            say=say,
            note_text="周六仍然没有人值班" if say == Say.NOT_MENDED and number == 0 else "",
        )
    made.refresh_from_db()
    if goal == "closed" and made.state == State.RECHECKED:
        services.close_problem(
            actor=world.actor("auditor"),
            now=at + timedelta(days=5),
            code=made.code,
            lesson=localized("一个数字只报一次，由系统汇总。", "A number is asked for once; the system adds up."),
        )
