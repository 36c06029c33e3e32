"""The service window in the demonstration: requests in every state, one overdue, answers in public, a counter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from qiao.base.access import ANONYMOUS, SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.cli.demo.world import World
from qiao.hear.window import services
from qiao.hear.window.choices import Channel, Identity, Kind, Outcome, State, Way
from qiao.hear.window.models import Appointment
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.services import open_account

#: Days ago, topic, kind, words, how far it came. Natural, invented, of nobody.
_REQUESTS: tuple[tuple[int, str, str, str, str], ...] = (
    (90, "pay", "solution", "三月份国庆调休的加班费到现在没有发，问了两次都说等通知。", "public"),
    (84, "insurance", "question", "派遣工的工伤保险由谁缴？出了事找哪一家？", "public"),
    (80, "hours", "question", "入职不满一年有没有带薪年休假？", "public_at_once"),
    (71, "safety", "solution", "三号车间排风坏了半个月，夏天四十度没人修。", "closed"),
    (66, "contract", "solution", "合同到期公司不续签，也不谈补偿。", "closed"),
    (60, "aid", "question", "家里人住院，困难帮扶要准备哪些材料？", "at_once"),
    (52, "service", "suggestion", "希望工会食堂给夜班留热饭窗口。", "closed"),
    (45, "pay", "solution", "绩效扣款没有依据，也不给看考核表。", "reopened"),
    (40, "membership", "question", "换了单位，会员关系怎么转？", "linked"),
    (33, "contract", "solution", "试用期被延长了一次，合同里没有写。", "overdue"),
    (9, "hours", "solution", "连续上了十二天班，没有安排休息。", "extended"),
    (8, "pay", "solution", "高温津贴六月起就该发，财务说没有通知。", "answered"),
    (7, "insurance", "question", "个人去税务局申报专项附加扣除要带什么？", "handed_over"),
    (6, "service", "solution", "反映工会干部办事拖拉，希望不要经过本单位工会。", "by_pass"),
    (5, "safety", "solution", "仓库消防通道被货堵着，说了没人管。", "called_back"),
    (4, "hours", "question", "产假期间可以上夜班吗？", "assigned"),
    (3, "other", "suggestion", "骑手驿站晚上十点就关门，能不能晚一点？", "returned"),
    (1, "pay", "solution", "厂里拖欠工资两个月，临近年底大家着急。", "received"),
    (0, "contract", "question", "公司让签空白合同，可以拒绝吗？", "received"),
)
_PUBLIC = {
    "三月份": (
        "节假日调休后的加班费一直不发，怎么办？",
        "可以要求补发。工会与用人单位核对考勤后，十二名职工的加班费已补发。",
    ),
    "派遣工": ("派遣工的工伤保险由谁缴？", "由派遣单位缴纳；出了工伤先救治，再由派遣单位申报，用工单位配合。"),
    "入职不": ("入职不满一年有没有带薪年休假？", "累计工作满一年即可享受，换单位不清零；当年按剩余日历天数折算。"),
}


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - as every stage
    """Requests taken through their states by the people of the window, a counter with a queue and appointments."""
    _prepared(world)
    _second_handler(world)
    codes: dict[str, str] = {}
    for number, (ago, topic, kind, text, came) in enumerate(_REQUESTS):
        codes.setdefault(came, _one(world, number, ago, topic, kind, text, came, codes))
    _counter(world)
    services.warn_due(actor=SYSTEM, now=world.now)
    services.ask_follow_ups(actor=SYSTEM, now=world.now)
    services.seal_days(actor=SYSTEM, now=world.now)
    return {"requests": codes}


def _second_handler(world: World) -> None:
    """One more handler, so that somebody else can look at what is reopened."""
    account = open_account(actor=SYSTEM, now=world.now, email="handler2@ebf.example", display_name="渡思齐")
    day = (world.now - timedelta(days=400)).date()
    grant_role(actor=SYSTEM, now=world.now, account=account, role=Role.CASE_HANDLER, unit=world.root, since=day)


def _one(
    world: World, number: int, ago: int, topic: str, kind: str, text: str, came: str,
    codes: Mapping[str, str],
) -> str:  # fmt: skip
    filed_at = world.now - timedelta(days=ago, hours=3)
    member = world.members[0]
    named = number % 3 == 0 and came != "by_pass"
    given = services.Given(
        nonce=f"demo-window-{number:04}", text=text, kind=kind, topic=topic,
        identity=Identity.CONFIDENTIAL if named else Identity.ANONYMOUS, name=member.name if named else "",
        place=world.bases[0] if came == "by_pass" else None, by_pass=came == "by_pass",
        about="union" if came == "by_pass" else "",
    )  # fmt: skip
    if number % 4 == 2:
        filed = services.enter_request(
            actor=world.actor("desk_officer"), now=filed_at, given=given, channel=Channel.PHONE, at=world.root
        )
    else:
        filed = services.file_request(actor=member if named else ANONYMOUS, now=filed_at, given=given)
    code = filed.request.code
    _take_on(world, number, code, filed_at, came, codes, text)
    return code


def _take_on(
    world: World, number: int, code: str, start: datetime, came: str, codes: Mapping[str, str], text: str
) -> None:  # fmt: skip
    desk, worker, checker = world.actor("desk_officer"), world.actor("case_handler"), world.actor("org_officer")
    account = world.account("case_handler")

    def at(days: float) -> datetime:
        return min(start + timedelta(days=days), world.now)

    if came in ("received", "by_pass"):
        return
    if came in ("at_once", "public_at_once"):
        services.answer_at_once(actor=desk, now=at(0.1), code=code, text=_answer(text), nonce=f"demo-once-{number:04}")
    elif came == "handed_over":
        services.hand_over(
            actor=desk, now=at(0.2), code=code, where="区税务服务厅，电话 12366",
            why="个税申报由税务机关受理；请带身份证和相关证明。", nonce=f"demo-over-{number:04}",
        )  # fmt: skip
    elif came == "linked":
        services.join_duplicate(actor=desk, now=at(0.5), code=code, other=codes["at_once"])
    else:
        services.sort_request(
            actor=desk, now=at(0.3), code=code, topic=_REQUESTS[number][1],
            time_class="hard" if came in ("closed", "public") else "general", urgent=False,
        )  # fmt: skip
        services.assign(actor=desk, now=at(0.3), code=code, body=world.root, handler=account)
        _worked(number, code, at, came, worker, checker)
    if came.startswith("public"):
        question, reply = _PUBLIC[text[:3]]
        services.publish_request(actor=desk, now=at(20), code=code, text=question, answer=reply)


def _worked(number: int, code: str, at: Callable[[float], datetime], came: str, worker: Actor, checker: Actor) -> None:
    if came in ("assigned", "returned"):
        return
    services.accept_request(actor=worker, now=at(0.6), code=code)
    services.start_work(actor=worker, now=at(1), code=code)
    if came == "overdue":
        return
    if came == "extended":
        services.extend_request(
            actor=worker,
            now=at(2),
            code=code,
            days=5,
            reason="正在与用人单位核对排班表。",
            nonce=f"demo-ext-{number:04}",
        )
        return
    services.answer_request(
        actor=worker, now=at(3), code=code, text=_answer(_REQUESTS[number][3]), nonce=f"demo-ans-{number:04}"
    )
    if came == "answered":
        return
    services.call_back(
        actor=checker, now=at(4), code=code, outcome=Outcome.SOLVED if came != "called_back" else Outcome.PARTLY,
        nonce=f"demo-call-{number:04}", retold=False,
    )  # fmt: skip
    if came == "called_back":
        services.rate_request(now=at(4), code=code, grade=2, note="等得有点久。")
        return
    services.rate_request(now=at(4.5), code=code, grade=5 if number % 2 else 4)
    services.close_request(actor=checker, now=at(5), code=code, quality=True)
    if came == "reopened":
        services.reopen_request(now=at(40), code=code, reason="这个月又扣了。", nonce=f"demo-again-{number:04}")


def _answer(text: str) -> str:
    for begins, (_question, reply) in _PUBLIC.items():
        if text.startswith(begins):
            return reply
    return "已核实并与用人单位商定办法，本月内落实；如没有落实，请凭回执重新打开。"


def _prepared(world: World) -> None:
    desk, start = world.actor("desk_officer"), world.now - timedelta(days=200)
    for state, title, text in (
        (State.ANSWERED, ("已补发", "Paid out"),
         ("您的诉求 {receipt} 已由 {body} 办理，款项已补发，请核对。",
          "{body} has dealt with your request {receipt}; the money was paid out, please check.")),
        (State.EXTENDED, ("核对资料", "Checking papers"),
         ("需要与用人单位核对资料，请再给我们一些时间。", "We check papers with the employer; please bear with us.")),
        (State.ANSWERED_AT_ONCE, ("年休假", "Annual leave"),
         ("累计工作满一年即可享受带薪年休假，换单位不清零。", "After a year of work in all you have paid leave.")),
        (State.HANDED_OVER, ("社保经办", "Social insurance office"),
         ("此事由社保经办机构受理，请带身份证前往。", "The social insurance office deals with this.")),
    ):  # fmt: skip
        services.keep_template(
            actor=desk, now=start, unit=world.root, state=state, title=localized(*title), text=localized(*text)
        )
    services.set_receiver(actor=desk, now=start, place=world.districts[-1], body=world.root, topic="safety")


def _counter(world: World) -> None:
    desk = world.actor("desk_officer")
    for number, kind in enumerate((Kind.QUESTION, Kind.SOLUTION, Kind.QUESTION, Kind.SUGGESTION)):
        services.draw_number(actor=desk, now=world.now, unit=world.root, kind=kind, nonce=f"demo-number-{number}")
    services.call_next(actor=desk, now=world.now, unit=world.root, desk_number=1)
    tomorrow = timezone.localtime(world.now + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    for days, way in ((0, Way.COUNTER), (1, Way.HOME), (2, Way.PHONE)):
        starts = tomorrow + timedelta(days=days)
        services.offer_slots(
            actor=desk, now=world.now, unit=world.root, starts=starts, ends=starts + timedelta(hours=2), minutes=30,
            way=way,
        )  # fmt: skip
    first = Appointment.objects.filter(unit=world.root).order_by("starts")[0]
    services.book_slot(now=world.now, code=first.code, nonce="demo-appointment", name=world.members[1].name)
    for ago in range(1, 15):
        services.count_calls(
            actor=desk, now=world.now, unit=world.root, day=(world.now - timedelta(days=ago)).date(), offered=40 + ago,
            connected=39 + ago, in_time=36 + ago,
        )  # fmt: skip
