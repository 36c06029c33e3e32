"""A member answers on a phone: in parts, without a network, without script, from right to left."""

from __future__ import annotations

import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect
from tests.factories.hear import CHOICES, codes_of, make_town, open_round, workbook
from tests.factories.hear import upload as upload_form
from tests.hear.surveys.opened import values_of
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar

from qiao.hear.surveys.models import Round, SealedAnswer
from qiao.hear.surveys.queries import version_by_id
from qiao.hear.surveys.views import framing

pytestmark = pytest.mark.journey

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
SECRET = "末班车太早"
LONG = (
    ("type", "name", "label::中文 (zh)", "label::English (en)", "label::ئۇيغۇرچە (ug)", "required", "relevant"),
    ("select_one shift", "ws_shift", "班次？", "Shift?", "قايسى ئىسمېنا؟", "yes", ""),
    ("integer", "hours", "加班几小时？", "Hours of overtime?", "قانچە سائەت؟", "", "${ws_shift} = 'night'"),
    ("select_multiple needs", "need_first", "最需要什么？", "What is needed?", "نېمە كېرەك؟", "yes", ""),
    ("text", "a", "一？", "One?", "بىر؟", "", ""),
    ("text", "b", "二？", "Two?", "ئىككى؟", "", ""),
    ("text", "words", "还有什么？", "What else?", "يەنە نېمە؟", "", ""),
)
LISTS = tuple((*row, row[2] if number else "label::ئۇيغۇرچە (ug)") for number, row in enumerate(CHOICES))
SHIFTS = {"day": "كۈندۈز", "night": "كېچە"}


@pytest.fixture
def asked(transactional_db: None, calendar: Calendar) -> tuple[Round, list[str]]:
    """An open round of eleven questions in three languages, and codes."""
    town = make_town(calendar.now())
    choices = [(*row[:-1], SHIFTS.get(str(row[1]), row[-1])) for row in LISTS]
    version = version_by_id(upload_form(town, workbook(LONG, choices)))
    survey = open_round(town, version=version)
    framing.forget_pages()
    return survey, codes_of(town, survey)


def begin(page: Page, code: str, lang: str = "") -> None:
    page.goto(f"/hear/surveys/s/{code}/{lang}")


def no_fault_of_axe(page: Page) -> None:
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']})")
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]] == []


def until(page: Page, promise: str) -> None:
    """Wait until a promise yields true; the page's own waiting takes any promise for true."""
    page.evaluate(
        f"""async () => {{
          for (let tries = 0; tries < 150; tries++) {{
            if (await {promise}) return;
            await new Promise((done) => setTimeout(done, 100));
          }}
          throw new Error("it never came true");
        }}"""
    )


def expect_kept(page: Page) -> None:
    until(page, "caches.open('qiao-pages').then((c) => c.match(location.pathname)).then(Boolean)")


def expect_nothing_kept(page: Page) -> None:
    until(page, "self.qiaoKept.all().then((all) => all.length === 0)")


def kept_texts(page: Page) -> str:
    """Everything the phone keeps: databases, caches, storage."""
    return str(
        page.evaluate(
            """async () => {
              const out = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
              for (const record of await self.qiaoKept.all()) out.push(JSON.stringify(record));
              for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                  out.push(request.url);
                  if (name === "qiao-pages") out.push(await (await cache.match(request)).text());
                }
              }
              return out.join("\\n");
            }"""
        )
    )


def test_a_member_answers_in_parts_on_a_phone_without_a_network(
    asked: tuple[Round, list[str]], open_as: Opener, keep: object
) -> None:
    survey, codes = asked
    page = open_as(phone=True, language="zh-hans")
    begin(page, codes[0])
    expect(page.locator("[data-said]")).to_contain_text("1")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    expect_kept(page)
    no_fault_of_axe(page)
    keep(page, "answering-part-1")  # type: ignore[operator]
    # What is missing stands at its question before the next part opens.
    page.locator("[data-next]").click()
    expect(page.locator("#q-ws_shift p.error")).to_be_visible()
    expect(page.locator("#q-hours")).to_be_hidden()
    page.check("[name='ws_shift'][value='night']")
    expect(page.locator("#q-hours")).to_be_visible()
    page.fill("[name='hours']", "12")
    page.check("[name='need_first'][value='bus']")
    expect(page.locator("[data-state='draft']")).to_be_visible()
    page.locator("[data-next]").click()
    keep(page, "answering-part-2")  # type: ignore[operator]

    # The network goes; the page opens all the same, with what was written, to the last word before it went away.
    page.context.set_offline(True)
    page.fill("[name='words']", SECRET)
    page.reload()
    expect(page.locator("[name='ws_shift'][value='night']")).to_be_checked()
    page.locator("[data-next]").click()
    expect(page.locator("[name='words']")).to_have_value(SECRET)
    page.locator("[data-send]").click()
    expect(page.locator("[data-state='waiting']")).to_be_visible()
    keep(page, "answering-waiting")  # type: ignore[operator]
    assert not SealedAnswer.objects.exists()

    # It comes back: the answer is sent by itself, and nothing of it is left.
    page.context.set_offline(False)
    expect(page.locator("h1[data-receipt]")).to_be_visible()
    expect(page.locator("h1[data-receipt]")).to_be_focused()
    keep(page, "answering-sent")  # type: ignore[operator]
    assert values_of(survey) == [{"ws_shift": "night", "hours": 12, "need_first": ["bus"], "words": SECRET}]
    left = kept_texts(page)
    assert SECRET not in left
    assert "need_first" not in left
    receipt = page.locator("h1[data-receipt]").get_attribute("data-receipt")
    assert receipt
    begin(page, codes[0])
    expect(page.locator("[data-sent]")).to_contain_text(receipt)
    page.locator("[data-forget]").click()
    expect_nothing_kept(page)


