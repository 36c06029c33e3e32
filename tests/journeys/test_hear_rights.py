"""A worker without script computes overtime on a phone, sends it along; the desk answers with an article."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener

from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.base.i18n import localized
from qiao.hear.rights import services
from qiao.hear.window.models import Request
from qiao.org.units.queries import root_unit

pytestmark = pytest.mark.journey


@pytest.mark.usefixtures("federation", "calendar")
def test_overtime_is_computed_on_a_phone_and_goes_along(open_as: Opener, keep: Callable[[Page, str], None]) -> None:
    root, moment = root_unit(), now()
    assert root is not None
    made = services.write_article(
        actor=SYSTEM, now=moment, unit=root, topic="pay",
        wording=services.Wording(
            question=localized("加班费怎么算？", "How is overtime paid?"), answer=localized("平日一倍半。", "150 %."),
            basis=[{"law": "劳动法", "number": "第44条", "date": "1995-01-01"}], holds_since=date(1995, 1, 1),
        ),
    )  # fmt: skip
    services.check_version(actor=SYSTEM, now=moment, code=made.article.code)
    services.publish_version(actor=SYSTEM, now=moment, code=made.article.code)
    worker = open_as(None, phone=True, script=False)
    worker.goto("/hear/rights/")
    worker.get_by_label("您要反映什么？").fill("加班費")
    worker.get_by_role("button", name="查看").click()
    worker.get_by_role("link", name="加班费怎么算？").click()
    worker.get_by_role("button", name="是", exact=True).click()
    expect(worker.get_by_role("status")).to_contain_text("只记录次数")
    worker.goto("/hear/rights/overtime/")
    worker.get_by_label("正常工作时间月工资（元）").fill("8700")
    worker.get_by_label("工作日延长的小时数").fill("10")
    worker.get_by_role("button", name="计算").click()
    expect(worker.locator("#total")).to_contain_text("750.00")
    keep(worker, "rights-overtime")
    worker.get_by_role("button", name="带着这份计算向窗口咨询").click()
    assert "8700 ÷ 21.75 ÷ 8 × 10 × 150 %" in worker.locator("textarea").input_value()
    assert Request.objects.count() == 0
