"""News of the demonstration: released, corrected, a notice with its expiry, and one text that awaits release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from qiao.base.i18n import Localized, localized
from qiao.cli.demo.world import World
from qiao.org.units.models import Unit
from qiao.publish import services
from qiao.publish.choices import Kind
from qiao.publish.models import Article

SUMMER = (
    localized("高温天气，这些地方可以歇脚", "Hot days: where to rest"),
    localized(
        "全市六十个枢纽工会的纳凉点已经开放，有饮水、座椅和急救箱。\n\n户外作业的职工凭会员身份或工牌均可进入，不登记姓名。",
        "The cool rooms of all hub unions are open: water, seats, a first-aid box.\n\n"
        "Whoever works outdoors may come in with a member's or a work card; no names are taken.",
    ),
)
SUMMER_MENDED = localized(
    "枢纽工会的纳凉点已经开放，有饮水、座椅和急救箱，每天 7 时至 21 时。\n\n"
    "户外作业的职工凭会员身份或工牌均可进入，不登记姓名。",
    "The cool rooms of the hub unions are open from 7:00 to 21:00: water, seats, a first-aid box.\n\n"
    "Whoever works outdoors may come in with a member's or a work card; no names are taken.",
)
NOTICE = (
    localized("关于公开征集托管班服务单位的公示", "Public notice: providers sought for childcare groups"),
    localized(
        "本会就暑期托管班公开征集承接单位，评审办法和预算见项目页。\n\n对本公示有异议的，请在公示期内到任一窗口提出，可不署名。",
        "Providers are sought for the summer childcare groups; the rules and the budget stand on the project's page."
        "\n\n"
        "Objections may be raised at any counter while this notice is shown, without a name.",
    ),
)
COURSE = (
    localized("秋季技能课程开始报名", "Autumn skills courses open"),
    localized(
        "电工、养老护理和数据标注三门课程面向全体会员，夜班职工另开早班。\n\n名额按报名先后，不看工作单位。",
        "Electrics, care for the elderly and data labelling, for all members; a morning group for night workers.\n\n"
        "Places go in the order of asking, whoever the employer is.",
    ),
)


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - as every stage's seed
    """Write, release and correct a few texts. Returns {"articles": their ids}."""
    summer = _released(world, Kind.NEWS, world.root, SUMMER, days=75)
    services.propose_correction(
        actor=world.actor("editor"),
        now=_ago(world, 74),
        article_id=summer.pk,
        title=SUMMER[0],
        body=SUMMER_MENDED,
        reason=localized(
            "补充开放时间；“六十个”有误，以各枢纽公布为准。", "Hours were missing and the number was wrong."
        ),
    )
    services.release_correction(actor=world.actor("publisher"), now=_ago(world, 73), article_id=summer.pk)
    notice = _released(world, Kind.NOTICE, world.districts[0], NOTICE, days=9, expires=world.now + timedelta(days=21))
    waiting = _written(world, Kind.NEWS, world.root, COURSE, days=1, expires=None)
    services.submit_article(actor=world.actor("editor"), now=_ago(world, 1), article_id=waiting.pk)
    return {"articles": [summer.pk, notice.pk, waiting.pk]}


def _ago(world: World, days: int) -> datetime:
    return world.now - timedelta(days=days)


def _written(
    world: World, kind: Kind, unit: Unit, text: tuple[Localized, Localized], *, days: int, expires: datetime | None
) -> Article:
    return services.write_article(
        actor=world.actor("editor"),
        now=_ago(world, days),
        unit=unit,
        kind=kind,
        title=text[0],
        body=text[1],
        expires=expires,
    )


def _released(
    world: World,
    kind: Kind,
    unit: Unit,
    text: tuple[Localized, Localized],
    *,
    days: int,
    expires: datetime | None = None,
) -> Article:
    article = _written(world, kind, unit, text, days=days, expires=expires)
    services.submit_article(actor=world.actor("editor"), now=_ago(world, days), article_id=article.pk)
    return services.release_article(actor=world.actor("publisher"), now=_ago(world, days), article_id=article.pk)
