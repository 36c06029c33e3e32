"""Workers' congresses of the demonstration: one in term with meetings of all states, one to certify, one forming."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import Localized, localized
from qiao.cli.demo.world import World, invented_name
from qiao.decide.congress import services
from qiao.decide.congress.choices import Aspect, BreachGround, ItemKind, Matter, Rating, ReviewWord, Way
from qiao.decide.congress.models import Congress, Delegate, Question, Session
from qiao.decide.congress.rules.quota import Electorate
from qiao.decide.congress.rules.settings import TABLE
from qiao.org.membership.queries import active_members
from qiao.org.people.models import Person
from qiao.org.settings.services import set_value
from qiao.org.units.models import Unit

DAY = timedelta(days=1)
_MINUTES = "5e" * 32
_SEATS = 30


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - every stage is asked alike
    """Form three congresses; hold meetings, make proposals, show affairs, leave some of it overdue."""
    began = world.now - 420 * DAY
    set_value(
        actor=SYSTEM, now=began, setting_key=TABLE.key, unit=world.root, value="sh", since=localdate(began),
        reason="总工会常委会选定",
    )  # fmt: skip
    congress = _elected(world, world.bases[0], began)
    services.file_congress(actor=SYSTEM, now=began, code=congress.code)
    services.certify_congress(actor=world.actor("org_officer"), now=began + DAY, code=congress.code)
    congress.refresh_from_db()
    seats = [
        Actor(person_id=key, name="delegate", member_paths=(world.bases[0].path,))
        for key in congress.delegates.filter(person__isnull=False).order_by("pk").values_list("person_id", flat=True)
    ]
    # The member whom the sign-in page offers is the first delegate.
    seats.sort(key=lambda seat: seat.person_id != world.members[0].person_id)
    _past(world, congress)
    _matters(world, congress, seats)
    _present(world, congress, seats)
    waiting = _elected(world, world.bases[1], world.now - 9 * DAY)
    services.file_congress(actor=SYSTEM, now=world.now - 4 * DAY, code=waiting.code)
    joint = next(base for base in world.bases if base.kind == "joint_base")
    forming = services.form_congress(
        actor=SYSTEM, now=world.now - 3 * DAY, unit=joint, electorate=Electorate(230, 88, 170),
        counted=localdate(world.now) - 5 * DAY, source="各单位职工名册",
    )  # fmt: skip
    for zh, en, electors in (("甲公司", "Company A", 90), ("乙公司", "Company B", 80)):
        services.add_constituency(
            actor=SYSTEM, now=world.now - 2 * DAY, code=forming.code, name=localized(zh, en), electors=electors
        )
    return {"congress": congress.code}


def _elected(world: World, unit: Unit, now: datetime) -> Congress:
    """A term whose two constituencies have elected; the first member with an account is among them."""
    congress = services.form_congress(
        actor=SYSTEM,
        now=now,
        unit=unit,
        electorate=Electorate(160, 62, 118),
        counted=localdate(now),
        source="人事部门职工名册",
    )
    for zh, en, electors in (("生产部", "Production", 110), ("综合部", "Services", 50)):
        services.add_constituency(actor=SYSTEM, now=now, code=congress.code, name=localized(zh, en), electors=electors)
    services.divide_seats(actor=SYSTEM, now=now, code=congress.code)
    own = [account.person_id for account in world.member_accounts]
    people = list(Person.objects.filter(pk__in=active_members(unit.path).values("person")).order_by("pk")[:_SEATS])
    people.sort(key=lambda person: person.pk not in own)
    lines = [services.Elected(person.name, 45, number=person.pk) for person in people]
    lines += [services.Elected(invented_name(9_000 + number), 45) for number in range(_SEATS - len(lines))]
    start = 0
    for place in congress.constituencies.order_by("position"):
        chosen = [
            services.Elected(
                line.name, 70 if place.electors > 100 else 31, woman=row % 5 in (1, 3), front_line=row % 6 != 5,
                manager=row % 6 == 5, number=line.number,
            )
            for row, line in enumerate(lines[start : start + place.seats], start=start)
        ]  # fmt: skip
        start += place.seats
        services.record_election(
            actor=SYSTEM, now=now, constituency_id=place.pk, held_on=localdate(now),
            took_part=92 if place.electors > 100 else 44, elected=chosen, minutes_sha256=_MINUTES,
        )  # fmt: skip
    congress.refresh_from_db()
    return congress


def _called(congress: Congress, title: Localized, meets: datetime, called: datetime) -> Session:
    return services.call_session(
        actor=SYSTEM, now=called, congress_code=congress.code, title=title, meets=meets,
        place=localized("综合楼三层礼堂", "Hall, third floor"),
    )  # fmt: skip


def _open(session: Session, present: int) -> list[int]:
    """Send the papers in time and open the meeting with so many delegates; their ids."""
    services.send_papers(actor=SYSTEM, now=session.papers_due - 2 * DAY, code=session.code)
    rows = Delegate.objects.filter(congress=session.congress, until__isnull=True).order_by("pk")
    linked = list(rows.filter(person__isnull=False).values_list("pk", flat=True))
    others = list(rows.filter(person__isnull=True).values_list("pk", flat=True))
    there = (linked + others)[:present]
    table = list(rows.filter(pk__in=there, front_line=True).values_list("pk", flat=True))[:3]
    services.set_attendance(actor=SYSTEM, now=session.meets, code=session.code, present=there, presidium=table)
    services.open_meeting(actor=SYSTEM, now=session.meets, code=session.code)
    return there


def _vote(session: Session, code: str, papers: Mapping[str, int], valid: int) -> None:
    """A vote on paper, counted by two tellers and typed by two accounts."""
    services.open_vote(actor=SYSTEM, now=session.meets, code=code, way=Way.PAPER)
    services.hand_papers(actor=SYSTEM, now=session.meets, code=code)
    services.close_vote(actor=SYSTEM, now=session.meets + timedelta(minutes=16), code=code)
    sheet = {"valid": valid, "invalid": 0, "counts": dict(papers)}
    services.enter_tally(actor=SYSTEM, now=session.meets, code=code, tellers=["河知远", "林若谷"], **sheet)  # type: ignore[arg-type]
    services.confirm_tally(actor=Actor(name="second", system=True), now=session.meets, code=code, **sheet)  # type: ignore[arg-type]


def _past(world: World, congress: Congress) -> None:
    """Last year's meeting: heard, passed, not passed, elected, appraised; reported and followed up."""
    meets = world.now - 200 * DAY
    session = _called(congress, localized("第一次会议", "First meeting"), meets, meets - 35 * DAY)

    def put(kind: ItemKind, zh: str, en: str, **more: object) -> str:
        return services.add_item(
            actor=SYSTEM, now=meets - 30 * DAY, session_code=session.code, kind=kind, title=localized(zh, en),
            text=localized(f"{zh}，全文见会议材料。", f"{en}: the full text stands in the papers."), **more,  # type: ignore[arg-type]
        ).code  # fmt: skip

    heard = put(ItemKind.HEAR, "厂长工作报告", "Report of the director")
    passed = put(ItemKind.PASS, "高温季节停工与补贴办法", "Rules on stopping work and pay in heat")
    lost = put(ItemKind.PASS, "轮班调整方案", "Change of shifts")
    chosen = put(
        ItemKind.ELECT, "选举职工董事", "Election of a worker director", places=1,
        candidates=[localized("云景行", "Yun Jingxing"), localized("苔若水", "Tai Ruoshui")],
    )  # fmt: skip
    rated = put(ItemKind.RATE, "管理层年度履职", "Managers' work of the year")
    services.add_paper(
        actor=SYSTEM, now=meets - 30 * DAY, session_code=session.code, name="高温办法.txt",
        content="气温达到三十八度，露天作业停止；补贴按日计发。\n".encode(), item_code=passed,
    )  # fmt: skip
    count = len(_open(session, 26))
    session.refresh_from_db()
    services.settle_item(
        actor=SYSTEM,
        now=meets,
        code=heard,
        text=localized("代表听取报告，提出九条意见。", "Heard; delegates made nine points."),
    )
    _vote(session, passed, {"for": 22, "against": 3, "abstain": count - 25}, count)
    _vote(session, lost, {"for": 14, "against": 10, "abstain": count - 24}, count)
    _vote(session, chosen, {"1": 19, "2": 7}, count)
    grades: dict[str, int] = {}
    for place, aspect in enumerate(Aspect.values):
        good, poor = 15 - 2 * place, 2 + place
        grades |= {f"{aspect}:good": good, f"{aspect}:fair": 7, f"{aspect}:poor": poor,
                   f"{aspect}:none": count - good - 7 - poor}  # fmt: skip
    _vote(session, rated, grades, count)
    services.resolve_session(actor=SYSTEM, now=meets, code=session.code, minutes_sha256=_MINUTES)
    services.report_session(actor=SYSTEM, now=meets + 4 * DAY, code=session.code, report_note="工会〔2025〕12号")
    services.follow_session(
        actor=SYSTEM, now=meets + 120 * DAY, code=session.code,
        text=localized("高温办法自六月起执行，停工四天，补贴全部发放；轮班调整未实行。",
                       "The rules on heat hold since June: four days stopped, all paid. Shifts were not changed."),
    )  # fmt: skip


