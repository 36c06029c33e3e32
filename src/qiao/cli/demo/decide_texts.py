"""Invented texts of the demonstration's proposals and consultations."""

# ruff: noqa: E501 - prose, one text a line

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from qiao.base.i18n import Localized, localized


class ProposalText(NamedTuple):
    """One proposal: key, the need it serves (key), cost, title, text."""

    key: str
    need: str
    cost: Decimal
    title: Localized
    text: Localized


PAST_PROPOSALS = (
    ProposalText(
        "night_bus",
        "night_bus",
        Decimal(280_000),
        localized("夜班职工通勤班车", "Night bus for shift workers"),
        localized(
            "每晚 22:30 至次日 1:30 在三个园区与主要居住片区之间开行班车，每 30 分钟一班，持会员证免费。费用含车辆租赁、司机和调度一年。",
            "Buses between three industrial parks and the main residential areas every 30 minutes from 22:30 to 1:30, free "
            "for members. The cost covers vehicles, drivers and dispatch for one year.",
        ),
    ),
    ProposalText(
        "childcare",
        "childcare",
        Decimal(260_000),
        localized("职工子女寒暑假托管班", "Holiday care for members' children"),
        localized(
            "寒暑假在六个街道开设托管班，每班 30 人，含午餐和意外保险，每名子女每日收费 20 元，困难职工免费。",
            "Care groups of 30 in six neighbourhoods in summer and winter holidays, lunch and accident insurance included, "
            "20 yuan a day, free for members in hardship.",
        ),
    ),
    ProposalText(
        "heat",
        "heat",
        Decimal(240_000),
        localized("户外劳动者高温纳凉点", "Cool rooms for outdoor work"),
        localized(
            "在四十处作业密集路段设纳凉点，提供饮水、冰箱、微波炉和急救包，6 月至 9 月每日 10 时至 18 时开放。",
            "Forty cool rooms along busy work sites with water, fridge, microwave and first aid, open from 10 to 18 h, June "
            "to September.",
        ),
    ),
    ProposalText(
        "overtime",
        "overtime",
        Decimal(300_000),
        localized("加班工时和加班费核对服务", "Checking overtime hours and pay"),
        localized(
            "聘请劳动关系协调员，帮助职工核对考勤与工资条，每季度公布不具名的问题清单，推动单位补发。",
            "Labour-relations advisers help members check time sheets against pay slips and publish a list of problems, "
            "without names, every quarter.",
        ),
    ),
    ProposalText(
        "payslip",
        "overtime",
        Decimal(90_000),
        localized("看得懂的工资条", "Pay slips one can read"),
        localized(
            "编写工资条样本和说明，列明工时、加班、扣款，在四十家单位推行，并由劳动关系协调员上门讲解。",
            "A model pay slip that shows hours, overtime and deductions, introduced with forty employers and explained on "
            "the spot by labour-relations advisers.",
        ),
    ),
)

PRESENT_PROPOSALS = (
    ProposalText(
        "night_meal",
        "night_bus",
        Decimal(180_000),
        localized("夜班热餐延时供应", "Hot meals through the night shift"),
        localized(
            "与二十家职工食堂签约，夜班时段延时供应热餐，每餐补贴 5 元。",
            "Twenty works canteens stay open through the night shift; five yuan are added to every meal.",
        ),
    ),
    ProposalText(
        "holiday_bus",
        "childcare",
        Decimal(90_000),
        localized("托管班接送车", "Buses to holiday care"),
        localized(
            "寒暑假托管班早晚各开一趟接送车，优先照顾早班、夜班家庭。",
            "A bus to the holiday care groups every morning and evening, early and night shifts first.",
        ),
    ),
)

