"""A real browser against the real product: live server, Debian's Chromium, screenshots kept as test artefacts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.journeys.ground import Calendar, Federation, found_federation

from qiao.hear.surveys.views import framing
from qiao.org.people.models import Account
from qiao.web import context as shell_context

# Playwright's synchronous API runs a loop in this thread; the ORM is used between its calls, never inside them.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARTEFACTS = Path(__file__).resolve().parents[2] / "test-results"
PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1280, "height": 900}
# A busy machine is no fault of a page.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys. Missing, it is a failure: nothing is skipped for a missing tool."""
    path = os.environ.get("QIAO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "Chromium is not installed: apt-get install chromium, or name it in QIAO_CHROMIUM"
    with sync_playwright() as tool:
        found = tool.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield found
        found.close()


Opener = Callable[..., Page]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What the process keeps of an earlier test's federation is forgotten."""
    shell_context._name.clear()
    framing.forget_pages()


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """A calendar that can be turned on: the server of a journey runs in this process and reads the same clock."""
    turning = Calendar()
    monkeypatch.setattr("django.utils.timezone.now", turning.now)
    return turning


@pytest.fixture
def federation(transactional_db: None, calendar: Calendar) -> Federation:
    """An almost empty federation."""
    return found_federation(calendar.now())


@pytest.fixture
def open_as(browser: Browser, live_server, settings) -> Iterator[Opener]:
    """Open a browser of one person: ``open_as(account, language="en", phone=True)``; None is the public.

    A page that asks anything of another host, answers 5xx or breaks its own policy fails the test.
    """
    contexts = []
    faults: list[str] = []

    def opener(
        account: Account | None = None, *, language: str = "zh-hans", phone: bool = False, script: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else LAPTOP,
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            java_script_enabled=script,
            base_url=live_server.url,
        )
        contexts.append(context)
        cookies = [{"name": "django_language", "value": language, "url": live_server.url}]
        if account is not None:
            client = Client()
            client.force_login(account)
            cookies.append({"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url})
        context.add_cookies(cookies)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on(
            "request",
            lambda one: (
                None if one.url.startswith((live_server.url, "data:")) else faults.append(f"outside: {one.url}")
            ),
        )
        page.on("response", lambda one: faults.append(f"{one.status}: {one.url}") if one.status >= 500 else None)
        page.on(
            "console",
            lambda one: faults.append(f"console: {one.text}") if "Content Security Policy" in one.text else None,
        )
        page.on("pageerror", lambda one: faults.append(f"script: {one}"))
        return page

    yield opener
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def keep() -> Callable[[Page, str], None]:
    """Keep a screenshot of the whole page under test-results/."""

    def shoot(page: Page, name: str) -> None:
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
        assert not wide, f"{name}: the page scrolls sideways"

    return shoot
