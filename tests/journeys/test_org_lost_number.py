"""A number is lost: an officer on a phone, the second person, the warned one who stops it; a data check by link."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation

from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.org.access.choices import Role
from qiao.org.people import services
from qiao.org.people.choices import LinkState, NumberState
from qiao.org.people.models import Campaign, CheckLink, NumberChange
from qiao.org.people.services.campaigns import secret_hash

pytestmark = pytest.mark.journey

SECRET = "AAAA-BBBB-CCCC"


def test_a_lost_number_is_replaced_by_two_and_stopped_by_the_one_warned(
    federation: Federation,
    open_as: Opener,
    calendar: Calendar,
    keep: Callable[[Page, str], None],
    settings,
    tmp_path: Path,
) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    person = federation.members[0].person
    assert person is not None
    services.set_contact(actor=SYSTEM, now=now(), person=person, kind="mobile", value="13800138000", confirmed=True)
    home = federation.works[0]
    desk = open_as(federation.offices[Role.BASE_OFFICER], phone=True, script=False)
    desk.goto(f"/units/{home.label}/contacts/{person.pk}/")
    desk.get_by_role("link", name="号码遗失").click()
    desk.get_by_label("新手机号").fill("139 0013 9001")
    desk.get_by_label("您凭什么确认是会员本人？").fill("身份证已看，与本人相符")
    desk.get_by_role("button", name="发验证码到新号码").click()
    change = NumberChange.objects.get()
    desk.get_by_label("会员念出的六位数字").fill(str(change.proof))
    desk.get_by_role("button", name="核对验证码").click()
    expect(desk.get_by_text("由另一名工作人员确认")).to_be_visible()
    keep(desk, "lost-number-360")

    second = open_as(federation.offices[Role.ORG_OFFICER])
    second.goto("/desk/")
    second.get_by_role("link", name=change.code).click()
    second.get_by_role("button", name="作为第二人确认").click()
    expect(second.get_by_text("异议期满后，新号码生效")).to_be_visible()
    keep(second, "lost-number-second-1280")

    services.warn_contacts(actor=SYSTEM, now=now(), change_id=change.pk)
    (file,) = tmp_path.glob("sms-*.log")
    text = email.message_from_bytes(file.read_bytes()).get_payload(decode=True).decode()
    found = re.search(r"/me/stop/[\w-]+/", text)
    assert found
    warned = open_as(None, phone=True, script=False)
    warned.goto(found[0])
    keep(warned, "lost-number-stop-360")
    warned.get_by_role("button", name="不是我，叫停").click()
    expect(warned.get_by_text("您原来的号码不变")).to_be_visible()
    change.refresh_from_db()
    assert change.state == NumberState.STOPPED


def test_a_data_check_is_answered_by_its_link(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    person = federation.members[0].person
    moment = now()
    campaign = Campaign.objects.create(
        code="DC-1", unit=federation.works[0], reason="核对", not_since=moment.date(), started=moment,
        closes=moment + timedelta(days=5),
    )  # fmt: skip
    link = CheckLink.objects.create(
        campaign=campaign, person=person, state=LinkState.SENT, secret_hash=secret_hash(SECRET), changed=moment
    )
    phone = open_as(None, phone=True, script=False)
    phone.goto(f"/me/check/{SECRET}/")
    phone.get_by_label("新的手机号码").fill("13900139001")
    phone.get_by_role("button", name="确认").click()
    expect(phone.get_by_role("heading", name="谢谢，已保存")).to_be_visible()
    link.refresh_from_db()
    assert link.state == LinkState.CORRECTED
