"""Whatever stands behind the question mark, or in the place of a label: no page of the org breaks on it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
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
#: How a page says that what an address names is not there, or cannot be.
REFUSALS = frozenset({400, 404, 410, 422})
ORG = [page for page in PAGES if page.name.startswith(SPACES)]


def who_opens(page: Page) -> str | None:
    """Somebody who may open the page: an officer before the public, who read more of it."""
    return next((who for who in reversed(EVERYBODY) if allowed(page.rule, who)), None)


def test_the_walk_covers_every_app_of_the_org() -> None:
    assert {space for space in SPACES if any(page.name.startswith(space) for page in ORG)} >= {
        "units:", "membership:", "joining:", "people:", "appeals:", "retention:", "unit_settings:", "mandates:",
        "workplaces:", "coverage:", "elections:", "yearbook:", "upward:", "contacts:",
    }  # fmt: skip


def walked(world: World) -> Iterator[tuple[Page, str]]:
    """Every page of the org that somebody may open, with who does."""
    for page in world.pages:
        who = who_opens(page)
        if page in ORG and page.rule != DEMO_ONLY and who is not None:
            yield page, who


def reads(page: Page) -> set[str]:
    """The names this page may read: those the modules of its app write out between quotes, or as a field."""
    view = inspect.unwrap(page.pattern.callback)
    app = Path(inspect.getfile(view)).parent
    app = app.parent if app.name == "views" else app
    return _named(app)


@cache
def _named(app: Path) -> set[str]:
    files = (file for file in app.rglob("*.py") if {"views", "forms"} & {*file.parts, file.stem})
    found = (re.findall(r"[\"'](\w+)[\"']|^    (\w+) = ", file.read_text(encoding="utf-8"), re.M) for file in files)
    return {name for pairs in found for pair in pairs for name in pair if name}


@pytest.mark.django_db
@pytest.mark.parametrize("turn", range(5))
def test_no_parameter_breaks_a_page(world: World, turn: int) -> None:
    """Each page meets each name with another value at each turn; over the pages every name meets every value."""
    wrong = []
    for place, (page, who) in enumerate(walked(world)):
        query = {name: VALUES[(number + 4 * turn + place) % len(VALUES)] for number, name in enumerate(NAMES)}
        url = f"{page.at(world.values(world.own, page))}?{urlencode(query)}"
        answer = world.ask(who, "get", url)
        if answer.status_code >= 500:
            wrong.append((page.name, who, query))
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["on", "page", "day", "year", "after", "before"])
def test_one_bad_parameter_alone_breaks_no_page(world: World, name: str) -> None:
    wrong = []
    for page, who in walked(world):
        if name not in reads(page):
            continue
        at = page.at(world.values(world.own, page))
        for value in ("1899-01-01", "9999-12-31", "nonsense", "\x00", "99999999999999999999"):
            answer = world.ask(who, "get", f"{at}?{urlencode({name: value})}")
            if answer.status_code >= 500:
                wrong.append((page.name, who, value))
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.django_db
@pytest.mark.parametrize("label", ["x" * 3000, "\x00", "a\x00b", "\u202e", "²", "%", "'"])
def test_no_label_or_code_breaks_a_page(world: World, label: str) -> None:
    """A page of what does not exist says so by its status too: nothing odd is answered as if it were found."""
    wrong = []
    for page, who in walked(world):
        converters = page.pattern.pattern.converters
        texts = [key for key in page.parameters if type(converters[key]).__name__ == "StringConverter"]
        values = dict(world.values(world.own, page))
        for key in texts:
            url = page.at({**values, key: "MARK"}).replace("MARK", quote(label, safe=""))
            answer = world.knock(who, url)
            if answer.status_code not in REFUSALS:
                wrong.append((page.name, who, key, answer.status_code))
    assert wrong == [], "\n".join(map(str, wrong))