def test_a_page_closed_without_a_network_loses_nothing_and_sends_once(
    asked: tuple[Round, list[str]], open_as: Opener
) -> None:
    survey, codes = asked
    page = open_as(phone=True, language="en")
    context = page.context
    begin(page, codes[2])
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    expect_kept(page)
    page.check("[name='ws_shift'][value='day']")
    page.check("[name='need_first'][value='legal']")
    expect(page.locator("[data-state='draft']")).to_be_visible()
    context.set_offline(True)
    page.close()

    # Opened anew, still without a network: what was written stands there, and is sent off into nothing.
    page = context.new_page()
    begin(page, codes[2])
    expect(page.locator("[name='ws_shift'][value='day']")).to_be_checked()
    page.locator("[data-next]").click()
    page.fill("[name='words']", SECRET)
    page.locator("[data-send]").click()
    expect(page.locator("[data-state='waiting']")).to_be_visible()
    page.close()
    assert not SealedAnswer.objects.exists()

    # With the network back two windows of the same phone are opened at once: the answer goes once.
    context.set_offline(False)
    first, second = context.new_page(), context.new_page()
    begin(first, codes[2])
    begin(second, codes[2])
    for window in (first, second):
        expect(window.locator("h1[data-receipt], [data-sent]:not(:empty)").first).to_be_visible()
    assert values_of(survey) == [{"ws_shift": "day", "need_first": ["legal"], "words": SECRET}]
    assert SECRET not in kept_texts(first)


def test_a_draft_can_be_deleted_and_a_fault_is_found_by_a_screen_reader(
    asked: tuple[Round, list[str]], open_as: Opener
) -> None:
    _survey, codes = asked
    page = open_as(phone=True, language="en")
    begin(page, codes[1])
    page.check("[name='ws_shift'][value='night']")
    page.fill("[name='hours']", "many")
    page.check("[name='need_first'][value='bus']")
    expect(page.locator("[data-state='draft']")).to_be_visible()
    page.locator("[data-next]").click()
    page.locator("[data-send]").click()
    summary = page.locator("main [role='alert']")
    expect(summary).to_be_visible()
    expect(summary).to_be_focused()
    field = page.locator("[name='hours']")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert "e-hours" in (field.get_attribute("aria-describedby") or "")
    no_fault_of_axe(page)
    summary.locator("a").click()
    expect(field).to_be_focused()
    field.fill("7")
    expect(page.locator("[data-state='draft']")).to_be_visible()
    page.locator("[data-state='draft'] [data-forget]").click()
    expect_nothing_kept(page)
    page.reload()
    expect(page.locator("[name='ws_shift'][value='night']")).not_to_be_checked()


def test_from_right_to_left_and_without_script(asked: tuple[Round, list[str]], open_as: Opener, keep: object) -> None:
    survey, codes = asked
    page = open_as(phone=True)
    begin(page, codes[2])
    page.get_by_role("link", name="ئۇيغۇرچە").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("[data-questions]")).to_have_attribute("lang", "ug")
    legend = page.locator("#q-ws_shift legend")
    expect(legend).to_contain_text("قايسى ئىسمېنا؟")
    # A choice's mark stands right of its words.
    mark = page.locator("[name='ws_shift'][value='night']").bounding_box()
    words = page.locator("label:has([name='ws_shift'][value='night']) span").bounding_box()
    assert mark
    assert words
    assert mark["x"] > words["x"]
    no_fault_of_axe(page)
    keep(page, "answering-right-to-left")  # type: ignore[operator]

    plain = open_as(phone=True, script=False)
    begin(plain, codes[2], "?lang=ug")
    expect(plain.locator("[data-send]")).to_be_visible()
    expect(plain.locator("[data-next]")).to_be_hidden()
    plain.locator("[data-send]").click()
    expect(plain.locator("main [role='alert']")).to_be_visible()
    expect(plain.locator("html")).to_have_attribute("dir", "rtl")
    plain.check("[name='ws_shift'][value='day']")
    plain.check("[name='need_first'][value='pay']")
    # Does not apply by day: the server drops it.
    plain.fill("[name='hours']", "3")
    plain.locator("[data-send]").click()
    expect(plain.locator("h1[data-receipt]")).to_be_visible()
    assert values_of(survey) == [{"ws_shift": "day", "need_first": ["pay"]}]


def test_the_first_load_is_light(asked: tuple[Round, list[str]], open_as: Opener) -> None:
    page = open_as(phone=True)
    sizes: list[int] = []
    page.on("response", lambda one: sizes.append(len(one.body())) if re.search(r"/s/|static", one.url) else None)
    begin(page, asked[1][3])
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes[:7]) < 120_000  # uncompressed; over the wire a third of it