def _matters(world: World, congress: Congress, seats: list[Actor]) -> None:
    """Proposals and open affairs in every state, some overdue; a breach."""
    now, first = world.now, seats[0]

    def propose(by: Actor, days: int, title: str, text: str, seconds: int = 2, *, shielded: bool = False) -> str:
        made = services.draft_proposal(
            actor=by, now=now - days * DAY, congress_code=congress.code, title=title, text=text, language="zh-hans",
            shielded=shielded,
        )  # fmt: skip
        others = [seat for seat in seats if seat is not by and seat is not first][:seconds]
        for other in others:
            services.second_proposal(actor=other, now=now - days * DAY, code=made.code)
        return made.code

    def file(by: Actor, code: str, days: int, handler: str) -> None:
        then = now - days * DAY
        services.submit_proposal(actor=by, now=then, code=code)
        services.review_proposal(actor=SYSTEM, now=then + 2 * DAY, code=code, word=ReviewWord.FILE)
        services.assign_proposal(actor=SYSTEM, now=then + 3 * DAY, code=code, handler=handler)

    propose(seats[3], 6, "食堂夜宵延长到凌晨一点", "夜班职工下班时食堂已经关门。", 1)
    mine = propose(first, 40, "二车间增设饮水点", "二车间到最近的饮水点要走十分钟。")
    file(first, mine, 38, "后勤科")
    services.reply_proposal(actor=SYSTEM, now=now - 6 * DAY, code=mine, reply="两处饮水点下月十日前装好，负责人已定。",
                            signed_by="副厂长 水长东")  # fmt: skip
    late = propose(seats[4], 60, "更换三号线旧吊具", "吊具去年已到年限。", shielded=True)
    file(seats[4], late, 58, "设备科")
    again = propose(seats[5], 90, "更衣室安装通风", "夏季更衣室没有通风。")
    file(seats[5], again, 88, "基建科")
    services.reply_proposal(
        actor=SYSTEM, now=now - 70 * DAY, code=again, reply="列入以后年度考虑。", signed_by="副厂长 水长东"
    )
    services.rate_proposal(actor=seats[5], now=now - 65 * DAY, code=again, rating=Rating.NOT, rating_note="没有日期。")
    services.reply_proposal(actor=SYSTEM, now=now - 40 * DAY, code=again, reply="六月底前装好，经费已列支。",
                            signed_by="厂长 山河清")  # fmt: skip
    services.rate_proposal(actor=seats[5], now=now - 38 * DAY, code=again, rating=Rating.SATISFIED)
    fresh = propose(seats[6], 4, "设立母婴室", "综合楼没有母婴室。")
    services.submit_proposal(actor=seats[6], now=now - 3 * DAY, code=fresh)

    def affair(matter: Matter, zh: str, en: str, days: int) -> str:
        return services.register_affair(
            actor=SYSTEM, now=now - 60 * DAY, congress_code=congress.code, matter=matter, title=localized(zh, en),
            due=now + days * DAY,
        ).code  # fmt: skip

    affair(Matter.WELFARE, "上半年福利费使用", "Welfare fund, first half", -3)
    affair(Matter.PLANS, "下季度生产计划", "Production plan of the next quarter", 20)
    shown = affair(Matter.PAY, "年度奖金分配", "Bonuses of the year", -50)
    services.show_affair(
        actor=SYSTEM, now=now - 52 * DAY, code=shown, shown_by="人事科 石磊", shown_until=now + 20 * DAY,
        text="奖金总额四百二十万元；按岗位系数与出勤分配；各部门总额附后。",
    )  # fmt: skip
    for text, days in (("夜班天数怎么折算？", 45), ("派遣工为什么少一半？", 36)):
        services.ask_question(actor=seats[2], now=now - days * DAY, code=shown, text=text)
    question = Question.objects.filter(affair__code=shown).order_by("pk")[0]
    services.answer_question(actor=SYSTEM, now=now - 30 * DAY, question_id=question.pk, answer="夜班一天折算一点三天。",
                             answered_by="人事科 石磊")  # fmt: skip
    services.write_letter(
        actor=SYSTEM, now=now - 20 * DAY, congress_code=congress.code, ground=BreachGround.BYPASSED,
        text="考勤办法修改未提交职代会审议，请撤回并提交下次会议。",
    )  # fmt: skip
    services.start_call(actor=seats[7], now=now - 5 * DAY, congress_code=congress.code, subject="讨论考勤办法的修改")


