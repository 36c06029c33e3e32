"""Allocation sheets of the demonstration: last year's on its way through all states, this year's open to objections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.cli.demo.world import World
from qiao.decide.consultations import services as consultations
from qiao.judge.allocation import services
from qiao.judge.allocation.choices import Level

_LAST = timedelta(days=300)
_PERIOD = timedelta(days=15)


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - every stage is asked alike
    """Divide a fund among the districts: last year's decided, paid and audited, this year's published."""
    officer, chief, auditor = world.actor("org_officer"), world.actor("executive"), world.actor("auditor")
    then = world.now - _LAST
    last = services.draft_sheet(
        actor=officer, now=then, unit=world.root, level=Level.DISTRICT, year=then.year,
        title=localized("基层服务专项资金分配", "Fund for services at the base"), budget=480_000_000,
    )  # fmt: skip
    services.compute_sheet(actor=officer, now=then, code=last.code)
    services.publish_sheet(actor=officer, now=then, code=last.code)
    opens = then + timedelta(days=2)
    asked = consultations.draft_consultation(
        actor=SYSTEM, now=opens, unit=world.root,
        title=localized("专项资金按什么分", "By what the fund is divided"),
        question=localized("六项权重合适吗？哪一项应当更重？", "Are the six weights right? Which should weigh more?"),
        clauses=[
            localized("权重为：干部负担、未结诉求、困难档案各 20%，覆盖缺口 15%，距离 10%，人均经费 15%。",
                      "Weights: load of officers, open cases and aid files 20 % each, coverage gap 15 %, "
                      "distance 10 %, money per member 15 %."),
            localized("每个单位的份额每年升降不超过 15%。", "No unit's share moves by more than 15 % in a year."),
        ],
        statements=[], proposal_codes=[], opens=opens, closes=opens + _PERIOD,
    )  # fmt: skip
    consultations.notice_consultation(actor=SYSTEM, now=opens, code=asked.code)
    consultations.open_consultation(actor=SYSTEM, now=opens, code=asked.code)
    consultations.close_consultation(actor=SYSTEM, now=opens + _PERIOD, code=asked.code)
    after = opens + _PERIOD + timedelta(days=3)
    consultations.finish_answers(actor=SYSTEM, now=after, code=asked.code)
    services.consult_sheet(actor=officer, now=after, code=last.code, consultation_code=asked.code)
    services.decide_sheet(
        actor=chief, now=after, code=last.code,
        ground=localized("会员没有提出不同意见，按公布的测算分配。", "No member objected; divided as published."),
    )  # fmt: skip
    paid = after + timedelta(days=20)
    services.pay_sheet(
        actor=officer, now=paid, code=last.code, day=paid.date(),
        different={world.districts[-1].label: (72_000_000, "银行退回一笔，差额列入下年度")},
    )  # fmt: skip
    services.compare_sheet(actor=officer, now=paid, code=last.code)
    services.audit_sheet(
        actor=auditor, now=paid + timedelta(days=30), code=last.code,
        finding=localized(
            "逐笔核对到账凭证，一笔退回已说明原因，其余与决定一致。",
            "Every payment was checked against its voucher; one came back and says why, all others are as decided.",
        ),
    )  # fmt: skip
    now = world.now - timedelta(days=4)
    fresh = services.draft_sheet(
        actor=officer, now=now, unit=world.root, level=Level.DISTRICT, year=world.now.year + 1,
        title=localized("下年度基层服务专项资金分配", "Fund for services at the base, next year"), budget=520_000_000,
    )  # fmt: skip
    services.compute_sheet(actor=officer, now=now, code=fresh.code)
    services.publish_sheet(actor=officer, now=now, code=fresh.code)
    return {}
