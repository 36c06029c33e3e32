"""A member corrects a number, sees who looked, takes a consent back, downloads, asks for erasure; it is decided."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation

from qiao.org.access.choices import Role
from qiao.org.people.choices import RequestState
from qiao.org.people.models import Contact, DataRequest
from qiao.org.people.queries import has_consent

pytestmark = pytest.mark.journey


def test_a_member_keeps_hold_of_their_data(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    account = federation.members[0]
    person = account.person
    assert person is not None
    phone = open_as(account, phone=True, script=False)
    phone.goto("/me/")
    phone.get_by_role("link", name="我的信息", exact=True).click()
    phone.get_by_role("link", name="填写 手机号码").click()
    phone.get_by_label("手机号码").fill("１９９ ００００ ８００１")
    phone.get_by_role("button", name="保存").click()
    phone.get_by_label("收到的六位验证码").fill(str(Contact.objects.get(person=person).code))
    phone.get_by_role("button", name="确认").click()
    expect(phone.get_by_text("19900008001")).to_be_visible()
    keep(phone, "people-data-360")

    home = federation.works[0]
    officer = open_as(federation.offices[Role.BASE_OFFICER])
    officer.goto(f"/units/{home.label}/contacts/{person.pk}/")
    expect(officer.get_by_text("19900008001")).to_have_count(0)
    officer.get_by_label("查看理由").fill("通知领取高温慰问品")
    officer.get_by_role("button", name="显示联系方式").click()
    expect(officer.get_by_text("19900008001")).to_be_visible()

    phone.goto("/me/looks/")
    expect(phone.get_by_text("通知领取高温慰问品")).to_be_visible()
    keep(phone, "people-looks-360")
    phone.goto("/me/consents/")
    phone.get_by_role("button", name="同意 短信消息").click()
    phone.get_by_role("button", name="撤回 短信消息").click()
    assert not has_consent(person.pk, "channel_sms")
    keep(phone, "people-consents-360")
    phone.goto("/me/data/")
    with phone.expect_download() as taken:
        phone.get_by_role("button", name="下载全部").click()
    with zipfile.ZipFile(taken.value.path()) as archive:
        assert "19900008001" in archive.read("my-data.html").decode()

    phone.goto("/me/erasure/")
    phone.get_by_role("button", name="申请删除").click()
    expect(phone.get_by_text("已提交").first).to_be_visible()
    request = DataRequest.objects.get()

    dpo = open_as(federation.offices[Role.DPO])
    dpo.goto("/desk/")
    dpo.get_by_role("link", name=f"删除 · {request.code}").click()
    expect(dpo.get_by_text("目前不能删除的原因")).to_be_visible()
    dpo.get_by_label("不批准").check()
    dpo.get_by_label("拒绝的依据").select_option("standing")
    dpo.get_by_label("理由").fill("会籍仍在；退会后再申请即可办理。")
    keep(dpo, "people-decide-1280")
    dpo.get_by_role("button", name="作出决定").click()
    request.refresh_from_db()
    assert request.state == RequestState.REFUSED
    phone.goto("/me/messages/")
    phone.get_by_role("link", name="您的个人信息请求已有决定").click()
    phone.get_by_role("link", name="查看相关事项").click()
    expect(phone.get_by_text("退会后再申请即可办理")).to_be_visible()
    phone.get_by_role("link", name="申诉").click()
    phone.get_by_label("为什么应当改变决定？").fill("我上月已经退会。")
    phone.get_by_role("button", name="提交申诉").click()
    expect(phone.get_by_text("申诉已提交")).to_be_visible()