def _present(world: World, congress: Congress, seats: list[Actor]) -> None:
    """Today's meeting with an open vote, and the next one whose papers are not sent."""
    meets = world.now - timedelta(minutes=40)
    session = _called(congress, localized("第二次会议", "Second meeting"), meets, meets - 33 * DAY)
    codes = [
        services.add_item(
            actor=SYSTEM, now=meets - 30 * DAY, session_code=session.code, kind=kind, title=localized(zh, en),
            text=localized(zh_text, en_text),
        ).code
        for kind, zh, en, zh_text, en_text in (
            (ItemKind.PASS, "工资集体协议草案", "Draft wage agreement",
             "基本工资上调百分之五，夜班补贴每班三十元，协议期一年。",
             "Basic pay up five per cent, thirty yuan for each night shift, for one year."),
            (ItemKind.CONSIDER, "年度培训计划", "Training plan of the year",
             "全年四十期，一线职工名额不少于七成。", "Forty courses, seven places in ten for front-line workers."),
            (ItemKind.PASS, "考勤办法", "Rules on attendance",
             "迟到扣款取消，改为当月累计说明。", "No deductions for coming late; explained once a month."),
        )
    ]  # fmt: skip
    services.add_paper(
        actor=SYSTEM, now=meets - 30 * DAY, session_code=session.code, name="工资集体协议草案.txt",
        content="第一条 基本工资上调百分之五。\n".encode(), item_code=codes[0],
    )  # fmt: skip
    _open(session, 24)
    services.open_vote(actor=SYSTEM, now=world.now, code=codes[0], way=Way.PHONE, minutes=120)
    for place, seat in enumerate(seats[1:9]):
        services.cast_vote(actor=seat, now=world.now, code=codes[0], choices=["for" if place % 4 else "against"])
    following = _called(congress, localized("第三次会议", "Third meeting"), world.now + 44 * DAY, world.now)
    services.add_item(
        actor=SYSTEM, now=world.now, session_code=following.code, kind=ItemKind.EXAMINE,
        title=localized("集体合同履行情况", "How the collective agreement was kept"),
        text=localized("对照条款逐条审查。", "Clause by clause."),
    )  # fmt: skip