PAST_CLAUSES = (
    localized(
        "总则　本方案依据上年度职工需求调查制定，经费总额在会员票决前公布，全部用于职工直接受益的项目。",
        "General. This plan follows last year's survey of members' needs. Its budget is published before the vote; all of it "
        "goes to projects that serve members directly.",
    ),
    localized(
        "夜班班车　在三个园区开行夜班班车，每 30 分钟一班，末班车为次日 1:30。",
        "Night bus. Buses run from three parks every 30 minutes; the last leaves at 1:30.",
    ),
    localized(
        "假期托管　寒暑假开设托管班，每名子女每日收费 20 元，困难职工免费。",
        "Holiday care. Care groups in both holidays at 20 yuan a day and child, free for members in hardship.",
    ),
    localized(
        "高温防护　设纳凉点四十处，6 月至 9 月每日 10 时至 18 时开放。",
        "Heat. Forty cool rooms, open from 10 to 18 h from June to September.",
    ),
    localized(
        "工时核对　提供加班工时和加班费核对服务，每季度公布问题清单。",
        "Hours. A service that checks overtime and its pay and publishes the problems found every quarter.",
    ),
    localized(
        "评议　项目完成后由第三方组织受益职工评议，结果向全体会员公布。",
        "Judgment. When a project is done, a third party asks those it served, and all members read the result.",
    ),
)
PAST_STATEMENTS = (
    localized("夜班班车应当最先办", "The night bus should come first"),
    localized("班车要开到末班 1:30 以后", "Buses should run beyond 1:30"),
    localized("托管班比班车更急", "Holiday care is more urgent than buses"),
    localized("托管班收费 20 元可以接受", "20 yuan a day for holiday care is acceptable"),
    localized("纳凉点应当向非会员开放", "Cool rooms should be open to non-members"),
    localized("经费应当优先给人数最多的需求", "Money should go to the needs of most people first"),
    localized("没有按时完成的项目要公开说明", "Projects that are late must say why in public"),
    localized("核对加班费应当由工会出面", "The union itself should check overtime pay"),
)
#: Share of each camp that agrees with each statement: families by day, night shifts; the last two are common ground.
CAMPS = ((0.25, 0.2, 0.85, 0.75, 0.55, 0.7, 0.93, 0.86), (0.92, 0.8, 0.15, 0.5, 0.6, 0.3, 0.95, 0.9))


class OpinionText(NamedTuple):
    """An opinion: clause (0: the whole), how many say it, text, outcome, reason."""

    clause: int
    number: int
    text: str
    outcome: str
    reason: Localized


PAST_OPINIONS = (
    OpinionText(
        2, 14, "末班车 1:30 太早，我们两点才下班。", "partly",
        localized(
            "采纳增加一班 2:10 的末班车，先在河口园区试行三个月；其他园区视乘坐人数再定。",
            "A last bus at 2:10 is added, on trial in Hekou Park for three months; the other parks follow by use.",
        ),
    ),
    OpinionText(
        2, 1, "希望班车也停石渡老街，我同事电话 13800138000 可以说明情况。", "adopted",
        localized("采纳：增设老街站。", "Adopted: a stop at Old Street is added."),
    ),
    OpinionText(
        2, 1, "三个园区不够，云岭那边完全没有车。", "not_adopted",
        localized(
            "未采纳：首年经费只够三个园区；云岭的需求列入下一轮调查，评议后再定是否扩大。",
            "Not adopted: the money covers three parks in the first year. Yunling's need goes into the next survey.",
        ),
    ),
    OpinionText(
        3, 9, "二十元一天，两个孩子就是四十，能不能第二个减半？", "adopted",
        localized("采纳：第二个子女减半收费，已写入第三条。", "Adopted: half price for the second child, now in clause 3."),
    ),
    OpinionText(
        3, 1, "托管时间最好到晚上六点半，五点半我们还没下班。", "partly",
        localized(
            "部分采纳：托管到 18:00，另设一个 18:30 的延时班。", "Partly: care until 18:00, with one group until 18:30."
        ),
    ),
    OpinionText(
        4, 6, "纳凉点别只开白天，环卫凌晨四点就上路了。", "not_adopted",
        localized(
            "未采纳：凌晨无高温风险，经费先保证白天开放；凌晨饮水问题转户外劳动者驿站解决。",
            "Not adopted: there is no heat before dawn. Water at that hour is passed on to the rest stations.",
        ),
    ),
    OpinionText(
        5, 1, "公布问题清单时不要出现单位小组名，不然一看就知道是谁说的。", "adopted",
        localized("采纳：清单不列班组，少于五人的问题合并公布。", "Adopted: no teams are named, and fewer than five merge."),
    ),
    OpinionText(
        0, 4, "希望每个项目都写明谁负责、什么时候完成。", "adopted",
        localized(
            "采纳：每个项目公布责任人、完成期限和里程碑。", "Adopted: owner, date and milestones of every project are public."
        ),
    ),
)  # fmt: skip
#: What the secretary put together before the answer: opinions that say the same in other words.
SAME_IN_OTHER_WORDS = ("末班车能不能晚一点，夜班交接完都一点四十了。", "建议末班延到两点。")

