"""An officer takes the second step, adds a passkey, signs in with it alone, and signs another device out."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Federation

from qiao.org.access.choices import Role

pytestmark = pytest.mark.journey
PASSWORD = "a-long-enough-word"


def sign_in(page: Page, email: str) -> None:
    page.goto("/account/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def test_an_officer_shows_who_they_are(
    federation: Federation, open_as: Opener, keep: Callable[[Page, str], None], settings
) -> None:
    settings.SECOND_FACTOR_ROLES, settings.FRESH_SECONDS = ("org_officer",), 900
    account = federation.offices[Role.ORG_OFFICER]
    account.set_password(PASSWORD)
    account.save()
    officers = f"/units/{federation.root.label}/officers/"

    page = open_as(None)
    sign_in(page, account.email)
    page.goto(officers)
    expect(page.get_by_role("heading", level=1)).to_have_text("您的角色需要第二步验证")
    keep(page, "signin-second-step")
    page.get_by_role("link", name="启用验证器应用").click()
    secret = page.locator("dl code").inner_text()
    keep(page, "signin-totp")
    page.get_by_label("应用显示的数字").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="启用").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("备用码")
    recovery = page.locator("main li code").first.inner_text()
    keep(page, "signin-recovery")
    page.goto(officers)
    expect(page.get_by_role("heading", level=1)).to_have_text("工会干部")

    # A passkey in the browser's own virtual device.
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("设备名称").fill("办公室电脑")
    page.get_by_label("只用它就能登录").check()
    with page.expect_navigation():
        page.get_by_role("button", name="添加通行密钥").click()
    page.goto("/account/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("办公室电脑")
    keep(page, "signin-passkeys")

    # A phone comes in with a recovery code, is seen in the list and sent away.
    phone = open_as(None, phone=True, script=False)
    sign_in(phone, account.email)
    phone.locator("#id_code").fill(recovery)
    phone.get_by_role("button", name="登录", exact=True).click()
    phone.goto(officers)
    expect(phone.get_by_role("heading", level=1)).to_have_text("工会干部")
    page.goto("/me/sessions/")
    expect(page.locator("main .rows li")).to_have_count(2)
    keep(page, "signin-devices")
    page.get_by_role("button", name="退出该设备").click()
    expect(page.locator("main .rows li")).to_have_count(1)
    phone.goto(officers)
    expect(phone.get_by_role("heading", level=1)).to_have_text("登录")

    # Out, and in again by the passkey alone.
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button").click()
    page.goto(f"/account/login/?next={officers}")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("工会干部")
