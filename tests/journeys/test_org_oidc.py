"""Signing in at another organisation: a real OpenID Connect provider in its own process, a real browser between."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from playwright.sync_api import Browser, Page, expect
from tests.journeys.ground import Federation
from tests.oidc_provider import CLIENT, PASSWORD, SECRET

from qiao.org.access.choices import Role
from qiao.org.people.models import Account
from qiao.web import middleware

pytestmark = pytest.mark.journey
OWN = "a-long-enough-word"


@pytest.fixture
def known(federation: Federation) -> Account:
    """An account of ours whose address the provider knows, too; it has a password here."""
    account = federation.offices[Role.BASE_OFFICER]
    account.set_password(OWN)
    account.save()
    return account


@pytest.fixture
def provider(known: Account, live_server, tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the provider; Qiao is set up to use it, as QIAO_OIDC would."""
    people = [
        ("known", known.email, True), ("stranger", "stranger@elsewhere.example", True),
        ("unsure", "unsure@x.example", False),
    ]  # fmt: skip
    (tmp_path / "people.json").write_text(json.dumps(people), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.oidc_provider", str(tmp_path), str(port),
         f"{live_server.url}/account/oidc/elsewhere/login/callback/"],
        cwd=Path(__file__).resolve().parents[2], stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "elsewhere", "name": "例桥政务", "client_id": CLIENT, "secret": SECRET,
                        "settings": {"server_url": site},
                    }
                ],
            }
        }  # fmt: skip
        monkeypatch.setattr(middleware, "_POLICY", middleware.policy((site,)))
        yield site
    finally:
        process.kill()
        process.communicate(timeout=30)


@pytest.fixture
def fresh(browser: Browser, live_server) -> Iterator[Callable[[], Page]]:
    """A browser nobody has used, of a reader of Chinese."""
    contexts = []

    def opened() -> Page:
        context = browser.new_context(locale="zh-CN", base_url=live_server.url, viewport={"width": 360, "height": 740})
        contexts.append(context)
        context.set_default_timeout(30_000)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def dance(page: Page, site: str, address: str, *, start: str = "") -> None:
    """From our sign-in page to the provider, in there by password, and back."""
    if start:
        page.goto(start)
    else:
        page.goto("/account/login/")
        page.get_by_role("link", name="通过例桥政务登录").click()
    page.get_by_role("button", name="继续").click()
    page.wait_for_url(f"{site}/**")
    page.locator("input[name=login]").fill(address)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=login]) button[type=submit]").click()


def test_known_accounts_come_in_and_no_others(
    provider: str, known: Account, fresh: Callable[[], Page], live_server, keep: Callable[[Page, str], None]
) -> None:
    page = fresh()
    dance(page, provider, known.email)
    page.wait_for_url(f"{live_server.url}/me/**")
    expect(page.locator("body")).to_contain_text(known.display_name)
    keep(page, "oidc-in")
    # Nothing the provider told is kept: no token, no connection, and the password here still holds.
    assert (SocialAccount.objects.count(), SocialToken.objects.count()) == (0, 0)
    known.refresh_from_db()
    assert known.check_password(OWN)

    # Connected by its owner, the sign-in is kept by the provider's name for the person, and nothing else of it.
    page.goto("/account/elsewhere/")
    page.get_by_role("link", name="关联例桥政务").click()
    page.get_by_role("button", name="继续").click()
    page.wait_for_url(f"{live_server.url}/account/elsewhere/")
    connected = SocialAccount.objects.get()
    assert (connected.user, connected.provider, connected.extra_data) == (known, "elsewhere", {})
    keep(page, "oidc-connected")
    Account.objects.filter(pk=known.pk).update(email="changed@x.example")
    again = fresh()
    dance(again, provider, known.email)
    again.wait_for_url(f"{live_server.url}/me/**")
    connected.refresh_from_db()
    assert connected.extra_data == {}

    # Whoever has no account here gets none, whatever the provider says of them.
    before = Account.objects.count()
    for address in ("stranger@elsewhere.example", "unsure@x.example"):
        other = fresh()
        dance(other, provider, address)
        other.wait_for_url(f"{live_server.url}/account/**")
        expect(other.get_by_role("heading", level=1)).to_be_visible()
        assert urlsplit(other.url).path != "/me/"
        assert "_auth_user_id" not in str(other.context.cookies())
    keep(other, "oidc-unknown")
    assert Account.objects.count() == before


def test_an_address_the_provider_has_not_verified_opens_nothing(
    provider: str, known: Account, fresh: Callable[[], Page], live_server
) -> None:
    Account.objects.filter(pk=known.pk).update(email="unsure@x.example")
    page = fresh()
    dance(page, provider, "unsure@x.example")
    page.wait_for_url(f"{live_server.url}/account/**")
    page.goto("/me/")
    page.wait_for_url(f"{live_server.url}/account/login/**")


def test_a_closed_account_and_a_forged_answer_stay_outside(
    provider: str, known: Account, fresh: Callable[[], Page], live_server
) -> None:
    Account.objects.filter(pk=known.pk).update(is_active=False)
    page = fresh()
    dance(page, provider, known.email)
    page.wait_for_url(f"{live_server.url}/account/inactive/")
    Account.objects.filter(pk=known.pk).update(is_active=True)
    # An answer to a question nobody asked in this browser.
    forged = fresh()
    forged.goto("/account/oidc/elsewhere/login/callback/?code=stolen&state=made-up")
    expect(forged.get_by_role("heading", level=1)).to_have_text("未能登录")
    forged.goto("/me/")
    forged.wait_for_url(f"{live_server.url}/account/login/**")
