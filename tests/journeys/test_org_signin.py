"""An officer whose role needs a second step sets the authenticator app up and goes on."""

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
    expect(page.locator("main li code")).to_have_count(10)
    keep(page, "signin-recovery")
    page.goto(officers)
    expect(page.get_by_role("heading", level=1)).to_have_text("工会干部")
