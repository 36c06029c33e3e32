"""Rights in plain words, services and other systems in the demonstration. Invented or shortened: verify locally."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate

from qiao.base.i18n import Localized, localized
from qiao.cli.demo.world import World
from qiao.hear.rights import services
from qiao.hear.rights.models import Article
from qiao.hear.rights.rules.settings import AVERAGE_WAGE, MINIMUM_WAGE
from qiao.hear.window import services as window
from qiao.hear.window.choices import HookState, Scope
from qiao.hear.window.models import Hook
from qiao.org.settings.services import set_value
from qiao.org.units.models import Unit

#: Key, days ago, topic, question, answer, steps, papers, law, other words.
_ARTICLES: tuple[tuple[Any, ...], ...] = (
    (
        "overtime",
        120,
        "pay",
        ("加班费怎么算？", "How is overtime pay computed?"),
        (
            "工作日加班不低于工资的 150%，休息日没补休的不低于 200%，法定休假日不低于 300%，调休不能抵。",
            "At least 150 % of the wage on working days, 200 % on rest days without time off, 300 % on holidays. "
            "Time off does not replace the pay for a statutory holiday.",
        ),
        (
            ("记下每天的上下班时间。", "Note when you begin and end each day."),
            ("向用人单位书面提出。", "Ask the employer in writing."),
            ("不解决就找工会窗口。", "Not solved: come to the window."),
        ),
        (("考勤记录或照片", "Time records or photographs"), ("工资条", "Payslips"), ("劳动合同", "Labour contract")),
        ("劳动法", "第44条", "1995-01-01"),
        "调休 国庆 节假日 周末上班 双倍 三倍 加点 overtime holiday pay",
    ),
    (
        "leave",
        110,
        "hours",
        ("入职不满一年有年休假吗？", "Is there annual leave in the first year at a job?"),
        (
            "累计工作满一年就有，换单位不清零。1 到 10 年 5 天，10 到 20 年 10 天，20 年以上 15 天。",
            "Yes, once you have worked a year in all; a new employer does not set it back. 5 days up to ten years, "
            "10 up to twenty, 15 beyond.",
        ),
        (
            ("算出累计工作年限。", "Count all years of work."),
            ("向单位提出休假计划。", "Propose your days to the employer."),
        ),
        (("社保缴费记录", "Social insurance record"),),
        ("职工带薪年休假条例", "第3条", "2008-01-01"),
        "年假 带薪假 leave",
    ),
    (
        "severance",
        100,
        "contract",
        ("合同到期不续签有补偿吗？", "The contract ends and is not renewed: is there severance pay?"),
        (
            "单位不续签，或降低条件续签被您拒绝的，应按工作年限支付经济补偿；单位按原条件续签而您不愿意的，没有。",
            "Yes where the employer does not renew, or only on worse terms. No where you decline the same terms.",
        ),
        (
            ("保存续签通知和聊天记录。", "Keep the notice and the messages."),
            ("用计算器算一算。", "Use the calculator."),
        ),
        (("劳动合同", "Labour contract"), ("最近十二个月工资流水", "Wages of the last twelve months")),
        ("劳动合同法", "第46条、第47条", "2008-01-01"),
        "解雇 辞退 补偿金 赔偿 N+1 dismissal",
    ),
    (
        "unpaid",
        90,
        "pay",
        ("工资拖欠了怎么办？", "What if wages are not paid?"),
        (
            "先书面催要并留证；可以找工会窗口、劳动监察，也可以申请劳动仲裁，不收费。",
            "Ask in writing and keep proof; then the window, labour inspection or arbitration, which is free.",
        ),
        (("写明欠薪月份和数额。", "Write which months and how much."), ("到窗口登记。", "File it at the window.")),
        (("身份证", "Identity card"), ("工资流水", "Wage record")),
        ("劳动争议调解仲裁法", "第9条", "2008-05-01"),
        "欠薪 讨薪 wages owed",
    ),
    (
        "injury",
        400,
        "safety",
        ("上班路上出车祸算工伤吗？", "Is an accident on the way to work a work injury?"),
        (
            "上下班途中，非本人主要责任的交通事故算。单位 30 日内申报，单位不报的本人一年内可以申报。",
            "Yes, if you were not mainly at fault. The employer reports it within 30 days; else you can within a year.",
        ),
        (("报警，保留责任认定书。", "Call the police, keep the finding of fault."),),
        (("病历", "Medical record"),),
        ("工伤保险条例", "第14条、第17条", "2011-01-01"),
        "车祸 通勤 工伤 injury",
    ),
)


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - as every stage
    """Articles in every state, one for a district alone, one whose check is overdue; services."""
    codes = {row[0]: _article(world, row) for row in _ARTICLES}
    _local(world, codes["overtime"])
    _coming(world, codes["leave"])
    for code, yes in ((codes["overtime"], 34), (codes["severance"], 21), (codes["leave"], 12)):
        Article.objects.filter(code=code).update(helped=yes, not_helped=yes // 6)
    _figures(world)
    _services(world)
    _systems(world)
    return {"rights": codes}


def _article(world: World, row: tuple[Any, ...]) -> str:
    _key, ago, topic, question, answer, steps, papers, law, words = row
    at = world.now - timedelta(days=int(str(ago)))
    wording = services.Wording(
        question=localized(*question),
        answer=localized(*answer),
        words=str(words),
        steps=_texts(steps),
        papers=_texts(papers),
        holds_since=date.fromisoformat(str(law[2])),
        basis=[dict(zip(("law", "number", "date"), law, strict=True))],
    )
    made = services.write_article(
        actor=world.actor("desk_officer"), now=at, unit=world.root, topic=str(topic), wording=wording
    )
    return _through(world, made.article.code, at.toordinal() - world.now.toordinal())


def _through(world: World, code: str, days: int) -> str:
    at = world.now + timedelta(days=days)
    services.check_version(actor=world.actor("case_handler"), now=at + timedelta(hours=4), code=code)
    services.publish_version(actor=world.actor("org_officer"), now=at + timedelta(hours=6), code=code)
    return code


def _local(world: World, code: str) -> None:
    """One district pays statutory holidays under flexible hours."""
    district, at = world.districts[0], world.now - timedelta(days=60)
    wording = services.Wording(
        question=localized("加班费怎么算？（本区）", "How is overtime pay computed? (this district)"),
        answer=localized(
            "除国家规定外，本区不定时工时的职工法定休假日上班也按不低于 300% 支付。",
            "Beside the national rule, work on statutory holidays is paid at least 300 % here under flexible hours.",
        ),
        basis=[{"law": "例桥市企业工资支付办法（虚构）", "number": "第13条", "date": "2023-05-01"}],
        words="调休 国庆 不定时",
        holds_since=date(2023, 5, 1),
    )
    made = services.write_article(
        actor=world.actor("desk_officer"),
        now=at,
        unit=district,
        topic="pay",
        wording=wording,
        overrides=Article.objects.get(code=code),
    )
    _through(world, made.article.code, -60)


def _coming(world: World, code: str) -> None:
    """A next version and a new article that wait to be checked."""
    at = world.now - timedelta(days=2)
    last = Article.objects.get(code=code).versions.get()
    services.revise_article(
        actor=world.actor("desk_officer"),
        now=at,
        code=code,
        wording=services.Wording(
            question=last.question,
            answer=last.answer,
            steps=last.steps,
            papers=last.papers,
            basis=last.basis,
            words=f"{last.words} 休假天数",
            holds_since=last.holds_since,
        ),
    )
    services.write_article(
        actor=world.actor("desk_officer"),
        now=at,
        unit=world.root,
        topic="contract",
        wording=services.Wording(
            question=localized("试用期可以延长吗？", "May a probation period be extended?"),
            answer=localized(
                "同一单位只能约定一次试用期，不能延长。", "No: it is agreed once with an employer and stays."
            ),
            basis=[{"law": "劳动合同法", "number": "第19条", "date": "2008-01-01"}],
            holds_since=date(2008, 1, 1),
        ),
    )


def _figures(world: World) -> None:
    for setting, value, reason in (
        (AVERAGE_WAGE, 9500, "例桥市统计公报（虚构）"),
        (MINIMUM_WAGE, 2690, "例桥市最低工资通知（虚构）"),
    ):
        set_value(
            actor=world.actor("org_officer"),
            now=world.now,
            setting_key=setting.key,
            unit=world.root,
            value=value,
            since=localdate(world.now),
            reason=reason,
        )


def _services(world: World) -> None:
    officer, at = world.actor("org_officer"), world.now - timedelta(days=30)
    hours = localized("工作日 9:00–17:00", "Working days 9:00–17:00")
    for topic, name, text, papers, units, posts, reports in (
        (
            "aid",
            ("困难帮扶申请", "Aid in hardship"),
            ("家庭困难、重病职工", "For workers in hardship or gravely ill"),
            (("身份证", "Identity card"), ("收入证明", "Proof of income")),
            (world.root, *world.districts[:2]),
            2,
            True,
        ),
        (
            "contract",
            ("劳动法律援助", "Legal aid in labour matters"),
            ("咨询、代写、调解", "Advice, drafting, mediation"),
            (("劳动合同", "Labour contract"), ("工资流水", "Wage record")),
            (world.root, world.districts[0]),
            1,
            True,
        ),
        (
            "membership",
            ("会员关系转移", "Transfer of membership"),
            ("换单位不掉会籍", "Keep your membership at a new job"),
            (("会员卡", "Member card"),),
            world.hubs[:2],
            1,
            False,
        ),
        (
            "safety",
            ("安全隐患随手拍", "Report a danger at work"),
            ("拍照上报，当日受理", "Send a photograph, taken up the same day"),
            (),
            (world.root,),
            0,
            True,
        ),
    ):
        offer = services.keep_offer(
            actor=officer,
            now=at,
            unit=world.root,
            topic=topic,
            name=localized(*name),
            text=localized(*text),
            papers=_texts(papers),
            takes_reports=reports,
        )
        for number, unit in enumerate(units, 1):
            _body(world, offer.code, unit, hours, number, posts)


def _body(world: World, code: str, unit: Unit, hours: Localized, number: int, posts: int) -> None:
    services.keep_offer_body(
        actor=world.actor("org_officer"),
        now=world.now - timedelta(days=30),
        code=code,
        unit=unit,
        address=localized(f"长桥路 {10 * number + 8} 号一楼", f"{10 * number + 8} Changqiao Road, ground floor"),
        hours=hours,
        phone="12351",
        posts=posts,
    )


def _systems(world: World) -> None:
    officer = world.actor("org_officer")
    window.issue_key(
        actor=officer,
        now=world.now - timedelta(days=20),
        unit=world.root,
        name="例桥市民热线（虚构）",
        scopes=Scope.values,
        hourly=60,
    )
    # Entered without asking anybody for the name: the demonstration sends nothing anywhere.
    Hook.objects.create(
        unit=world.root,
        url="https://hotline.example/qiao",
        events=["request.*"],
        secret="qh_demo",  # noqa: S106
        state=HookState.DISABLED,
        failures=10,
        since=world.now - timedelta(days=20),
        made_by_id=officer.account_id,
    )


def _texts(pairs: Any) -> list[Localized]:
    return [localized(*pair) for pair in pairs]
