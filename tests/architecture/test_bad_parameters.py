"""Whatever stands behind the question mark, or in the place of a label: no page of the org breaks on it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from tests.architecture.matrix import EVERYBODY, PAGES, Page, World, allowed

import qiao
from qiao.base.access import DEMO_ONLY

#: Every name a page reads from its address: those it asks for by name, and fields of forms that search.
NAMES = sorted(
    {
        name
        for file in Path(qiao.__file__).parent.rglob("*.py")
        for name in re.findall(r"GET(?:\.get(?:list)?\(|\[)[\"'](\w+)", file.read_text(encoding="utf-8"))
    }
    | {"on", "day", "q", "text", "name", "label", "kind", "search", "sector", "employment", "retained", "verdict"}
)
VALUES = (
    "1899-01-01", "9999-12-31", "0000-00-00", "2026-02-30", "10000-01-01", "nonsense", "\x00", "x\x00y", "\u202eevil",
    "\u2066\u2069", "²", "٣", "-1", "0", "1e9", "9" * 30, "x" * 3000, "%", "'; --", "\ud7ff\U0010ffff",
)  # fmt: skip
SPACES = (
    "units:", "membership:", "joining:", "applications:", "standing:", "people:", "privacy:", "persons:", "access:",
    "officers:", "appeals:", "retention:", "unit_settings:", "mandates:", "workplaces:", "coverage:",
    "elections:", "yearbook:", "upward:", "contacts:",
)  # fmt: skip
ORG = [page for page in PAGES if page.name.startswith(SPACES)]


def who_opens(page: Page) -> str | None:
    """Somebody who may open the page: an officer before the public, who read more of it."""
    return next((who for who in reversed(EVERYBODY) if allowed(page.rule, who)), None)


def test_the_walk_covers_every_app_of_the_org() -> None:
    assert {space for space in SPACES if any(page.name.startswith(space) for page in ORG)} >= {
        "units:", "membership:", "joining:", "people:", "appeals:", "retention:", "unit_settings:", "mandates:",
        "workplaces:", "coverage:", "elections:", "yearbook:", "upward:", "contacts:",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("value", VALUES, ids=[repr(value)[:16] for value in VALUES])
def test_no_parameter_breaks_a_page(world: World, value: str) -> None:
    wrong = []
    query = urlencode(dict.fromkeys(NAMES, value))
    for page in world.pages:
        who = who_opens(page)
        if page not in ORG or page.rule == DEMO_ONLY or who is None:
            continue
        url = f"{page.at(world.values(world.own, page))}?{query}"
        answer = world.ask(who, "get", url)
        if answer.status_code >= 500:
            wrong.append((page.name, who, answer.status_code))
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["on", "page", "day", "year", "after", "before"])
@pytest.mark.parametrize("value", ["1899-01-01", "9999-12-31", "nonsense", "\x00", "99999999999999999999"])
def test_one_bad_parameter_alone_breaks_no_page(world: World, name: str, value: str) -> None:
    wrong = []
    for page in world.pages:
        who = who_opens(page)
        if page not in ORG or page.rule == DEMO_ONLY or who is None:
            continue
        url = f"{page.at(world.values(world.own, page))}?{urlencode({name: value})}"
        answer = world.ask(who, "get", url)
        if answer.status_code >= 500:
            wrong.append((page.name, who, answer.status_code))
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.django_db
@pytest.mark.parametrize("label", ["x" * 3000, "\x00", "a\x00b", "\u202e", "²", "%", "'"])
def test_no_label_or_code_breaks_a_page(world: World, label: str) -> None:
    wrong = []
    for page in world.pages:
        who = who_opens(page)
        if page not in ORG or page.rule == DEMO_ONLY or who is None:
            continue
        texts = [
            key for key in page.parameters if type(page.pattern.pattern.converters[key]).__name__ == "StringConverter"
        ]
        values = dict(world.values(world.own, page))
        for key in texts:
            url = page.at({**values, key: "MARK"}).replace("MARK", quote(label, safe=""))
            answer = world.ask(who, "get", url)
            if answer.status_code >= 500 or answer.status_code == 200:
                # A page that shows nothing for what does not exist says so with 404.
                wrong.append((page.name, who, key, answer.status_code))
    assert wrong == [], "\n".join(map(str, wrong))
