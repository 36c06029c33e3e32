"""A federation of three districts with members and entered inputs, and allocation sheets in every state."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.factories.org import Tree, make_tree

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.decide.consultations import services as consultations
from qiao.judge.allocation import services
from qiao.judge.allocation.choices import Level
from qiao.judge.allocation.models import Sheet
from qiao.org.access.choices import Role
from qiao.org.units.choices import UnitKind
from qiao.org.units.services import found_unit
from qiao.org.yearbook.choices import InputKind
from qiao.org.yearbook.services import enter_input

PERIOD = timedelta(days=15)


def federation(now: datetime) -> Tree:
    """The small tree with a third district; 6 members below D1, 12 below D2, 3 below D3; D3 has no entered input."""
    tree = make_tree(now)
    for label, unit_kind, above in (("D3", UnitKind.DISTRICT, "F"), ("B3", UnitKind.BASE, "D3")):
        tree.units[label] = found_unit(
            actor=SYSTEM, now=now, kind=unit_kind, name=localized(f"{label} 工会", f"{label} Union"), label=label,
            parent=tree[above], founded=date(2020, 1, 1),
        )  # fmt: skip
    for label, number in (("B1", 6), ("B2", 12), ("B3", 3)):
        for place in range(number):
            tree.member(label, f"职工{label}{place}")
    for label, minutes, money in (("D1", 20, 300), ("D2", 50, 250)):
        for kind, value in ((InputKind.REMOTENESS, minutes), (InputKind.PER_MEMBER, money)):
            enter_input(
                actor=SYSTEM, now=now, unit=tree[label], kind=kind, value=Decimal(value), day=date(2026, 1, 1),
                source="年度决算",
            )  # fmt: skip
    return tree


def drafted(tree: Tree, *, year: int = 2026, budget: int = 10_000_001) -> Sheet:
    """A draft among the districts."""
    return services.draft_sheet(
        actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, unit=tree["F"], level=Level.DISTRICT, year=year,
        title=localized("专项资金分配", "Special fund"), budget=budget,
    )  # fmt: skip


def computed(tree: Tree, **given: int) -> Sheet:
    """A computed sheet."""
    return services.compute_sheet(
        actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, code=drafted(tree, **given).code
    )


def published(tree: Tree, **given: int) -> Sheet:
    """A published sheet."""
    return services.publish_sheet(
        actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, code=computed(tree, **given).code
    )


def consultation(tree: Tree, opens: datetime, *, answered: bool = True) -> str:
    """A consultation of the federation that opens then and closes fifteen days later."""
    made = consultations.draft_consultation(
        actor=SYSTEM, now=opens, unit=tree["F"], title=localized("资金怎么分", "How to divide"),
        question=localized("权重合适吗？", "Are the weights right?"), clauses=[localized("六项权重", "Six weights")],
        statements=[], proposal_codes=[], opens=opens, closes=opens + PERIOD,
    )  # fmt: skip
    consultations.notice_consultation(actor=SYSTEM, now=opens, code=made.code)
    consultations.open_consultation(actor=SYSTEM, now=opens, code=made.code)
    if answered:
        consultations.close_consultation(actor=SYSTEM, now=opens + PERIOD, code=made.code)
        consultations.finish_answers(actor=SYSTEM, now=opens + PERIOD, code=made.code)
    return made.code


def consulted(tree: Tree, **given: int) -> Sheet:
    """A sheet on which members were asked."""
    sheet = published(tree, **given)
    code = consultation(tree, tree.now + timedelta(hours=1))
    return services.consult_sheet(
        actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now + 2 * PERIOD, code=sheet.code, consultation_code=code
    )


def decided(tree: Tree, **given: int) -> Sheet:
    """A decided sheet."""
    return services.decide_sheet(
        actor=tree.officer(Role.EXECUTIVE, "F"), now=tree.now + 2 * PERIOD, code=consulted(tree, **given).code,
        ground=localized("会员赞成现有权重。", "Members agreed to the weights."),
    )  # fmt: skip
