"""Who tells the journey, with what, and how a page is filled in and sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from playwright.sync_api import Page
from tests.journeys.ground import Calendar, Federation

from qiao.org.access.choices import Role

Opener = Callable[..., Page]


Keep = Callable[[Page, str], None]


RECEIPT = re.compile(r"R-\w{4}-\w{4}-\w")


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Story:
    """Who tells it with what, and the codes of what has come to be."""

    federation: Federation
    calendar: Calendar
    open_as: Opener
    keep: Keep
    folder: Path
    codes: dict[str, str] = field(default_factory=dict)
    number: int = 0

    def officer(self, role: Role, *, language: str = "en", phone: bool = False) -> Page:
        return self.open_as(self.federation.offices[role], language=language, phone=phone)

    def member(self, place: int, *, language: str = "zh-hans", phone: bool = True, script: bool = True) -> Page:
        return self.open_as(self.federation.members[place], language=language, phone=phone, script=script)

    def public(self, *, language: str = "zh-hans", phone: bool = True, script: bool = True) -> Page:
        return self.open_as(None, language=language, phone=phone, script=script)

    def shoot(self, page: Page, name: str) -> None:
        self.number += 1
        self.keep(page, f"loop-{self.number:02}-{name}")


def write(page: Page, **texts: str) -> None:
    """Fill fields by their names; a pair is Chinese and English."""
    for name, text in texts.items():
        page.fill(f"main [name='{name}']", text)


def pair(page: Page, name: str, chinese: str, english: str) -> None:
    """Fill both inputs of a text in two languages."""
    write(page, **{f"{name}_zh_hans": chinese, f"{name}_en": english})


def send(page: Page, action: str = "") -> None:
    """Press the main button of the page's form, or of the form that goes to an address ending so."""
    form = f"main form[action$='{action}']" if action else "main form[method='post']"
    page.locator(f"{form} button.button:not([hidden])").first.click()


def code_in(page: Page, prefix: str) -> str:
    """The code of the object the page is about, from its address."""
    found = re.search(rf"/({prefix}-[\w-]+)/", page.url)
    assert found, f"no code of the kind {prefix} in {page.url}: {page.locator('main').inner_text()[:600]}"
    return found[1]


def codes_on(path: str) -> list[str]:
    """The single-use codes of a sheet, whatever its column is called."""
    rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    code = re.compile(r"\w{4}-\w{4}-\w{4}")
    return [next(str(cell) for cell in row if code.fullmatch(str(cell))) for row in rows if any(
        code.fullmatch(str(cell)) for cell in row)]  # fmt: skip
