"""Settings of the demonstration: set, set below, to come; a calendar; what was erased and what is held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.timezone import localdate

from qiao.base.access import SYSTEM
from qiao.cli.demo.world import World
from qiao.decide.ballots.rules import CHALLENGE_PERIOD
from qiao.decide.consultations.rules import ANSWER_WITHIN, OPEN_DAYS
from qiao.hear.surveys.rules import PUBLISH_FLOOR
from qiao.org.retention.choices import Ground
from qiao.org.retention.services import run_rule, set_hold
from qiao.org.settings.rules.calendar_table import Days
from qiao.org.settings.services import set_calendar_years, set_value, withdraw_value

#: Public holidays that fall on the same days every year; the others are entered when the year's notice is out.
HOLIDAYS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:
    """Values through the services, with days past and to come; two erasures of long ago, one hold."""
    office, today = world.actor("org_officer"), localdate(world.now)
    first = world.now - timedelta(days=200)
    set_calendar_years(
        actor=office, now=first, unit=world.root, since=localdate(first), reason="录入每年日期固定的节假日",
        years={
            year: Days(frozenset(date(year, month, day) for month, day in HOLIDAYS), frozenset())
            for year in range(today.year - 1, today.year + 2)
        },
    )  # fmt: skip
    district = world.districts[0]
    for setting, unit, value, days, reason in (
        (ANSWER_WITHIN, world.root, 25, -190, "职工代表反映答复偏慢，经常委会讨论缩短"),
        (OPEN_DAYS, district, 20, -120, "倒班职工多，多留几天"),
        (CHALLENGE_PERIOD, world.root, 20, -60, "与票决办法一致"),
        (PUBLISH_FLOOR, world.root, 50, 30, "下一年度调查起执行"),
    ):
        since = world.now + timedelta(days=days)
        set_value(
            actor=office, now=min(world.now, since), setting_key=setting.key, unit=unit, value=value,
            since=localdate(since), reason=reason,
        )  # fmt: skip
    coming = set_value(
        actor=office, now=world.now - timedelta(days=10), setting_key=OPEN_DAYS.key, unit=world.root, value=10,
        since=today + timedelta(days=60), reason="提高效率",
    )  # fmt: skip
    withdraw_value(actor=office, now=world.now - timedelta(days=8), value_id=coming.pk, reason="基层不同意缩短期限")
    for key in ("survey_answers", "ballot_papers"):
        run_rule(actor=SYSTEM, now=world.now - timedelta(days=280), key=key, batch=5_000)
    set_hold(
        actor=world.actor("dpo"), now=world.now - timedelta(days=2), object_class="survey_answers", ground=Ground.AUDIT,
        reason="审计抽查数据处理流程", until=today + timedelta(days=120), code=str(earlier["open_round"]),
    )  # fmt: skip
    return {}