PRESENT_CLAUSES = (
    localized(
        "夜班热餐　与二十家职工食堂签约，夜班时段延时供应热餐，每餐补贴 5 元。",
        "Hot meals. Twenty canteens stay open through the night shift; five yuan are added to every meal.",
    ),
    localized(
        "接送车　寒暑假托管班早晚各开一趟接送车，优先照顾早班、夜班家庭。",
        "Buses to care. A bus every morning and evening of the holidays, early and night shifts first.",
    ),
    localized(
        "经费　两项合计不超过二十七万元，不足部分不得向职工收取。",
        "Money. At most 270,000 yuan for both; what is missing is not charged to members.",
    ),
    localized(
        "公开　每季度公布使用人数、支出和意见办理情况。",
        "Openness. Users, spending and what became of remarks are published every quarter.",
    ),
)
#: As it was first noticed: less for a meal, buses once a day, nothing on openness.
PRESENT_CLAUSES_FIRST = (
    localized(
        "夜班热餐　与二十家职工食堂签约，夜班时段延时供应热餐，每餐补贴 3 元。",
        "Hot meals. Twenty canteens stay open through the night shift; three yuan are added to every meal.",
    ),
    localized(
        "接送车　寒暑假托管班早上开一趟接送车，优先照顾早班家庭。",
        "Buses to care. A bus every morning of the holidays, early shifts first.",
    ),
    PRESENT_CLAUSES[2],
)
PRESENT_STATEMENTS = (
    localized("夜班热餐比提高餐补更有用", "Hot meals at night are worth more than a higher meal allowance"),
    localized("食堂延时应当先从人多的园区开始", "Canteens in the largest parks should begin"),
    localized("接送车应当免费", "The bus to holiday care should be free"),
    localized("接送车可以和夜班班车共用车辆", "It can share vehicles with the night bus"),
    localized("每季度公布一次支出就够了", "Publishing the spending once a quarter is enough"),
    localized("家属也可以在食堂吃夜餐", "Families may eat there at night, too"),
)
PRESENT_OPINIONS = (
    (1, "夜餐能不能有素食窗口？"),
    (1, "五元补贴希望直接打到饭卡。"),
    (2, "接送车要有随车老师。"),
    (0, "能不能先在一个园区试一个月再铺开？"),
)

#: What two members said by telephone and on paper.
BY_OTHER_WAYS = {"phone": "热餐能不能凌晨两点再送一次？", "paper": "接送车请在老厂区门口停一站。"}

#: A text as it was handed in, and as it was changed afterwards.
HEAT = """# 防暑降温办法

第一章 总则

第一条 为保护高温天气下作业职工的健康，制定本办法。

第二条 本办法适用于室外作业和没有空调的室内作业。

第二章 措施

第三条 日最高气温达到三十七度时，当日室外作业时间不超过六小时。

第四条 每个作业点设清凉休息处：
（一）有遮阳和座椅；
（二）有饮水和常用药品。

第五条 本办法自七月一日起施行。
"""
HEAT_CHANGED = """# 防暑降温办法

第一章 总则

第一条 为保护高温天气下作业职工的健康，制定本办法。

第二条 本办法适用于室外作业、高处作业和没有空调的室内作业。

第二章 措施

第三条 日最高气温达到三十五度时，当日室外作业时间不超过六小时，十一时至十五时停止作业。

第四条 每个作业点设清凉休息处：
（一）有遮阳和座椅；
（二）有饮水、盐汽水和常用药品。

第五条 职工可以拒绝违反本办法的安排，不扣工资。

第六条 本办法自六月十五日起施行。
"""
