"""What a respondent's page weighs over the wire: everything it asks for, counted from what it asks."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client
from django.urls import reverse

from qiao.base import clock
from qiao.base.i18n import localized
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.views import framing
from qiao.org.access.choices import Role
from tests.factories.hear import CHOICES, DAY, Town, codes_of, make_town, open_round, workbook

#: Over the wire on first load, in bytes: the whole page, and its one stylesheet.
PAGE, SHEET = 60_000, 12_000
HEAD = ("type", "name", "label::中文 (zh)", "label::English (en)", "relevant", "required", "hint::中文 (zh)")
ASSET = re.compile(r'<(?:link|script|img|source)\b[^>]*?\b(?:href|src)="(?P<address>[^"]+)"[^>]*>')
NO_FILE = re.compile(r'rel="(?:alternate|canonical)"')


def twelve() -> bytes:
    """A questionnaire of twelve questions: choices, one that leads to another, a number, words."""
    rows = [HEAD, ("select_one shift", "ws_shift", "您主要上什么班？", "Which shift do you work?", "", "yes", "选一项")]
    rows += [
        (
            f"select_multiple {'needs' if k % 2 else 'shift'}", f"q{k}", f"第{k}题：您最希望工会做什么？可以选几项。",
            f"Question {k}: what should the union do first? Choose as many as you like.",
            "${ws_shift} = 'night'" if k % 3 == 0 else "", "", "按您的实际情况选",
        )
        for k in range(2, 11)
    ]  # fmt: skip
    rows.append(("integer", "hours", "上周加班几小时？", "Hours of overtime last week?", "", "", "没有写 0"))
    rows.append(("text", "words", "还想说什么？", "What else?", "", "", "请不要写姓名"))
    return workbook(rows, CHOICES)


@pytest.fixture
def asked(db: None) -> tuple[Town, Round]:
    framing.forget_pages()
    town = make_town(clock.now() - DAY)
    version = services.upload_questionnaire(
        actor=town.actor(Role.SURVEY_OWNER), now=town.now, unit=town.root, title=localized("十二题", "Twelve"),
        file_name="twelve.xlsx", content=twelve(),
    )  # fmt: skip
    assert version.questions == 12
    return town, open_round(town, version=queries.version_by_id(version.pk))


def files_of(page: str) -> dict[str, int]:
    """Each file a page asks for, with those that its scripts import, by what it weighs as the server keeps it."""
    base, found = static("x").removesuffix("x"), {}
    waiting = [m["address"] for m in ASSET.finditer(page) if not NO_FILE.search(m[0])]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        assert address.startswith(base), f"{address} is fetched from elsewhere"
        path = finders.find(address.removeprefix(base))
        assert isinstance(path, str), f"{address} is no file of ours"
        content = Path(path).read_bytes()
        found[address] = len(gzip.compress(content, 9))
        if address.endswith(".js"):
            folder = address.rpartition("/")[0]
            imported = re.findall(rb"""(?:from|import)\s*\(?\s*["']\./([\w.-]+)["']""", content)
            waiting += [f"{folder}/{name.decode()}" for name in imported]
        if address.endswith(".css"):
            assert b"url(http" not in content
            assert b"@import" not in content
    return found


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_survey_of_twelve_questions_keeps_to_its_weight(
    asked: tuple[Town, Round], client: Client, language: str
) -> None:
    town, survey = asked
    page = client.get(
        reverse("surveys:answer", args=[codes_of(town, survey)[0]]), headers={"accept-language": language}
    )
    assert page.status_code == 200
    # The page itself is sent as it is: nothing in front of it may be counted on to compress it.
    text, size = page.content.decode(), len(page.content)
    assert text.count("<fieldset") + text.count("<textarea") + text.count('type="text"') >= 12
    files = files_of(text)
    sheets = [weight for address, weight in files.items() if address.endswith(".css")]
    scripts = [weight for address, weight in files.items() if address.endswith(".js")]
    assert len(sheets) == 1
    assert sheets[0] <= SHEET
    assert scripts, "the page has scripts: with them it must keep to its weight too"
    # Script off: the browser asks for no script. Script on: for all of them, and for the worker that keeps the page.
    off = size + sum(files.values()) - sum(scripts)
    worker = len(client.get(reverse("surveys:worker")).content)
    on = size + sum(files.values()) + worker
    assert off <= PAGE, f"{off} bytes without script"
    assert on <= PAGE, f"{on} bytes with script"
    # What carries the weight is the page itself: a later library would show here.
    assert sum(scripts) + worker <= 20_000
